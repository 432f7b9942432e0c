from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.control.rides import RETURN_SECONDS, TOLERANCE, Ride, RideRecorder, merge_ride, thin
from stemdesk.mixing.automation import Envelope, check_points
from stemdesk.mixing.parameters import LEVEL_DB, MUTE, PAN
from stemdesk.mixing.settings import Point
from tests.control.fake_target import CUTOFF


def ride(parameter, *moves, end_seconds=None):
    points = tuple(Point(*move) for move in moves)
    return Ride(parameter, points, points[-1].seconds if end_seconds is None else end_seconds)


def travels(points, parameter, times):
    envelope = Envelope(points, parameter)
    return [parameter.to_travel(envelope.at(seconds)) for seconds in times]


def grid(start, end, step=0.003):
    return [start + step * index for index in range(int((end - start) / step) + 1)]


seconds = st.floats(0, 60).map(lambda value: round(value, 3))
levels = st.one_of(st.just(-math.inf), st.floats(-89, 12))
courses = st.lists(st.tuples(seconds, levels), max_size=8).map(
    lambda found: [Point(*each) for each in sorted(found, key=lambda each: each[0])]
)
hands = st.lists(st.tuples(seconds, levels), min_size=1, max_size=30).map(
    lambda found: ride(LEVEL_DB, *sorted(found, key=lambda each: each[0]))
)


