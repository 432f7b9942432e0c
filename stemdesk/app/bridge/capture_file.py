"""Captures, as the Bridge plug-in writes them (plugins/bridge/src/capture_writer.cpp).

64 bytes, little-endian: `SDCAPT01`; u32 size of the header, sample rate, channels, why it ended;
i64 host position of the first frame, frames; 24 bytes of nothing. Then float32, interleaved.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.info import MAX_RATE_HZ, MIN_RATE_HZ
from stemdesk.audio.writing import AudioWriter, OutputSpec
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_MAGIC = b"SDCAPT01"
_HEADER = struct.Struct("<8sIIIIqq24x")
_MAX_CHANNELS = 2
_BLOCK_FRAMES = 65_536


@dataclass(frozen=True)
class Capture:
    """One unbroken passage from a DAW's track.

    Attributes:
        path: the file.
        sample_rate: Hz.
        channels: 1 or 2.
        frames: how many.
        origin_frame: the host's position of the first.
    """

    path: Path
    sample_rate: int
    channels: int
    frames: int
    origin_frame: int

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """The samples, `[channels, n]` at a time."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size)
            frame_bytes = 4 * self.channels
            for first in range(0, self.frames, _BLOCK_FRAMES):
                frames = min(_BLOCK_FRAMES, self.frames - first)
                data = file.read(frames * frame_bytes)
                yield np.frombuffer(data, "<f4").reshape(frames, self.channels).T


def read_capture(path: Path) -> Capture:
    """The facts about a capture.

    Raises:
        UserError: it cannot be read, is damaged, or has a rate that cannot be separated.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER.size)
        size_bytes = path.stat().st_size
    except OSError as error:
        raise UserError(
            f"The capture {path} cannot be read ({error.strerror or error})", "capture again"
        ) from error
    if len(header) < _HEADER.size:
        raise _damaged(path)
    magic, header_bytes, rate_hz, channels, _end, origin_frame, frames = _HEADER.unpack(header)
    if magic != _MAGIC or header_bytes != _HEADER.size or not 1 <= channels <= _MAX_CHANNELS:
        raise _damaged(path)
    if frames < 1 or size_bytes != _HEADER.size + 4 * channels * frames:
        raise _damaged(path)
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise UserError(
            f"The capture {path} has a sample rate of {rate_hz} Hz, outside 8 to 192 kHz",
            "choose another rate in the DAW",
        )
    return Capture(path, rate_hz, channels, frames, origin_frame)


def write_wav(capture: Capture, target: Path) -> None:
    """The capture as a WAV file of floats, at exactly that path; RF64 past 4 GiB.

    Raises:
        UserError: it cannot be written.
    """
    spec = OutputSpec("wav", "FLOAT", capture.sample_rate, capture.channels)
    with AudioWriter(target, spec, capture.frames, {}) as writer:
        for block in capture.blocks():
            writer.write(block.astype(np.float64))


def _damaged(path: Path) -> UserError:
    return UserError(f"The capture {path} is damaged", "capture again")
