"""Timelines within timelines: from a moment of the arrangement to a place in an audio file."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.daw.dawproject_time import BEATS, SECONDS

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable, Iterator, Mapping

    from stemdesk.daw.dawproject_time import ProjectClock

    Map = Callable[[float], float]

MOST_VISITS = 100_000
"""Of elements in clips: more than any project has, and half a second's work."""
MOST_LEVELS = 32


@dataclass(frozen=True)
class Stretch:
    """What of an audio file plays where.

    Attributes:
        file: as the project names it: in its archive, or if it is external, beside it.
        external: whether it lies outside.
        start_seconds: on the arrangement's timeline.
        end_seconds: likewise.
        file_start_seconds: what of the file is heard first.
        file_end_seconds: and last, before it repeats.
        warped: it is stretched in time, or follows the tempo.
        looped: a part of it repeats until the end.
    """

    file: str
    external: bool
    start_seconds: float
    end_seconds: float
    file_start_seconds: float
    file_end_seconds: float
    warped: bool = False
    looped: bool = False


class Visits:
    """Counts how much of a project was walked through: clips may share content that shares more."""

    def __init__(self) -> None:
        self._left, self._open = MOST_VISITS, 0

    @contextmanager
    def within(self) -> Iterator[None]:
        """The inside of one more timeline.

        Raises:
            ValueError: it is too much, or too deep, as where a clip contains itself.
        """
        self._left -= 1
        self._open += 1
        if self._left < 0 or self._open > MOST_LEVELS:
            raise ValueError("its clips refer to each other without end")
        yield
        self._open -= 1


