"""Where bars and beats lie on a DAW's timeline, which begins with a bar at second 0.

The beat 0 of a session's tempo map may lie anywhere: a song need not begin on a beat. A DAW's grid
begins at its second 0 with a bar. What lies between is filled with whole bars of the session's
first tempo and, before them, one short bar (an upbeat) of a tempo that makes it end in time.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stemdesk.daw.session import TempoChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.daw.session import Session

DEFAULT = TempoChange(beat=0.0, bpm=120.0)
"""What DAWs begin with; used where no tempo is known."""

UPBEAT_UNITS = (4, 8, 16, 32)
UPBEAT_STRETCH = 1.5  # an upbeat's tempo is at most so much faster or slower, if a unit allows
FASTEST_BPM = 600.0  # what every DAW takes
NEAR_SECONDS = 1e-6  # less than a sample


@dataclass(frozen=True)
class GridPoint:
    """From a bar line on, a tempo and a metre.

    Attributes:
        beat: quarter notes after the beginning of the DAW's timeline.
        seconds: the same place in time.
        bpm: quarter notes a minute.
        beats_per_bar: upper number of the metre.
        beat_unit: its lower number.
    """

    beat: float
    seconds: float
    bpm: float
    beats_per_bar: int = 4
    beat_unit: int = 4

    @property
    def bar_beats(self) -> float:
        """Quarter notes in a bar."""
        return self.beats_per_bar * 4 / self.beat_unit


class TempoGrid:
    """Seconds as beats, and beats as seconds, of a timeline whose tempo changes in steps.

    Args:
        points: in order of time, the first at second 0.
    """

    def __init__(self, points: Sequence[GridPoint]) -> None:
        self.points = tuple(points)
        self._beats = [point.beat for point in self.points]
        self._seconds = [point.seconds for point in self.points]

    def beat_at(self, seconds: float) -> float:
        """Quarter notes from the beginning of the timeline to a moment of it."""
        point = self.points[max(0, bisect_right(self._seconds, seconds) - 1)]
        return point.beat + (seconds - point.seconds) * point.bpm / 60

    def seconds_at(self, beat: float) -> float:
        """The moment of a beat."""
        point = self.points[max(0, bisect_right(self._beats, beat) - 1)]
        return point.seconds + (beat - point.beat) * 60 / point.bpm


def tempo_grid(session: Session) -> TempoGrid:
    """The grid of a DAW's timeline on which a session's beats lie where they are heard.

    An upbeat too short for a bar of its own (below 12.5 ms) makes the first beat that much longer.
    """
    if not session.tempo:
        return TempoGrid([_point(0.0, 0.0, DEFAULT)])
    first_seconds = session.origin_seconds + session.first_beat_seconds
    changes, seconds = _first_bar(session.tempo, first_seconds)
    points: list[GridPoint] = []
    beat = 0.0
    if seconds > NEAR_SECONDS:
        upbeat = _upbeat(seconds, changes[0].bpm)
        if upbeat.bpm <= FASTEST_BPM:
            points, beat = [upbeat], upbeat.bar_beats
        else:
            changes, seconds = _later_by(changes, seconds), 0.0
    else:
        seconds = 0.0
    for change, end in zip(changes, [*changes[1:], None], strict=True):
        points.append(_point(beat, seconds, change))
        if end is not None:
            beat += end.beat - change.beat
            seconds += (end.beat - change.beat) * 60 / change.bpm
    return TempoGrid(points)


def _point(beat: float, seconds: float, change: TempoChange) -> GridPoint:
    return GridPoint(beat, seconds, change.bpm, change.beats_per_bar, change.beat_unit)


def _first_bar(changes: Sequence[TempoChange], seconds: float) -> tuple[list[TempoChange], float]:
    """The map from its first bar line at or after second 0 on, and the second of that bar line.

    Where the map begins later, whole bars of its first tempo are put before it; before a later
    change there are none of its own tempo.
    """
    first, *later = changes
    is_change = False
    while True:
        bar_beats = first.beats_per_bar * 4 / first.beat_unit
        bar_seconds = bar_beats * 60 / first.bpm
        bars = -math.floor((seconds + NEAR_SECONDS) / bar_seconds)
        if is_change:
            bars = max(0, bars)
        beat = first.beat + bars * bar_beats
        if not later or beat < later[0].beat:
            return [replace(first, beat=beat), *later], max(0.0, seconds + bars * bar_seconds)
        seconds += (later[0].beat - first.beat) * 60 / first.bpm
        first, *later = later
        is_change = True


def _upbeat(seconds: float, bpm: float) -> GridPoint:
    """One bar of a length, in the coarsest unit whose tempo is like that of the song."""
    for unit in UPBEAT_UNITS:
        notes = max(1, round(seconds * bpm / 60 * unit / 4))
        own_bpm = notes * 4 / unit * 60 / seconds
        if bpm / UPBEAT_STRETCH <= own_bpm <= bpm * UPBEAT_STRETCH:
            break
    return GridPoint(0.0, 0.0, own_bpm, notes, unit)


def _later_by(changes: list[TempoChange], seconds: float) -> list[TempoChange]:
    """The map with a first beat that is so much longer."""
    first, *later = changes
    beats = min(1.0, later[0].beat - first.beat) if later else 1.0
    slower = replace(first, bpm=beats * 60 / (beats * 60 / first.bpm + seconds))
    if later and first.beat + beats == later[0].beat:
        return [slower, *later]
    return [slower, replace(first, beat=first.beat + beats), *later]
