#include "capture_tap.hpp"

namespace stemdesk::bridge {

void CaptureTap::process(const float* const* in, std::uint32_t frames, const BlockTime& time,
                         const Switch& wanted) noexcept {
  follow(wanted);
  if (state() == CaptureState::Capturing) {
    if (refusal_.load(std::memory_order_acquire) != Refusal::None)
      end(TakeEnd::Refused);
    else if (!time.frame)
      end(TakeEnd::Stopped);
    else if (!time.continues)
      end(TakeEnd::Moved);
  }
  if (state() == CaptureState::Armed && time.frame && stage() == TakeStage::Idle) {
    facts_ = {*time.frame, wanted.rate_hz, wanted.slot, TakeEnd::Unfinished};
    frames_ = 0;
    refusal_.store(Refusal::None, std::memory_order_relaxed);
    stage_.store(TakeStage::Running, std::memory_order_release);
    set_state(CaptureState::Capturing);
  }
  if (state() == CaptureState::Capturing) {
    if (ring_.push(in, frames))
      frames_ += frames;
    else
      end(TakeEnd::Overflow);
  }
}

void CaptureTap::end_now() noexcept {
  if (state() == CaptureState::Capturing) end(TakeEnd::Stopped);
}

void CaptureTap::follow(const Switch& wanted) noexcept {
  if (wanted.on && !was_on_)
    set_state(is_first_block_ && wanted.has_stems ? CaptureState::Done : CaptureState::Armed);
  if (!wanted.on && was_on_) {
    if (state() == CaptureState::Capturing) end(TakeEnd::SwitchedOff);
    set_state(CaptureState::Off);
  }
  was_on_ = wanted.on;
  is_first_block_ = false;
}

void CaptureTap::end(TakeEnd why) noexcept {
  facts_.end = why;
  stage_.store(TakeStage::Ended, std::memory_order_release);
  const bool kept = is_worth_keeping(frames_, facts_.rate_hz);
  switch (why) {
    case TakeEnd::Moved:
      set_state(kept ? CaptureState::Moved : CaptureState::Armed);
      break;
    case TakeEnd::Overflow:
      set_state(CaptureState::Overflow);
      break;
    case TakeEnd::Refused:
      set_state(CaptureState::Refused);
      break;
    default:
      set_state(kept ? CaptureState::Done : CaptureState::Armed);
  }
}

}  // namespace stemdesk::bridge
