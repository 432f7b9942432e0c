from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mido import Message

from stemdesk.control.mapping.decoding import Decoder
from stemdesk.control.mapping.encoders import steps
from stemdesk.control.mapping.feedback import messages
from stemdesk.control.mapping.sources import FULL_SCALE, Coding, Kind, Source


def cc(control, value, channel=0):
    return Message("control_change", channel=channel, control=control, value=value)


def moves(decoder, *sent, spacing_seconds=0.001, start_seconds=0.0):
    found = []
    for index, message in enumerate(sent):
        found += decoder.feed(message, start_seconds + index * spacing_seconds)
    return found


def last(found, kind):
    return [move for move in found if move.kind is kind][-1]


@st.composite
def sources(draw):
    kind = draw(st.sampled_from(Kind))
    most = {Kind.CC: 97, Kind.CC14: 31, Kind.NRPN: 16382, Kind.NOTE: 127, Kind.PITCH_BEND: 0}
    return Source(
        kind=kind, number=draw(st.integers(0, most[kind])), channel=draw(st.integers(1, 16))
    )


@settings(max_examples=50, deadline=None)
@given(sources(), st.data())
def test_what_a_control_is_shown_reads_back_as_its_move(source, data):
    value = data.draw(st.integers(0, FULL_SCALE[source.kind]))
    found = moves(Decoder("desk"), *messages(source, value))
    matching = [move for move in found if source.matches(move)]
    assert matching[-1].value == value
    assert matching[-1].position == value / FULL_SCALE[source.kind]


def test_messages_are_bytes_of_the_standard():
    def sent(value, **source):
        return [each.hex() for each in messages(Source(channel=3, **source), value)]

    assert sent(100, kind=Kind.CC, number=7) == ["B2 07 64"]
    assert sent(0x2345, kind=Kind.CC14, number=7) == ["B2 07 46", "B2 27 45"]
    assert sent(0x2345, kind=Kind.PITCH_BEND) == ["E2 45 46"]
    assert sent(127, kind=Kind.NOTE, number=60) == ["92 3C 7F"]
    nrpn = ["B2 63 02", "B2 62 01", "B2 06 46", "B2 26 45"]
    assert sent(0x2345, kind=Kind.NRPN, number=0x101) == nrpn


def test_a_pair_moves_in_one_step_once_it_is_known():
    decoder = Decoder("desk")
    moves(decoder, cc(7, 64), cc(39, 5))
    found = [m for m in moves(decoder, cc(7, 65), start_seconds=1.0) if m.kind is Kind.CC14]
    assert found == []
    found = moves(decoder, cc(39, 1), start_seconds=1.001)
    assert last(found, Kind.CC14).value == 65 << 7 | 1


def test_an_upper_half_left_alone_counts_after_ten_milliseconds():
    decoder = Decoder("desk")
    moves(decoder, cc(7, 64), cc(39, 5))
    moves(decoder, cc(7, 66), start_seconds=1.0)
    assert decoder.flush(1.009) == []
    assert [move.value for move in decoder.flush(1.011)] == [66 << 7]
    assert decoder.flush(2.0) == []


def test_an_upper_half_that_is_overtaken_is_not_lost():
    decoder = Decoder("desk")
    moves(decoder, cc(7, 64), cc(39, 5))
    found = moves(decoder, cc(7, 66), cc(7, 67), start_seconds=1.0)
    assert [m.value for m in found if m.kind is Kind.CC14] == [66 << 7]


def test_a_lower_half_alone_refines():
    found = moves(Decoder("desk"), cc(7, 64), cc(39, 5), cc(39, 6))
    assert last(found, Kind.CC14).value == 64 << 7 | 6
    assert [m for m in moves(Decoder("desk"), cc(39, 5)) if m.kind is Kind.CC14] == []


def test_a_seven_bit_nrpn_reaches_both_ends():
    found = moves(Decoder("desk"), cc(99, 1), cc(98, 2), cc(6, 127), cc(6, 0))
    assert [move.position for move in found] == [1.0, 0.0]
    assert {move.number for move in found} == {1 << 7 | 2}


def test_data_entry_is_itself_when_no_nrpn_is_chosen():
    for deselect in ((cc(101, 0), cc(100, 0)), (cc(99, 127), cc(98, 127))):
        found = moves(Decoder("desk"), cc(99, 1), cc(98, 2), *deselect, cc(6, 9))
        assert [(move.kind, move.number) for move in found] == [(Kind.CC, 6)]


def test_channels_are_apart():
    found = moves(Decoder("desk"), cc(7, 64, channel=0), cc(39, 5, channel=1))
    assert [move.kind for move in found] == [Kind.CC, Kind.CC]
    assert [move.channel for move in found] == [1, 2]


def test_note_off_in_both_forms():
    on, off = Message("note_on", note=5, velocity=0), Message("note_off", note=5, velocity=64)
    assert [move.value for move in moves(Decoder("desk"), on, off)] == [0, 0]


def test_channel_mode_and_system_messages_move_nothing():
    sent = [cc(control, 0) for control in range(120, 128)] + [Message("clock")]
    assert moves(Decoder("desk"), *sent) == []


@pytest.mark.parametrize(
    ("coding", "table"),
    [
        (Coding.TWOS_COMPLEMENT, {1: 1, 2: 2, 63: 63, 64: -64, 126: -2, 127: -1, 0: 0}),
        (Coding.BINARY_OFFSET, {65: 1, 66: 2, 127: 63, 64: 0, 63: -1, 62: -2, 0: -64}),
        (Coding.SIGN_MAGNITUDE, {1: 1, 2: 2, 63: 63, 65: -1, 66: -2, 127: -63, 64: 0, 0: 0}),
    ],
)
def test_encoder_codings(coding, table):
    assert {value: steps(coding, value) for value in table} == table


def test_an_absolute_control_has_no_steps():
    with pytest.raises(ValueError, match="no steps"):
        steps(Coding.ABSOLUTE, 1)


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ({"kind": Kind.CC, "number": 7}, {"kind": Kind.CC, "number": 7}, True),
        ({"kind": Kind.CC, "number": 7}, {"kind": Kind.CC, "number": 8}, False),
        ({"kind": Kind.CC14, "number": 7}, {"kind": Kind.CC, "number": 7}, True),
        ({"kind": Kind.CC14, "number": 7}, {"kind": Kind.CC, "number": 39}, True),
        ({"kind": Kind.CC14, "number": 7}, {"kind": Kind.CC, "number": 40}, False),
        ({"kind": Kind.NOTE, "number": 7}, {"kind": Kind.CC, "number": 7}, False),
        ({"kind": Kind.CC, "channel": 1}, {"kind": Kind.CC, "channel": 2}, False),
        ({"kind": Kind.CC, "channel": 1}, {"kind": Kind.CC}, True),
        ({"kind": Kind.CC, "port": "nano*"}, {"kind": Kind.CC, "port": "nanoKONTROL"}, True),
        ({"kind": Kind.CC, "port": "nano*"}, {"kind": Kind.CC, "port": "X-Touch"}, False),
    ],
)
def test_which_sources_may_be_one_control(one, other, collide):
    assert Source(**one).collides(Source(**other)) is collide
    assert Source(**other).collides(Source(**one)) is collide
