"""Audio files in, as exact float64 blocks: one reader for every format."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np

from stemdesk.audio import ffmpeg
from stemdesk.audio.containers.contents import DAMAGED, Flaw, damaged
from stemdesk.audio.info import (
    LOSSY_GRID_BITS,
    MAX_CHANNELS,
    MAX_RATE_HZ,
    MIN_RATE_HZ,
    AudioInfo,
)
from stemdesk.audio.opening import (
    IncompleteAudioError,
    incomplete,
    open_decoder,
    open_stream,
)
from stemdesk.audio.recording import UnreadableError
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from stemdesk.audio.decoder import Decoder

__all__ = [
    "AudioInfo",
    "AudioReader",
    "IncompleteAudioError",
    "look_at_audio",
    "open_audio",
    "open_audio_stream",
    "scan_finite",
    "unhindered",
]

BLOCK_FRAMES = 65_536


def unhindered() -> None:
    """A check that never stops the work."""


def open_audio(
    path: Path,
    start_seconds: float = 0.0,
    duration_seconds: float | None = None,
    *,
    folder: Path | None = None,
    check: Callable[[], None] = unhindered,
    accept_incomplete: bool = False,
) -> AudioReader:
    """Opens a source, or the part of it that the user asked for.

    libsndfile reads by content, whatever the name says; what it does not know goes to ffmpeg.

    Args:
        path: Any audio or video file.
        start_seconds: Where to begin, rounded to a frame.
        duration_seconds: How much to deliver; None, or more than there is, reads to the end.
        folder: Where ffmpeg's decoded copy goes, if one is needed; None: TMPDIR.
        check: Called ten times a second while ffmpeg decodes; may raise Cancelled.
        accept_incomplete: Read what is there of a file that is cut short or damaged; silence
            stands for what cannot be decoded in between.

    Returns:
        A reader at its first frame. Use it as a context manager.

    Raises:
        IncompleteAudioError: The file is cut short or damaged, and that is not accepted.
        UserError: The file is missing, unreadable, not audio, without a frame, outside 1 to 8
            channels or 8 to 192 kHz, or does not reach `start_seconds`.
    """
    with ExitStack() as stack:
        decode = partial(ffmpeg.decode, folder=folder, check=check)
        opened = open_decoder(path, stack, decode, accept_incomplete=accept_incomplete)
        return _reader(*opened, (start_seconds, duration_seconds), stack)


def open_audio_stream(path: Path, stream: int) -> AudioReader:
    """Opens one audio stream of a container that holds several, as :func:`open_audio` a file.

    Args:
        path: Any audio or video file.
        stream: Its number; others than the first, 0, are for ffmpeg.
    """
    if not stream:
        return open_audio(path)
    with ExitStack() as stack:
        decode = partial(ffmpeg.decode, folder=None, check=unhindered, stream=stream)
        return _reader(*open_stream(path, stack, decode), (0.0, None), stack)


def _reader(
    decoder: Decoder | None, info: AudioInfo, part: tuple[float, float | None], stack: ExitStack
) -> AudioReader:
    assert decoder is not None
    _check_range(info)
    first_frame, frames = _part(info, *part)
    reader = AudioReader(decoder, replace(info, frames=frames), first_frame, stack.pop_all())
    reader.seek(0)
    return reader


def look_at_audio(
    path: Path,
    start_seconds: float = 0.0,
    duration_seconds: float | None = None,
    *,
    check: Callable[[], None] = unhindered,
    accept_incomplete: bool = False,
) -> AudioInfo:
    """What :func:`open_audio` would deliver, without decoding what ffmpeg would have to decode.

    Of such a file `frames` is what its container states, and flaws that decoding finds are not in
    `remarks` yet.

    Raises:
        UserError: As :func:`open_audio`, as far as that can be known.
    """
    with ExitStack() as stack:
        probed = partial(ffmpeg.probe, check=check)
        _, info = open_decoder(path, stack, probed, accept_incomplete=accept_incomplete)
        _check_range(info)
        _, frames = _part(info, start_seconds, duration_seconds)
        return replace(info, frames=frames)


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

    @property
    def remarks(self) -> tuple[str, ...]:
        """Those of `info`, and what reading has found since."""
        places = [gap / self.info.sample_rate for gap in self._decoder.gaps]
        found = [f"{self.info.path.name} {flaw.filled(0.0)}." for flaw in damaged(places)]
        return (*self.info.remarks, *found)

    def close(self) -> None:
        """Closes the file and removes what ffmpeg decoded."""
        self._stack.close()

    def seek(self, frame: int) -> None:
        """Makes `frame`, counted from the start asked for, the next to be read."""
        if not 0 <= frame <= self.info.frames:
            raise ValueError(f"frame {frame} is outside 0 to {self.info.frames}")
        self._decoder.seek(self._first_frame + frame)
        self._next_frame = frame

    def read(self, frames: int) -> NDArray[np.float64]:
        """Reads the next block.

        Args:
            frames: The most to deliver.

        Returns:
            float64 `[channels, n]`, exact for every integer format and on the 2^-23 grid for
            lossy ones, whose decoders have no exact output; n is 0 at the end.

        Raises:
            IncompleteAudioError: The file cannot be decoded here.
            UserError: It has a sample that is no number.
        """
        wanted = min(frames, self.info.frames - self._next_frame)
        try:
            read = self._decoder.read(wanted)
        except UnreadableError as error:
            seconds = error.frame / self.info.sample_rate
            raise incomplete(self.info.path, Flaw(DAMAGED, seconds=seconds), 0.0) from error
        block = np.ascontiguousarray(read.T)
        if self.info.grid_bits is None or self.info.lossy:
            self._check_finite(block)
        if self.info.lossy:
            scale = 2.0**LOSSY_GRID_BITS
            np.divide(np.rint(block * scale), scale, out=block)
        self._next_frame += wanted
        return block

    def _check_finite(self, block: NDArray[np.float64]) -> None:
        bad = ~np.isfinite(block).all(axis=0)
        if bad.any():
            frame = self._first_frame + self._next_frame + int(np.argmax(bad))
            raise UserError(
                f"{self.info.path} has a sample that is not a number"
                f" at {frame / self.info.sample_rate:.3f} s",
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
