"""Latency found by ear, so to speak: from what comes out when a known sound is sent in.

What a plug-in reports is a hint. An impulse shows when its sound really arrives; where that
cannot be told (a reverb without its dry part, a synthesiser, silence), the report stands.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

LONGEST_UNREPORTED_SECONDS = 0.1
"""A clean delay beyond its report is taken for hidden latency up to here, for an echo above:
both look the same from outside."""

IMPULSE = 0.5
_SILENT = 10 ** (-100 / 20)
_PURE = 0.99  # share of all energy in one frame: nothing but a delay
_SHARP = 0.5  # share in three frames: a delay, with something besides
_COMPACT = 0.9  # share within some milliseconds: a filter, no room
_COMPACT_SECONDS = 0.005
_ONSET = 0.1  # of the peak: where the response begins
_LINEAR_PHASE = 0.4  # share of the energy beside the peak that comes before it
_CLEAR = 8.0  # a correlation's peak against its root mean square
_PRESENT = 6.0  # the same, where a peak is expected
_SLACK_FRAMES = 3  # a correlation cannot place coloured sound better
_RIVAL = 0.6  # a second peak of this height makes the first one doubtful
_PEAK_WIDTH_FRAMES = 16
_WHITENED = 1e-6  # of the strongest product: weaker ones are left weak, for they are noise


def longest_frames(rate_hz: int, reported_frames: int) -> int:
    """The greatest latency that is believed without a report of it."""
    return max(0, reported_frames) + math.ceil(LONGEST_UNREPORTED_SECONDS * rate_hz)


def from_impulse(response: Samples, floor: float, reported_frames: int, rate_hz: int) -> int | None:
    """The latency that an impulse response `[channels, frames]` shows.

    Args:
        response: what came out from the frame on in which an impulse of `IMPULSE` went in.
        floor: peak of what came out during the silence before it.
        reported_frames: what the plug-in says.
        rate_hz: sample rate.

    Returns:
        Frames; the reported number where the response does not contradict it or is too spread
        out to tell; None where nothing recognisable came out.
    """
    heard = np.sqrt(np.sum(np.square(response, dtype=np.float64), axis=0))
    peak = int(np.argmax(heard))
    if heard[peak] <= max(_SILENT, 4.0 * floor):
        return None
    energy = np.square(heard)
    total = float(energy.sum())
    if energy[peak] < _PURE * total:
        onset = int(np.argmax(heard >= _ONSET * heard[peak]))
        if min(abs(onset - reported_frames), abs(peak - reported_frames)) <= 1:
            return reported_frames
        peak = _arrival(energy, peak, onset, rate_hz, fallback=reported_frames)
    return peak if peak <= longest_frames(rate_hz, reported_frames) else reported_frames


def _arrival(
    energy: NDArray[np.float64], peak: int, onset: int, rate_hz: int, fallback: int
) -> int:
    def share(first: int, last: int) -> float:
        return float(energy[max(0, first) : last + 1].sum() / energy.sum())

    if share(peak - 1, peak + 1) >= _SHARP:
        return peak
    reach = math.ceil(_COMPACT_SECONDS * rate_hz)
    if share(peak - reach, peak + reach) < _COMPACT:
        return fallback
    before, after = share(peak - reach, peak - 1), share(peak + 1, peak + reach)
    return peak if before >= _LINEAR_PHASE * (before + after) else onset


def from_correlation(
    sent: Samples, heard: Samples, longest: int, expected_frames: int
) -> int | None:
    """The delay of `heard` behind `sent`, by the phase transform (Knapp and Carter, 1976).

    Whitening both makes the correlation of a delayed copy one sharp peak whatever the sound, so
    that tones and rhythms do not pass for delays.

    Args:
        sent: `[frames]`, ending together with `heard`.
        heard: `[frames]`, shorter than `sent` by at least `longest`, so that the beginning of
            what is heard is there for every delay.
        longest: greatest delay looked for, in frames.
        expected_frames: stays the answer as long as something clearly comes after so many.

    Returns:
        Frames, or None where no delay stands out.
    """
    if float(np.max(np.abs(heard), initial=0.0)) <= _SILENT:
        return None
    size = 1 << (sent.size + heard.size - 1).bit_length()
    # Without the tapers the two ends, which coincide, would correlate at delay 0.
    spectrum = np.fft.rfft(heard * np.hanning(heard.size).astype(np.float32), size)
    spectrum *= np.conj(np.fft.rfft(sent * np.hanning(sent.size).astype(np.float32), size))
    magnitude = np.abs(spectrum)
    spectrum /= np.maximum(magnitude, _WHITENED * float(magnitude.max()))
    correlation = np.abs(np.fft.irfft(spectrum, size))
    # Both end together: a delay of d frames puts heard[0] at sent[extra - d].
    extra = sent.size - heard.size
    lags = (np.arange(longest + 1) - extra) % size
    by_delay = correlation[lags]
    noise = float(np.sqrt(np.mean(np.square(correlation))))
    if _near(by_delay, expected_frames, _SLACK_FRAMES) > _PRESENT * noise:
        return expected_frames
    best = int(np.argmax(by_delay))
    if by_delay[best] < _CLEAR * noise:
        return None
    rivals = by_delay.copy()
    rivals[max(0, best - _PEAK_WIDTH_FRAMES) : best + _PEAK_WIDTH_FRAMES + 1] = 0.0
    return best if float(rivals.max()) < _RIVAL * by_delay[best] else None


def _near(values: NDArray[Any], place: int, reach: int) -> float:
    return float(np.max(values[max(0, place - reach) : place + reach + 1], initial=0.0))
