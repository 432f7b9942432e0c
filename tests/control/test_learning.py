from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message

from stemdesk.control.mapping.decoding import Decoder
from stemdesk.control.mapping.learning import PROMPT, PROMPT_BACK, Learner, conflicts
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from stemdesk.mixing.parameters import LEVEL_DB, MUTE


def cc(control, value, channel=0):
    return Message("control_change", channel=channel, control=control, value=value)


def note(number, velocity, channel=0):
    return Message("note_on", channel=channel, note=number, velocity=velocity)


def bend(value, channel=0):
    return Message("pitchwheel", channel=channel, pitch=value - 8192)


class Bench:
    """A learner that hears a device called `desk`."""

    def __init__(self, address="vocals.level_db", parameter=LEVEL_DB, port="desk"):
        self.learner = Learner(address, parameter)
        self.decoder = Decoder(port)
        self.seconds = 0.0

    def play(self, *messages, spacing_seconds=0.03):
        for message in messages:
            for move in self.decoder.feed(message, self.seconds):
                self.learner.feed(move)
            self.learner.settle(self.seconds)
            self.seconds += spacing_seconds
        return self.learner.mapping

    def wait(self, seconds):
        for _ in range(round(seconds / 0.02)):
            self.seconds += 0.02
            for move in self.decoder.flush(self.seconds):
                self.learner.feed(move)
            self.learner.settle(self.seconds)
        return self.learner.mapping


def kind_of(mapping):
    return mapping.source.kind, mapping.source.number, mapping.mode


def test_a_knob_is_picked_up_softly():
    mapping = Bench().play(*(cc(70, value, channel=2) for value in range(30, 40)))
    assert kind_of(mapping) == (Kind.CC, 70, Mode.PICK_UP)
    assert mapping.source.channel == 3
    assert mapping.source.port == "desk"
    assert mapping.address == "vocals.level_db"


def test_a_fast_fader_needs_two_messages():
    bench = Bench()
    assert kind_of(bench.play(cc(70, 20), cc(70, 90))) == (Kind.CC, 70, Mode.PICK_UP)


@pytest.mark.parametrize("centre", [0, 1, 20, 62, 64, 66, 100, 126])
def test_a_flickering_knob_is_not_learnt(centre):
    noise = random.Random(centre)
    bench = Bench()
    value = centre
    for _ in range(200):
        around = {centre - 1, centre, centre + 1} & set(range(128))
        value = noise.choice(sorted(around - {value}))
        bench.play(cc(70, value))
    assert bench.wait(2.0) is None


def test_the_knob_that_moves_wins_over_those_that_flicker():
    noise = random.Random(1)
    bench = Bench()
    for value in range(40, 60):
        for other in (71, 72, 73):
            bench.play(cc(other, 80 + noise.choice((0, 1, 2))), spacing_seconds=0.001)
        bench.play(cc(70, value), spacing_seconds=0.02)
    assert kind_of(bench.learner.mapping) == (Kind.CC, 70, Mode.PICK_UP)


def test_a_slow_drift_is_no_move():
    bench = Bench()
    for value in range(80, 100):
        bench.play(cc(70, value))
        bench.wait(2.0)
    assert bench.learner.mapping is None


def test_a_pitch_bend_fader_with_its_touch_note():
    bench = Bench()
    bench.play(note(104, 127))
    assert bench.play(bend(8000, 4), bend(8010, 4), bend(8005, 4)) is None
    mapping = bench.play(*(bend(8000 + 100 * step, 4) for step in range(5)))
    assert kind_of(mapping) == (Kind.PITCH_BEND, 0, Mode.ABSOLUTE)
    assert mapping.source.channel == 5
    assert mapping.touch == Source(kind=Kind.NOTE, number=104, channel=1, port="desk")


def test_a_note_becomes_a_toggle_on_release_or_after_a_second():
    bench = Bench("vocals.mute", MUTE)
    assert bench.play(note(60, 90)) is None
    assert kind_of(bench.play(note(60, 0))) == (Kind.NOTE, 60, Mode.TOGGLE)
    bench = Bench("vocals.mute", MUTE)
    bench.play(note(60, 90))
    assert bench.wait(0.9) is None
    assert kind_of(bench.wait(0.2)) == (Kind.NOTE, 60, Mode.TOGGLE)


def test_winding_is_done_while_the_button_is_down():
    bench = Bench("transport.rewind", MUTE)
    assert bench.play(note(60, 90), note(60, 0)).mode is Mode.MOMENTARY


def test_a_button_that_sends_control_changes():
    for control in (10, 40, 80):  # halves of pairs, and none
        bench = Bench("vocals.mute", MUTE)
        bench.play(cc(control, 127))
        bench.play(cc(control, 0))
        assert kind_of(bench.wait(0.1)) == (Kind.CC, control, Mode.TOGGLE)


def test_a_button_that_latches_by_itself():
    bench = Bench("vocals.mute", MUTE)
    bench.play(cc(80, 127))
    assert bench.wait(1.1) is None
    assert kind_of(bench.play(cc(80, 0))) == (Kind.CC, 80, Mode.ABSOLUTE)


