// The law: out = in + sum over stems of (gain - 1) * stem(host frame - origin).
//
// A stem whose gain rests at exactly 1 adds no term, so that at 0 dB the samples pass bit for bit.
// The sum is taken in double precision and rounded once: with all stems at -inf what remains of a
// mixture that is their sum is exact silence.
#pragma once

#include <array>
#include <cstdint>

#include "gain_ramp.hpp"
#include "stem_file.hpp"

namespace stemdesk::bridge {

class StemMixer {
 public:
  explicit StemMixer(unsigned channels) noexcept;

  // Gains go to their targets in `ramp_frames`, or at once where the sound breaks off anyway.
  void aim(const std::array<float, kMaxStems>& gains, std::uint32_t ramp_frames) noexcept;
  void settle() noexcept;

  // Stems fade in and out as a whole when their file is exchanged while it sounds.
  void fade(float presence, std::uint32_t ramp_frames) noexcept;
  void set_presence(float presence) noexcept;
  bool is_transparent() const noexcept;

  // Adds the stems to `out`, whose first frame is the host's `first_frame`.
  void add(float* const* out, std::uint32_t frames, std::int64_t first_frame,
           const StemFile& stems) noexcept;

 private:
  static constexpr std::uint32_t kPieceFrames = 256;

  void add_piece(float* const* out, std::uint32_t frames, std::int64_t first_frame,
                 const StemFile& stems) noexcept;

  const unsigned channels_;
  std::array<GainRamp, kMaxStems> gains_;
  GainRamp presence_{1.0F};
};

}  // namespace stemdesk::bridge
