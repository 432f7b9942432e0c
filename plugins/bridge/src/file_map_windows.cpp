#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include "file_map.hpp"

namespace stemdesk::bridge {

namespace {

HANDLE handle_of(std::intptr_t file) noexcept { return reinterpret_cast<HANDLE>(file); }

}  // namespace

std::unique_ptr<const FileMap> FileMap::open(const std::filesystem::path& path) {
  std::unique_ptr<FileMap> map(new FileMap);  // the constructor is private
  // Others may rename or delete the file meanwhile; the map lives on.
  const HANDLE file =
      CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                  nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return nullptr;
  map->file_ = reinterpret_cast<std::intptr_t>(file);
  LARGE_INTEGER size_bytes{};
  if (GetFileSizeEx(file, &size_bytes) == 0 || size_bytes.QuadPart <= 0) return nullptr;
  map->section_ = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
  if (map->section_ == nullptr) return nullptr;
  map->data_ =
      static_cast<const std::byte*>(MapViewOfFile(map->section_, FILE_MAP_READ, 0, 0, 0));
  if (map->data_ == nullptr) return nullptr;
  map->size_bytes_ = static_cast<std::uint64_t>(size_bytes.QuadPart);
  return map;
}

FileMap::~FileMap() {
  if (data_ != nullptr) UnmapViewOfFile(data_);
  if (section_ != nullptr) CloseHandle(section_);
  if (file_ != -1) CloseHandle(handle_of(file_));
}

bool FileMap::is_whole() const noexcept {
  LARGE_INTEGER size_bytes{};
  return GetFileSizeEx(handle_of(file_), &size_bytes) != 0 &&
         static_cast<std::uint64_t>(size_bytes.QuadPart) >= size_bytes_;
}

}  // namespace stemdesk::bridge