@pytest.mark.parametrize("number", [3, 80])
@pytest.mark.parametrize(
    ("coding", "right", "left"),
    [
        (Coding.TWOS_COMPLEMENT, (1, 1, 2, 1), (127, 127, 126, 127)),
        (Coding.BINARY_OFFSET, (65, 65, 66, 65), (63, 63, 62, 63)),
        (Coding.SIGN_MAGNITUDE, (1, 1, 2, 1), (65, 65, 66, 65)),
    ],
)
def test_every_encoder_is_known_once_it_has_turned_both_ways(number, coding, right, left):
    for first, second in ((right, left), (left, right)):
        bench = Bench()
        bench.play(*(cc(number, value) for value in first))
        mapping = bench.play(*(cc(number, value) for value in second))
        assert kind_of(mapping) == (Kind.CC, number, Mode.RELATIVE)
        assert mapping.source.coding is coding


def test_one_direction_asks_for_the_other_and_then_guesses():
    bench = Bench()
    assert bench.learner.prompt == PROMPT
    assert bench.play(*[cc(80, 1)] * 5) is None
    assert bench.learner.prompt == PROMPT_BACK
    assert bench.wait(3.1).source.coding is Coding.TWOS_COMPLEMENT
    bench = Bench()
    bench.play(*[cc(80, 65)] * 5)
    assert bench.wait(3.1).source.coding is Coding.BINARY_OFFSET


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 127), st.integers(0, 127), st.integers(1, 3))
def test_an_absolute_sweep_is_never_taken_for_an_encoder(start, end, step):
    values = range(start, end + 1, step) if start < end else range(start, end - 1, -step)
    mapping = Bench().play(*(cc(80, value) for value in values))
    if abs(end - start) >= 16 * step:
        assert mapping is not None
    if mapping is not None:
        assert kind_of(mapping) == (Kind.CC, 80, Mode.PICK_UP)


def pair(number, value):
    return [cc(number, value >> 7), cc(number + 32, value & 0x7F)]


@pytest.mark.parametrize("step", [20, 100, 700, 3000])
def test_a_14_bit_pair(step):
    bench = Bench()
    for value in range(5000, 5000 + 12 * step, step):
        if value < 16384:
            bench.play(*pair(7, value), spacing_seconds=0.002)
            bench.seconds += 0.02
        if bench.learner.mapping is not None:
            break
    bench.wait(0.1)
    mapping = bench.learner.mapping
    if step == 20:
        assert mapping is None  # 220 of 16384 is flicker still
        for value in range(5300, 6300, 20):
            mapping = bench.play(*pair(7, value), spacing_seconds=0.002)
    assert kind_of(mapping) == (Kind.CC14, 7, Mode.PICK_UP)


def test_a_flickering_14_bit_fader_is_not_learnt_by_its_lower_half():
    noise = random.Random(3)
    bench = Bench()
    bench.play(*pair(7, 5000), spacing_seconds=0.002)
    for _ in range(200):
        bench.play(cc(39, 20 + noise.randrange(-6, 7)))
    assert bench.wait(1.0) is None


def test_controls_32_apart_are_not_always_a_pair():
    bench = Bench("vocals.mute", MUTE)  # sliders 0 to 7 and buttons 32 to 39 on one device
    bench.play(cc(0, 50), cc(0, 51))
    bench.play(cc(32, 127), cc(32, 0))
    assert kind_of(bench.wait(0.1)) == (Kind.CC, 32, Mode.TOGGLE)


def test_a_slider_that_meets_a_button_32_higher_once_is_a_slider():
    bench = Bench()
    bench.play(cc(0, 50), cc(32, 127), spacing_seconds=0.005)
    assert kind_of(bench.play(*(cc(0, value) for value in range(51, 60)))) == (
        Kind.CC,
        0,
        Mode.PICK_UP,
    )


def test_nrpn_of_7_and_of_14_bits():
    def nrpn(value, *, fine):
        head = [cc(99, 1), cc(98, 2), cc(6, value >> 7)]
        return [*head, cc(38, value & 0x7F)] if fine else head

    for fine in (False, True):
        bench = Bench()
        for value in range(4000, 9000, 250):
            bench.play(*nrpn(value, fine=fine), spacing_seconds=0.001)
            bench.seconds += 0.02
        assert kind_of(bench.learner.mapping) == (Kind.NRPN, 130, Mode.PICK_UP)


def test_names_with_wildcards_are_meant_literally():
    mapping = Bench(port="Pad [2] *").play(cc(70, 20), cc(70, 90))
    assert mapping.source.port == "Pad [[]2] [*]"
    move = Decoder("Pad [2] *").feed(cc(70, 1), 0.0)[0]
    assert mapping.source.matches(move)


def test_conflicts_are_the_other_parameters_of_the_control():
    def bound(number, address, **more):
        return Mapping(source=Source(kind=Kind.CC, number=number, **more), address=address)

    new = bound(7, "vocals.pan", port="desk", channel=1)
    others = [
        bound(7, "drums.pan"),
        bound(7, "vocals.pan"),
        bound(8, "bass.pan"),
        bound(7, "other.pan", channel=2),
    ]
    assert conflicts(new, others) == (others[0],)
