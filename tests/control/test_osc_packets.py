"""OSC packets: what is whole comes through, what is not does no harm."""

from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from stemdesk.control.osc.packets import (
    MOST_BYTES,
    MOST_MESSAGES,
    MalformedPacket,
    Message,
    messages_in,
    packet_of,
)

WHOLE = packet_of("/vocals/level_db", -3.5)


def built(address, *values):
    builder = OscMessageBuilder(address=address)
    for value, kind in values:
        builder.add_arg(value, kind)
    return builder.build()


def bundle(*contents):
    builder = OscBundleBuilder(IMMEDIATELY)
    for each in contents:
        builder.add_content(each)
    return builder.build()


def raw_bundle(*elements):
    parts = [struct.pack(">i", size) + data for size, data in elements]
    return b"#bundle\0" + b"\0" * 7 + b"\1" + b"".join(parts)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(-3.5, "f")], (-3.5,)),
        ([(-3.25, "d")], (-3.25,)),
        ([(7, "i")], (7.0,)),
        ([(2**40, "h")], (2.0**40,)),
        ([(True, "T")], (1.0,)),
        ([(False, "F")], (0.0,)),
        ([(1.0, "f"), (True, "T"), (2, "i")], (1.0, 1.0, 2.0)),
        ([], ()),
        ([(float("-inf"), "f")], (float("-inf"),)),
    ],
)
def test_numbers_and_switches_come_through(values, expected):
    assert messages_in(built("/drums/mute", *values).dgram) == [Message("/drums/mute", expected)]


def test_bundles_come_through_in_order():
    inner = bundle(built("/b", (2, "i")), built("/c", (3, "i")))
    found = messages_in(bundle(built("/a", (1, "i")), inner, built("/d")).dgram)
    assert [each.address for each in found] == ["/a", "/b", "/c", "/d"]


def test_old_senders_leave_out_the_tags():
    assert messages_in(b"/strips\0") == [Message("/strips", ())]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0" * 8,
        b"vocals\0\0",
        b"/vocals/level_db",
        b"/vo cals\0\0\0\0,f\0\0\0\0\0\0",
        b"/voc\xc3\xa4\0\0,f\0\0\0\0\0\0",
        WHOLE[:-1],
        WHOLE[:-4],
        WHOLE + b"\0\0\0\0",
        WHOLE.replace(b",f\0\0", b",ff\0"),
        WHOLE.replace(b",f\0\0", b",b\0\0"),
        WHOLE.replace(b",f\0\0", b",I\0\0"),
        WHOLE.replace(b",f\0\0", b",[\0\0"),
        WHOLE.replace(b",f\0\0", b"f\0\0\0"),
        packet_of("/a", "text"),
        packet_of("/a", float("nan")),
        b"/a\0\0," + b"T" * 200 + b"\0\0\0",
        raw_bundle((-4, b"")),
        raw_bundle((0, b"")),
        raw_bundle((len(WHOLE) + 4, WHOLE)),
        raw_bundle((len(WHOLE) - 4, WHOLE)),
        raw_bundle((2**31 - 4, WHOLE)),
        raw_bundle((6, b"/a\0\0\0\0")),
        b"#bundle\0" + b"\0" * 5,
        b"\0".join([WHOLE] * (MOST_BYTES // len(WHOLE) + 1)),
    ],
    ids=range(25),
)
def test_what_is_not_whole_is_refused(packet):
    with pytest.raises(MalformedPacket):
        messages_in(packet)


def test_bundles_in_bundles_have_an_end():
    packet = WHOLE
    for _ in range(100):
        packet = raw_bundle((len(packet), packet))
    with pytest.raises(MalformedPacket):
        messages_in(packet)


def test_one_broken_element_spoils_the_bundle():
    broken = WHOLE[:-4]
    with pytest.raises(MalformedPacket):
        messages_in(raw_bundle((len(WHOLE), WHOLE), (len(broken), broken)))


def test_a_packet_of_very_many_messages_is_refused():
    one = (4, b"/a\0\0")
    assert len(messages_in(raw_bundle(*[one] * MOST_MESSAGES))) == MOST_MESSAGES
    with pytest.raises(MalformedPacket):
        messages_in(raw_bundle(*[one] * (MOST_MESSAGES + 1)))


PARTS = st.sampled_from(
    [
        WHOLE,
        b"#bundle\0",
        b"\0" * 4,
        b"\xff\xff\xff\xfc",
        b"/a\0\0",
        b",f\0\0",
        b",bs\0",
        b"\0\0\0\4",
    ]
)


patient = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(st.binary(max_size=200) | st.lists(PARTS | st.binary(max_size=8), max_size=20).map(b"".join))
def test_any_bytes_are_messages_or_refused(packet):
    try:
        found = messages_in(packet)
    except MalformedPacket:
        return
    assert all(each.address.startswith("/") for each in found)
    assert all(isinstance(value, float) for each in found for value in each.values)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)), st.binary())
def test_a_bent_packet_does_no_harm(at, byte, end, more):
    bent = bytearray(WHOLE)
    bent[at] = byte
    try:
        messages_in(bytes(bent[:end]) + more)
    except MalformedPacket:
        return
