"""A fader that moves with its automation, and to where a hand puts it, without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stemdesk.mixing.desk import FaderGain

if TYPE_CHECKING:
    from stemdesk.mixing.desk import Desk
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.ramps import Ramp
    from stemdesk.mixing.settings import StripSettings
    from stemdesk.mixing.way import Way


class Span(NamedTuple):
    """A stretch of sound: from a position on, so many frames, on their way through the song."""

    way: Way
    position: int
    frames: int


class Fader(NamedTuple):
    """Where a fader stands at one moment; never changed, so that it can be gone back to.

    Attributes:
        desk: where its course comes from.
        course: gains of that course, automation included.
        offset: gains `[n, 1]` by which it stood elsewhere when the desk was changed.
        gone: so many frames ago.
    """

    desk: Desk
    course: FaderGain
    offset: Block | None = None
    gone: int = 0

    @property
    def is_steady(self) -> bool:
        """Whether it stays where it is."""
        return self.offset is None

    def gains(self, ramp: Ramp) -> Block:
        """Gains `[n, 1]` now."""
        if self.offset is None:
            return self.course.values
        return self.course.values + self.offset * ramp.fall(self.gone - 1, 1)


class Riding:
    """Moves faders along the courses of a desk, at one sample rate.

    A course is looked at every 512 frames, or more often where that is longer than a ramp, and
    runs in straight lines between; where a ramp takes several quanta, it is averaged over as much,
    so that a step of automation becomes a ramp in its middle. Another desk is another course: the
    difference to the old one fades in a ramp.

    Args:
        sample_rate: Hz.
        ramp: for that rate.
    """

    def __init__(self, sample_rate: int, ramp: Ramp) -> None:
        self._sample_rate, self._ramp = sample_rate, ramp

    def begin(self, fader: Fader | None, desk: Desk, strip: StripSettings, span: Span) -> Fader:
        """The fader at the beginning of a span: where it was, heading for the desk's course."""
        if fader is not None and fader.desk is desk:
            return fader
        course = desk.steady_gain(strip) or self._course_at(desk, strip, span, 0)
        if fader is None:
            return Fader(desk, course)
        offset = fader.gains(self._ramp) - course.values
        return Fader(desk, course, offset if offset.any() else None)

    def advance(self, fader: Fader, strip: StripSettings, span: Span) -> tuple[Fader, Block | None]:
        """The fader at the end of the span, and its gains `[n, 1 or frames]` or None for unity."""
        desk, frames = fader.desk, span.frames
        steady = desk.steady_gain(strip)
        if steady is not None:
            course, gains = steady, steady.values
        else:
            course, gains = self._ride(fader, strip, span)
        if fader.offset is None:
            unity = steady is not None and steady.is_unity
            return (fader if course is fader.course else Fader(desk, course)), (
                None if unity else gains
            )
        gains = gains + fader.offset * self._ramp.fall(fader.gone, frames)
        gone = fader.gone + frames
        if gone >= self._ramp.frames:
            return Fader(desk, course), gains
        return Fader(desk, course, fader.offset, gone), gains

    def _ride(self, fader: Fader, strip: StripSettings, span: Span) -> tuple[FaderGain, Block]:
        step = self._ramp.step_frames
        courses = [
            self._course_at(fader.desk, strip, span, done + step)
            for done in range(0, span.frames, step)
        ]
        ends = np.stack([course.values for course in courses], axis=1)
        starts = np.concatenate((fader.course.values[:, None], ends[:, :-1]), axis=1)
        if np.array_equal(starts, ends):
            return courses[-1], courses[-1].values
        lines: Block = starts + (ends - starts) * self._ramp.slope
        return courses[-1], lines.reshape(len(ends), span.frames)

    def _course_at(self, desk: Desk, strip: StripSettings, span: Span, done: int) -> FaderGain:
        ramp = self._ramp
        before = (ramp.steps - 1) / 2
        gains = [
            desk.gain_at(strip, span.way.song_frame(at) / self._sample_rate)
            for step in range(ramp.steps)
            for at in [span.position + done + (step - before) * ramp.step_frames]
        ]
        if len(gains) == 1:
            return gains[0]
        total: Block = np.sum([gain.values for gain in gains], axis=0, dtype=np.float64)
        return FaderGain((total / len(gains)).astype(np.float32))
