// The audio thread's end of a capture: when a take begins and ends, and its frames.
//
// A take is one unbroken passage. The two threads meet in `stage`: the audio thread goes from
// Idle to Running to Ended, the writer, once the file is closed, back to Idle. While a take is
// not Idle its facts do not change, so they need no lock.
#pragma once

#include <atomic>
#include <cstdint>

#include "frame_ring.hpp"
#include "host_time.hpp"

namespace stemdesk::bridge {

enum class TakeStage : int { Idle, Running, Ended };
enum class TakeEnd : std::uint32_t { Unfinished, Stopped, Moved, SwitchedOff, Overflow, Refused };
enum class CaptureState : int { Off, Armed, Capturing, Done, Moved, Overflow, Refused };
enum class Refusal : int { None, Disk, SlotBusy };

struct TakeFacts {
  std::int64_t origin_frame = 0;  // the host's position of the first frame
  std::uint32_t rate_hz = 0;
  int slot = 0;
  TakeEnd end = TakeEnd::Unfinished;
};

class CaptureTap {
 public:
  static constexpr std::uint32_t kRingFrames = 1U << 20;  // 21 s at 48 kHz, as the host's clock runs

  CaptureTap(unsigned channels, std::uint32_t ring_frames) : ring_(channels, ring_frames) {}

  // Audio thread, or the host's main thread while no audio runs.
  struct Switch {
    bool on = false;
    bool has_stems = false;  // a session that comes back armed does not capture them again
    std::uint32_t rate_hz = 0;
    int slot = 0;
  };
  void process(const float* const* in, std::uint32_t frames, const BlockTime& time,
               const Switch& wanted) noexcept;
  void end_now() noexcept;  // the host stops processing

  // Any thread.
  CaptureState state() const noexcept { return state_.load(std::memory_order_relaxed); }
  Refusal refusal() const noexcept { return refusal_.load(std::memory_order_relaxed); }

  // Writer thread.
  TakeStage stage() const noexcept { return stage_.load(std::memory_order_acquire); }
  const TakeFacts& facts() const noexcept { return facts_; }
  FrameRing& ring() noexcept { return ring_; }
  void refuse(Refusal why) noexcept { refusal_.store(why, std::memory_order_release); }
  void release() noexcept { stage_.store(TakeStage::Idle, std::memory_order_release); }

  // A shorter passage is a slip of the transport: it is dropped, and the switch stays armed.
  static bool is_worth_keeping(std::uint64_t frames, std::uint32_t rate_hz) noexcept {
    return frames >= rate_hz;
  }

 private:
  void follow(const Switch& wanted) noexcept;
  void end(TakeEnd why) noexcept;
  void set_state(CaptureState state) noexcept { state_.store(state, std::memory_order_relaxed); }

  FrameRing ring_;
  TakeFacts facts_;
  std::uint64_t frames_ = 0;
  bool was_on_ = false;
  bool is_first_block_ = true;
  std::atomic<TakeStage> stage_{TakeStage::Idle};
  std::atomic<CaptureState> state_{CaptureState::Off};
  std::atomic<Refusal> refusal_{Refusal::None};
};

}  // namespace stemdesk::bridge
