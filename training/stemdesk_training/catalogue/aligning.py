"""Where an instrumental lies under its mix: offset, clock drift, and where it is another one.

Correlation finds the offset, first by a few long excerpts, then in every short window near there. A
line through the windows tells whether one clock ran faster; windows that do not lie where most do,
or resemble nothing, are parts that one recording has and the other has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import soxr
from scipy.stats import theilslopes

from stemdesk_training.catalogue.correlation import find_lag, likeness, stretch_of
from stemdesk_training.doctor.relations import shifted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Signal = NDArray[np.float32]

MAX_OFFSET_SECONDS = 8.0
COARSE_SECONDS, COARSE_COUNT = 12.0, 7
WINDOW_SECONDS, HOP_SECONDS = 4.0, 2.0
NEAR_SECONDS = 0.1
# A peak over the median of the correlation: other music reaches 8, a coded copy stays over 100.
SURE = 20.0
MOST_LOUDER = 2.0  # a window whose gain is so far from the song's has other music in it
AGREEING_FRAMES = 2.0
# A drift smears the correlation of a window, before it has been taken out.
ROUGHLY_AGREEING_FRAMES = 10.0
LEAST_DRIFT_FRAMES = 0.5  # over the whole song; below that a drift is only the windows' noise
DRIFT_PASSES = 3  # for it is seen better each time that most of it has been taken out
MAX_DRIFT = 500e-6  # clocks and tapes that keep pitch; beyond, windows find nothing


class Window(msgspec.Struct, frozen=True):
    """A short stretch of the mix.

    Attributes:
        centre_seconds: in the mix.
        lag_frames: of the instrumental against it.
        sureness: height of the correlation's peak over its median.
        gain: of the mix against the instrumental there, by least squares.
        agrees: whether it lies where all of the song does.
    """

    centre_seconds: float
    lag_frames: float
    sureness: float
    gain: float
    agrees: bool = False


class Alignment(msgspec.Struct, frozen=True):
    """Frame `n` of the mix is frame `n * (1 + drift) + offset_frames` of the instrumental.

    Attributes:
        offset_frames: positive where the instrumental begins earlier than the mix's music.
        drift: by how much faster the instrumental's clock ran, 1e-6 is one ppm.
        sureness: of the best coarse excerpt; below :data:`SURE` nothing was found.
        windows: over the whole mix; their lags are told without the drift.
    """

    offset_frames: float
    drift: float
    sureness: float
    windows: list[Window]

    @property
    def is_found(self) -> bool:
        """Whether the instrumental lies under any of the mix."""
        return self.sureness >= SURE and any(window.agrees for window in self.windows)

    @property
    def agreeing_share(self) -> float:
        """Share of the windows that lie where all of the song does."""
        if not self.windows:
            return 0.0
        return sum(window.agrees for window in self.windows) / len(self.windows)

    def agreeing_frames(self, frames: int, sample_rate: int) -> NDArray[np.bool_]:
        """Whether each frame of the mix lies about the middle of a window that agrees."""
        found = np.zeros(frames, bool)
        for window in self.windows:
            if window.agrees:
                first = round((window.centre_seconds - HOP_SECONDS / 2) * sample_rate)
                found[max(0, first) : first + round(HOP_SECONDS * sample_rate)] = True
        return found

    def agrees(self, begin_seconds: float, end_seconds: float) -> bool:
        """Whether every window that touches a stretch agrees, and there is one."""
        half = WINDOW_SECONDS / 2
        touching = [
            window.agrees
            for window in self.windows
            if begin_seconds - half < window.centre_seconds < end_seconds + half
        ]
        return bool(touching) and all(touching)


def find_alignment(mix: Signal, instrumental: Signal, sample_rate: int) -> Alignment:
    """Align two recordings.

    Args:
        mix: mono `[frames]`.
        instrumental: mono `[frames]`, at the same rate.
        sample_rate: Hz.
    """
    limit = round(MAX_OFFSET_SECONDS * sample_rate)
    length = min(len(mix), round(COARSE_SECONDS * sample_rate))
    starts = np.linspace(0, len(mix) - length, COARSE_COUNT).astype(int)
    coarse = [find_lag(mix, instrumental, (start, length), 0, limit) for start in starts]
    sureness = max(found[1] for found in coarse)
    if sureness < SURE:
        return Alignment(0.0, 0.0, sureness, [])
    # A loop is found a bar too early, too; but then less of the song is alike.
    lag = max(
        (found[0] for found in coarse if found[1] >= SURE),
        key=lambda each: likeness(mix, instrumental, round(each), sample_rate),
    )
    windows, drift = _windows(mix, instrumental, sample_rate, round(lag)), 0.0
    for _ in range(DRIFT_PASSES):
        more = _drift(windows, len(mix), sample_rate)
        if not more:
            break
        drift = (1 + drift) * (1 + more) - 1
        mended = _at_clock(instrumental[None], drift)[0]
        windows = _windows(mix, mended, sample_rate, round(lag / (1 + drift)))
    offset = _commonest(windows, AGREEING_FRAMES)
    near = [window for window in windows if _is_near(window, offset)]
    gain = float(np.median([window.gain for window in near])) if near else 0.0
    placed = [
        msgspec.structs.replace(
            window, agrees=_is_near(window, offset) and _is_like(window.gain, gain)
        )
        for window in windows
    ]
    return Alignment(offset * (1 + drift), drift, sureness, placed)


def _windows(mix: Signal, instrumental: Signal, sample_rate: int, lag: int) -> list[Window]:
    length = min(len(mix), round(WINDOW_SECONDS * sample_rate))
    near = round(NEAR_SECONDS * sample_rate)
    hop = round(HOP_SECONDS * sample_rate)
    starts = [*range(0, len(mix) - length, hop), len(mix) - length]
    windows = []
    for start in starts:
        found, sureness = find_lag(mix, instrumental, (start, length), lag, near)
        part = mix[start : start + length]
        beneath = stretch_of(instrumental, start + round(found), length)
        gain = float(np.dot(part, beneath) / (np.dot(beneath, beneath) + 1e-9))
        windows.append(Window((start + length / 2) / sample_rate, found, sureness, gain))
    return windows


def _drift(windows: list[Window], frames: int, sample_rate: int) -> float:
    """The slope through the sure windows, if it explains more of them than no slope does.

    After Theil and Sen, whom outliers do not move.
    """
    sure = [window for window in windows if window.sureness >= SURE]
    if len(sure) < 3:
        return 0.0
    times = np.array([window.centre_seconds * sample_rate for window in sure])
    lags = np.array([window.lag_frames for window in sure])
    slope = float(theilslopes(lags, times).slope)
    if not LEAST_DRIFT_FRAMES / frames < abs(slope) < MAX_DRIFT:
        return 0.0
    sloping, level = lags - slope * times, lags - _commonest(windows, ROUGHLY_AGREEING_FRAMES)
    misses = np.abs(sloping - np.median(sloping)), np.abs(level)
    near = [int((miss < ROUGHLY_AGREEING_FRAMES).sum()) for miss in misses]
    is_nearer = bool(np.median(misses[0]) < np.median(misses[1]) / 2)
    return slope if near[0] >= near[1] and is_nearer else 0.0


def _commonest(windows: list[Window], reach_frames: float) -> float:
    """The lag about which most of the sure windows lie; 0 if there are none."""
    lags = np.array([window.lag_frames for window in windows if window.sureness >= SURE])
    if not len(lags):
        return 0.0
    near = np.abs(lags[:, None] - lags) < reach_frames
    return float(np.median(lags[near[int(near.sum(axis=1).argmax())]]))


def _is_near(window: Window, offset_frames: float) -> bool:
    return window.sureness >= SURE and abs(window.lag_frames - offset_frames) < AGREEING_FRAMES


def _is_like(gain: float, usual: float) -> bool:
    return usual != 0 and 1 / MOST_LOUDER < gain / usual < MOST_LOUDER


def moved(instrumental: Signal, alignment: Alignment, frames: int) -> Signal:
    """The instrumental as it lies under the mix, `[channels, frames]`; silence beyond its ends.

    To a whole frame: magnitudes do not tell less (0.03 dB in the vocals at half a frame).

    Args:
        instrumental: `[channels, any]`.
        alignment: of the pair.
        frames: of the mix.
    """
    offset = alignment.offset_frames
    if alignment.drift:
        instrumental = _at_clock(instrumental, alignment.drift)
        offset /= 1.0 + alignment.drift
    whole = round(offset)
    room = max(frames + abs(whole), instrumental.shape[1])
    padded = np.pad(instrumental, ((0, 0), (0, room - instrumental.shape[1])))
    return shifted(padded, whole)[:, :frames]


def _at_clock(signal: Signal, drift: float) -> Signal:
    """`[channels, n]` read faster by `drift`."""
    return np.ascontiguousarray(soxr.resample(signal.T, 1.0 + drift, 1.0, "VHQ").T)
