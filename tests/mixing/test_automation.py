import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.mixing.automation import Envelope, check_points
from stemdesk.mixing.parameters import LEVEL_DB, MUTE, PAN
from stemdesk.mixing.settings import Point


def test_lines_between_points_and_steady_outside():
    envelope = Envelope([Point(1, -1), Point(3, 1)], PAN)
    assert [envelope.at(s) for s in (0, 1, 1.5, 2, 3, 9)] == [-1, -1, -0.5, 0, 1, 1]


def test_two_points_at_one_time_are_a_jump():
    envelope = Envelope([Point(0, 0), Point(1, 0), Point(1, 1)], PAN)
    assert envelope.at(0.999) == 0
    assert envelope.at(1) == 1


def test_levels_move_in_db_and_reach_silence():
    envelope = Envelope([Point(0, 0), Point(9, -math.inf)], LEVEL_DB)
    assert envelope.at(3) == pytest.approx(-30)
    assert envelope.at(8.99) < -89
    assert envelope.at(9) == -math.inf
    up = Envelope([Point(0, -math.inf), Point(1, 0)], LEVEL_DB)
    assert up.at(0) == -math.inf
    assert up.at(0.5) == pytest.approx(-45)


def test_switches_change_at_their_points():
    envelope = Envelope([Point(0, 0), Point(2, 1), Point(4, 0)], MUTE)
    assert [envelope.at(s) for s in (1.9, 2, 3.9, 4)] == [0, 1, 1, 0]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(-1, 1)), min_size=1, max_size=1000),
    st.floats(0, 100),
)
def test_the_value_never_leaves_its_neighbours(pairs, seconds):
    points = [Point(s, v) for s, v in sorted(pairs, key=lambda pair: pair[0])]
    value = Envelope(points, PAN).at(seconds)
    before = [p.value for p in points if p.seconds <= seconds][-1:]
    after = [p.value for p in points if p.seconds > seconds][:1]
    near = before + after
    assert min(near) - 1e-12 <= value <= max(near) + 1e-12


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "no points"),
        ([Point(2, 0), Point(1, 0)], "goes back in time after 2 s"),
        ([Point(-1, 0)], "point at -1 s"),
        ([Point(math.nan, 0)], "point at nan s"),
        ([Point(5, 3)], r"vocals.pan at 5 s cannot be 3"),
    ],
)
def test_bad_points_are_refused(points, message):
    with pytest.raises(UserError, match=message):
        check_points(points, PAN, "vocals.pan")
