"""Containers that only ffmpeg reads, but that say themselves where they end.

MP4 and QuickTime (ISO 14496-12), ASF (Microsoft: WMA), Matroska and WebM (RFC 9559), AVI, WavPack,
MPEG transport streams (ISO 13818-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from stemdesk.audio.containers.contents import CUT, ENDS_INSIDE, UNCLOSED, Contents, Flaw, whole
from stemdesk.audio.containers.tags import read_at

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_BOXES = 1_000_000
_TRANSPORT_BYTES = 188
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_BROADCAST = 1
_EBML, _SEGMENT = b"\x1aE\xdf\xa3", b"\x18S\x80g"
_NOT_READ = "is in no format that can be read"
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")


def examine(file: BinaryIO, start: int, end: int) -> Contents | None:
    """Holds the length that such a container states against the file's; None for others."""
    head = read_at(file, start, 16)
    if _is_transport_stream(file, start):
        is_whole = (end - start) % _TRANSPORT_BYTES == 0
        inside: tuple[Flaw, ...] = () if is_whole else (Flaw(ENDS_INSIDE),)
        return Contents(whole(start, end).links, inside, _NOT_READ)
    for matches, promised in _KINDS:
        if matches(head):
            flaws = _held_against(promised(file, start, end), end)
            return Contents(whole(start, end).links, flaws, _NOT_READ)
    return None


def _held_against(promised_end: int | None, end: int) -> tuple[Flaw, ...]:
    if promised_end is None:
        return (Flaw(UNCLOSED),)
    return (Flaw(CUT, is_loss=True),) if promised_end > end else ()


def _is_transport_stream(file: BinaryIO, start: int) -> bool:
    places = range(start, start + 5 * _TRANSPORT_BYTES, _TRANSPORT_BYTES)
    return all(read_at(file, place, 1) == b"G" for place in places)


def _mp4(file: BinaryIO, start: int, end: int) -> int:
    place = start
    for _ in range(_MOST_BOXES):
        head = read_at(file, place, 16)
        if place >= end or len(head) < 8:
            break
        size_bytes = int.from_bytes(head[:4], "big")
        if size_bytes == 1 and len(head) == 16:
            size_bytes = int.from_bytes(head[8:], "big")
        if size_bytes < 8:  # 0: to the end of the file.
            break
        place += size_bytes
    return place


def _asf(file: BinaryIO, start: int, end: int) -> int | None:
    head = read_at(file, start, 1 << 16)
    place = head.find(_ASF_FILE_PROPERTIES)
    if place < 0 or len(head) < place + 92:
        return end
    if int.from_bytes(head[place + 88 : place + 92], "little") & _ASF_BROADCAST:
        return None
    return start + int.from_bytes(head[place + 40 : place + 48], "little")


def _matroska(file: BinaryIO, start: int, end: int) -> int | None:
    size_bytes, body = _ebml_size(file, start + 4)
    if size_bytes is None:
        return end
    place = body + size_bytes
    if read_at(file, place, 4) != _SEGMENT:
        return end
    size_bytes, body = _ebml_size(file, place + 4)
    return None if size_bytes is None else body + size_bytes


def _ebml_size(file: BinaryIO, place: int) -> tuple[int | None, int]:
    """A size of one to eight bytes, None where it is unknown, and the offset behind it."""
    data = read_at(file, place, 8)
    if not data or not data[0]:
        return None, place
    count = 9 - data[0].bit_length()
    value = int.from_bytes(data[:count], "big") & ((1 << 7 * count) - 1)
    return (None if value == (1 << 7 * count) - 1 else value), place + count


def _avi(file: BinaryIO, start: int, end: int) -> int | None:
    """Of the RIFF lists that follow each other; None where the first has no length."""
    place = start
    for _ in range(_MOST_BOXES):
        head = read_at(file, place, 8)
        if head[:4] != b"RIFF" or place >= end:
            break
        size_bytes = int.from_bytes(head[4:], "little")
        if not size_bytes and place == start:
            return None
        place += 8 + size_bytes
    return place


def _wavpack(file: BinaryIO, start: int, end: int) -> int:
    place = start
    for _ in range(_MOST_BOXES):
        head = read_at(file, place, 8)
        if head[:4] != b"wvpk" or place >= end:
            break
        place += 8 + max(24, int.from_bytes(head[4:], "little"))
    return place


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int, int], int | None]], ...] = (
    (lambda head: head[4:8] in _MP4_BOXES, _mp4),
    (lambda head: head == _ASF_HEADER, _asf),
    (lambda head: head[:4] == _EBML, _matroska),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI ", _avi),
    (lambda head: head[:4] == b"wvpk", _wavpack),
)
