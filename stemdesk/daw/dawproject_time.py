"""Beats and seconds of a DAWproject, whose tempo holds or changes steadily between its points."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Sequence

BEATS, SECONDS = "beats", "seconds"
DEFAULT_BPM = 120.0
RAMP_STEPS = 64


@dataclass(frozen=True)
class _Knot:
    """From a beat on: so many bpm, and by how much they rise with every beat."""

    beat: float
    seconds: float
    bpm: float
    rise: float = 0.0

    def seconds_after(self, beats: float) -> float:
        if not self.rise:
            return beats * 60 / self.bpm
        return 60 / self.rise * math.log1p(self.rise * beats / self.bpm)

    def beats_after(self, seconds: float) -> float:
        if not self.rise:
            return seconds * self.bpm / 60
        return self.bpm / self.rise * math.expm1(self.rise * seconds / 60)


class ProjectClock:
    """The timeline of a project.

    Args:
        points: beat, bpm from there on, and whether it changes steadily to that of the next
            point; in order of beat. The first one's tempo holds before it, too.
    """

    def __init__(self, points: Sequence[tuple[float, float, bool]]) -> None:
        (beat, bpm, _), *_ = points
        knots = [_Knot(beat, 0.0, bpm)]
        for number, (beat, bpm, is_ramp) in enumerate(points):
            before = knots[-1]
            seconds = before.seconds + before.seconds_after(beat - before.beat)
            rise = 0.0
            if is_ramp and number + 1 < len(points):
                next_beat, next_bpm, _ = points[number + 1]
                rise = (next_bpm - bpm) / (next_beat - beat) if next_beat > beat else 0.0
            knots.append(_Knot(beat, seconds, bpm, rise))
        zero = knots[0].seconds_after(-knots[0].beat)
        self._knots = [_Knot(each.beat, each.seconds - zero, each.bpm, each.rise) for each in knots]
        self._beats = [knot.beat for knot in self._knots]
        self._seconds = [knot.seconds for knot in self._knots]

    def seconds_at(self, beat: float) -> float:
        """When a beat is."""
        knot = self._knots[max(0, bisect_right(self._beats, beat) - 1)]
        return knot.seconds + knot.seconds_after(beat - knot.beat)

    def beat_at(self, seconds: float) -> float:
        """Which beat a moment is."""
        knot = self._knots[max(0, bisect_right(self._seconds, seconds) - 1)]
        return knot.beat + knot.beats_after(seconds - knot.seconds)


def project_clock(root: ET.Element) -> ProjectClock:
    """The clock of a project, by its transport and its tempo automation.

    Args:
        root: of `project.xml`.

    Raises:
        ValueError: a number is none, or no tempo.
    """
    tempo = root.find("Transport/Tempo")
    bpm = DEFAULT_BPM if tempo is None else _bpm(tempo.get("value", str(DEFAULT_BPM)))
    automation = root.find("Arrangement/TempoAutomation")
    found = [] if automation is None else automation.findall("RealPoint")
    points = [
        (
            float(point.get("time", "0")),
            _bpm(point.get("value", "")),
            point.get("interpolation") == "linear",
        )
        for point in found
    ]
    points.sort(key=lambda point: point[0])
    if automation is not None and _unit_of(root, automation) == SECONDS:
        points = _in_beats(points)
    return ProjectClock(points or [(0.0, bpm, False)])


def _bpm(text: str) -> float:
    bpm = float(text)
    if not 0 < bpm < math.inf:
        raise ValueError(f"{text} is no tempo")
    return bpm


def _unit_of(root: ET.Element, automation: ET.Element) -> str:
    """The unit of an automation; one that says none counts in that of the arrangement's lanes."""
    lanes = root.find("Arrangement/Lanes")
    inherited = BEATS if lanes is None else lanes.get("timeUnit", BEATS)
    return automation.get("timeUnit", inherited)


def _in_beats(points: list[tuple[float, float, bool]]) -> list[tuple[float, float, bool]]:
    """The same with beats for seconds; what changes steadily in time becomes small steps."""
    placed: list[tuple[float, float, bool]] = []
    beat = points[0][0] * points[0][1] / 60 if points else 0.0
    for (seconds, bpm, is_ramp), following in itertools.zip_longest(points, points[1:]):
        end_seconds, end_bpm = following[:2] if following else (seconds, bpm)
        steps = RAMP_STEPS if is_ramp and following else 1
        for step in range(steps):
            # The mean of a step is that of the ramp below it, so that its end is met exactly.
            share = (step + 0.5) / steps if steps > 1 else 0.0
            mean_bpm = bpm + (end_bpm - bpm) * share
            placed.append((beat, mean_bpm, False))
            beat += (end_seconds - seconds) / steps * mean_bpm / 60
    return placed
