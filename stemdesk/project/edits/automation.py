"""Automation: the points of one parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import find
from stemdesk.mixing.automation import check_points
from stemdesk.mixing.settings import Point
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import Track, changed

if TYPE_CHECKING:
    from collections.abc import Iterable


def set_points(track: Track, address: str, points: Iterable[Point]) -> Track:
    """The song with other automation of a parameter; without points, with none.

    Args:
        track: before.
        address: such as `vocals.level_db`.
        points: in any order; two at one time are a jump, in the order given.

    Raises:
        UserError: no such parameter, a value out of range, or a time before the song.
    """
    ordered = tuple(sorted(points, key=lambda point: point.seconds))
    automation = dict(track.mix.automation)
    if ordered:
        check_points(ordered, find(track.mix, address).parameter, address)
        automation[address] = ordered
    elif automation.pop(address, None) is None:
        find(track.mix, address)  # refuses what there never was
    if automation == track.mix.automation:
        return track
    return changed(track, mix=mix_changed(track.mix, automation=automation))


def clear_automation(track: Track, address: str) -> Track:
    """The song without automation of a parameter, which stays where its fader is.

    Raises:
        UserError: no such parameter.
    """
    return set_points(track, address, ())


def add_point(track: Track, address: str, point: Point) -> Track:
    """The song with one more point; at the time of another it comes after it.

    Raises:
        UserError: no such parameter, a value out of range, or a time not in the song.
    """
    _check_time(track, address, point)
    return set_points(track, address, (*track.mix.automation.get(address, ()), point))


def move_point(track: Track, address: str, index: int, point: Point) -> Track:
    """The song with a point at another time, another value, or both.

    Args:
        track: before.
        address: whose automation.
        index: of the point, in order of time; it may pass its neighbours.
        point: where it is to be.

    Raises:
        UserError: as for :func:`add_point`, or there is no such point.
    """
    points = _points(track, address, index)
    _check_time(track, address, point)
    points[index] = point
    return set_points(track, address, points)


def remove_point(track: Track, address: str, index: int) -> Track:
    """The song without a point; with the last one the automation is gone.

    Raises:
        UserError: no such parameter or point.
    """
    points = _points(track, address, index)
    del points[index]
    return set_points(track, address, points)


def replace_points(
    track: Track, address: str, start_seconds: float, end_seconds: float, points: Iterable[Point]
) -> Track:
    """The song with all points of a stretch replaced: by a drawn curve, or by a ride.

    Args:
        track: before.
        address: whose automation.
        start_seconds: points from here on go,
        end_seconds: up to here, both ends included.
        points: what comes instead; all within the stretch.

    Raises:
        UserError: as for :func:`set_points`, or a point is not in the stretch.
    """
    new = sorted(points, key=lambda point: point.seconds)
    for point in new:
        if not start_seconds <= point.seconds <= end_seconds:
            raise UserError(
                f"The automation of {address} has a point at {point.seconds:g} s",
                f"keep it from {start_seconds:g} to {end_seconds:g} s",
            )
    old = track.mix.automation.get(address, ())
    before = [point for point in old if point.seconds < start_seconds]
    after = [point for point in old if point.seconds > end_seconds]
    return set_points(track, address, (*before, *new, *after))


def _points(track: Track, address: str, index: int) -> list[Point]:
    points = track.mix.automation.get(address, ())
    if not 0 <= index < len(points):
        raise UserError(
            f"The automation of {address} has no point {index + 1}", "choose one from its lane"
        )
    return list(points)


def _check_time(track: Track, address: str, point: Point) -> None:
    seconds = track.mixture.frames / track.mixture.sample_rate
    if not 0.0 <= point.seconds <= seconds:
        raise UserError(
            f"The automation of {address} cannot have a point at {point.seconds:g} s",
            f"choose a time from 0 to {seconds:g} s",
        )
