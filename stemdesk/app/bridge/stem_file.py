"""Stems files, as the Bridge plug-in maps them (plugins/bridge/src/stem_file.cpp).

Little-endian, every part begins on a page of 4096 bytes:

- the header: `SDSTEMS1`; u32 size of the header (4096), sample rate, channels (1 or 2), stems (1 to
  8); i64 host position of the first frame, frames; u64 bytes from plane to plane, bytes in all; u32
  frames of a fingerprint's block (4096), 0; the stems' names, 64 bytes of UTF-8 each with zeros at
  the end;
- the mixture's fingerprint, float32 `[channels][blocks]`;
- the planes, float32 `[stems][channels][frames]`.

A file is written once, under a name of its own, and never changed: plug-ins have it in memory.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from stemdesk.app.bridge.fingerprint import BLOCK_FRAMES, fingerprint
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, require_space, write_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAX_STEMS = 8
MAX_CHANNELS = 2
_MAGIC = b"SDSTEMS1"
_HEADER = struct.Struct("<8sIIIIqqQQII")
_PAGE_BYTES = 4096
_NAME_BYTES = 64
_READ_FRAMES = 16 * BLOCK_FRAMES


@dataclass(frozen=True)
class _Layout:
    """Where everything lies."""

    sample_rate: int
    channels: int
    frames: int
    stems: int

    @property
    def plane_bytes(self) -> int:
        return _whole_pages(4 * self.frames)

    @property
    def planes_at(self) -> int:
        return _PAGE_BYTES + _whole_pages(4 * self.channels * (self.frames // BLOCK_FRAMES))

    @property
    def total_bytes(self) -> int:
        return self.planes_at + self.stems * self.channels * self.plane_bytes

    def plane_at(self, stem: int, channel: int) -> int:
        return self.planes_at + (stem * self.channels + channel) * self.plane_bytes


def write_stem_file(
    target: Path,
    stems: Mapping[str, Path],
    origin_frame: int,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Write a stems file; it appears under its name in one step.

    Args:
        target: must not exist.
        stems: name -> audio file; all of one rate, length and channel count. Their sum is taken
            for the mixture.
        origin_frame: host position of their first frame.
        check: called for every second or two of audio; may raise Cancelled.

    Raises:
        UserError: more than 8 stems or 2 channels, a stem that cannot be read, or no room.
        ValueError: no stems, or stems that differ in rate, length or channels.
    """
    layout = _layout(stems)
    require_space(target.parent, layout.total_bytes)
    with atomic_path(target, replace=False) as partial:
        try:
            with partial.open("wb") as file:
                file.write(_header(layout, list(stems), origin_frame))
                file.truncate(layout.total_bytes)
                mixture = np.zeros((layout.channels, layout.frames // BLOCK_FRAMES))
                for number, path in enumerate(stems.values()):
                    mixture += _write_planes(file, layout, number, path, check)
                file.seek(_PAGE_BYTES)
                file.write(mixture.astype("<f4").tobytes())
            if os.name == "posix":
                # To shorten it in place would end the hosts that have it mapped.
                partial.chmod(0o444)
        except OSError as error:
            raise write_refusal(target, error) from error


def _layout(stems: Mapping[str, Path]) -> _Layout:
    if not stems:
        raise ValueError("there are no stems")
    if len(stems) > MAX_STEMS:
        raise UserError(
            f"The Bridge has levels for {MAX_STEMS} stems, not for {len(stems)}",
            "choose a model with fewer stems",
        )
    shapes = set()
    for path in stems.values():
        with open_audio(path) as reader:
            info = reader.info
        shapes.add((info.sample_rate, info.channels, info.frames))
    if len(shapes) > 1:
        raise ValueError(f"the stems differ in rate, channels or length: {sorted(shapes)}")
    sample_rate, channels, frames = shapes.pop()
    if channels > MAX_CHANNELS:
        raise UserError(
            f"The Bridge takes mono and stereo, not {channels} channels", "use a stereo track"
        )
    return _Layout(sample_rate, channels, frames, len(stems))


def _header(layout: _Layout, names: list[str], origin_frame: int) -> bytes:
    fixed = _HEADER.pack(
        _MAGIC,
        _PAGE_BYTES,
        layout.sample_rate,
        layout.channels,
        layout.stems,
        origin_frame,
        layout.frames,
        layout.plane_bytes,
        layout.total_bytes,
        BLOCK_FRAMES,
        0,
    )
    return (fixed + b"".join(map(_name, names))).ljust(_PAGE_BYTES, b"\0")


def _name(name: str) -> bytes:
    cut = name.encode()[: _NAME_BYTES - 1].decode(errors="ignore")
    return cut.encode().ljust(_NAME_BYTES, b"\0")


def _write_planes(
    file: BinaryIO, layout: _Layout, stem: int, path: Path, check: Callable[[], None]
) -> NDArray[np.float64]:
    """Write one stem; its fingerprint."""
    prints = []
    with open_audio(path) as reader:
        for first in range(0, layout.frames, _READ_FRAMES):
            check()
            frames = min(_READ_FRAMES, layout.frames - first)
            samples = reader.read(frames).astype("<f4")
            for channel in range(layout.channels):
                file.seek(layout.plane_at(stem, channel) + 4 * first)
                file.write(samples[channel].tobytes())
            prints.append(fingerprint(samples))
    return np.concatenate(prints, axis=1)


def _whole_pages(size_bytes: int) -> int:
    return -(-size_bytes // _PAGE_BYTES) * _PAGE_BYTES
