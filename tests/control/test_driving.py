from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.control.mapping.decoding import Move
from stemdesk.control.mapping.driving import CATCH, Driver
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import FULL_SCALE, Coding, Kind, Source
from tests.control.fake_target import FakeTarget

KNOB = Source(kind=Kind.CC, number=7)
BUTTON = Source(kind=Kind.NOTE, number=60)
FADER = Source(kind=Kind.PITCH_BEND, channel=1)
ENCODER = Source(kind=Kind.CC, number=16, coding=Coding.SIGN_MAGNITUDE)
LEVEL = "vocals.level_db"


def move(source, value, seconds=0.0, port="desk"):
    return Move(
        port,
        source.channel or 1,
        source.kind,
        source.number,
        value,
        FULL_SCALE[source.kind],
        seconds,
    )


def drive(target, mapping, values, spacing_seconds=0.01):
    driver = Driver(target, [mapping])
    for index, value in enumerate(values):
        driver.drive(move(mapping.source, value, index * spacing_seconds))
    return driver


def test_a_fader_goes_by_the_parameters_own_taper(target):
    mapping = Mapping(source=FADER, address=LEVEL)
    drive(target, mapping, [round(0.75 * 16383)])
    assert target.get(LEVEL) == pytest.approx(0.0, abs=0.01)
    drive(target, mapping, [16383])
    assert target.get(LEVEL) == 12.0
    drive(target, mapping, [0])
    assert target.get(LEVEL) == -math.inf
    cutoff = Mapping(source=KNOB, address="vocals.filter.cutoff_hz")
    drive(target, cutoff, [64])
    assert target.get(cutoff.address) == pytest.approx(20.0 * 1000 ** (64 / 127))


def test_ports_and_channels_are_told_apart(target):
    nano = Source(kind=Kind.CC, number=7, channel=2, port="nano*")
    driver = Driver(target, [Mapping(source=nano, address="vocals.pan")])
    for port, channel in (("X-Touch", 2), ("nanoKONTROL2", 1)):
        driver.drive(Move(port, channel, Kind.CC, 7, 127, 127, 0.0))
    assert target.log == []
    driver.drive(Move("nanoKONTROL2", 2, Kind.CC, 7, 127, 127, 0.0))
    assert target.get("vocals.pan") == 1.0


def test_range_and_inversion(target):
    upside = Mapping(source=KNOB, address="vocals.pan", least=0.25, most=0.75, inverted=True)
    drive(target, upside, [0])
    assert target.get("vocals.pan") == 0.5
    drive(target, upside, [127])
    assert target.get("vocals.pan") == -0.5


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0, 0.9), st.floats(0.02, 1), st.booleans())
def test_position_is_the_inverse_of_travel(position, least, width, inverted):
    mapping = Mapping(
        source=KNOB, address="a", least=least, most=min(1.0, least + width), inverted=inverted
    )
    assert mapping.position(mapping.travel(position)) == pytest.approx(position, abs=1e-9)


def test_one_control_may_drive_two_parameters_and_an_absent_one_is_left_alone(target):
    driver = Driver(
        target,
        [Mapping(source=KNOB, address=a) for a in ("vocals.pan", "drums.pan", "guitar.pan")],
    )
    driver.drive(move(KNOB, 127))
    assert target.get("vocals.pan") == target.get("drums.pan") == 1.0
    assert "guitar.pan" not in target.values


def test_pick_up_waits_until_the_control_has_met_the_parameter(target):
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)
    target.values["vocals.pan"] = 0.5  # at three quarters
    driver = drive(target, mapping, [0, 30, 60, 90])
    assert target.log == []
    driver.drive(move(KNOB, 97, 1.0))
    assert target.get("vocals.pan") == pytest.approx(97 / 127 * 2 - 1)
    driver.drive(move(KNOB, 20, 1.1))
    assert target.get("vocals.pan") == pytest.approx(20 / 127 * 2 - 1)


def test_pick_up_meets_the_parameter_in_passing(target):
    target.values["vocals.pan"] = 0.5
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)
    driver = drive(target, mapping, [10, 60])
    assert target.log == []
    driver.drive(move(KNOB, 127, 1.0))
    assert target.get("vocals.pan") == 1.0


