"""Effects with fixed settings: equalisers, de-esser, delay, room, the master limiter."""

import numpy as np
import pedalboard as pb
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.production import run
from stemdesk_training.corpus.waveform import Audio, db, frames


def tone(low_cut_hz: float, *bells: tuple[float, float, float]) -> list[pb.Plugin]:
    """A high-pass and bells given as centre in Hz, gain in dB, quality."""
    effects: list[pb.Plugin] = [pb.HighpassFilter(low_cut_hz), pb.HighpassFilter(low_cut_hz)]
    return [*effects, *(pb.PeakFilter(*bell) for bell in bells)]


def squeeze(threshold_db: float, ratio: float, attack_ms: float, release_ms: float) -> pb.Plugin:
    """A compressor."""
    return pb.Compressor(threshold_db, ratio, attack_ms, release_ms)


def de_ess(clip: Audio, split_hz: float = 5200.0, most_db: float = 8.0) -> Audio:
    """Turn down what lies above ``split_hz`` while it is louder than a third of the rest."""
    low = np.stack([_smooth_low(channel, split_hz) for channel in clip])
    high = clip - low
    width = frames(0.008)
    hiss = np.sqrt(ndimage.uniform_filter1d(np.mean(high**2, axis=0), width) + 1e-10)
    usual = float(np.sqrt(np.mean(low**2)) + 1e-6) / 3.0
    gain = np.clip((usual / hiss) ** 0.7, db(-most_db), 1.0)
    return np.asarray(low + high * ndimage.uniform_filter1d(gain, width), dtype=np.float32)


def _smooth_low(channel: NDArray[np.float32], split_hz: float) -> NDArray[np.float32]:
    """A zero-phase low-pass, so that the bands add up to the clip."""
    forward = osc.lowpass(channel, split_hz)
    return np.ascontiguousarray(osc.lowpass(forward[::-1], split_hz)[::-1])


def room(clip: Audio, size: float, before_ms: float, band_hz: tuple[float, float]) -> Audio:
    """Only the reverberation of ``clip``, between two frequencies."""
    low, high = band_hz
    return run(
        [
            pb.Delay(before_ms / 1000, 0.0, 1.0),
            pb.Reverb(room_size=size, damping=0.45, wet_level=1.0, dry_level=0.0, width=1.0),
            pb.HighpassFilter(low),
            pb.LowpassFilter(high),
        ],
        clip,
    )


def echoes(clip: Audio, step_seconds: float, feedback: float) -> Audio:
    """Only the echoes, left and right in turn, duller than the sound itself."""
    middle = np.repeat(clip.mean(axis=0, keepdims=True), 2, axis=0)
    dull = run([pb.HighpassFilter(350.0), pb.LowpassFilter(3800.0)], middle)[0]
    out = np.zeros_like(clip)
    for turn in range(1, 7):
        late = frames(turn * step_seconds)
        if late >= clip.shape[1]:
            break
        out[turn % 2, late:] += dull[: clip.shape[1] - late] * np.float32(feedback ** (turn - 1))
    return out


def limiter_gain(mix: Audio, ceiling: float) -> NDArray[np.float64]:
    """Gain ``[frames]`` under which no sample of ``mix`` passes ``ceiling``.

    It looks 5 ms ahead and lets go over 60 ms; the smoothing never exceeds what a peak allows.
    """
    ahead = frames(0.005)
    needed = np.minimum(1.0, ceiling / np.maximum(np.max(np.abs(mix), axis=0), 1e-9))
    held = ndimage.minimum_filter1d(needed, 2 * ahead + 1, mode="nearest")
    release = np.exp(-1.0 / frames(0.06))
    gain = np.empty(len(held), dtype=np.float64)
    now = 1.0
    for index, most in enumerate(held.tolist()):
        now = min(most, 1.0 - (1.0 - now) * release)
        gain[index] = now
    window = np.hanning(2 * ahead + 1)
    padded = np.pad(gain, ahead, mode="edge")
    smooth = np.convolve(padded, window / window.sum(), mode="valid")
    return np.asarray(np.minimum(smooth, needed), dtype=np.float64)
