// A lock-free ring of interleaved frames from one audio thread to one writer thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stemdesk::bridge {

class FrameRing {
 public:
  // The memory is touched here, so that the audio thread meets no first-touch page fault.
  FrameRing(unsigned channels, std::uint32_t capacity_frames)
      : channels_(channels),
        capacity_frames_(capacity_frames),
        samples_(std::size_t{channels} * capacity_frames, 0.0F) {}

  // Audio thread: all of the block or, where there is no room, nothing.
  bool push(const float* const* in, std::uint32_t frames) noexcept {
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    const std::uint64_t read = read_.load(std::memory_order_acquire);
    if (written - read + frames > capacity_frames_) return false;
    std::size_t place = static_cast<std::size_t>(written % capacity_frames_) * channels_;
    for (std::uint32_t frame = 0; frame < frames; ++frame) {
      for (unsigned channel = 0; channel < channels_; ++channel)
        samples_[place++] = in[channel][frame];
      if (place == samples_.size()) place = 0;
    }
    written_.store(written + frames, std::memory_order_release);
    return true;
  }

  // Writer thread: take(const float* interleaved, frames) is given everything there is.
  template <typename Take>
  void drain(Take&& take) {
    const std::uint64_t written = written_.load(std::memory_order_acquire);
    std::uint64_t read = read_.load(std::memory_order_relaxed);
    while (read != written) {
      const std::uint64_t first = read % capacity_frames_;
      const std::uint64_t frames = std::min(written - read, capacity_frames_ - first);
      take(&samples_[static_cast<std::size_t>(first) * channels_],
           static_cast<std::uint32_t>(frames));
      read += frames;
      read_.store(read, std::memory_order_release);
    }
  }

 private:
  const unsigned channels_;
  const std::uint64_t capacity_frames_;
  std::vector<float> samples_;
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace stemdesk::bridge
