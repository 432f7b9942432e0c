"""Audio files in, as exact float64 blocks: one reader for every format."""

from __future__ import annotations

import math
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Self

import numpy as np
import soundfile

from stemdesk.audio import ffmpeg
from stemdesk.audio.decoder import Decoder
from stemdesk.audio.info import (
    LOSSY_GRID_BITS,
    MAX_CHANNELS,
    MAX_RATE_HZ,
    MIN_RATE_HZ,
    AudioInfo,
    grid_of,
    is_lossy,
)
from stemdesk.audio.mpeg import states_length
from stemdesk.audio.source import open_source
from stemdesk.audio.tagging import TAG_NAMES
from stemdesk.audio.truncation import is_cut_short
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["AudioInfo", "AudioReader", "open_audio", "scan_finite"]

BLOCK_FRAMES = 65_536
_TAGS = frozenset((*TAG_NAMES, "license"))
_REMEDY_AGAIN = "export or copy it again, or repair it"


def open_audio(
    path: Path, start_seconds: float = 0.0, duration_seconds: float | None = None
) -> AudioReader:
    """Opens a source, or the part of it that the user asked for.

    libsndfile reads by content, whatever the name says; what it does not know goes to ffmpeg.

    Args:
        path: Any audio or video file.
        start_seconds: Where to begin, rounded to a frame.
        duration_seconds: How much to deliver; None, or more than there is, reads to the end.

    Returns:
        A reader at its first frame. Use it as a context manager.

    Raises:
        UserError: The file is missing, unreadable, not audio, cut short, without a frame, outside
            1 to 8 channels or 8 to 192 kHz, or does not reach `start_seconds`.
    """
    with ExitStack() as stack:
        decoder, info = _open(path, stack)
        _check_range(info)
        first_frame, frames = _part(info, start_seconds, duration_seconds)
        reader = AudioReader(decoder, replace(info, frames=frames), first_frame, stack.pop_all())
    reader.seek(0)
    return reader


def _open(path: Path, stack: ExitStack) -> tuple[Decoder, AudioInfo]:
    file = stack.enter_context(open_source(path))
    try:
        decoder = stack.enter_context(closing(Decoder(file)))
    except soundfile.LibsndfileError:
        return _open_decoded(path, stack)
    sound = decoder.sound
    if _length_unknown(sound, file):
        return _open_decoded(path, stack)
    if is_cut_short(file, sound.extra_info):
        raise _breaks_off(path, sound.frames, sound.samplerate)
    return decoder, AudioInfo(
        path=path,
        format=sound.format,
        subtype=sound.subtype,
        sample_rate=sound.samplerate,
        channels=sound.channels,
        frames=sound.frames,
        grid_bits=grid_of(sound.subtype),
        lossy=is_lossy(sound.subtype),
        tags=_known_tags(sound.copy_metadata()),
    )


def _length_unknown(sound: soundfile.SoundFile, file: BinaryIO) -> bool:
    # FLAC written to a pipe states no length, which libsndfile reports as the largest number.
    if sound.frames > 1 << 60:
        return True
    if not sound.subtype.startswith("MPEG_"):
        return False
    return sound.format != "MP3" or not states_length(file)


def _open_decoded(path: Path, stack: ExitStack) -> tuple[Decoder, AudioInfo]:
    decoded = ffmpeg.decode(path, stack)
    decoder = stack.enter_context(closing(Decoder(stack.enter_context(open_source(decoded.wav)))))
    sound = decoder.sound
    pcm = decoded.codec.startswith("PCM_") or sound.subtype in {"FLOAT", "DOUBLE"}
    return decoder, AudioInfo(
        path=path,
        format=decoded.format,
        subtype=sound.subtype if pcm and not decoded.lossy else decoded.codec,
        sample_rate=sound.samplerate,
        channels=sound.channels,
        frames=sound.frames,
        grid_bits=LOSSY_GRID_BITS if decoded.lossy else grid_of(sound.subtype),
        lossy=decoded.lossy,
        tags=_known_tags(decoded.tags),
    )


def _known_tags(tags: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in tags.items() if name in _TAGS and text.strip()}


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


def _breaks_off(path: Path, frame: int, sample_rate: int) -> UserError:
    seconds = frame / sample_rate
    return UserError(
        f"{path} breaks off at {seconds:.3f} s, before the end its header states", _REMEDY_AGAIN
    )


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
        return _breaks_off(self.info.path, self._first_frame + frame, self.info.sample_rate)

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
