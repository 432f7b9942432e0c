"""Audio files in, as exact float64 blocks: one reader for every format."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np
import soundfile

from stemdesk.audio import ffmpeg
from stemdesk.audio.info import (
    LOSSY_GRID_BITS,
    MAX_CHANNELS,
    MAX_RATE_HZ,
    MIN_RATE_HZ,
    AudioInfo,
)
from stemdesk.audio.opening import breaks_off, open_decoded, open_decoder
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from stemdesk.audio.decoder import Decoder

__all__ = ["AudioInfo", "AudioReader", "open_audio", "scan_finite"]

BLOCK_FRAMES = 65_536
# +602 dBFS. Above it the sums of a spectrum and their squares leave the range of float32.
LOUDEST = 2.0**100


def _unhindered() -> None:
    """A check that never stops the work."""


def open_audio(
    path: Path,
    start_seconds: float = 0.0,
    duration_seconds: float | None = None,
    *,
    folder: Path | None = None,
    check: Callable[[], None] = _unhindered,
    stream: int = 0,
) -> AudioReader:
    """Opens a source, or the part of it that the user asked for.

    libsndfile reads by content, whatever the name says; what it does not know goes to ffmpeg.

    Args:
        path: Any audio or video file.
        start_seconds: Where to begin, rounded to a frame.
        duration_seconds: How much to deliver; None, or more than there is, reads to the end.
        folder: Where ffmpeg's decoded copy goes, if one is needed; None: TMPDIR.
        check: Called ten times a second while ffmpeg decodes; may raise Cancelled.
        stream: Which audio stream of a container that holds several; others than the first are
            for ffmpeg.

    Returns:
        A reader at its first frame. Use it as a context manager.

    Raises:
        UserError: The file is missing, unreadable, not audio, cut short, without a frame, outside
            1 to 8 channels or 8 to 192 kHz, or does not reach `start_seconds`.
    """
    with ExitStack() as stack:
        decode = partial(ffmpeg.decode, folder=folder, check=check, stream=stream)
        if stream:
            decoder, info = open_decoded(path, stack, decode, "cannot be read")
        else:
            decoder, info = open_decoder(path, stack, decode)
        _check_range(info)
        first_frame, frames = _part(info, start_seconds, duration_seconds)
        reader = AudioReader(decoder, replace(info, frames=frames), first_frame, stack.pop_all())
    reader.seek(0)
    return reader


def _check_range(info: AudioInfo) -> None:
    if info.channels > MAX_CHANNELS:
        raise UserError(
            f"{info.path} has {info.channels} channels, more than {MAX_CHANNELS}",
            "split it into files of at most 8 channels",
        )
    if not MIN_RATE_HZ <= info.sample_rate <= MAX_RATE_HZ:
        raise UserError(
            f"{info.path} has a sample rate of {info.sample_rate} Hz, outside 8 to 192 kHz",
            "convert it to 44100 or 48000 Hz",
        )
    if info.frames == 0:
        raise UserError(f"{info.path} holds no samples (0 frames)", "export it again")


def _part(info: AudioInfo, start_seconds: float, duration_seconds: float | None) -> tuple[int, int]:
    """First frame and number of frames of the wanted part."""
    if not (math.isfinite(start_seconds) and start_seconds >= 0.0):
        raise UserError(f"The start {start_seconds} s is not a time", "give 0 or more seconds")
    if duration_seconds is not None and not duration_seconds > 0.0:
        raise UserError(
            f"The duration {duration_seconds} s is not a length", "give more than 0 seconds"
        )
    first_frame = round(start_seconds * info.sample_rate)
    rest_frames = info.frames - first_frame
    if rest_frames <= 0:
        raise UserError(
            f"{info.path} ends at {info.seconds:.3f} s, before the start {start_seconds:g} s",
            "choose an earlier start",
        )
    if duration_seconds is None or duration_seconds >= rest_frames / info.sample_rate:
        return first_frame, rest_frames
    return first_frame, max(1, round(duration_seconds * info.sample_rate))


class AudioReader:
    """Delivers a source block by block; made by `open_audio`.

    Attributes:
        info: Facts about what is delivered.
    """

    def __init__(
        self, decoder: Decoder, info: AudioInfo, first_frame: int, stack: ExitStack
    ) -> None:
        self.info = info
        self._decoder = decoder
        self._first_frame = first_frame
        self._next_frame = 0
        self._stack = stack

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and removes what ffmpeg decoded."""
        self._stack.close()

    def seek(self, frame: int) -> None:
        """Makes `frame`, counted from the start asked for, the next to be read."""
        if not 0 <= frame <= self.info.frames:
            raise ValueError(f"frame {frame} is outside 0 to {self.info.frames}")
        try:
            self._decoder.seek(self._first_frame + frame)
        except soundfile.LibsndfileError as error:
            raise self._damaged(frame) from error
        self._next_frame = frame

    def read(self, frames: int) -> NDArray[np.float64]:
        """Reads the next block.

        Args:
            frames: The most to deliver.

        Returns:
            float64 `[channels, n]`, exact for every integer format and on the 2^-23 grid for
            lossy ones, whose decoders have no exact output; n is 0 at the end.

        Raises:
            UserError: The file is damaged or breaks off here, or has a sample that is no number.
        """
        wanted = min(frames, self.info.frames - self._next_frame)
        try:
            read = self._decoder.read(wanted)
        except soundfile.LibsndfileError as error:
            raise self._damaged(self._next_frame) from error
        if len(read) < wanted:
            raise self._damaged(self._next_frame + len(read))
        block = np.ascontiguousarray(read.T)
        if self.info.grid_bits is None or self.info.lossy:
            self._check_finite(block)
        if self.info.lossy:
            scale = 2.0**LOSSY_GRID_BITS
            np.divide(np.rint(block * scale), scale, out=block)
        self._next_frame += wanted
        return block

    def _damaged(self, frame: int) -> UserError:
        return breaks_off(self.info.path, self._first_frame + frame, self.info.sample_rate)

    def _check_finite(self, block: NDArray[np.float64]) -> None:
        bad = ~(np.abs(block) <= LOUDEST).all(axis=0)
        if not bad.any():
            return
        place = int(np.argmax(bad))
        seconds = (self._first_frame + self._next_frame + place) / self.info.sample_rate
        if np.isfinite(block[:, place]).all():
            raise UserError(
                f"{self.info.path} has a sample above any level that can be computed with"
                f" at {seconds:.3f} s",
                "lower its level to full scale, or export it again",
            )
        raise UserError(
            f"{self.info.path} has a sample that is not a number at {seconds:.3f} s",
            "export it again or silence that place",
        )


def scan_finite(reader: AudioReader, report: Callable[[float, str], None] | None = None) -> None:
    """Reads a floating-point source once so that a bad sample is found before work begins.

    Integer sources cannot hold one and return at once. The reader is left at its first frame.

    Raises:
        UserError: As `AudioReader.read`.
    """
    if reader.info.grid_bits is not None:
        return
    reader.seek(0)
    done_frames = 0
    while (block := reader.read(BLOCK_FRAMES)).shape[1]:
        done_frames += block.shape[1]
        if report is not None:
            report(done_frames / reader.info.frames, f"Checking {reader.info.path.name}")
    reader.seek(0)
