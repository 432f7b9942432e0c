#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_map.hpp"

namespace stemdesk::bridge {

std::unique_ptr<const FileMap> FileMap::open(const std::filesystem::path& path) {
  std::unique_ptr<FileMap> map(new FileMap);  // the constructor is private
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return nullptr;
  map->file_ = file;
  struct stat facts {};
  if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size <= 0) return nullptr;
  const auto size_bytes = static_cast<std::size_t>(facts.st_size);
  void* const data = ::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return nullptr;
  map->data_ = static_cast<const std::byte*>(data);
  map->size_bytes_ = size_bytes;
  return map;
}

FileMap::~FileMap() {
  if (data_ != nullptr)
    ::munmap(const_cast<std::byte*>(data_), static_cast<std::size_t>(size_bytes_));
  if (file_ >= 0) ::close(static_cast<int>(file_));
}

bool FileMap::is_whole() const noexcept {
  struct stat facts {};
  return ::fstat(static_cast<int>(file_), &facts) == 0 &&
         static_cast<std::uint64_t>(facts.st_size) >= size_bytes_;
}

}  // namespace stemdesk::bridge
