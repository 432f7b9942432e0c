from __future__ import annotations

import math

import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.settings import Point
from stemdesk.project import edits

LEVEL = "vocals.level_db"


@pytest.fixture
def ride(track):
    return edits.set_points(track, LEVEL, [Point(2.0, -6.0), Point(1.0, -3.0), Point(3.0, 0.0)])


def points(track, address=LEVEL):
    return [tuple(point) for point in map(astuple, track.mix.automation.get(address, ()))]


def astuple(point):
    return (point.seconds, point.value)


def test_points_are_in_order_of_time(ride):
    assert points(ride) == [(1.0, -3.0), (2.0, -6.0), (3.0, 0.0)]
    assert edits.set_points(ride, LEVEL, ride.mix.automation[LEVEL]) is ride


def test_a_point_at_the_time_of_another_is_a_jump_after_it(ride):
    jump = edits.add_point(ride, LEVEL, Point(2.0, -math.inf))
    assert points(jump) == [(1.0, -3.0), (2.0, -6.0), (2.0, -math.inf), (3.0, 0.0)]


def test_a_point_moves_past_its_neighbours(ride):
    moved = edits.move_point(ride, LEVEL, 0, Point(2.5, -1.0))
    assert points(moved) == [(2.0, -6.0), (2.5, -1.0), (3.0, 0.0)]


def test_with_its_last_point_automation_is_gone(ride):
    for left in ([(1.0, -3.0), (3.0, 0.0)], [(1.0, -3.0)]):
        ride = edits.remove_point(ride, LEVEL, 1)
        assert points(ride) == left
    assert edits.remove_point(ride, LEVEL, 0).mix.automation == {}


def test_automation_is_cleared(ride, track):
    assert edits.clear_automation(ride, LEVEL) == track
    assert edits.clear_automation(track, LEVEL) is track


def test_a_stretch_is_drawn_anew(ride):
    drawn = edits.replace_points(ride, LEVEL, 1.5, 2.5, [Point(2.5, -9.0), Point(1.5, -8.0)])
    assert points(drawn) == [(1.0, -3.0), (1.5, -8.0), (2.5, -9.0), (3.0, 0.0)]
    assert points(edits.replace_points(ride, LEVEL, 1.0, 2.0, [])) == [(3.0, 0.0)]
    with pytest.raises(UserError, match=r"point at 2\.6 s"):
        edits.replace_points(ride, LEVEL, 1.5, 2.5, [Point(2.6, -9.0)])


@pytest.mark.parametrize(
    ("address", "point", "what"),
    [
        ("vocals.loudness", Point(1.0, 0.0), "no parameter vocals.loudness"),
        (LEVEL, Point(1.0, 12.5), r"vocals\.level_db at 1 s cannot be 12\.5"),
        (LEVEL, Point(-0.1, 0.0), r"vocals\.level_db cannot have a point at -0\.1 s"),
        (LEVEL, Point(10.1, 0.0), r"vocals\.level_db cannot have a point at 10\.1 s"),
        (LEVEL, Point(math.nan, 0.0), "point at nan s"),
    ],
)
def test_a_point_that_cannot_be_is_refused(track, ride, address, point, what):
    with pytest.raises(UserError, match=what):
        edits.add_point(track, address, point)
    if address == LEVEL:
        with pytest.raises(UserError, match=what):
            edits.move_point(ride, address, 1, point)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_point_that_is_not_there_is_refused(ride, index):
    with pytest.raises(UserError, match=f"no point {index + 1}"):
        edits.remove_point(ride, LEVEL, index)
    with pytest.raises(UserError, match=f"no point {index + 1}"):
        edits.move_point(ride, LEVEL, index, Point(1.0, 0.0))


def test_clearing_what_there_never_was_is_refused(track):
    with pytest.raises(UserError, match="no parameter kazoo"):
        edits.clear_automation(track, "kazoo.level_db")
