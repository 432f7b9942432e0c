"""What goes to the ears: the mix, metered, or the original song at the same loudness."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.bench.level_match import LevelMatch
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.metering import LevelMeter
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.mixing.way import Way
from stemdesk.playback.fades import fade_in
from stemdesk.playback.source import Capped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.mixing.sources import StemSource
    from stemdesk.playback.source import Source
    from stemdesk.playback.timeline import Loop

    Block = NDArray[np.float32]

FADE_MS = 10.0
FOLLOW_SECONDS = 1.0  # time constant of the original's gain while it is heard
KEPT_GAINS = 256  # blocks; more than any player has rendered ahead and not heard
KEPT_READINGS = 1024


@dataclass(frozen=True)
class Reading:
    """What the master meters show at one moment.

    Attributes:
        frame: of the song.
        short_term_lufs: of the last 3 s.
        integrated_lufs: since playback's meters were reset.
        true_peak_dbtp: the highest since then.
        correlation: of left and right over the last 300 ms, see
            :class:`stemdesk.audio.metering.Levels`.
    """

    frame: int
    short_term_lufs: float
    integrated_lufs: float
    true_peak_dbtp: float
    correlation: float


class Monitor:
    """A source around the mix, for the player.

    While the original is heard the mix goes on being rendered, so that its meters and effects are
    where they would be, and the change back is as smooth as the change there. The original is as
    loud as the mix was over the last three seconds, or since it was changed by hand; while it is
    heard its gain glides after the mix.

    Args:
        mix: what is heard by default.
        original: the song as it was, of the mix's rate.
        original_peak: its greatest magnitude: level matching never raises it above full scale.
    """

    def __init__(self, mix: Source, original: StemSource, original_peak: float = 1.0) -> None:
        self._mix, self._original = mix, original
        self.original_peak = original_peak
        self.sample_rate, self.channels = mix.sample_rate, mix.channels
        self._way, self._position, self._metered = Way(0), 0, 0
        self._wanted = False
        self._shown = 0.0
        self._gain = 1.0
        self._gains: deque[tuple[int, float]] = deque(maxlen=KEPT_GAINS)
        self._fade = round(FADE_MS * mix.sample_rate / 1000)
        self._match = LevelMatch(mix.sample_rate, mix.channels)
        self._resetting = False
        self._loudness = LoudnessMeter(self.sample_rate, self.channels)
        self._true_peak = TruePeakMeter(self.sample_rate, self.channels)
        self._levels = LevelMeter(self.sample_rate, self.channels)
        self._readings: deque[Reading] = deque(maxlen=KEPT_READINGS)

    @property
    def frames(self) -> int:
        """Length of the mix."""
        return self._mix.frames

    @property
    def ceiling_db(self) -> float:
        """The mix's; the original is as it was, up to full scale."""
        mix = self._mix
        return mix.ceiling_db if isinstance(mix, Capped) and not self._wanted else 0.0

    @property
    def is_original(self) -> bool:
        """Whether the original is heard."""
        return self._wanted

    def show_original(self, *, on: bool) -> None:
        """Let the original be heard, or the mix again. Any thread."""
        self._wanted = on

    @property
    def match_db(self) -> float:
        """The gain at which the original is, or would be, heard."""
        return 20 * math.log10(self._wanted_gain)

    @property
    def is_matched(self) -> bool | None:
        """Whether that makes both equally loud; None where nothing is known yet.

        Nothing is raised above full scale, so that what is much louder than the original cannot be
        matched.
        """
        gain = self._match.gain
        return None if gain is None else gain <= self._greatest_gain

    def reset_meters(self) -> None:
        """Begin integrated loudness and true peak anew. Any thread."""
        self._resetting = True

    def at(self, frame: int) -> Reading | None:
        """What the meters show for a frame that is heard now."""
        newest = None
        for reading in reversed(tuple(self._readings)):
            newest = newest or reading
            if reading.frame <= frame:
                return reading
        return newest

    def seek(self, frame: int, loop: Loop | None = None) -> None:
        """Let the next `read` begin at `frame`; see :class:`stemdesk.playback.source.Source`."""
        self._mix.seek(frame, loop)
        self._way, self._position, self._metered = Way(frame, loop), 0, 0
        self._gains.clear()

    def renew(self, unheard_frames: int, loop: Loop | None = None) -> None:
        """Let what is not heard be read again, for the mix has changed; measure it once."""
        self._mix.renew(unheard_frames, loop)
        self._position -= unheard_frames
        self._match.restart()
        self._gain = self._gain_at(self._position, self._position + unheard_frames)
        on = self._way.renewed(self._position, self._position, loop)
        self._way = on or Way(self._way_frame, loop, self._position)

    def read(self, frames: int) -> Block:
        """The next frames, float32 `[channels, n]`."""
        block = self._mix.read(frames)
        count = block.shape[1]
        if not count:
            return block
        self._meter(block)
        original = _fitted(self._way.read(self._original, self._position, count), self.channels)
        self._match.push(block, original)
        wanted = float(self._wanted)
        if wanted and wanted != self._shown:
            self._gain = self._wanted_gain
            self._gains.clear()
        gains = self._glide(count) if wanted else np.float32(self._gain)
        self._position += count
        if wanted == self._shown:
            return original * gains if wanted else block
        rise = fade_in(self._fade)[:count]
        share = np.pad(rise, (0, count - len(rise)), constant_values=1.0)
        self._shown = wanted
        share = share if wanted else 1 - share
        return block * (1 - share) + original * (gains * share)

    @property
    def _way_frame(self) -> int:
        return int(self._way.song_frame(self._position))

    @property
    def _greatest_gain(self) -> float:
        return 1.0 / max(1e-6, self.original_peak)

    @property
    def _wanted_gain(self) -> float:
        gain = self._match.gain
        return min(1.0 if gain is None else gain, self._greatest_gain)

    def _glide(self, count: int) -> Block:
        """The original's gains over the next block, on their way to what matches the mix now."""
        self._gains.append((self._position, self._gain))
        if self._match.gain is None:  # a pause of the mix, or one begun anew: stay
            return np.full(count, self._gain, np.float32)
        share = -math.expm1(-count / (FOLLOW_SECONDS * self.sample_rate))
        before, self._gain = self._gain, self._gain + share * (self._wanted_gain - self._gain)
        return np.linspace(before, self._gain, count, endpoint=False, dtype=np.float32)

    def _gain_at(self, position: int, end: int) -> float:
        """The original's gain there, of what was read up to `end`; what follows is forgotten."""
        places, gains = zip(*self._gains, (end, self._gain), strict=True)
        while self._gains and self._gains[-1][0] >= position:
            self._gains.pop()
        return float(np.interp(position, places, gains))

    def _meter(self, block: Block) -> None:
        if self._resetting:
            self._resetting = False
            self._loudness.reset()
            self._true_peak.reset()
        fresh = block[:, self._metered - self._position :]
        self._metered += fresh.shape[1]
        self._loudness.push(fresh)
        self._true_peak.push(fresh)
        self._levels.push(fresh)
        self._readings.append(
            Reading(
                self._way_frame,
                self._loudness.short_term_lufs,
                self._loudness.integrated_lufs,
                self._true_peak.max_dbtp,
                self._levels.read().correlation,
            )
        )


def _fitted(block: Block, channels: int) -> Block:
    """A mono original on a wider bus sounds on all of its channels, as its strips do."""
    if block.shape[0] == channels:
        return block
    if block.shape[0] == 1:
        return np.repeat(block, channels, axis=0)
    return np.pad(block, ((0, channels - block.shape[0]), (0, 0)))
