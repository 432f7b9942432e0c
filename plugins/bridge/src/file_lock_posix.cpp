#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "file_lock.hpp"

namespace stemdesk::bridge {

std::unique_ptr<FileLock> FileLock::take(const std::filesystem::path& path, Outcome& outcome) {
  outcome = Outcome::NotWritable;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return nullptr;
  std::unique_ptr<FileLock> lock(new FileLock(file));  // the constructor is private
  // A file system without locks must not keep anybody from working.
  const bool is_held = ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  outcome = is_held ? Outcome::HeldByAnother : Outcome::Taken;
  if (is_held) return nullptr;
  return lock;
}

FileLock::~FileLock() { ::close(static_cast<int>(file_)); }

}  // namespace stemdesk::bridge
