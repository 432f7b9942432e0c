"""The straight line through pulses that arrive with jitter: where the count is, and how fast."""

from __future__ import annotations

from collections import deque
from statistics import fmean

_WINDOW = 48  # pulses: two quarter notes of MIDI clock, twelve frames of time code
_SHORT_SECONDS = 0.25  # over less, jitter spoils the slope
_SETTLED_PULSES = 8
_STRAY_SECONDS = 0.002  # what lies nearer to the line is jitter
_STRAY_SIGMAS = 3.0
_TURN_PULSES = 4  # so many strays in a row,
_TURN_SECONDS = 0.15  # over so long, are a change of speed; fewer are late messages


class PulseLine:
    """Least squares through the last 48 pulses, strays left out.

    Pulses that lie off are messages that were held up somewhere, many at once perhaps: they do not
    count. When they keep coming, all on the same side, the master has changed its speed, and they
    take the place of the earlier ones.

    Attributes:
        nominal: counts a second, if they are known: used until a quarter of a second is seen.
        last_seconds: when the last pulse came; long ago if there was none.
    """

    def __init__(self) -> None:
        self.nominal: float | None = None
        self.last_seconds = float("-inf")
        self._pulses: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._strays: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._side = 0
        self._fit: tuple[float, float, float] | None = None

    def __len__(self) -> int:
        return len(self._pulses)

    def clear(self) -> None:
        """Begin anew."""
        self.last_seconds = float("-inf")
        self._pulses.clear()
        self._strays.clear()
        self._side, self._fit = 0, None

    def add(self, count: float, seconds: float) -> None:
        """A pulse: its number, and when it came."""
        self.last_seconds = seconds
        side = self._side_of(count, seconds)
        if side != self._side:
            self._strays.clear()
            self._side = side
        if side == 0:
            self._pulses.append((count, seconds))
            self._fit = None
            return
        self._strays.append((count, seconds))
        span_seconds = seconds - self._strays[0][1]
        if len(self._strays) >= _TURN_PULSES and span_seconds >= _TURN_SECONDS:
            strays = list(self._strays)
            self.clear()
            self._pulses.extend(strays)
            self.last_seconds = seconds

    @property
    def rate(self) -> float | None:
        """Counts a second; None until there are two pulses or a nominal rate."""
        fit = self._line()
        return None if fit is None else fit[1]

    def at(self, seconds: float) -> float | None:
        """The count at a time; None as long as :attr:`rate`."""
        fit = self._line()
        return None if fit is None else fit[0] + fit[1] * (seconds - fit[2])

    def _line(self) -> tuple[float, float, float] | None:
        """Mean count, rate and mean time."""
        if self._fit is None and self._pulses:
            count = fmean(pulse[0] for pulse in self._pulses)
            seconds = fmean(pulse[1] for pulse in self._pulses)
            rate = self._slope(count, seconds)
            self._fit = None if rate is None else (count, rate, seconds)
        return self._fit

    def _slope(self, count: float, seconds: float) -> float | None:
        span_seconds = self._pulses[-1][1] - self._pulses[0][1]
        if self.nominal is not None and span_seconds < _SHORT_SECONDS:
            return self.nominal
        spread = sum((pulse[1] - seconds) ** 2 for pulse in self._pulses)
        if spread == 0.0:
            return self.nominal
        return sum((each[0] - count) * (each[1] - seconds) for each in self._pulses) / spread

    def _side_of(self, count: float, seconds: float) -> int:
        """0 for a pulse near the line; 1 or -1 for one that is early or late."""
        fit = self._line()
        if fit is None or fit[1] == 0.0 or len(self._pulses) < _SETTLED_PULSES:
            return 0
        off_seconds = (count - fit[0]) / fit[1] - (seconds - fit[2])
        squares = [((p[0] - fit[0]) / fit[1] - (p[1] - fit[2])) ** 2 for p in self._pulses]
        limit_seconds = max(_STRAY_SECONDS, _STRAY_SIGMAS * fmean(squares) ** 0.5)
        if abs(off_seconds) <= limit_seconds:
            return 0
        return 1 if off_seconds > 0.0 else -1
