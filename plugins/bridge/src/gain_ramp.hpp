// A gain that reaches its target in a straight line and then is exactly that target.
#pragma once

#include <cmath>
#include <cstdint>

namespace stemdesk::bridge {

// 0 dB lies at 7/8 of the way: hosts that know only 0 to 1 hit it without a rounding error.
inline constexpr float kLevelMinDb = -84.0F;  // silence
inline constexpr float kLevelMaxDb = 12.0F;

// 0 dB is exactly 1, also where a host's normalised value misses it by a rounding error.
inline float gain_of(float level_db) noexcept {
  constexpr float detent_db = 0.0005F;
  if (!(level_db > kLevelMinDb)) return 0.0F;
  if (std::fabs(level_db) < detent_db) return 1.0F;
  return std::pow(10.0F, level_db / 20.0F);
}

class GainRamp {
 public:
  explicit GainRamp(float gain) noexcept : now_(gain), target_(gain) {}

  void jump(float gain) noexcept {
    now_ = target_ = gain;
    frames_left_ = 0;
  }

  void aim(float gain, std::uint32_t frames) noexcept {
    if (gain == target_) return;
    target_ = gain;
    frames_left_ = frames;
  }

  void finish() noexcept { jump(target_); }

  float next() noexcept {
    if (frames_left_ == 0) return now_;
    now_ += (target_ - now_) / static_cast<float>(frames_left_);
    if (--frames_left_ == 0) now_ = target_;
    return now_;
  }

  bool rests_at(float gain) const noexcept { return frames_left_ == 0 && now_ == gain; }

 private:
  float now_;
  float target_;
  std::uint32_t frames_left_ = 0;
};

}  // namespace stemdesk::bridge
