"""Round numbers for the axes of a chart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.ui.trainer.curves import Line

_STEPS = (1.0, 2.0, 5.0, 10.0)


class Axis(NamedTuple):
    """A stretch of numbers.

    Attributes:
        low: its lower end.
        high: its upper end, above `low`.
    """

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1 within the stretch."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """Round numbers in it, not more than so many."""
        step = round_step((self.high - self.low) / max(1, most))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [place * step for place in range(first, last + 1)]


def round_step(least: float) -> float:
    """The smallest of ... 1, 2, 5, 10 ... that is not below a number."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-12)))
    return next(power * step for step in _STEPS if power * step >= least * (1 - 1e-9))


def around(values: Iterable[float], margin: float = 0.08, least: float = 1e-6) -> Axis:
    """A stretch that holds all values that are numbers, with some room above and below.

    Args:
        values: any; 0 to 1 where there are none.
        margin: room, in shares of the stretch.
        least: the shortest it may be.
    """
    found = [value for value in values if math.isfinite(value)]
    if not found:
        return Axis(0.0, 1.0)
    low, high = min(found), max(found)
    room = max(margin * (high - low), (least - (high - low)) / 2, 1e-9)
    return Axis(low - room, high + room)


def written(value: float, step: float) -> str:
    """A tick in as many digits as its step needs."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    return f"{value + 0.0:.{min(digits, 6)}f}"


def thinned(line: Line, columns: int) -> Line:
    """A line with a point for each column at most: the mean of those that fall into it."""
    if len(line) <= columns or columns < 1:
        return line
    first, last = line[0][0], line[-1][0]
    width = (last - first) / columns or 1.0
    sums: dict[int, tuple[float, float, int]] = {}
    for x, y in line:
        column = min(columns - 1, int((x - first) / width))
        x_sum, y_sum, count = sums.get(column, (0.0, 0.0, 0))
        sums[column] = (x_sum + x, y_sum + y, count + 1)
    return [(x / count, y / count) for x, y, count in sums.values()]
