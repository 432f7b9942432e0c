import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.mixing.automation import Envelope, check_points
from stemdesk.mixing.effects.reverb import PARAMETERS as REVERB
from stemdesk.mixing.parameters import LEVEL_DB, MUTE, PAN
from stemdesk.mixing.settings import Point
from stemdesk.ui.timeline import curve

KINDS = [LEVEL_DB, PAN, MUTE, REVERB[1]]


@st.composite
def automations(draw, least=1):
    parameter = draw(st.sampled_from(KINDS))
    travels = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))
    times = st.one_of(st.integers(0, 20).map(float), st.floats(0, 20))
    pairs = draw(st.lists(st.tuples(times, travels), min_size=least, max_size=12))
    pairs.sort(key=lambda pair: pair[0])
    return parameter, tuple(Point(t, parameter.from_travel(v)) for t, v in pairs)


@settings(max_examples=150, deadline=None)
@given(automations(), st.floats(0, 15), st.floats(0.1, 10))
def test_the_line_is_what_will_be_heard(automation, first, length):
    parameter, points = automation
    seconds, travels = curve.line(points, parameter, first, first + length, 50)
    assert np.all(np.diff(seconds) >= 0)
    assert seconds[0] >= first - 1e-9
    assert seconds[-1] == pytest.approx(first + length)
    envelope = Envelope(points, parameter)
    jumps = {point.seconds for point in points}
    for time, travel in zip(seconds, travels, strict=True):
        if time not in jumps:
            assert travel == pytest.approx(parameter.to_travel(envelope.at(time)), abs=1e-9)
    for point in points:
        if first <= point.seconds <= first + length:
            here = travels[np.isclose(seconds, point.seconds, atol=1e-12)]
            assert np.isclose(here, parameter.to_travel(point.value), atol=1e-9).any()


def test_a_switch_steps_and_never_slopes():
    points = (Point(1.0, 0.0), Point(2.0, 1.0), Point(3.0, 1.0), Point(4.0, 0.0))
    seconds, travels = curve.line(points, MUTE, 0.0, 5.0, 11)
    for (time, travel), (later, other) in pairwise(zip(seconds, travels, strict=True)):
        assert travel == other or time == later
    assert set(travels[seconds == 2.0]) == {0.0, 1.0}
    assert set(travels[seconds == 3.0]) == {1.0}


@settings(max_examples=100, deadline=None)
@given(automations(least=0), st.floats(0, 20), st.floats(0, 1))
def test_points_stay_in_order_whatever_is_added_and_moved(automation, seconds, travel):
    parameter, points = automation
    point = Point(seconds, parameter.from_travel(travel))
    added, index = curve.with_point(points, point)
    assert added[index] is point
    check_points(added, parameter, "it")
    assert curve.without(added, index) == points
    for place in range(len(added)):
        moved = curve.with_moved(added, place, Point(seconds, point.value))
        check_points(moved, parameter, "it")
        assert len(moved) == len(added)


@given(automations(), st.lists(st.floats(0, 20), min_size=1, max_size=5, unique=True))
def test_a_drawn_line_takes_the_place_of_what_lay_under_it(automation, times):
    parameter, points = automation
    drawn = tuple(Point(time, parameter.default) for time in sorted(times))
    result = curve.with_drawn(points, drawn)
    check_points(result, parameter, "it")
    inside = [p for p in result if drawn[0].seconds <= p.seconds <= drawn[-1].seconds]
    assert tuple(inside) == drawn
    outside = [p for p in points if not drawn[0].seconds <= p.seconds <= drawn[-1].seconds]
    assert [p for p in result if p not in drawn] == [p for p in outside if p not in drawn]


@given(st.lists(st.floats(0, 100), min_size=2, max_size=60))
def test_a_thinned_line_passes_all_places_within_its_tolerance(heights):
    places = list(enumerate(heights))
    kept = curve.thinned(places, 2.0)
    assert kept[0] == 0
    assert kept[-1] == len(places) - 1
    line = np.interp(range(len(heights)), kept, [heights[index] for index in kept])
    assert np.abs(line - heights).max() <= 2.0 + 1e-9


def test_a_straight_line_is_thinned_to_its_ends():
    assert curve.thinned([(x, 0.5 * x) for x in range(100)], 0.1) == [0, 99]


def test_values_are_set_as_a_hand_would():
    assert curve.neat(LEVEL_DB, -3.04) == -3.0
    assert curve.neat(LEVEL_DB, -math.inf) == -math.inf
    assert curve.neat(PAN, 0.123456) == 0.123
    assert curve.neat(MUTE, 0.7) == 1.0


def test_neighbours_are_enough_for_a_ride_of_many_points():
    points = tuple(Point(index / 10, float(index % 7) - 6) for index in range(20_000))
    seconds, travels = curve.line(points, LEVEL_DB, 1000.0, 1000.5, 20)
    assert len(seconds) < 60
    assert travels[0] == pytest.approx(LEVEL_DB.to_travel(Envelope(points, LEVEL_DB).at(1000.0)))
    assert all(a <= b for a, b in pairwise(seconds))
