"""FLAC (RFC 9639): its true length by its last frame, and whether recordings are joined.

The header may state no length (FLAC written to a pipe) or a wrong one. Frames are numbered, and
each ends with a checksum, so that the last one tells. Where two files are joined, the numbers do
not rise through the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import (
    LENGTH_UNKNOWN,
    UNCLOSED,
    WRONG_LENGTH,
    Contents,
    Flaw,
    joined,
)
from stemdesk.audio.containers.tags import read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.audio.splice import Piece

_MAGIC = b"fLaC"
_STREAM_INFO = (_MAGIC + b"\0\0\0\x22", _MAGIC + b"\x80\0\0\x22")
_FRAMES_OFFSET = 21  # The lower half of this byte and four more: the number of frames.
_TAIL_BYTES = 1 << 18
_PROBES = 16
_PROBE_BYTES = 1 << 16
_SEARCH_BYTES = 1 << 20
_MOST_METADATA = 10_000
_BLOCKS = {
    1: 192,
    **{code: 144 << code for code in range(2, 6)},
    **{c: 1 << c for c in range(8, 16)},
}
_CRC_8, _CRC_16 = 0x07, 0x8005


@dataclass(frozen=True)
class _Header:
    """What the beginning of a stream states.

    Attributes:
        frames: 0 where unknown.
        block_frames: Of the largest block.
        sync: The first four bytes of the first block; two of them, and the rate in the third, are
            those of all.
        first_block: Its offset.
    """

    frames: int
    block_frames: int
    sync: bytes
    first_block: int


@dataclass(frozen=True)
class _Block:
    """One block of frames by its header, at `offset` of the data it was found in."""

    offset: int
    first_frame: int
    end_frame: int


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Finds the recordings in a FLAC file; None where it is of another kind."""
    header = _header(file, start, end)
    if header is None:
        return None
    end = _without_tag(file, end)
    if _rises(file, header, end):
        return _one(file, start, end, header)
    places = [start, *_other_starts(file, header.first_block, end), end]
    parts = []
    for first, last in pairwise(places):
        own = _header(file, first, last)
        if own is not None:
            parts.append(_one(file, first, last, own))
    return joined(parts)


def _one(file: BinaryIO, start: int, end: int, header: _Header) -> Contents:
    last = _last_block(file, header, end)
    if last is None and not header.frames:
        return Contents(((Extent(start, end),),), for_ffmpeg=LENGTH_UNKNOWN)
    if last is None or last.end_frame <= header.frames:
        # Of one that is cut, decoding tells where it ends.
        return Contents(((Extent(start, end),),))
    place = start + _FRAMES_OFFSET
    upper = read_at(file, place, 1)[0] & 0xF0
    stated = (upper << 32 | last.end_frame).to_bytes(5, "big")
    pieces: tuple[Piece, ...] = (Extent(start, place), stated, Extent(place + 5, end))
    return Contents((pieces,), (Flaw(WRONG_LENGTH if header.frames else UNCLOSED),))


def _header(file: BinaryIO, start: int, end: int) -> _Header | None:
    head = read_at(file, start, 42)
    if len(head) < 42 or head[:8] not in _STREAM_INFO:
        return None
    place = start + 4
    for _ in range(_MOST_METADATA):
        block = read_at(file, place, 4)
        if len(block) < 4 or place >= end:
            return None
        place += 4 + int.from_bytes(block[1:], "big")
        if block[0] & 0x80:
            break
    return _Header(
        frames=int.from_bytes(head[_FRAMES_OFFSET : _FRAMES_OFFSET + 5], "big") & ((1 << 36) - 1),
        block_frames=int.from_bytes(head[10:12], "big"),
        sync=read_at(file, place, 4),
        first_block=place,
    )


def _without_tag(file: BinaryIO, end: int) -> int:
    return end - 128 if read_at(file, max(0, end - 128), 3) == b"TAG" else end


def _rises(file: BinaryIO, header: _Header, end: int) -> bool:
    """Whether the blocks' numbers rise from place to place and end where the header says."""
    last = _last_block(file, header, end)
    if last is None or (header.frames and last.end_frame != header.frames):
        return False
    step = max(1, (end - header.first_block) // _PROBES)
    was = -1
    for place in range(header.first_block, end, step):
        data = read_at(file, place, min(_PROBE_BYTES, end - place))
        found = next(_blocks(data, header), None)
        if found is not None:
            if found.first_frame < was:
                return False
            was = found.first_frame
    return True


def _last_block(file: BinaryIO, header: _Header, end: int) -> _Block | None:
    """The last whole block; None where the data do not end with one."""
    start = max(header.first_block, end - _TAIL_BYTES)
    data = read_at(file, start, end - start)
    found = list(_blocks(data, header))
    return next((one for one in reversed(found[-4:]) if not _crc_16(data[one.offset :])), None)


def _blocks(data: bytes, header: _Header) -> Iterator[_Block]:
    """The blocks that begin in some data, by their headers with a right checksum."""
    offset = data.find(header.sync[:2])
    while offset >= 0:
        found = _block(data, offset, header)
        if found is not None:
            yield found
        offset = data.find(header.sync[:2], offset + 1)


def _block(data: bytes, offset: int, header: _Header) -> _Block | None:
    head = data[offset : offset + 16]
    if len(head) < 16 or (head[2] ^ header.sync[2]) & 0x0F or (head[3] ^ header.sync[3]) & 0x0F:
        return None
    number, place = _coded_number(head)
    size_code, rate_code = head[2] >> 4, head[2] & 0x0F
    size_bytes = {6: 1, 7: 2}.get(size_code, 0)
    frames = _BLOCKS.get(size_code, 0)
    if size_bytes:
        frames = int.from_bytes(head[place : place + size_bytes], "big") + 1
    place += size_bytes + {12: 1, 13: 2, 14: 2}.get(rate_code, 0)
    if not frames or place >= len(head) or _crc_8(head[:place]) != head[place]:
        return None
    first = number if head[1] & 1 else number * header.block_frames
    return _Block(offset, first, first + frames)


def _coded_number(head: bytes) -> tuple[int, int]:
    """The number of a block, written as UTF-8 is but up to 36 bits, and where it ends."""
    first = head[4]
    if first < 0x80:
        return first, 5
    more = 8 - (first ^ 0xFF).bit_length() - 1
    number = first & (0x3F >> more)
    for byte in head[5 : 5 + more]:
        number = number << 6 | byte & 0x3F
    return number, 5 + more


def _other_starts(file: BinaryIO, place: int, end: int) -> list[int]:
    """Where further recordings begin."""
    found = []
    while place < end:
        block = read_at(file, place, min(_SEARCH_BYTES, end - place))
        offset = block.find(_MAGIC)
        while offset >= 0:
            if read_at(file, place + offset, 8) in _STREAM_INFO:
                found.append(place + offset)
            offset = block.find(_MAGIC, offset + 1)
        if len(block) < _SEARCH_BYTES:
            break
        place += _SEARCH_BYTES - 3
    return found


def _crc_8(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _table(_CRC_8, 8)[crc ^ byte]
    return crc


def _crc_16(data: bytes) -> int:
    """0 over a block with its checksum."""
    table, crc = _table(_CRC_16, 16), 0
    for byte in data:
        crc = (crc << 8 & 0xFF00) ^ table[crc >> 8 ^ byte]
    return crc


@cache
def _table(polynomial: int, bits: int) -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << (bits - 8)
        for _ in range(8):
            crc = (crc << 1) ^ polynomial if crc >> (bits - 1) else crc << 1
            crc &= (1 << bits) - 1
        table.append(crc)
    return table
