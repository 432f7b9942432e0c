#include "stale_meter.hpp"

#include <algorithm>

namespace stemdesk::bridge {

namespace {

constexpr double kTolerance = 0.01;                          // -20 dB, as energy
constexpr double kSilenceEnergy = 1e-8 * kFingerprintFrames;  // -80 dBFS rms

}  // namespace

// The generator of Numerical Recipes (Press et al., 1992, section 7.1), top bit; fingerprint.py
// makes the same signs.
StaleMeter::StaleMeter(unsigned channels) noexcept : channels_(channels) {
  std::uint32_t state = 1;
  for (float& sign : signs_) {
    state = state * 1664525U + 1013904223U;
    sign = (state >> 31U) != 0 ? 1.0F : -1.0F;
  }
}

void StaleMeter::reset() noexcept {
  frames_seen_ = 0;
  suspicion_ = 0;
  stale_.store(false, std::memory_order_relaxed);
}

void StaleMeter::process(const float* const* in, std::uint32_t frames, const BlockTime& time,
                         const StemFile& stems) noexcept {
  if (!time.frame || stems.channels() != channels_) return;
  if (!time.continues) frames_seen_ = 0;
  const std::int64_t start = *time.frame - stems.origin_frame();
  for (std::uint32_t done = 0; done < frames;) {
    const std::int64_t place = start + done;
    if (place < 0 || place >= stems.fingerprint_blocks() * kFingerprintFrames) {
      frames_seen_ = 0;
      ++done;
      continue;
    }
    const auto within = static_cast<std::uint32_t>(place % kFingerprintFrames);
    const std::uint32_t piece = std::min(frames - done, kFingerprintFrames - within);
    if (within == 0) {
      sums_ = {};
      energy_ = 0.0;
      frames_seen_ = 0;
    }
    for (unsigned channel = 0; channel < channels_; ++channel) {
      const float* const samples = in[channel] + done;
      double sum = 0.0;
      double energy = 0.0;
      for (std::uint32_t frame = 0; frame < piece; ++frame) {
        sum += static_cast<double>(signs_[within + frame]) * samples[frame];
        energy += static_cast<double>(samples[frame]) * samples[frame];
      }
      sums_[channel] += sum;
      energy_ += energy;
    }
    frames_seen_ += piece;
    done += piece;
    if (within + piece == kFingerprintFrames && frames_seen_ == kFingerprintFrames)
      finish_block(place / kFingerprintFrames, stems);
  }
}

void StaleMeter::finish_block(std::int64_t block, const StemFile& stems) noexcept {
  double difference = 0.0;
  for (unsigned channel = 0; channel < channels_; ++channel) {
    const double error = sums_[channel] - stems.fingerprint(channel, block);
    difference += error * error;
  }
  const bool differs = !(difference <= kTolerance * energy_ + kSilenceEnergy);
  suspicion_ = differs ? kBlocksToForget : std::max(suspicion_ - 1, 0);
  stale_.store(suspicion_ > 0, std::memory_order_relaxed);
}

}  // namespace stemdesk::bridge