@dataclass(frozen=True)
class Scope:
    """One timeline as it is seen from the arrangement.

    Attributes:
        clock: beats and seconds of the project.
        unit: `beats` or `seconds`.
        first_seconds: of the arrangement, from which on it is heard.
        end_seconds: and how long.
        local: second of the arrangement -> its own time.
        global_: the other way.
        warped: whether it runs otherwise than the arrangement.
        loops_at: second of the arrangement at which it begins to repeat.
    """

    clock: ProjectClock
    unit: str
    first_seconds: float
    end_seconds: float
    local: Map
    global_: Map
    warped: bool = False
    loops_at: float | None = None

    @classmethod
    def of_arrangement(cls, clock: ProjectClock, unit: str) -> Scope:
        """The timeline on which tracks lie."""
        there, back = _maps(clock, unit)
        return cls(clock, unit, float("-inf"), float("inf"), there, back)

    def clip(self, element: ET.Element) -> Scope:
        """The inside of a clip that lies on this timeline.

        Raises:
            ValueError: a number of it is none.
        """
        time, start = _number(element, "time", 0.0), _number(element, "playStart", 0.0)
        unit = element.get("contentTimeUnit", self.unit)
        begins = self.global_(time)
        if unit == self.unit:
            there, back = _shifted(self, start - time)
        else:
            elapsed, moment = _maps(self.clock, unit)
            shift = start - elapsed(begins)
            there, back = (lambda at: elapsed(at) + shift), (lambda local: moment(local - shift))
        if element.get("duration") is not None:
            ends = self.global_(time + _number(element, "duration", 0.0))
        else:
            ends = back(_number(element, "playStop", start))
        loop_end = element.get("loopEnd")
        loops_at = back(_number(element, "loopEnd", 0.0)) if loop_end is not None else None
        if self.loops_at is not None:
            loops_at = self.loops_at if loops_at is None else min(loops_at, self.loops_at)
        return Scope(
            self.clock,
            unit,
            max(self.first_seconds, begins),
            min(self.end_seconds, ends),
            there,
            back,
            self.warped,
            loops_at,
        )

    def stretches(
        self, parent: ET.Element, timelines: Mapping[str, ET.Element], visits: Visits
    ) -> Iterator[Stretch]:
        """All audio in the content of a clip or another timeline.

        Args:
            parent: what holds it, or refers to it.
            timelines: id -> element, for clips that share their content.
            visits: of the whole project.

        Raises:
            ValueError: a number is none, or clips refer to each other without end.
        """
        shared = timelines.get(parent.get("reference", ""))
        for element in [*parent, *([] if shared is None else [shared])]:
            with visits.within():
                yield from self._of(element, timelines, visits)

    def _of(
        self, element: ET.Element, timelines: Mapping[str, ET.Element], visits: Visits
    ) -> Iterator[Stretch]:
        if element.tag == "Clip":
            inside = self.clip(element)
            if inside.first_seconds < inside.end_seconds:
                yield from inside.stretches(element, timelines, visits)
        elif element.tag in ("Clips", "Lanes"):
            yield from self._in_unit(element).stretches(element, timelines, visits)
        elif element.tag == "Warps":
            yield from self._warped(element).stretches(element, timelines, visits)
        elif element.tag == "Audio":
            yield from self._audio(element)

    def _in_unit(self, timeline: ET.Element) -> Scope:
        unit = timeline.get("timeUnit", self.unit)
        return self if unit == self.unit else self._replaced(unit, self.local, self.global_)

    def _warped(self, element: ET.Element) -> Scope:
        points = sorted(
            (_number(point, "time", 0.0), _number(point, "contentTime", 0.0))
            for point in element.findall("Warp")
        )
        unit = element.get("contentTimeUnit", SECONDS)
        if len(points) < 2:
            return self._replaced(unit, self.local, self.global_)
        inwards = _through(points)
        outwards = _through([(content, time) for time, content in points])
        return self._replaced(
            unit,
            lambda at: inwards(self.local(at)),
            lambda local: self.global_(outwards(local)),
            warped=True,
        )

    def _replaced(self, unit: str, local: Map, global_: Map, *, warped: bool = False) -> Scope:
        return Scope(
            self.clock,
            unit,
            self.first_seconds,
            self.end_seconds,
            local,
            global_,
            self.warped or warped,
            self.loops_at,
        )

    def _audio(self, element: ET.Element) -> Iterator[Stretch]:
        file = element.find("File")
        if file is None or not file.get("path"):
            return
        ends = self.end_seconds
        is_looped = self.loops_at is not None and self.loops_at < ends
        if is_looped and self.loops_at is not None:
            ends = self.loops_at
        in_file = self.local
        if self.unit == BEATS:
            # Audio that is not warped plays at its own speed, whatever the beats are.
            zero = self.global_(0.0)
            in_file = lambda at: at - zero  # noqa: E731
        yield Stretch(
            file.get("path", ""),
            file.get("external") in ("true", "1"),
            self.first_seconds,
            self.end_seconds,
            in_file(self.first_seconds),
            in_file(ends),
            self.warped,
            is_looped,
        )


def _maps(clock: ProjectClock, unit: str) -> tuple[Map, Map]:
    """Second of the arrangement -> time in a unit, and back."""
    if unit == BEATS:
        return clock.beat_at, clock.seconds_at
    return (lambda at: at), (lambda local: local)


def _shifted(scope: Scope, by: float) -> tuple[Map, Map]:
    return (lambda at: scope.local(at) + by), (lambda local: scope.global_(local - by))


def _through(points: list[tuple[float, float]]) -> Map:
    """Straight lines through points in order, and on beyond the first and the last two."""
    starts = [start for start, _ in points[1:-1]]

    def at(value: float) -> float:
        place = bisect_right(starts, value)
        (x_0, y_0), (x_1, y_1) = points[place : place + 2]
        return y_0 if x_1 == x_0 else y_0 + (value - x_0) * (y_1 - y_0) / (x_1 - x_0)

    return at


def _number(element: ET.Element, name: str, default: float) -> float:
    text = element.get(name)
    number = default if text is None else float(text)
    if not -1e12 < number < 1e12:
        raise ValueError(f"{name} is {text}")
    return number
