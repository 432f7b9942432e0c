// A file that one Bridge at a time holds, in this process or another; freed when its holder dies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace stemdesk::bridge {

class FileLock {
 public:
  enum class Outcome { Taken, HeldByAnother, NotWritable };

  // Null unless it was taken.
  static std::unique_ptr<FileLock> take(const std::filesystem::path& path, Outcome& outcome);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(std::intptr_t file) noexcept : file_(file) {}

  std::intptr_t file_;
};

}  // namespace stemdesk::bridge
