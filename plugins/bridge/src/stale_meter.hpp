// Tells whether the track still is what was captured.
//
// Every block of 4096 frames is projected on one fixed sequence of signs, and the number compared
// with that of the mixture which the stems were made from. For another signal the two differ by
// about the root of the difference's energy (a random projection keeps distances: Johnson and
// Lindenstrauss, 1984); below -20 dB of difference they count as one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "host_time.hpp"
#include "stem_file.hpp"

namespace stemdesk::bridge {

class StaleMeter {
 public:
  explicit StaleMeter(unsigned channels) noexcept;

  void process(const float* const* in, std::uint32_t frames, const BlockTime& time,
               const StemFile& stems) noexcept;
  void reset() noexcept;
  bool is_stale() const noexcept { return stale_.load(std::memory_order_relaxed); }

 private:
  static constexpr int kBlocksToForget = 8;

  void finish_block(std::int64_t block, const StemFile& stems) noexcept;

  const unsigned channels_;
  std::array<float, kFingerprintFrames> signs_;
  std::array<double, kMaxChannels> sums_{};
  double energy_ = 0.0;
  std::uint32_t frames_seen_ = 0;
  int suspicion_ = 0;
  std::atomic<bool> stale_{false};
};

}  // namespace stemdesk::bridge