def test_pick_up_keeps_hold_of_a_parameter_that_rounds():
    target = FakeTarget(rounding=lambda value: round(value * 4) / 4)
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)
    drive(target, mapping, [64, *range(66, 128)])
    assert target.get("vocals.pan") == 1.0


def test_pick_up_lets_go_when_another_hand_moves_the_parameter(target):
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)
    driver = drive(target, mapping, [64, 70])
    target.values["vocals.pan"] = -1.0
    driver.drive(move(KNOB, 71, 1.0))
    assert target.get("vocals.pan") == -1.0
    driver.drive(move(KNOB, 0, 1.1))
    driver.drive(move(KNOB, 30, 1.2))
    assert target.get("vocals.pan") == pytest.approx(30 / 127 * 2 - 1)


def test_pick_up_that_has_not_caught_is_no_hand_on_the_parameter(target):
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)
    driver = drive(target, mapping, [0, 1, 2])
    assert not driver.is_held(mapping, 0.03)
    assert target.touches("vocals.pan") == []


def test_pick_up_meets_a_parameter_outside_its_range_at_the_end(target):
    mapping = Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP, most=0.5)
    target.values["vocals.pan"] = 1.0
    drive(target, mapping, [100, 127, 64])
    assert target.get("vocals.pan") == pytest.approx(64 / 127 - 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 127), min_size=2, max_size=30), st.floats(-1, 1))
def test_pick_up_never_jumps_further_than_the_control(values, pan):
    target = FakeTarget()
    target.values["vocals.pan"] = pan
    driver = Driver(target, [Mapping(source=KNOB, address="vocals.pan", mode=Mode.PICK_UP)])
    before = None
    for index, value in enumerate(values):
        travel = target.travel("vocals.pan")
        driver.drive(move(KNOB, value, index * 0.01))
        jump = abs(target.travel("vocals.pan") - travel)
        own = 0.0 if before is None else abs(value - before) / 127
        assert jump <= own + CATCH + 1e-9
        before = value


@pytest.mark.parametrize(
    ("coding", "right", "left"),
    [
        (Coding.TWOS_COMPLEMENT, 3, 125),
        (Coding.BINARY_OFFSET, 67, 61),
        (Coding.SIGN_MAGNITUDE, 3, 67),
    ],
)
def test_every_encoder_turns_both_ways(target, coding, right, left):
    source = Source(kind=Kind.CC, number=16, coding=coding)
    mapping = Mapping(source=source, address="vocals.pan", mode=Mode.RELATIVE, step=0.01)
    drive(target, mapping, [right, right])
    assert target.get("vocals.pan") == pytest.approx(0.12)
    drive(target, mapping, [left] * 3)
    assert target.get("vocals.pan") == pytest.approx(-0.06)


def test_an_encoder_climbs_out_of_silence_and_over_rounding():
    target = FakeTarget(rounding=lambda value: -math.inf if value < -80 else float(round(value)))
    target.values[LEVEL] = -math.inf
    mapping = Mapping(source=ENCODER, address=LEVEL, mode=Mode.RELATIVE)
    drive(target, mapping, [1] * 75)
    assert target.get(LEVEL) == 0.0
    drive(target, mapping, [65] * 76)
    assert target.get(LEVEL) == -math.inf


def test_an_encoder_starts_from_where_another_hand_has_put_the_parameter(target):
    mapping = Mapping(source=ENCODER, address="vocals.pan", mode=Mode.RELATIVE)
    driver = drive(target, mapping, [1] * 5)
    target.values["vocals.pan"] = -0.5
    driver.drive(move(ENCODER, 1, 1.0))
    assert target.get("vocals.pan") == pytest.approx(-0.48)


def test_an_encoder_stays_in_its_range_but_is_not_torn_into_it(target):
    mapping = Mapping(source=ENCODER, address="vocals.pan", mode=Mode.RELATIVE, most=0.6)
    drive(target, mapping, [60])
    assert target.get("vocals.pan") == pytest.approx(0.2)
    target.values["vocals.pan"] = 0.8
    drive(target, mapping, [1])
    assert target.get("vocals.pan") == pytest.approx(0.8)
    drive(target, mapping, [66])
    assert target.get("vocals.pan") == pytest.approx(0.76)


