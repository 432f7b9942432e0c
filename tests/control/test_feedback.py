from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message

from stemdesk.control.mapping.decoding import Decoder
from stemdesk.control.mapping.driving import Driver
from stemdesk.control.mapping.feedback import Feedback
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from tests.control.fake_target import FakeTarget

FADER = Source(kind=Kind.PITCH_BEND, channel=1)
LEVEL = "vocals.level_db"


def pitch(value):
    return Message("pitchwheel", pitch=value - 8192)


def note(number, velocity):
    return Message("note_on", note=number, velocity=velocity)


def cc(control, value):
    return Message("control_change", control=control, value=value)


class Rig:
    """A target, its mappings and a device that hears them."""

    def __init__(self, *mappings, target=None):
        self.target = target or FakeTarget()
        self.driver = Driver(self.target, mappings)
        self.sent = []
        self.feedback = Feedback(self.target, self.driver, self._send)
        self.decoder = Decoder("desk")

    def _send(self, _pattern, message):
        self.sent.append(message)

    def refresh(self, seconds):
        self.sent.clear()
        self.feedback.refresh(seconds)
        return [message.hex() for message in self.sent]

    def receive(self, message, seconds):
        for move in self.decoder.feed(message, seconds):
            if not self.feedback.is_echo(move):
                self.driver.drive(move)


def test_everything_is_shown_once_and_then_what_changes():
    rig = Rig(
        Mapping(source=FADER, address=LEVEL),
        Mapping(source=Source(kind=Kind.CC, number=10, channel=1), address="vocals.pan"),
        Mapping(
            source=Source(kind=Kind.NOTE, number=16, channel=1),
            address="vocals.mute",
            mode=Mode.TOGGLE,
        ),
    )
    assert rig.refresh(0.0) == ["E0 7F 5F", "B0 0A 40", "90 10 00"]
    assert rig.refresh(1.0) == []
    rig.target.values["vocals.mute"] = 1.0
    assert rig.refresh(2.0) == ["90 10 7F"]
    rig.target.values[LEVEL] = 12.0
    assert rig.refresh(3.0) == ["E0 7F 7F"]
    rig.feedback.forget()
    assert len(rig.refresh(4.0)) == 3


def test_a_moving_parameter_is_sent_forty_times_a_second():
    rig = Rig(Mapping(source=FADER, address=LEVEL))
    count = 0
    for step in range(1000):
        rig.target.values[LEVEL] = -step / 100
        count += len(rig.refresh(step * 0.001))
    assert 35 <= count <= 41
    assert len(rig.refresh(2.0)) == 1  # where it ended


def test_nothing_is_sent_to_a_control_under_a_hand():
    rig = Rig(Mapping(source=FADER, address=LEVEL))
    rig.refresh(0.0)
    for step in range(20):
        rig.receive(pitch(4000 + 100 * step), 1.0 + step * 0.02)
        rig.target.values[LEVEL] = -6.0 - step  # automation fights
        assert rig.refresh(1.0 + step * 0.02) == []
    assert rig.refresh(1.38 + 0.299) == []
    assert len(rig.refresh(1.38 + 0.301)) == 1


def test_a_fader_is_told_where_the_hand_has_left_it():
    rig = Rig(Mapping(source=FADER, address=LEVEL))
    rig.refresh(0.0)
    rig.receive(pitch(8000), 1.0)
    rig.refresh(1.0)
    assert rig.refresh(1.5) == [pitch(8000).hex()]


def test_a_fader_that_lost_against_automation_is_driven_back():
    rig = Rig(Mapping(source=FADER, address=LEVEL))
    shown = rig.refresh(0.0)
    rig.receive(pitch(3000), 1.0)
    rig.refresh(1.1)
    rig.target.values[LEVEL] = 0.0
    assert rig.refresh(1.5) == shown


def test_a_touched_fader_is_left_alone_for_as_long_as_it_takes():
    touch = Source(kind=Kind.NOTE, number=104)
    rig = Rig(Mapping(source=FADER, address=LEVEL, touch=touch))
    rig.refresh(0.0)
    rig.receive(note(104, 127), 1.0)
    for seconds in (1.0, 30.0):
        rig.target.values[LEVEL] -= 1.0
        assert rig.refresh(seconds) == []
    rig.receive(note(104, 0), 31.0)
    assert len(rig.refresh(31.0)) == 1


def test_a_device_that_throws_everything_back_changes_nothing():
    rig = Rig(Mapping(source=Source(kind=Kind.CC, number=7, channel=1), address=LEVEL))
    rig.target.values[LEVEL] = -7.77  # no value of seven bits
    for step in range(100):
        rig.refresh(step * 0.01)
        for message in list(rig.sent):
            rig.receive(message, step * 0.01 + 0.004)
    assert rig.target.get(LEVEL) == -7.77
    assert rig.target.log == []


def test_two_looped_toggles_come_to_rest():
    rig = Rig(
        Mapping(
            source=Source(kind=Kind.NOTE, number=1, channel=1),
            address="vocals.mute",
            mode=Mode.TOGGLE,
        )
    )
    rig.refresh(0.0)
    rig.target.values["vocals.mute"] = 1.0
    for step in range(100):
        rig.refresh(1.0 + step * 0.01)
        for message in list(rig.sent):
            rig.receive(message, 1.0 + step * 0.01 + 0.004)
    assert rig.target.get("vocals.mute") == 1.0


def test_a_finger_that_presses_twice_fast_is_no_echo():
    rig = Rig(
        Mapping(
            source=Source(kind=Kind.NOTE, number=1, channel=1),
            address="vocals.mute",
            mode=Mode.TOGGLE,
        )
    )
    rig.refresh(0.0)
    for press, seconds in enumerate((1.0, 1.12, 1.24)):
        rig.receive(note(1, 127), seconds)
        rig.receive(note(1, 0), seconds + 0.05)
        rig.refresh(seconds + 0.06)
        assert rig.target.get("vocals.mute") == (press + 1) % 2


def test_an_encoder_with_a_ring_is_shown_positions_and_steps_are_never_echoes():
    source = Source(kind=Kind.CC, number=16, channel=1, coding=Coding.TWOS_COMPLEMENT)
    rig = Rig(Mapping(source=source, address="vocals.pan", mode=Mode.RELATIVE))
    rig.target.values["vocals.pan"] = -1.0 + 2 / 127
    assert rig.refresh(0.0) == ["B0 10 01"]
    rig.receive(cc(16, 1), 0.01)
    assert rig.target.get("vocals.pan") == pytest.approx(-1.0 + 2 / 127 + 0.02)


def test_one_control_over_two_parameters_shows_the_first_that_there_is():
    rig = Rig(
        Mapping(source=FADER, address="guitar.level_db"),
        Mapping(source=FADER, address=LEVEL),
        Mapping(source=FADER, address="drums.level_db"),
    )
    rig.target.values["drums.level_db"] = -20.0
    assert len(rig.refresh(0.0)) == 1
    rig.target.values["drums.level_db"] = -30.0
    assert rig.refresh(1.0) == []


def test_feedback_may_be_off():
    rig = Rig(Mapping(source=FADER, address=LEVEL, feedback=False))
    assert rig.refresh(0.0) == []


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 16383), st.floats(0, 0.5), st.floats(0.6, 1.0), st.booleans())
def test_what_a_fader_sends_is_what_it_is_told(value, least, most, inverted):
    rig = Rig(
        Mapping(source=FADER, address="vocals.pan", least=least, most=most, inverted=inverted)
    )
    rig.receive(pitch(value), 0.0)
    assert rig.refresh(1.0) == [pitch(value).hex()]
