import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.mixing.parameters import (
    LEVEL_DB,
    MUTE,
    PAN,
    Parameter,
    Taper,
    fader_level_db,
    fader_travel,
)

TIME_MS = Parameter("time_ms", "Time", "ms", 1.0, 1000.0, 100.0, Taper.LOG)


@pytest.mark.parametrize(
    ("level_db", "travel"), [(-math.inf, 0.0), (0.0, 0.75), (12.0, 1.0), (6.0, 0.875)]
)
def test_the_fader_s_marks(level_db, travel):
    assert fader_travel(level_db) == pytest.approx(travel)
    assert fader_level_db(travel) == pytest.approx(level_db)


def test_a_fader_rises_all_the_way_with_the_finest_steps_near_unity():
    steps = [fader_travel(db / 2) for db in range(-180, 25)]
    assert all(low < high for low, high in itertools.pairwise(steps))
    near, far = fader_travel(0) - fader_travel(-1), fader_travel(-59) - fader_travel(-60)
    assert near > 3 * far


@given(st.floats(0, 1))
def test_travel_and_level_are_inverse(travel):
    again = fader_travel(fader_level_db(travel))
    assert again == pytest.approx(travel, abs=1e-9) or (again == 0.0 and travel < 0.06)


@pytest.mark.parametrize("parameter", [PAN, TIME_MS, LEVEL_DB])
@given(travel=st.floats(0, 1))
def test_every_knob_position_is_an_allowed_value(parameter, travel):
    parameter.check(parameter.from_travel(travel), "x")


def test_a_logarithmic_knob_has_its_geometric_mean_in_the_middle():
    assert TIME_MS.from_travel(0.5) == pytest.approx(math.sqrt(1000))
    assert TIME_MS.to_travel(10) == pytest.approx(1 / 3)


def test_a_switch_changes_at_half():
    assert [MUTE.from_travel(travel) for travel in (0.0, 0.49, 0.5, 1.0)] == [0, 0, 1, 1]


@pytest.mark.parametrize("value", [1.01, -1.01, math.nan, math.inf, "1"])
def test_what_is_out_of_range_is_refused_by_address(value):
    with pytest.raises(UserError, match=r"vocals\.pan cannot be .*choose a number from -1 to 1\."):
        PAN.check(value, "vocals.pan")


def test_a_level_may_be_silence():
    assert LEVEL_DB.check(-math.inf, "x") == -math.inf
    with pytest.raises(UserError, match="from -inf to 12"):
        LEVEL_DB.check(12.1, "vocals.level_db")
