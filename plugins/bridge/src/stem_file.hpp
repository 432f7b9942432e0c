// A stems file, mapped and checked; written by stemdesk/app/bridge/stem_file.py, whose docstring
// describes the format. Nothing in the header is believed before it fits the size of the file.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "file_map.hpp"

namespace stemdesk::bridge {

inline constexpr unsigned kMaxStems = 8;
inline constexpr unsigned kMaxChannels = 2;
inline constexpr std::uint32_t kFingerprintFrames = 4096;

using StemNames = std::array<std::string, kMaxStems>;

class StemFile {
 public:
  // Null where the file is no stems file, or a damaged one.
  static std::unique_ptr<const StemFile> open(const std::filesystem::path& path);

  std::uint32_t rate_hz() const noexcept { return rate_hz_; }
  unsigned channels() const noexcept { return channels_; }
  unsigned stems() const noexcept { return stems_; }
  std::int64_t origin_frame() const noexcept { return origin_frame_; }
  std::int64_t frames() const noexcept { return frames_; }
  const StemNames& names() const noexcept { return names_; }
  bool is_whole() const noexcept { return map_->is_whole(); }

  // `frames()` samples of one channel of one stem.
  const float* plane(unsigned stem, unsigned channel) const noexcept {
    return reinterpret_cast<const float*>(map_->data() + planes_at_ +
                                          (stem * channels_ + channel) * plane_bytes_);
  }

  // What the mixture was, one number for each block of kFingerprintFrames; see stale_meter.hpp.
  std::int64_t fingerprint_blocks() const noexcept { return frames_ / kFingerprintFrames; }
  float fingerprint(unsigned channel, std::int64_t block) const noexcept {
    return reinterpret_cast<const float*>(map_->data() + fingerprint_at_)[
        static_cast<std::int64_t>(channel) * fingerprint_blocks() + block];
  }

 private:
  StemFile() = default;
  bool read_header();

  std::unique_ptr<const FileMap> map_;
  std::uint32_t rate_hz_ = 0;
  unsigned channels_ = 0;
  unsigned stems_ = 0;
  std::int64_t origin_frame_ = 0;
  std::int64_t frames_ = 0;
  std::uint64_t fingerprint_at_ = 0;
  std::uint64_t planes_at_ = 0;
  std::uint64_t plane_bytes_ = 0;
  StemNames names_;
};

}  // namespace stemdesk::bridge
