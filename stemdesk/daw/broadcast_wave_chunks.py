"""WAV files as chunks: their audio copied byte for byte, with other chunks around it.

RIFF/WAVE (Microsoft) and, past 4 GiB, RF64 (EBU Tech 3306).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.errors import UserError
from stemdesk.files import write_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Chunk = tuple[bytes, bytes]

MAX_RIFF_BYTES = 0xFFFFFFFF
_UNSTATED = 0xFFFFFFFF
_DS64_BYTES = 8 + 28
_COPY_BYTES = 1 << 20
_MAX_KEPT_BYTES = 1 << 24
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
# What describes the audio or the song, and is as true of a copy; all else is about the old file.
_KEPT = frozenset({b"fact", b"PEAK", b"id3 ", b"ID3 "})


@dataclass(frozen=True)
class _Place:
    name: bytes
    offset: int
    size_bytes: int


@dataclass(frozen=True)
class WaveFile:
    """A WAV file whose audio can be copied.

    Attributes:
        path: the file.
        bits: of a sample.
        frame_bytes: of all channels.
        format: content of its `fmt ` chunk.
        kept: other chunks that stay, name and content.
        data_offset: where its audio begins.
        data_bytes: how long that is.
    """

    path: Path
    bits: int
    frame_bytes: int
    format: bytes
    kept: tuple[Chunk, ...]
    data_offset: int
    data_bytes: int


def read_wave(path: Path, frames: int) -> WaveFile | None:
    """Looks at a file.

    Args:
        path: any file.
        frames: how many it is known to hold.

    Returns:
        What is to be copied; None if it is no WAV of plain samples, or is an odd one.
    """
    with path.open("rb") as file:
        places = list(_places(file))
        by_name = {place.name: place for place in reversed(places)}
        if b"fmt " not in by_name or b"data" not in by_name:
            return None
        layout = _content(file, by_name[b"fmt "])
        if len(layout) < 16:
            return None
        tag, _, _, _, frame_bytes, bits = struct.unpack_from("<HHIIHH", layout)
        if tag == _EXTENSIBLE and len(layout) >= 40:
            (tag,) = struct.unpack_from("<H", layout, 24)
        data = by_name[b"data"]
        if tag not in (_PCM, _FLOAT) or data.size_bytes != frames * frame_bytes:
            return None
        kept = tuple((place.name, _content(file, place)) for place in places if _stays(file, place))
    return WaveFile(path, bits, frame_bytes, layout, kept, data.offset, data.size_bytes)


def write_wave(wave: WaveFile, path: Path, before: Sequence[Chunk], after: Sequence[Chunk]) -> None:
    """Copies the audio of a file, with chunks before and after it.

    Args:
        wave: the source.
        path: the file to create.
        before: chunks in front of the format: `bext` has to stand before the audio.
        after: chunks behind the audio.

    Raises:
        UserError: the source breaks off, or the disk refuses.
    """
    front = [*before, (b"fmt ", wave.format), *wave.kept]
    riff_bytes = 4 + 8 + _padded(wave.data_bytes)
    riff_bytes += sum(len(_chunk(*chunk)) for chunk in (*front, *after))
    is_long = riff_bytes > MAX_RIFF_BYTES
    try:
        with wave.path.open("rb") as source, path.open("xb") as target:
            target.write(_long_header(wave, riff_bytes) if is_long else _header(riff_bytes))
            for chunk in front:
                target.write(_chunk(*chunk))
            target.write(struct.pack("<4sI", b"data", _UNSTATED if is_long else wave.data_bytes))
            _copy(source, target, wave)
            for chunk in after:
                target.write(_chunk(*chunk))
    except OSError as error:
        raise write_refusal(path, error) from error


def _places(file: BinaryIO) -> Iterator[_Place]:
    """Every chunk of a RIFF or RF64 file; nothing of another one."""
    kind, _, form = struct.unpack("<4sI4s", file.read(12).ljust(12, b"\0"))
    if kind not in (b"RIFF", b"RF64") or form != b"WAVE":
        return
    long_data_bytes = None
    while len(head := file.read(8)) == 8:
        name, size_bytes = struct.unpack("<4sI", head)
        offset = file.tell()
        if name == b"ds64":
            _, long_data_bytes = struct.unpack("<QQ", file.read(16))
        if name == b"data" and size_bytes == _UNSTATED and long_data_bytes is not None:
            size_bytes = long_data_bytes
        yield _Place(name, offset, size_bytes)
        file.seek(offset + _padded(size_bytes))


def _stays(file: BinaryIO, place: _Place) -> bool:
    if place.size_bytes > _MAX_KEPT_BYTES:
        return False
    if place.name == b"LIST":
        file.seek(place.offset)
        return file.read(4) == b"INFO"
    return place.name in _KEPT


def _content(file: BinaryIO, place: _Place) -> bytes:
    file.seek(place.offset)
    return file.read(place.size_bytes)


def _header(riff_bytes: int) -> bytes:
    return struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE")


def _long_header(wave: WaveFile, riff_bytes: int) -> bytes:
    """The header of an RF64 file: the sizes stand in a chunk of their own."""
    frames = wave.data_bytes // wave.frame_bytes
    sizes = struct.pack("<QQQI", riff_bytes + _DS64_BYTES, wave.data_bytes, frames, 0)
    return struct.pack("<4sI4s", b"RF64", _UNSTATED, b"WAVE") + _chunk(b"ds64", sizes)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def _padded(size_bytes: int) -> int:
    return size_bytes + size_bytes % 2


def _copy(source: BinaryIO, target: BinaryIO, wave: WaveFile) -> None:
    source.seek(wave.data_offset)
    left_bytes = wave.data_bytes
    while left_bytes:
        piece = source.read(min(_COPY_BYTES, left_bytes))
        if not piece:
            raise UserError(f"{wave.path} breaks off", "export or copy it again, or repair it")
        target.write(piece)
        left_bytes -= len(piece)
    target.write(bytes(wave.data_bytes % 2))
