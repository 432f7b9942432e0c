"""Effects on batches of stereo clips ``[batch, 2, frames]``, on whatever device they lie.

Filters act in the frequency domain: one transform there and back carries any number of them.
"""

from __future__ import annotations

import math

import torch
from torch.nn import functional

COLOUR_FIRST_HZ, COLOUR_PLACES = 40.0, 18  # to 14.5 kHz
BLOCK_FRAMES = 441  # of level followers: 10 ms at 44.1 kHz


def at_speed(
    samples: torch.Tensor, starts: torch.Tensor, speeds: torch.Tensor, frames: int
) -> torch.Tensor:
    """Excerpts at their own speed by cubic interpolation (Catmull and Rom); pitch moves along.

    Args:
        samples: int16 ``[2, all frames]``.
        starts: first frame of each excerpt, ``[batch]``.
        speeds: 1 is the original's, ``[batch]``.
        frames: length of the excerpts.

    Returns:
        float32 ``[batch, 2, frames]``, full scale 1.
    """
    # In float64: float32 holds a position a few seconds in to a fiftieth of a frame only.
    offset = torch.arange(frames, device=samples.device) * speeds[:, None].double()
    whole = offset.floor()
    place = starts[:, None] + whole.long()
    t = (offset - whole).float()[None]
    last = samples.shape[1] - 1
    before, here, after, beyond = (
        samples[:, (place + tap).clamp(0, last)].float() for tap in (-1, 0, 1, 2)
    )
    slope, slope_after = (after - before) / 2, (beyond - here) / 2
    curve = here + t * (
        slope
        + t
        * (
            3 * (after - here)
            - 2 * slope
            - slope_after
            + t * (2 * (here - after) + slope + slope_after)
        )
    )
    return curve.transpose(0, 1) / 32768


def spectrum_frames(frames: int) -> int:
    """Length of the transform that filters clips of ``frames``: room for a tail of a second."""
    return 1 << (frames + 44_100 - 1).bit_length()


def filtered(clips: torch.Tensor, response: torch.Tensor) -> torch.Tensor:
    """Clips ``[batch, 2, frames]`` through ``response [batch, 1 or 2, bins]``.

    ``bins`` is that of a real transform of :func:`spectrum_frames` frames.
    """
    frames = clips.shape[-1]
    length = spectrum_frames(frames)
    spectrum = torch.fft.rfft(clips, n=length) * response
    heard: torch.Tensor = torch.fft.irfft(spectrum, n=length)[..., :frames]
    return heard


def tone_response(
    bins: int, kind: torch.Tensor, frequency: torch.Tensor, gain_db: torch.Tensor
) -> torch.Tensor:
    """Shelves and bells as complex responses, ``[batch, 1, bins]``.

    Biquads of Bristow-Johnson's "Cookbook formulae for audio EQ", Q 0.7.

    Args:
        bins: up to half the sample rate.
        kind: 0 low shelf, 1 high shelf, 2 bell; ``[batch]``.
        frequency: as a share of the sample rate, ``[batch]``.
        gain_db: ``[batch]``.
    """
    a = 10 ** (gain_db / 40)
    cos = torch.cos(2 * math.pi * frequency)
    alpha = torch.sin(2 * math.pi * frequency) / 1.4
    # A high shelf is a low shelf mirrored about a quarter of the sample rate.
    side = torch.where(kind == 1, -1.0, 1.0)
    less, more, root = (a - 1) * cos * side, (a + 1) * cos * side, 2 * a.sqrt() * alpha
    shelf_b = (
        a * (a + 1 - less + root),
        2 * a * side * (a - 1 - more),
        a * (a + 1 - less - root),
    )
    shelf_a = (a + 1 + less + root, -2 * side * (a - 1 + more), a + 1 + less - root)
    bell_b = (1 + alpha * a, -2 * cos, 1 - alpha * a)
    bell_a = (1 + alpha / a, -2 * cos, 1 - alpha / a)
    delay = torch.exp(-1j * math.pi * torch.arange(bins, device=kind.device) / (bins - 1))

    def polynomial(shelf: tuple[torch.Tensor, ...], bell: tuple[torch.Tensor, ...]) -> torch.Tensor:
        first, second, third = (
            torch.where(kind == 2, b, s)[:, None] for s, b in zip(shelf, bell, strict=True)
        )
        return first + delay * (second + delay * third)

    return (polynomial(shelf_b, bell_b) / polynomial(shelf_a, bell_a))[:, None]


def pass_response(bins: int, cutoff: torch.Tensor, order: int) -> torch.Tensor:
    """Low-pass magnitude of a Butterworth filter without phase, ``[batch, 1, bins]``.

    ``cutoff`` is a share of the sample rate; a negative ``order`` gives the high-pass.
    """
    frequency = torch.arange(bins, device=cutoff.device) * (0.5 / (bins - 1))
    ratio = frequency.clamp_min(1e-6) / cutoff[:, None]
    return (1 + ratio ** (2 * order)).rsqrt()[:, None]


