"""Automation: points along the song, straight lines between them."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.parameters import SILENT_DB, Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.settings import Point


class Envelope:
    """The course of one parameter.

    Before the first point and after the last the value stays; two points at one time are a jump.
    Levels move along straight lines in dB, and from -90 dB straight to silence; switches change at
    their points.

    Args:
        points: at least one, in order of time.
        parameter: what they are values of.
    """

    def __init__(self, points: Sequence[Point], parameter: Parameter) -> None:
        self._seconds = [point.seconds for point in points]
        self._values = [point.value for point in points]
        self._parameter = parameter

    def at(self, seconds: float) -> float:
        """The value at a time; at a jump, the later of the two."""
        after = bisect_right(self._seconds, seconds)
        if after == 0:
            return self._values[0]
        before = after - 1
        if after == len(self._seconds) or self._parameter.taper is Taper.SWITCH:
            return self._values[before]
        start, end = self._seconds[before], self._seconds[after]
        return self._between(
            self._values[before], self._values[after], seconds - start, end - start
        )

    def _between(self, first: float, last: float, gone: float, whole: float) -> float:
        if first == last:
            return first
        if self._parameter.taper is not Taper.FADER:
            return first + (last - first) * gone / whole
        low, high = max(first, SILENT_DB), max(last, SILENT_DB)
        level_db = low + (high - low) * gone / whole
        return level_db if level_db > SILENT_DB else -math.inf


def check_points(points: Sequence[Point], parameter: Parameter, address: str) -> None:
    """Refuse points that are out of order, before the song, or out of range.

    Raises:
        UserError: with the address and the place.
    """
    if not points:
        raise UserError(f"The automation of {address} has no points", "give one, or leave it out")
    for point in points:
        if not (math.isfinite(point.seconds) and point.seconds >= 0.0):
            raise UserError(
                f"The automation of {address} has a point at {point.seconds} s",
                "give times from 0 s on",
            )
        parameter.check(point.value, f"{address} at {point.seconds:g} s")
    for first, second in pairwise(points):
        if second.seconds < first.seconds:
            raise UserError(
                f"The automation of {address} goes back in time after {first.seconds:g} s",
                "sort its points by time",
            )
