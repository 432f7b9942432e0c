"""What goes to the ears: the mix, metered, or the original song at the same loudness."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.k_weighting import KWeighting
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.metering import LevelMeter
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.mixing.way import Way
from stemdesk.playback.fades import fade_in
from stemdesk.playback.source import Capped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.mixing.renderer import StemSource
    from stemdesk.playback.source import Source
    from stemdesk.playback.timeline import Loop

    Block = NDArray[np.float32]

FADE_MS = 10.0
MATCH_SECONDS = 6.0  # time constant of the loudness that is matched
SILENT_POWER = 1e-7  # -70 LUFS: gated, as integrated loudness gates it
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
    where they would be, and the change back is as smooth as the change there.

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
        self._fade = round(FADE_MS * mix.sample_rate / 1000)
        self._weightings = [KWeighting(mix.sample_rate, mix.channels) for _ in range(2)]
        self._powers = np.zeros(2)
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
        return 20 * math.log10(self._match())

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

    def renew(self, unheard_frames: int, loop: Loop | None = None) -> None:
        """Let what is not heard be read again; it is not measured twice."""
        self._mix.renew(unheard_frames, loop)
        self._position -= unheard_frames
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
        self._follow(block, original)
        self._position += count
        wanted = float(self._wanted)
        if wanted == self._shown:
            return original * np.float32(self._gain) if wanted else block
        if wanted:
            self._gain = self._match()
        rise = fade_in(self._fade)[:count]
        share = np.pad(rise, (0, count - len(rise)), constant_values=1.0)
        self._shown = wanted
        share = share if wanted else 1 - share
        return block * (1 - share) + original * (np.float32(self._gain) * share)

    @property
    def _way_frame(self) -> int:
        return int(self._way.song_frame(self._position))

    def _match(self) -> float:
        mixed, original = self._powers
        gain = math.sqrt(mixed / original) if min(mixed, original) > SILENT_POWER else 1.0
        return min(gain, 1.0 / max(1e-6, self.original_peak))

    def _follow(self, block: Block, original: Block) -> None:
        """Keep both loudnesses, as they have been lately."""
        powers = [
            float(weighting.push(sound).mean())
            for weighting, sound in zip(self._weightings, (block, original), strict=True)
        ]
        if max(powers) < SILENT_POWER:
            return
        kept = math.exp(-block.shape[1] / (MATCH_SECONDS * self.sample_rate))
        if not self._powers.any():
            kept = 0.0
        self._powers = kept * self._powers + (1 - kept) * np.array(powers)

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
