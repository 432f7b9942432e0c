"""Time code: labels of frames and back, drop-frame included (SMPTE ST 12-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

_DROPPED = 2  # labels left out at each minute
_MINUTES = 10  # but for every tenth


@dataclass(frozen=True)
class Timecode:
    """The label of a frame."""

    hours: int
    minutes: int
    seconds: int
    frames: int


class FrameRate(Enum):
    """The four rates of MIDI time code; the value is the code in its messages."""

    FPS_24 = 0
    FPS_25 = 1
    FPS_30_DROP = 2  # 30000/1001 frames a second; labels keep up with the clock by leaving out
    FPS_30 = 3

    @property
    def fps(self) -> Fraction:
        """Frames a second."""
        return Fraction(30000, 1001) if self is FrameRate.FPS_30_DROP else Fraction(self.labels)

    @property
    def labels(self) -> int:
        """Labels in a second."""
        return {FrameRate.FPS_24: 24, FrameRate.FPS_25: 25}.get(self, 30)

    @property
    def _per_ten_minutes(self) -> int:
        dropped = _DROPPED * (_MINUTES - 1) if self is FrameRate.FPS_30_DROP else 0
        return self.labels * 60 * _MINUTES - dropped

    @property
    def day_frames(self) -> int:
        """Frames in 24 hours of labels, after which they begin anew."""
        return self._per_ten_minutes * 6 * 24

    def seconds_of(self, frames: float) -> float:
        """The time at which a frame begins."""
        return frames * self.fps.denominator / self.fps.numerator

    def frames_at(self, seconds: float) -> int:
        """The frame in which a time lies; a time a microsecond short of a frame counts to it."""
        return int((seconds + 1e-6) * self.fps.numerator // self.fps.denominator)

    def number(self, code: Timecode) -> int:
        """The frame that has a label, counted from 0.

        Raises:
            ValueError: there is no such label at this rate.
        """
        in_range = code.hours < 24 and code.minutes < 60 and code.seconds < 60
        if not in_range or code.frames >= self.labels or self._is_dropped(code):
            raise ValueError(f"{code} is no label at {self.name}")
        minutes = code.hours * 60 + code.minutes
        count = (minutes * 60 + code.seconds) * self.labels + code.frames
        if self is FrameRate.FPS_30_DROP:
            count -= _DROPPED * (minutes - minutes // _MINUTES)
        return count

    def label(self, number: int) -> Timecode:
        """The label of a frame; the inverse of :meth:`number`, beginning anew after a day."""
        number %= self.day_frames
        if self is FrameRate.FPS_30_DROP:
            number += self._left_out(number)
        seconds, frames = divmod(number, self.labels)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return Timecode(hours, minutes, seconds, frames)

    def _left_out(self, number: int) -> int:
        """Labels that were left out before a frame."""
        tens, rest = divmod(number, self._per_ten_minutes)
        minute = self.labels * 60  # the first of ten is whole
        later = 0 if rest < minute else 1 + (rest - minute) // (minute - _DROPPED)
        return _DROPPED * ((_MINUTES - 1) * tens + later)

    def _is_dropped(self, code: Timecode) -> bool:
        is_minute = code.seconds == 0 and code.minutes % _MINUTES != 0
        return self is FrameRate.FPS_30_DROP and is_minute and code.frames < _DROPPED
