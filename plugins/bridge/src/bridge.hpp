// The plug-in without a plug-in format around it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "capture_tap.hpp"
#include "host_time.hpp"
#include "stale_meter.hpp"
#include "status.hpp"
#include "stem_exchange.hpp"
#include "stem_mixer.hpp"
#include "watcher.hpp"

namespace stemdesk::bridge {

enum class Clock : int {
  Host,  // stems sound where the host's timeline says
  Free,  // in hosts without one: from the first block on
};

struct Transport {
  bool is_playing = false;
  std::int64_t frame = 0;
};

class Bridge {
 public:
  // A plug-in that is only asked for its parameters needs no ring.
  Bridge(unsigned channels, double rate_hz, std::uint32_t ring_frames = CaptureTap::kRingFrames);
  ~Bridge();
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  Watcher& watcher() noexcept { return watcher_; }

  // Any thread.
  void set_level_db(unsigned stem, float level_db) noexcept { levels_db_[stem] = level_db; }
  float level_db(unsigned stem) const noexcept { return levels_db_[stem]; }
  void set_capture(bool on) noexcept { capture_ = on; }
  bool capture() const noexcept { return capture_; }
  void set_clock(Clock clock) noexcept { clock_ = clock; }
  Clock clock() const noexcept { return clock_; }
  Status status() const noexcept;

  // Host's main thread, while no audio runs.
  void set_rate(double rate_hz) noexcept;
  void activate() noexcept;
  void deactivate() noexcept;

  // Audio thread: no allocation, no lock, no system call.
  void process(const float* const* in, float* const* out, std::uint32_t frames,
               const Transport& transport) noexcept;

 private:
  BlockTime time_of(std::uint32_t frames, const Transport& transport) noexcept;
  void exchange_stems(bool breaks) noexcept;
  bool fits(const StemFile* stems) const noexcept;

  const unsigned channels_;
  std::atomic<std::uint32_t> rate_hz_;
  std::array<std::atomic<float>, kMaxStems> levels_db_{};
  std::atomic<bool> capture_{false};
  std::atomic<Clock> clock_{Clock::Host};

  CaptureTap tap_;
  StemExchange exchange_;
  StemMixer mixer_;
  StaleMeter stale_;
  std::int64_t free_frame_ = 0;
  Clock last_clock_ = Clock::Host;
  std::optional<std::int64_t> next_frame_;
  Watcher watcher_;  // last: its thread ends before what it works on
};

}  // namespace stemdesk::bridge
