"""Tags that stand in front of, behind and between audio: ID3 (id3.org), APEv2, Lyrics3."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID3V1_BYTES = 128
_NO_FILE_BYTES = 1 << 42


def read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    """Bytes from `offset` on; fewer at the end of the file, none where no file reaches."""
    if count <= 0 or not 0 <= offset < _NO_FILE_BYTES:
        return b""
    file.seek(offset)
    return file.read(count)


def after_tags(file: BinaryIO, offset: int, end: int) -> int:
    """The first byte at or behind `offset` that is in no tag, `end` at most."""
    while offset < end:
        size_bytes = _tag_bytes(read_at(file, offset, 32))
        if not size_bytes:
            break
        offset += size_bytes
    return min(offset, end)


def _tag_bytes(head: bytes) -> int:
    if head[:3] == b"ID3" and len(head) >= 10 and all(byte < 0x80 for byte in head[6:10]):
        size_bytes = 0
        for byte in head[6:10]:
            size_bytes = size_bytes << 7 | byte
        return 10 + size_bytes + (10 if head[5] & 0x10 else 0)
    if head[:8] == b"APETAGEX" and len(head) == 32:
        size_bytes, _, flags = struct.unpack_from("<III", head, 12)
        is_header = bool(flags & 0x2000_0000)
        return int(size_bytes) + 32 if is_header else 32
    if head[:3] == b"TAG":
        return _ID3V1_BYTES
    return 0


def is_filling(file: BinaryIO, offset: int, end: int) -> bool:
    """Whether nothing but zeros and tags lies there."""
    return _behind_filling(file, offset, end) >= end


def _behind_filling(file: BinaryIO, offset: int, end: int) -> int:
    while offset < end:
        behind = after_tags(file, offset, end)
        if read_at(file, behind, 11) == b"LYRICSBEGIN":
            return end
        behind = _after_zeros(file, behind, end)
        if behind == offset:
            break
        offset = behind
    return offset


def after_filling(file: BinaryIO, offset: int, end: int) -> int:
    """The first byte at or behind `offset` that is neither zero nor in a tag, `end` at most."""
    return min(end, _behind_filling(file, offset, end))


def _after_zeros(file: BinaryIO, offset: int, end: int) -> int:
    for block in _blocks(file, offset, end):
        rest = block.lstrip(b"\0")
        offset += len(block) - len(rest)
        if rest:
            break
    return offset


def _blocks(file: BinaryIO, offset: int, end: int) -> Iterator[bytes]:
    while offset < end:
        block = read_at(file, offset, min(1 << 16, end - offset))
        if not block:
            return
        yield block
        offset += len(block)
