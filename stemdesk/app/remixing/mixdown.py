"""A mix from its first frame to its last, as loud as it was asked for, into whatever takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.remixing.loudness_search import LoudnessSearch
from stemdesk.audio.levels import from_db
from stemdesk.audio.limiter import Limiter
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.errors import UserError
from stemdesk.mixing.meter_tap import MeterTap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.renderer import Renderer

    Take = Callable[[Block], None]
    Sink = Callable[[], AbstractContextManager[Take]]

BLOCK_FRAMES = 16_384
# A filter that rings on so briefly is no reason to make a song longer.
SHORT_TAIL_SECONDS = 0.05
HEARD_REDUCTION_DB = 0.05


@dataclass
class Measured:
    """A mix as it came out.

    Attributes:
        loudness_lufs: integrated; -inf for silence.
        true_peak_dbtp: its true peak.
        reduction_db: by how much limiters turned it down, at most.
        notes: one sentence each about what went otherwise than asked.
    """

    loudness_lufs: float = -math.inf
    true_peak_dbtp: float = -math.inf
    reduction_db: float = 0.0
    notes: list[str] = field(default_factory=list)


class LimitTap(MeterTap):
    """Keeps of all that a meter is told how far the mixer's limiter turned down at most.

    Attributes:
        most_db: so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.most_db = 0.0

    def note(self, strip: str, block: Block, frame: int) -> None:
        """Levels are of no interest."""

    def note_reduction(self, reduction_db: float, frame: int, frames: int) -> None:  # noqa: ARG002
        """What the limiter did."""
        self.most_db = max(self.most_db, reduction_db)


def mix_down(
    renderer: Renderer, tap: LimitTap, recipe: Recipe, sink: Sink, tell: Callable[[float], None]
) -> Measured:
    """Render the whole mix into a sink, at the recipe's loudness if it has one.

    Args:
        renderer: at the beginning of the song, its mix being the recipe's.
        tap: the renderer's.
        recipe: loudness, true peak, and whether effects sound on after the song.
        sink: opens what takes the blocks, float32 `[channels, n]`. Opened again, it begins anew.
        tell: told the fraction done.

    Raises:
        UserError: an effect cannot work.
    """
    if faults := renderer.faults():
        raise UserError(faults[0].rstrip("."), "mend it, or leave it out of the mix")
    down = _MixDown(renderer, tap, sink, tell)
    down.frames = mix_frames(renderer, recipe)
    if recipe.loudness_lufs is None:
        down.pour(down.blocks(), 0.0, 1.0)
    else:
        down.pour_as_loud(recipe.loudness_lufs, recipe.true_peak_dbtp)
    measured = down.measured
    if measured.reduction_db >= HEARD_REDUCTION_DB:
        measured.notes.append(f"Peaks were limited by up to {measured.reduction_db:.1f} dB.")
    measured.notes += renderer.faults()
    return measured


def mix_frames(renderer: Renderer, recipe: Recipe) -> int:
    """How long a mix is: the song, and what its effects sound on unless that is cut off."""
    tail_frames = renderer.frames - renderer.song_frames
    if not recipe.tail or tail_frames <= SHORT_TAIL_SECONDS * renderer.sample_rate:
        return renderer.song_frames
    return renderer.frames


class _MixDown:
    """One mix on its way into one sink."""

    def __init__(
        self, renderer: Renderer, tap: LimitTap, sink: Sink, tell: Callable[[float], None]
    ) -> None:
        self._renderer, self._tap, self._sink, self._tell = renderer, tap, sink, tell
        self._limiter_reduction_db = 0.0
        self.frames = renderer.frames
        self.measured = Measured()

    def pour_as_loud(self, wanted_lufs: float, most_dbtp: float) -> None:
        """Mix at a loudness: measure, then pour until what came out is as loud as asked for.

        What a limiter takes off, and how far its wave swings over between the samples, is known
        only afterwards, so it is mixed anew with other settings where they did not fit.
        """
        meter = LoudnessMeter(self._renderer.sample_rate, self._renderer.channels)
        for block in self._telling(self.blocks(), 0.0, 0.4):
            meter.push(block)
        if meter.integrated_lufs == -math.inf:
            note = "The mix is silent, so its loudness was left as it is."
            self.measured.notes.append(note)
        search = LoudnessSearch(wanted_lufs, most_dbtp, meter.integrated_lufs)
        begun = 0.4
        while not search.is_over:
            self._renderer.seek(0)
            share = (1.0 - begun) * 2 / 3
            self.pour(self._limited(from_db(search.gain_db), search.ceiling_db), begun, share)
            begun += share
            search.note(self.measured.loudness_lufs, self.measured.true_peak_dbtp)
        self._tell(1.0)
        self.measured.notes += search.notes

    def blocks(self) -> Iterator[Block]:
        """So many frames, as announced to the sink, whatever the renderer learns meanwhile."""
        self._tap.most_db = 0.0
        left = self.frames
        while left:
            wanted = min(left, BLOCK_FRAMES)
            block = self._renderer.read(wanted)
            if not block.shape[1]:
                block = np.zeros((self._renderer.channels, wanted), dtype=np.float32)
            left -= block.shape[1]
            yield block

    def _limited(self, gain: float, ceiling_db: float) -> Iterator[Block]:
        """The mix times a gain and below a ceiling, as long as it was."""
        renderer = self._renderer
        limiter = Limiter(renderer.sample_rate, renderer.channels, ceiling_db=ceiling_db)
        self._limiter_reduction_db = 0.0
        skip = late = limiter.latency_frames

        def limited(block: Block) -> Block:
            out = limiter.process(block)
            self._limiter_reduction_db = max(self._limiter_reduction_db, limiter.reduction_db)
            return out

        for block in self.blocks():
            out = limited(block * np.float32(gain))
            dropped = min(skip, out.shape[1])
            skip -= dropped
            yield out[:, dropped:]
        yield limited(np.zeros((renderer.channels, late), dtype=np.float32))[:, skip:]

    def pour(self, blocks: Iterator[Block], begun: float, share: float) -> None:
        """Give the blocks to the sink and measure them."""
        renderer = self._renderer
        loudness = LoudnessMeter(renderer.sample_rate, renderer.channels)
        peak = TruePeakMeter(renderer.sample_rate, renderer.channels)
        with self._sink() as take:
            for block in self._telling(blocks, begun, share):
                take(block)
                loudness.push(block)
                peak.push(block)
        peak.finish()
        self.measured.loudness_lufs = loudness.integrated_lufs
        self.measured.true_peak_dbtp = peak.max_dbtp
        self.measured.reduction_db = self._tap.most_db + self._limiter_reduction_db

    def _telling(self, blocks: Iterator[Block], begun: float, share: float) -> Iterator[Block]:
        done = 0
        for block in blocks:
            yield block
            done += block.shape[1]
            self._tell(begun + share * done / self.frames)
