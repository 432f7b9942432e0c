"""An automation lane's line and points, as times and positions on the lane."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.automation import Envelope
from stemdesk.mixing.parameters import Taper
from stemdesk.mixing.settings import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk.mixing.parameters import Parameter

    Points = tuple[Point, ...]


def line(
    points: Points, parameter: Parameter, first_seconds: float, end_seconds: float, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The course between two times, as it will sound.

    Points lie on it exactly; between them are `count` steps over the whole view, since a straight
    line in dB is not straight on a fader's scale.

    Returns:
        Seconds and travels 0..1, in order of time; a jump has two at one time.
    """
    after = bisect_right(points, end_seconds, key=_seconds)
    before = bisect_left(points, first_seconds, key=_seconds)
    # The neighbours of the view are enough: a recorded ride has many thousand points.
    envelope = Envelope(points[max(0, before - 1) : after + 1], parameter)
    grid = np.linspace(first_seconds, end_seconds, max(2, count))
    seconds: list[float] = []
    travels: list[float] = []
    seen = points[before:after]
    if parameter.taper is Taper.LINEAR:
        grid = grid[[0, -1]]
    at = 0
    for time in grid:
        while at < len(seen) and seen[at].seconds <= time:
            point = seen[at]
            if parameter.taper is Taper.SWITCH and seconds:
                seconds.append(point.seconds)
                travels.append(travels[-1])
            seconds.append(point.seconds)
            travels.append(parameter.to_travel(point.value))
            at += 1
        seconds.append(float(time))
        travels.append(parameter.to_travel(envelope.at(float(time))))
    return np.array(seconds), np.array(travels)


def value_at(points: Points, parameter: Parameter, seconds: float) -> float:
    """The value at a time."""
    return Envelope(points, parameter).at(seconds)


def with_point(points: Points, point: Point) -> tuple[Points, int]:
    """With one more, after those of the same time; and its index."""
    index = bisect_right(points, point.seconds, key=_seconds)
    return (*points[:index], point, *points[index:]), index


def with_moved(points: Points, index: int, point: Point) -> Points:
    """With one moved, between its neighbours: points never overtake one another."""
    least = points[index - 1].seconds if index else 0.0
    most = points[index + 1].seconds if index + 1 < len(points) else math.inf
    kept = Point(min(max(point.seconds, least), most), point.value)
    return (*points[:index], kept, *points[index + 1 :])


def without(points: Points, index: int) -> Points:
    """With one less."""
    return (*points[:index], *points[index + 1 :])


def with_drawn(points: Points, drawn: Points) -> Points:
    """With a line drawn by hand in place of all between its ends; `drawn` in order of time."""
    first, end = drawn[0].seconds, drawn[-1].seconds
    before = tuple(each for each in points if each.seconds < first)
    after = tuple(each for each in points if each.seconds > end)
    return (*before, *drawn, *after)


def thinned(places: Sequence[tuple[float, float]], tolerance: float) -> list[int]:
    """Which places a line needs to pass all of them within a tolerance, its ends included.

    Ramer 1972, Douglas and Peucker 1973, with the distance taken along the second coordinate.
    """
    x = np.array([place[0] for place in places])
    y = np.array([place[1] for place in places])
    keep, open_parts = {0, len(places) - 1}, [(0, len(places) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        straight = np.interp(x[inner], x[[first, last]], y[[first, last]])
        distance = np.abs(y[inner] - straight)
        worst = int(np.argmax(distance))
        if distance[worst] > tolerance:
            middle = first + 1 + worst
            keep.add(middle)
            open_parts += [(first, middle), (middle, last)]
    return sorted(keep)


def neat(parameter: Parameter, value: float) -> float:
    """A value as a hand sets it: dB to a tenth, others to three figures, within its range."""
    if not math.isfinite(value):
        return value
    if parameter.taper is Taper.SWITCH:
        return 1.0 if value >= 0.5 else 0.0
    rounded = round(value, 1) if parameter.unit == "dB" else float(f"{value:.3g}")
    return min(parameter.maximum, max(parameter.minimum, rounded))


def _seconds(point: Point) -> float:
    return point.seconds