def colour_response(bins: int, gains_db: torch.Tensor, sample_rate: int) -> torch.Tensor:
    """Magnitudes that go from gain to gain in half octaves, ``[batch, 1, bins]``, without phase.

    Args:
        bins: up to half the sample rate.
        gains_db: at ``COLOUR_FIRST_HZ`` and every half octave from there, ``[batch, places]``;
            below and above as the first and the last.
        sample_rate: Hz.
    """
    step_hz = sample_rate / 2 / (bins - 1)
    frequency_hz = torch.arange(bins, device=gains_db.device).clamp_min(0.5) * step_hz
    last = gains_db.shape[1] - 1
    place = (2 * torch.log2(frequency_hz / COLOUR_FIRST_HZ)).clamp(0, last)
    lower = place.floor().clamp_max(last - 1)
    # A raised cosine from one gain to the next: no corners, so no long ringing.
    share = 0.5 - 0.5 * torch.cos(math.pi * (place - lower))
    lower = lower.long()
    gain_db = torch.lerp(gains_db[:, lower], gains_db[:, lower + 1], share)
    return (10 ** (gain_db / 20))[:, None]


def driven(clips: torch.Tensor, gain: torch.Tensor) -> torch.Tensor:
    """Clips through a hyperbolic tangent, at the RMS they had.

    No oversampling: what folds back lies well under the harmonics that do not.

    Args:
        clips: ``[batch, channels, frames]``.
        gain: the RMS that goes into the curve, whose knee is at 1; ``[batch]``.
    """
    rms = root_mean_square(clips)
    pushed = torch.tanh(clips * (gain[:, None, None] / rms))
    return pushed * (rms / root_mean_square(pushed))


def root_mean_square(clips: torch.Tensor) -> torch.Tensor:
    """Of each clip, all its channels together, ``[batch, 1, 1]``; never 0, so one may divide."""
    return clips.square().mean(dim=(1, 2), keepdim=True).sqrt().clamp_min(1e-9)


def room_response(
    noise: torch.Tensor, decay_frames: torch.Tensor, wet: torch.Tensor, length: int
) -> torch.Tensor:
    """Direct sound plus a synthetic room, ``[batch, 2, bins]``.

    Args:
        noise: Gaussian, ``[batch, 2, frames]``; left and right of their own make it wide.
        decay_frames: in which the room falls by 60 dB, ``[batch]``.
        wet: RMS of the room relative to the direct sound, ``[batch]``.
        length: of the transform, see :func:`spectrum_frames`.
    """
    time = torch.arange(noise.shape[-1], device=noise.device)
    tail = noise * torch.exp(-6.91 * time / decay_frames[:, None])[:, None]
    tail = tail / tail.square().sum(dim=-1, keepdim=True).sqrt()
    spectrum = torch.fft.rfft(tail, n=length)
    # Air and walls take the highs.
    dark = pass_response(spectrum.shape[-1], torch.full_like(wet, 0.1), 1)
    response: torch.Tensor = 1 + wet[:, None, None] * spectrum * dark
    return response


def _block_peaks(clips: torch.Tensor) -> torch.Tensor:
    peaks = functional.max_pool1d(clips.abs(), BLOCK_FRAMES, ceil_mode=True)
    return peaks.amax(dim=1, keepdim=True)


def _per_frame(values: torch.Tensor, frames: int) -> torch.Tensor:
    """Linear interpolation of one value a block, ``[batch, 1, blocks]``, to one a frame."""
    length = values.shape[-1] * BLOCK_FRAMES
    return functional.interpolate(values, length, mode="linear")[..., :frames]


def limiter_gain(mixture: torch.Tensor, ceiling: torch.Tensor) -> torch.Tensor:
    """Gain ``[batch, 1, frames]`` that holds a mixture near ``ceiling [batch]``.

    Applied to all stems of an item alike, it keeps their sum.
    """
    peaks = functional.max_pool1d(_block_peaks(mixture), 5, stride=1, padding=2)
    gain = (ceiling[:, None, None] / peaks.clamp_min(1e-6)).clamp_max(1)
    smooth = functional.avg_pool1d(functional.pad(gain, (1, 1), mode="replicate"), 3, stride=1)
    return _per_frame(smooth, mixture.shape[-1])


def ducking_gain(
    drums: torch.Tensor, depth: torch.Tensor, fall_seconds: torch.Tensor
) -> torch.Tensor:
    """Gain ``[batch, 1, frames]`` that dips after hits, as a side-chained compressor gives.

    Args:
        drums: ``[batch, 2, frames]`` at 44.1 kHz.
        depth: of the dip after the loudest hit, 0 to 1, ``[batch]``.
        fall_seconds: time constant of the recovery, ``[batch]``.
    """
    level = _block_peaks(drums)[:, 0]
    top = level.amax(dim=1, keepdim=True)
    hits = torch.where(level > 0.5 * top, level / top.clamp_min(1e-3), 0.0)
    # max over j <= i of hits[j] fall^(i - j): a running maximum once the fall is taken out.
    slope = torch.arange(hits.shape[1], device=hits.device) * (0.01 / fall_seconds[:, None])
    held = ((hits.clamp_min(1e-9).log() + slope).cummax(dim=1).values - slope).exp()
    return _per_frame((1 - depth[:, None] * held)[:, None], drums.shape[-1])
