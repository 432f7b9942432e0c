from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from stemdesk.mixing.plugins.wire import Frame, Kind, Wire, WireError, pack_block, unpack_block


def received(data):
    return Wire(io.BytesIO(data), io.BytesIO()).receive()


def sent(*frames):
    stream = io.BytesIO()
    for frame in frames:
        Wire(io.BytesIO(), stream).send(frame)
    return stream.getvalue()


def test_frames_arrive_as_they_were_sent():
    frames = [
        Frame(Kind.REQUEST, {"do": "load", "path": "/Hallgrímur.vst3"}, b"\0\1\2"),
        Frame(Kind.SET, {"gain": 0.25}),
        Frame(Kind.BLOCK, {}, b"abc", 2.5),
    ]
    wire = Wire(io.BytesIO(sent(*frames)), io.BytesIO())
    assert [wire.receive() for _ in frames] == frames


def test_a_block_arrives_bit_by_bit():
    block = np.random.default_rng(0).standard_normal((3, 512), np.float32)
    block[0, 0] = np.nan
    assert unpack_block(pack_block(block[:, ::-1]), 3).tobytes() == block[:, ::-1].tobytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        sent(Frame(Kind.BLOCK, {}, b"abcdef"))[:-1],
        struct.pack("<BfII", Kind.BLOCK, 0.0, 0, 0xFFFFFFFF),
        struct.pack("<BfII", Kind.REPLY, 0.0, 3, 0) + b"{[}",
        struct.pack("<BfII", 77, 0.0, 0, 0),
    ],
    ids=["ended", "cut", "huge", "no JSON", "unknown kind"],
)
def test_what_is_no_frame_is_told_so(data):
    with pytest.raises(WireError):
        received(data)


def test_no_memory_is_asked_for_a_frame_of_impossible_size():
    class Stream(io.BytesIO):
        def read(self, size):
            assert size < 1 << 20
            return super().read(size)

    for header, body in ((0xFFFFFFFF, 0), (0, 0xFFFFFFFF)):
        prefix = struct.pack("<BfII", Kind.BLOCK, 0.0, header, body)
        with pytest.raises(WireError, match="impossible size"):
            Wire(Stream(prefix), io.BytesIO()).receive()


def test_a_block_must_divide_into_channels():
    with pytest.raises(WireError):
        unpack_block(bytes(4 * 7), 2)


def test_nobody_at_the_other_end_is_told_so():
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(WireError):
        Wire(closed, closed).send(Frame(Kind.BLOCK))
    with pytest.raises(WireError):
        Wire(closed, closed).receive()
