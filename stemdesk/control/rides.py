"""Rides: moves of a control while the song runs, made into automation."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from stemdesk.mixing.automation import Envelope
from stemdesk.mixing.parameters import Taper
from stemdesk.mixing.settings import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.parameters import Parameter

TOLERANCE = 0.004  # of the travel; 7 bits resolve twice as much
RETURN_SECONDS = 0.1  # after a ride the parameter glides back to what was there
_REST_SECONDS = 0.15  # a control that is silent for longer stood still
_STEP_SECONDS = 0.02  # and then moved within this
_STRETCH = 256  # moves thinned at a time: the worst case takes the square of this


@dataclass(frozen=True)
class Ride:
    """What one hand did with one parameter.

    Attributes:
        parameter: what was ridden.
        moves: the value when the hand came, then each new one, in order of song time.
        end_seconds: song time when the hand left.
    """

    parameter: Parameter
    moves: tuple[Point, ...]
    end_seconds: float


class RideRecorder:
    """Collects rides; one at a time for each address.

    The app calls it while it records: from `touch` and `set` of its control target, and when the
    song jumps.
    """

    def __init__(self) -> None:
        self._parameters: dict[str, Parameter] = {}
        self._moves: dict[str, list[Point]] = {}
        self._done: list[tuple[str, Ride]] = []

    def touch(self, address: str, parameter: Parameter, value: float, song_seconds: float) -> None:
        """A hand has come, and found that value."""
        self._parameters[address] = parameter
        self._moves[address] = [Point(song_seconds, value)]

    def move(self, address: str, value: float, song_seconds: float) -> None:
        """A new value; ignored where no hand is.

        Going back in time, as in a loop, ends a ride and begins the next.
        """
        moves = self._moves.get(address)
        if moves is None:
            return
        if song_seconds < moves[-1].seconds:
            last = moves[-1]
            self._finish(address, last.seconds)
            self.touch(address, self._parameters[address], last.value, song_seconds)
        self._moves[address].append(Point(song_seconds, value))

    def jump(self, from_seconds: float, to_seconds: float) -> None:
        """The song has gone from one place to another: every ride ends there and begins here."""
        for address, moves in list(self._moves.items()):
            value = moves[-1].value
            self._finish(address, max(from_seconds, moves[-1].seconds))
            self.touch(address, self._parameters[address], value, to_seconds)

    def release(self, address: str, song_seconds: float) -> None:
        """The hand has left."""
        moves = self._moves.get(address)
        if moves is not None:
            self._finish(address, max(song_seconds, moves[-1].seconds))

    def take(self) -> list[tuple[str, Ride]]:
        """The rides that have ended, with their addresses, in the order of their ends; once."""
        done, self._done = self._done, []
        return done

    def _finish(self, address: str, end_seconds: float) -> None:
        moves = tuple(self._moves.pop(address))
        self._done.append((address, Ride(self._parameters[address], moves, end_seconds)))


def merge_ride(
    points: Sequence[Point], ride: Ride, tolerance: float = TOLERANCE
) -> tuple[Point, ...]:
    """Automation with a ride in it.

    What was there while the hand was on is replaced. Up to the ride the course stays exactly as it
    was. After it, the parameter glides back to the old course within 0.1 s, from where on that
    stays exactly as it was; without an old course it stays where the hand left it. A switch stays
    where the hand left it until the old course next changes it.

    Args:
        points: the old course, in order of time; may be empty.
        ride: what is put in.
        tolerance: how far the new course may lie from the ride, as a part of the travel.
    """
    parameter = ride.parameter
    start_seconds, end_seconds = ride.moves[0].seconds, ride.end_seconds
    if parameter.taper is Taper.SWITCH:
        ridden, resume_seconds = _changes(ride.moves), end_seconds
    else:
        ridden = thin(_course(ride), parameter, tolerance)
        resume_seconds = end_seconds + RETURN_SECONDS
    before = [point for point in points if point.seconds < start_seconds]
    after = [point for point in points if point.seconds > resume_seconds]
    if points:
        found = _left_of(points, parameter, start_seconds)
        if found != ridden[0].value:
            before.append(Point(start_seconds, found))
        if parameter.taper is not Taper.SWITCH:
            resumed = Envelope(points, parameter).at(resume_seconds)
            after.insert(0, Point(resume_seconds, resumed))
    return (*before, *ridden, *after)


def thin(points: Sequence[Point], parameter: Parameter, tolerance: float) -> list[Point]:
    """The fewest points, about, between which straight lines stay near all of them.

    Ramer (1972), Douglas and Peucker (1973), with the distance taken at equal times.

    Args:
        points: in order of time; the first and last are kept.
        parameter: what they are values of.
        tolerance: greatest distance, as a part of the parameter's travel.
    """
    final = len(points) - 1
    kept = {*range(0, final, _STRETCH), final}
    spans = list(pairwise(sorted(kept)))
    while spans:
        first, last = spans.pop()
        line = Envelope([points[first], points[last]], parameter)
        worst, worst_distance = first, tolerance
        for index in range(first + 1, last):
            point = points[index]
            distance = abs(
                parameter.to_travel(point.value) - parameter.to_travel(line.at(point.seconds))
            )
            if distance > worst_distance:
                worst, worst_distance = index, distance
        if worst != first:
            kept.add(worst)
            spans += [(first, worst), (worst, last)]
    return [points[index] for index in sorted(kept)]


def _course(ride: Ride) -> list[Point]:
    """A ride's moves, with points where the control began to move again after a rest."""
    course = [ride.moves[0]]
    for before, after in pairwise(ride.moves):
        if after.seconds - before.seconds > _REST_SECONDS:
            course.append(Point(after.seconds - _STEP_SECONDS, before.value))
        course.append(after)
    last = ride.moves[-1]
    if ride.end_seconds > last.seconds:
        course.append(Point(ride.end_seconds, last.value))
    return course


def _changes(moves: Sequence[Point]) -> list[Point]:
    """A switch's moves without those that change nothing."""
    first, *others = moves
    changes = [first]
    for move in others:
        if move.value != changes[-1].value:
            changes.append(move)
    return changes


def _left_of(points: Sequence[Point], parameter: Parameter, seconds: float) -> float:
    """The value that the old course reaches just before a time."""
    index = bisect_left(points, seconds, key=lambda point: point.seconds)
    if index < len(points) and points[index].seconds == seconds:
        return points[index].value
    return Envelope(points, parameter).at(seconds)
