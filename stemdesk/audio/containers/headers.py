"""Files with one header in front of their sound: where that should end.

Sun AU, Creative VOC, NIST Sphere, Audio Visual Research, MATLAB 4 and 5, Akai MPC 2000, Psion WVE;
the fields as libsndfile reads them.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import (
    CUT,
    UNCLOSED,
    Contents,
    Flaw,
    trailing,
    whole,
)
from stemdesk.audio.containers.tags import after_filling, read_at
from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from collections.abc import Callable

_AU_UNKNOWN = 0xFFFF_FFFF
_MOST_BLOCKS = 100_000
_MAT5_HEADER_BYTES = 128
_MAT5_MATRIX = 14


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Holds what a header promises against what is there; None for files of other kinds."""
    head = read_at(file, start, 1024)
    if head[:4] in (b".snd", b"dns."):
        return _sun(head, start, end)
    if head[:20] == b"Creative Voice File\x1a" and len(head) > 22:
        return _voice(file, start, end)
    for magic, promised in _PROMISES.items():
        if head.startswith(magic):
            try:
                return _held_against(file, start, end, promised(file, start, head))
            except (struct.error, ValueError, LookupError):
                return whole(start, end)
    return None


def _held_against(file: BinaryIO, start: int, end: int, promised_end: int) -> Contents:
    if promised_end > end:
        return whole(start, end, Flaw(CUT, is_loss=True))
    if promised_end <= start:
        return whole(start, end)
    rest = after_filling(file, promised_end, end)
    return whole(start, end, *trailing(end - rest))


def _sun(head: bytes, start: int, end: int) -> Contents | None:
    if len(head) < 24:
        return None
    order = ">" if head[:4] == b".snd" else "<"
    offset, size_bytes = struct.unpack_from(f"{order}II", head, 4)
    there = end - start - offset
    if size_bytes > there and size_bytes != _AU_UNKNOWN:
        return whole(start, end, Flaw(CUT, is_loss=True))
    if size_bytes == _AU_UNKNOWN or (size_bytes == 0 and there > 1):
        stated = struct.pack(f"{order}I", min(max(0, there), _AU_UNKNOWN - 1))
        pieces = (Extent(start, start + 8), stated, Extent(start + 12, end))
        return Contents((pieces,), (Flaw(UNCLOSED),))
    return whole(start, end, *trailing(there - size_bytes))


def _voice(file: BinaryIO, start: int, end: int) -> Contents:
    """Blocks of a kind and a 24-bit size up to one of the kind 0; kinds 1, 2 and 9 hold sound."""
    place = start + struct.unpack("<H", read_at(file, start + 20, 2))[0]
    sounds = 0
    for _ in range(_MOST_BLOCKS):
        head = read_at(file, place, 4)
        if len(head) < 4 or not head[0]:
            break
        sounds += head[0] in (1, 2, 9)
        place += 4 + int.from_bytes(head[1:], "little")
    flaws = (Flaw(CUT, is_loss=True),) if place > end else ()
    # libsndfile reads the first block with sound alone.
    reason = "holds its sound in several blocks, which cannot be read" if sounds > 1 else ""
    return Contents(whole(start, end).links, flaws, reason)


def _sphere(_file: BinaryIO, start: int, head: bytes) -> int:
    fields = dict(re.findall(rb"^(\w+) -i (\d+)", head, re.MULTILINE))
    header_bytes = int(head[8:16])
    frames, channels = int(fields[b"sample_count"]), int(fields.get(b"channel_count", b"1"))
    is_companded = re.search(rb"^sample_coding -s\d+ [ua]law", head, re.MULTILINE)
    sample_bytes = 1 if is_companded else int(fields.get(b"sample_n_bytes", b"2"))
    return start + header_bytes + frames * channels * sample_bytes


def _research(_file: BinaryIO, start: int, head: bytes) -> int:
    is_stereo, bits = struct.unpack_from(">HH", head, 12)
    frames = struct.unpack_from(">I", head, 26)[0]
    return int(start + 128 + frames * (2 if is_stereo else 1) * (bits // 8))


def _matlab_5(file: BinaryIO, start: int, head: bytes) -> int:
    order = "<" if head[126:128] == b"IM" else ">"
    place = start + _MAT5_HEADER_BYTES
    promised = place
    while len(element := read_at(file, place, 8)) == 8:
        kind, size_bytes = struct.unpack(f"{order}II", element)
        if kind == _MAT5_MATRIX:
            # Its own size may be wrong; those of the elements in it are right.
            place += 8
            continue
        if kind >> 16:
            place += 8
        elif kind in range(1, _MAT5_MATRIX):
            promised = place + 8 + size_bytes
            place = promised + -size_bytes % 8
        else:
            break
    return promised


def _matlab_4(order: str) -> Callable[[BinaryIO, int, bytes], int]:
    widths = {0: 8, 1: 4, 2: 4, 3: 2, 4: 2, 5: 1}

    def promised(file: BinaryIO, start: int, _head: bytes) -> int:
        place = start
        while len(matrix := read_at(file, place, 20)) == 20:
            kind, rows, columns, imaginary, name_bytes = struct.unpack(f"{order}5I", matrix)
            width = widths.get(kind // 10 % 10)
            if kind > 5000 or width is None or not name_bytes or imaginary > 1:
                break
            place += 20 + name_bytes + rows * columns * width * (1 + imaginary)
        return place

    return promised


def _sampler(_file: BinaryIO, start: int, head: bytes) -> int:
    is_stereo, frames = head[21], struct.unpack_from("<I", head, 30)[0]
    return int(start + 42 + frames * 2 * (2 if is_stereo else 1))


def _psion(_file: BinaryIO, start: int, head: bytes) -> int:
    return int(start + 32 + struct.unpack_from(">I", head, 18)[0])


_PROMISES: dict[bytes, Callable[[BinaryIO, int, bytes], int]] = {
    b"NIST_1A": _sphere,
    b"2BIT": _research,
    b"MATLAB 5.0 MAT-file": _matlab_5,
    b"\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00": _matlab_4("<"),
    b"\x00\x00\x03\xe8\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00": _matlab_4(">"),
    b"\x01\x04": _sampler,
    b"ALawSoundFile**": _psion,
}
