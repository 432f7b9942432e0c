"""Beats and bars as frames: where they lie, what they are called, which is near."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.project.document import Tempo


@dataclass(frozen=True)
class Metre:
    """A steady tempo at a sample rate.

    Attributes:
        tempo: quarter notes a minute, and the metre.
        sample_rate: Hz.
    """

    tempo: Tempo
    sample_rate: int

    @property
    def beat_frames(self) -> float:
        """Length of a beat, which is one `beat_unit`: an eighth in 6/8."""
        return 60.0 / self.tempo.bpm * 4.0 / self.tempo.beat_unit * self.sample_rate

    @property
    def origin_frames(self) -> float:
        """Where bar 1 begins."""
        return self.tempo.first_beat_seconds * self.sample_rate

    def frame_of(self, beat: float) -> float:
        """Where a beat lies, counted from 0 at bar 1."""
        return self.origin_frames + beat * self.beat_frames

    def beat_of(self, frame: float) -> float:
        """Which beat a frame is, counted from 0 at bar 1; negative before it."""
        return (frame - self.origin_frames) / self.beat_frames

    def nearest_beat(self, frame: float) -> int:
        """The frame of the beat nearest to a frame."""
        return round(self.frame_of(round(self.beat_of(frame))))

    def next_beat(self, frame: float) -> int:
        """The frame of the first beat after a frame."""
        beat = math.floor(self.beat_of(frame + 0.5)) + 1
        return round(self.frame_of(beat))

    def last_beat(self, frame: float) -> int:
        """The frame of the last beat before a frame."""
        beat = math.ceil(self.beat_of(frame - 0.5)) - 1
        return round(self.frame_of(beat))

    def label(self, beat: int, *, with_beat: bool) -> str:
        """`12`, or `12.3` with the beat in its bar; the bar before 1 is 0."""
        bar, rest = divmod(beat, self.tempo.beats_per_bar)
        return f"{bar + 1}.{rest + 1}" if with_beat else f"{bar + 1}"
