#include "stem_mixer.hpp"

#include <algorithm>

namespace stemdesk::bridge {

namespace {

constexpr float kLoudestSample = 256.0F;  // +48 dBFS: more is damage, not sound

// Not a number, infinite or beyond all sense counts as silence; NaN fails every comparison.
float sane(float sample) noexcept {
  return sample >= -kLoudestSample && sample <= kLoudestSample ? sample : 0.0F;
}

template <std::size_t... index>
std::array<GainRamp, sizeof...(index)> unity(std::index_sequence<index...>) noexcept {
  return {((void)index, GainRamp(1.0F))...};
}

}  // namespace

StemMixer::StemMixer(unsigned channels) noexcept
    : channels_(channels), gains_(unity(std::make_index_sequence<kMaxStems>())) {}

void StemMixer::aim(const std::array<float, kMaxStems>& gains,
                    std::uint32_t ramp_frames) noexcept {
  for (unsigned stem = 0; stem < kMaxStems; ++stem) gains_[stem].aim(gains[stem], ramp_frames);
}

void StemMixer::settle() noexcept {
  for (GainRamp& gain : gains_) gain.finish();
  presence_.finish();
}

void StemMixer::fade(float presence, std::uint32_t ramp_frames) noexcept {
  presence_.aim(presence, ramp_frames);
}

void StemMixer::set_presence(float presence) noexcept { presence_.jump(presence); }

bool StemMixer::is_transparent() const noexcept {
  return presence_.rests_at(0.0F) || std::all_of(gains_.begin(), gains_.end(), [](auto& gain) {
           return gain.rests_at(1.0F);
         });
}

void StemMixer::add(float* const* out, std::uint32_t frames, std::int64_t first_frame,
                    const StemFile& stems) noexcept {
  std::array<float*, kMaxChannels> piece{};
  for (std::uint32_t done = 0; done < frames; done += kPieceFrames) {
    if (is_transparent()) return;
    for (unsigned channel = 0; channel < channels_; ++channel) piece[channel] = out[channel] + done;
    add_piece(piece.data(), std::min(frames - done, kPieceFrames), first_frame + done, stems);
  }
}

void StemMixer::add_piece(float* const* out, std::uint32_t frames, std::int64_t first_frame,
                          const StemFile& stems) noexcept {
  const std::int64_t start = first_frame - stems.origin_frame();
  const auto first = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(-start, 0, frames));  // of the piece that lies within the stems
  const auto last = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(stems.frames() - start, first, frames));

  std::array<float, kPieceFrames> presence;
  for (std::uint32_t frame = 0; frame < frames; ++frame) presence[frame] = presence_.next();

  std::array<std::array<double, kPieceFrames>, kMaxChannels> sums;
  for (unsigned channel = 0; channel < channels_; ++channel)
    std::copy(out[channel] + first, out[channel] + last, sums[channel].begin() + first);

  std::array<double, kPieceFrames> factors;
  for (unsigned stem = 0; stem < kMaxStems; ++stem) {
    if (gains_[stem].rests_at(1.0F)) continue;
    for (std::uint32_t frame = 0; frame < frames; ++frame)
      factors[frame] = (double{gains_[stem].next()} - 1.0) * presence[frame];
    if (stem >= stems.stems()) continue;
    for (unsigned channel = 0; channel < channels_; ++channel) {
      const float* const plane = stems.plane(stem, std::min(channel, stems.channels() - 1));
      for (std::uint32_t frame = first; frame < last; ++frame)
        sums[channel][frame] += factors[frame] * sane(plane[start + frame]);
    }
  }
  for (unsigned channel = 0; channel < channels_; ++channel)
    for (std::uint32_t frame = first; frame < last; ++frame)
      out[channel][frame] = static_cast<float>(sums[channel][frame]);
}

}  // namespace stemdesk::bridge
