"""How long work will still take, from how it has gone so far."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class StopWatch:
    """Seconds on the monotonic clock without those in which it was stopped.

    One thread stops and starts it, any may read it.
    """

    def __init__(self) -> None:
        # One value, so that who reads never sees half a change.
        self._lost_seconds_and_stop: tuple[float, float | None] = (0.0, None)

    def __call__(self) -> float:
        """The seconds now."""
        lost, stopped_at = self._lost_seconds_and_stop
        return (time.monotonic() if stopped_at is None else stopped_at) - lost

    def stop(self) -> None:
        """Time stands still from here."""
        lost, stopped_at = self._lost_seconds_and_stop
        if stopped_at is None:
            self._lost_seconds_and_stop = (lost, time.monotonic())

    def start(self) -> None:
        """Time goes on from where it stood."""
        lost, stopped_at = self._lost_seconds_and_stop
        if stopped_at is not None:
            self._lost_seconds_and_stop = (lost + time.monotonic() - stopped_at, None)


class TimeLeft:
    """Seconds left, from the pace since the first progress.

    The start (opening files, loading a model, the first slow chunk) is left out of the pace: it
    will not happen again. So is progress that took no work.

    Args:
        clock: monotonic seconds.
    """

    WARM_UP_REPORTS = 2
    MINIMUM_FRACTION = 0.01

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._reports = 0
        self._origin: tuple[float, float] | None = None
        self._latest: tuple[float, float] | None = None

    def update(self, fraction: float, *, worked: bool = True) -> None:
        """Note that ``fraction`` of the work is done now; ``worked``: since the last report."""
        before = self._latest
        if before is not None and fraction <= before[1]:
            return
        self._latest = (self._clock(), fraction)
        if not worked and before is not None and self._origin is not None:
            seconds, leap = self._latest[0] - before[0], fraction - before[1]
            self._origin = (self._origin[0] + seconds, self._origin[1] + leap)
            return
        self._reports += 1
        if self._reports <= self.WARM_UP_REPORTS:
            self._origin = self._latest

    @property
    def pace(self) -> float | None:
        """Fraction of the work that is done in a second; None at first."""
        if self._origin is None or self._latest is None:
            return None
        seconds = self._latest[0] - self._origin[0]
        done = self._latest[1] - self._origin[1]
        return done / seconds if done >= self.MINIMUM_FRACTION and seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds, counting down between reports; None at first."""
        if self._origin is None or self._latest is None:
            return None
        seconds = self._latest[0] - self._origin[0]
        done = self._latest[1] - self._origin[1]
        if done < self.MINIMUM_FRACTION:
            return None
        left = (1 - self._latest[1]) * seconds / done
        return max(0.0, left - (self._clock() - self._latest[0]))