def test_an_encoder_switches_by_direction(target):
    mapping = Mapping(source=ENCODER, address="vocals.mute", mode=Mode.RELATIVE)
    drive(target, mapping, [1])
    assert target.get("vocals.mute") == 1.0
    drive(target, mapping, [65])
    assert target.get("vocals.mute") == 0.0


def test_toggle_by_note_and_by_control_change(target):
    for source in (BUTTON, KNOB):
        mapping = Mapping(source=source, address="vocals.mute", mode=Mode.TOGGLE)
        driver = Driver(target, [mapping])
        states = []
        for value in (127, 0, 127, 0):
            driver.drive(move(source, value))
            states.append(target.get("vocals.mute"))
        assert states == [1.0, 1.0, 0.0, 0.0]


def test_toggle_follows_what_others_have_done(target):
    driver = drive(target, Mapping(source=BUTTON, address="vocals.mute", mode=Mode.TOGGLE), [])
    target.values["vocals.mute"] = 1.0
    driver.drive(move(BUTTON, 90))
    assert target.get("vocals.mute") == 0.0


def test_a_button_that_never_tells_of_its_release_toggles_each_time(target):
    mapping = Mapping(source=KNOB, address="vocals.mute", mode=Mode.TOGGLE)
    drive(target, mapping, [127, 127, 127])
    assert [value for _, value in target.log if not isinstance(value, str)] == [1.0, 0.0, 1.0]


def test_a_knob_swept_over_a_toggle_presses_once(target):
    drive(target, Mapping(source=KNOB, address="vocals.mute", mode=Mode.TOGGLE), range(128))
    assert [value for _, value in target.log if not isinstance(value, str)] == [1.0]


def test_momentary(target):
    mapping = Mapping(
        source=BUTTON, address="vocals.reverb.amount", mode=Mode.MOMENTARY, least=0.1, most=0.9
    )
    driver = drive(target, mapping, [100])
    assert target.get("vocals.reverb.amount") == pytest.approx(90.0)
    assert driver.is_held(mapping, 5.0)
    driver.drive(move(BUTTON, 0))
    assert target.get("vocals.reverb.amount") == pytest.approx(10.0)
    assert not driver.is_held(mapping, 5.0)


def test_a_hand_comes_before_the_first_value_and_leaves_300_ms_after_the_last(target):
    mapping = Mapping(source=FADER, address=LEVEL)
    driver = drive(target, mapping, [8000, 8100])
    assert target.log[0] == (LEVEL, "touch")
    driver.settle(0.30)
    assert target.touches(LEVEL) == ["touch"]
    driver.settle(0.311)
    assert target.touches(LEVEL) == ["touch", "release"]


def test_a_touch_sensor_counts_for_more_than_the_clock(target):
    note = Source(kind=Kind.NOTE, number=104)
    mapping = Mapping(source=FADER, address=LEVEL, touch=note)
    driver = Driver(target, [mapping])
    driver.drive(move(note, 127, 0.0))
    driver.drive(move(FADER, 8000, 0.1))
    driver.settle(60.0)
    assert driver.is_held(mapping, 60.0)
    assert target.touches(LEVEL) == ["touch"]
    driver.drive(move(FADER, 8100, 59.95))
    driver.drive(move(note, 0, 60.0))
    assert not driver.is_held(mapping, 60.0)
    assert target.touches(LEVEL) == ["touch", "release"]


def test_mappings_taken_away_let_go_and_the_others_keep_their_state(target):
    kept = Mapping(source=FADER, address=LEVEL)
    gone = Mapping(source=KNOB, address="vocals.pan")
    driver = Driver(target, [kept, gone])
    driver.drive(move(FADER, 8000))
    driver.drive(move(KNOB, 9))
    driver.mappings = (kept,)
    assert target.touches("vocals.pan") == ["touch", "release"]
    assert target.touches(LEVEL) == ["touch"]
    assert driver.is_held(kept, 0.1)
