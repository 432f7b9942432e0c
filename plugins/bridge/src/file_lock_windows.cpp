#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include "file_lock.hpp"

namespace stemdesk::bridge {

std::unique_ptr<FileLock> FileLock::take(const std::filesystem::path& path, Outcome& outcome) {
  // No sharing: that is the lock.
  const HANDLE file = CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                  OPEN_ALWAYS, FILE_ATTRIBUTE_HIDDEN, nullptr);
  if (file == INVALID_HANDLE_VALUE) {
    const bool is_held = GetLastError() == ERROR_SHARING_VIOLATION;
    outcome = is_held ? Outcome::HeldByAnother : Outcome::NotWritable;
    return nullptr;
  }
  outcome = Outcome::Taken;
  return std::unique_ptr<FileLock>(new FileLock(reinterpret_cast<std::intptr_t>(file)));
}

FileLock::~FileLock() { CloseHandle(reinterpret_cast<HANDLE>(file_)); }

}  // namespace stemdesk::bridge