@settings(max_examples=50, deadline=None)
@given(courses, hands)
def test_outside_the_ride_nothing_changes(points, hand):
    merged = merge_ride(points, hand)
    check_points(merged, LEVEL_DB, "vocals.level_db")
    if not points:
        return
    start, resume = hand.moves[0].seconds, hand.end_seconds + RETURN_SECONDS
    outside = [
        *(start * index / 40 for index in range(40) if start > 0.0),
        *(resume + index for index in range(40)),
    ]
    before, after = travels(points, LEVEL_DB, outside), travels(merged, LEVEL_DB, outside)
    assert after == pytest.approx(before, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(hands, courses)
def test_inside_it_the_ride_is_followed_within_the_tolerance(hand, points):
    merged = merge_ride(points, hand)
    envelope = Envelope(merged, LEVEL_DB)
    latest = {move.seconds: move.value for move in hand.moves}
    times = sorted(latest)
    for when in times[:-1]:
        distance = LEVEL_DB.to_travel(envelope.at(when)) - LEVEL_DB.to_travel(latest[when])
        assert abs(distance) <= TOLERANCE + 1e-9


def test_a_long_smooth_ride_needs_few_points():
    noise = random.Random(0)
    moves = [
        (index / 50, 0.8 * math.sin(index / 50) + noise.uniform(-0.003, 0.003))
        for index in range(1000)
    ]
    merged = merge_ride([], ride(PAN, *moves), 0.01)
    assert len(merged) < 60
    for when, value in moves:
        assert abs(Envelope(merged, PAN).at(when) - value) / 2 <= 0.01 + 1e-9


def test_a_straight_move_needs_two_points():
    moves = [(index / 50, -index / 10) for index in range(101)]
    assert thin([Point(*each) for each in moves], LEVEL_DB, 0.004) == [
        Point(0.0, 0.0),
        Point(2.0, -10.0),
    ]


def test_a_control_at_rest_is_no_slow_slide():
    merged = merge_ride([], ride(PAN, (0.0, 0.0), (5.0, 0.5), (5.02, 0.6), end_seconds=9.0))
    at = Envelope(merged, PAN).at
    assert at(4.97) == pytest.approx(0.0)
    assert at(5.0) == pytest.approx(0.5)
    assert at(8.9) == pytest.approx(0.6)


def test_a_touch_without_a_move_holds_the_value_over_the_old_course():
    old = [Point(0.0, -1.0), Point(10.0, 1.0)]
    merged = merge_ride(old, ride(PAN, (4.0, -0.2), end_seconds=6.0))
    at = Envelope(merged, PAN).at
    assert at(5.9) == pytest.approx(-0.2)
    assert at(6.0 + RETURN_SECONDS) == pytest.approx(0.22)
    assert at(3.0) == pytest.approx(-0.4)


def test_without_an_old_course_the_value_stays_where_it_was_left():
    merged = merge_ride([], ride(LEVEL_DB, (1.0, 0.0), (1.1, -6.0), end_seconds=2.0))
    assert Envelope(merged, LEVEL_DB).at(100.0) == -6.0
    assert Envelope(merged, LEVEL_DB).at(0.0) == 0.0


def test_points_at_the_very_ends_of_a_ride():
    old = [Point(1.0, -0.5), Point(1.0, 0.5), Point(2.0 + RETURN_SECONDS, 0.3)]
    merged = merge_ride(old, ride(PAN, (1.0, 0.0), (2.0, 0.1)))
    at = Envelope(merged, PAN).at
    assert at(0.999) == -0.5
    assert at(1.0) == 0.0
    assert at(3.0) == 0.3
    times = [point.seconds for point in merged]
    assert times == sorted(times)


def test_switches_change_at_once_and_stay_until_the_old_course_changes_them():
    old = [Point(0.0, 0.0), Point(10.0, 1.0)]
    merged = merge_ride(old, ride(MUTE, (4.0, 0.0), (4.0, 1.0)))
    at = Envelope(merged, MUTE).at
    assert [at(when) for when in (3.99, 4.0, 9.0, 11.0)] == [0.0, 1.0, 1.0, 1.0]
    merged = merge_ride(merged, ride(MUTE, (6.0, 1.0), (6.0, 0.0)))
    at = Envelope(merged, MUTE).at
    assert [at(when) for when in (3.99, 4.0, 5.9, 6.0, 9.9, 10.0)] == [0, 1, 1, 0, 0, 1]


def test_a_second_ride_replaces_the_first():
    first = merge_ride([], ride(CUTOFF, *((i / 10, 500.0 + 50 * (i % 7)) for i in range(100))))
    second = merge_ride(first, ride(CUTOFF, (2.0, 1000.0), (2.05, 2000.0), end_seconds=8.0))
    inside = [p for p in second if 2.1 < p.seconds < 8.0]
    assert inside == []
    assert Envelope(second, CUTOFF).at(5.0) == 2000.0


def test_two_thousand_moves_in_zigzag_are_all_kept():
    moves = [(index / 50, float(index % 2)) for index in range(2000)]
    assert len(merge_ride([], ride(PAN, *moves))) == 2000


def test_the_recorder_collects_from_touch_to_release():
    recorder = RideRecorder()
    recorder.move("vocals.pan", 0.9, 0.5)  # nobody holds it
    recorder.touch("vocals.pan", PAN, 0.0, 1.0)
    recorder.move("vocals.pan", 0.1, 1.2)
    assert recorder.take() == []
    recorder.release("vocals.pan", 2.0)
    recorder.release("vocals.pan", 3.0)
    expected = ride(PAN, (1.0, 0.0), (1.2, 0.1), end_seconds=2.0)
    assert recorder.take() == [("vocals.pan", expected)]
    assert recorder.take() == []


def test_a_loop_ends_a_ride_and_begins_the_next():
    recorder = RideRecorder()
    recorder.touch("vocals.pan", PAN, 0.0, 8.0)
    recorder.move("vocals.pan", 0.1, 9.0)
    recorder.move("vocals.pan", 0.2, 4.0)
    recorder.jump(5.0, 20.0)
    recorder.release("vocals.pan", 21.0)
    assert recorder.take() == [
        ("vocals.pan", ride(PAN, (8.0, 0.0), (9.0, 0.1))),
        ("vocals.pan", ride(PAN, (4.0, 0.1), (4.0, 0.2), end_seconds=5.0)),
        ("vocals.pan", ride(PAN, (20.0, 0.2), end_seconds=21.0)),
    ]
