// A file seen as memory, read-only; the one class that differs between POSIX and Windows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace stemdesk::bridge {

class FileMap {
 public:
  // Null where the file cannot be opened, is empty or cannot be mapped.
  static std::unique_ptr<const FileMap> open(const std::filesystem::path& path);
  ~FileMap();
  FileMap(const FileMap&) = delete;
  FileMap& operator=(const FileMap&) = delete;

  const std::byte* data() const noexcept { return data_; }
  std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  // Whether the file still reaches as far as the map: to read past its end would end the host.
  bool is_whole() const noexcept;

 private:
  FileMap() = default;

  std::intptr_t file_ = -1;
  void* section_ = nullptr;  // Windows only
  const std::byte* data_ = nullptr;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace stemdesk::bridge
