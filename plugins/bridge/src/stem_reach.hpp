// Keeps the pages of a stems file in memory around the place that sounds, so that the audio thread
// does not wait for the disk.
#pragma once

#include <algorithm>
#include <cstdint>

#include "stem_file.hpp"

namespace stemdesk::bridge {

class StemReach {
 public:
  void reset() noexcept { first_ = last_ = 0; }

  // Reads one sample of every page from `host_frame` on.
  void follow(const StemFile& stems, std::int64_t host_frame) noexcept {
    const std::int64_t ahead = std::int64_t{stems.rate_hz()} * kAheadSeconds;
    const std::int64_t place = host_frame - stems.origin_frame();
    if (place >= first_ && place + ahead / 2 < last_) return;
    if (!stems.is_whole()) return;
    const bool goes_on = place >= first_ && place <= last_;
    const std::int64_t from = std::clamp<std::int64_t>(goes_on ? last_ : place, 0, stems.frames());
    const std::int64_t to = std::clamp<std::int64_t>(place + ahead, from, stems.frames());
    for (unsigned stem = 0; stem < stems.stems(); ++stem)
      for (unsigned channel = 0; channel < stems.channels(); ++channel)
        touch(stems.plane(stem, channel), from, to);
    first_ = goes_on ? first_ : place;
    last_ = place + ahead;
  }

 private:
  static constexpr std::int64_t kAheadSeconds = 6;
  static constexpr std::int64_t kPageFrames = 1024;  // 4 KiB, the smallest page there is

  static void touch(const float* plane, std::int64_t from, std::int64_t to) noexcept {
    for (std::int64_t frame = from; frame < to; frame += kPageFrames)
      static_cast<void>(*static_cast<const volatile float*>(plane + frame));
  }

  std::int64_t first_ = 0;  // of the stretch that was read
  std::int64_t last_ = 0;
};

}  // namespace stemdesk::bridge
