#include "bridge.hpp"

#include <algorithm>
#include <cmath>

namespace stemdesk::bridge {

namespace {

constexpr float kRampSeconds = 0.02F;
constexpr std::int64_t kFarthestFrame = std::int64_t{1} << 50;  // beyond it a host counts nonsense

std::uint32_t whole_hz(double rate_hz) noexcept {
  return rate_hz > 0.0 && rate_hz < 1e7 ? static_cast<std::uint32_t>(std::lround(rate_hz)) : 0;
}

Status refused(Refusal why) noexcept {
  return why == Refusal::SlotBusy ? Status::SlotBusy : Status::DiskRefused;
}

}  // namespace

Bridge::Bridge(unsigned channels, double rate_hz, std::uint32_t ring_frames)
    : channels_(channels),
      rate_hz_(whole_hz(rate_hz)),
      tap_(channels, ring_frames),
      mixer_(channels),
      stale_(channels),
      watcher_(tap_, exchange_, channels) {}

Bridge::~Bridge() { tap_.end_now(); }

void Bridge::set_rate(double rate_hz) noexcept {
  tap_.end_now();
  rate_hz_ = whole_hz(rate_hz);
}

void Bridge::activate() noexcept {
  free_frame_ = 0;
  next_frame_.reset();
  watcher_.look_now();
}

void Bridge::deactivate() noexcept { tap_.end_now(); }

Status Bridge::status() const noexcept {
  const Findings& found = watcher_.findings();
  const CaptureState capture = tap_.state();
  if (capture == CaptureState::Capturing) return Status::Capturing;
  if (capture == CaptureState::Armed) return Status::Armed;
  if (capture != CaptureState::Off && tap_.refusal() != Refusal::None)
    return refused(tap_.refusal());
  if (capture == CaptureState::Overflow) return Status::Overflow;
  if (capture == CaptureState::Moved) return Status::CaptureStopped;
  if (found.is_separating) return Status::Separating;
  if (found.has_capture) return Status::Waiting;
  if (found.has_failed) return Status::SeparationFailed;
  if (found.is_damaged) return Status::Damaged;
  if (found.rate_hz == 0) return Status::NoStems;
  if (found.rate_hz != rate_hz_) return Status::RateMismatch;
  if (found.channels > channels_) return Status::ChannelMismatch;
  return stale_.is_stale() ? Status::Stale : Status::Ready;
}

void Bridge::process(const float* const* in, float* const* out, std::uint32_t frames,
                     const Transport& transport) noexcept {
  const BlockTime time = time_of(frames, transport);
  const bool breaks = !time.continues;
  exchange_stems(breaks);
  const StemFile* const stems = exchange_.in_use();
  tap_.process(in, frames, time, {capture_, stems != nullptr, rate_hz_, watcher_.slot()});

  std::array<float, kMaxStems> gains;
  std::transform(levels_db_.begin(), levels_db_.end(), gains.begin(),
                 [](const std::atomic<float>& level_db) { return gain_of(level_db); });
  mixer_.aim(gains, static_cast<std::uint32_t>(kRampSeconds * static_cast<float>(rate_hz_)));
  const bool sounds = time.frame && fits(stems);
  if (breaks || !sounds) mixer_.settle();
  if (sounds) stale_.process(in, frames, time, *stems);

  for (unsigned channel = 0; channel < channels_; ++channel)
    if (out[channel] != in[channel]) std::copy_n(in[channel], frames, out[channel]);
  if (sounds) mixer_.add(out, frames, *time.frame, *stems);
}

BlockTime Bridge::time_of(std::uint32_t frames, const Transport& transport) noexcept {
  BlockTime time;
  const Clock clock = clock_;
  if (clock != last_clock_) free_frame_ = 0;
  last_clock_ = clock;
  if (clock == Clock::Free) {
    time.frame = free_frame_;
    free_frame_ += frames;
  } else if (transport.is_playing && transport.frame > -kFarthestFrame &&
             transport.frame < kFarthestFrame) {
    time.frame = transport.frame;
  }
  time.continues = time.frame && next_frame_ == time.frame;
  next_frame_.reset();
  if (time.frame) {
    next_frame_ = *time.frame + frames;
    watcher_.tell_frame(*time.frame);
  }
  return time;
}

// New stems come at once where the sound breaks off anyway or nothing of the old ones is heard;
// elsewhere the old ones fade out first and the new ones in.
void Bridge::exchange_stems(bool breaks) noexcept {
  if (!exchange_.has_offer()) return;
  const auto ramp_frames =
      static_cast<std::uint32_t>(kRampSeconds * static_cast<float>(rate_hz_));
  const bool is_heard = !breaks && fits(exchange_.in_use()) && !mixer_.is_transparent();
  if (is_heard && !exchange_.is_urgent()) {
    mixer_.fade(0.0F, ramp_frames);
    return;
  }
  exchange_.take();
  stale_.reset();
  if (!breaks) {
    mixer_.set_presence(0.0F);
    mixer_.fade(1.0F, ramp_frames);
  } else {
    mixer_.set_presence(1.0F);
  }
}

bool Bridge::fits(const StemFile* stems) const noexcept {
  return stems != nullptr && stems->rate_hz() == rate_hz_ && stems->channels() <= channels_;
}

}  // namespace stemdesk::bridge
