"""Stems out: exact integers, whole files, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import mutagen
import numpy as np
import soundfile

from stemdesk.audio.channel_mask import mask_for, write_flac_mask, write_mask
from stemdesk.audio.channel_order import written_order
from stemdesk.audio.formats import FORMATS, Format, OutputSpec, choose_output
from stemdesk.audio.sink import Sink
from stemdesk.audio.stable_bytes import clear_peak_time, set_ogg_serial
from stemdesk.audio.tagging import set_wav_strings, tag_file
from stemdesk.files import shown_name, write_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["FORMATS", "AudioWriter", "Format", "OutputSpec", "WouldClip", "choose_output"]

# A RIFF length is 32 bits; the margin is for the header and the tags.
_RIFF_MAX_BYTES = (1 << 32) - (1 << 20)
_SAMPLE_BYTES = {"PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
# Vorbis quality 8 of 10 and 320 kbit/s MP3: past both, listeners tell no difference.
_ENCODER: dict[str, dict[str, Any]] = {
    "ogg": {"compression_level": 0.2},
    "mp3": {"compression_level": 0.0, "bitrate_mode": "CONSTANT"},
}
# libvorbis keeps a whole written block on the stack.
_PIECE_FRAMES = 4096


class WouldClip(Exception):
    """An integer format cannot hold a sample; the caller lowers all stems alike, or writes float.

    Attributes:
        path: The file being written.
        frame: Where the first such sample is, counted from the start of the file.
        peak: The largest absolute sample of the block.
    """

    def __init__(self, path: Path, frame: int, peak: float) -> None:
        super().__init__(f"{shown_name(path)} would clip at frame {frame}: peak {peak:.6f}")
        self.path = path
        self.frame = frame
        self.peak = peak


class AudioWriter:
    """Writes one file block by block, at exactly the path given.

    The caller gives a temporary path (`stemdesk.files.atomic_path`): after an exception what lies
    there is unfinished.

    Args:
        path: The file to create or replace.
        spec: Format, encoding, rate and channels.
        frames_expected: Frames that will be written in all; a WAV file past 4 GiB becomes RF64.
        tags: Lower-case names as in `AudioInfo.tags`; those unknown to the format are left out.

    Raises:
        UserError: The file cannot be created, or later: the disk is full or fails.
    """

    def __init__(
        self, path: Path, spec: OutputSpec, frames_expected: int, tags: Mapping[str, str]
    ) -> None:
        self._path = path
        self._spec = spec
        self._frames_expected = frames_expected
        self._frames_written = 0
        self._tags = tags
        self._order = written_order(spec.format, spec.channels)
        self._sink = Sink(path)
        self._sound = soundfile.SoundFile(
            self._sink,
            "w",
            spec.sample_rate,
            spec.channels,
            spec.subtype,
            format=self._container(),
            **_ENCODER.get(spec.format, {}),
        )
        if spec.format == "wav":
            set_wav_strings(self._sound, tags)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._sound.close()
        self._sink.close()
        if kind is None:
            self._finish()

    def write(self, block: NDArray[np.float64]) -> None:
        """Appends a block.

        Args:
            block: float64 `[channels, n]`. For integer encodings it is rounded to the nearest
                step, and must then lie within [-1, 1 - step].

        Raises:
            WouldClip: An integer sample is out of range; nothing of the block is written.
            UserError: The disk is full or fails.
            ValueError: A sample is not finite, the channels differ, or there are too many frames.
        """
        channels, frames = block.shape
        if channels != self._spec.channels:
            raise ValueError(f"{channels} channels given, {self._spec.channels} announced")
        if self._frames_written + frames > self._frames_expected:
            raise ValueError(f"more frames than the {self._frames_expected} announced")
        if not np.isfinite(block).all():
            raise ValueError("a sample is not finite")
        samples = self._encoded(block if self._order is None else block[self._order, :])
        for first in range(0, frames, _PIECE_FRAMES):
            self._sound.write(samples[first : first + _PIECE_FRAMES])
        self._sink.check()
        self._frames_written += frames

    def _container(self) -> str:
        if self._spec.format != "wav":
            return self._spec.format.upper()
        frame_bytes = self._spec.channels * _SAMPLE_BYTES[self._spec.subtype]
        if self._frames_expected * frame_bytes > _RIFF_MAX_BYTES:
            return "RF64"
        # The short header is defined for integers in one or two channels. Microsoft asks for the
        # long one above 16 bits too, but there all programs, and EBU Tech 3285, keep the short.
        return "WAVEX" if self._spec.channels > 2 or not self._spec.integer else "WAV"

    def _encoded(self, block: NDArray[np.float64]) -> NDArray[Any]:
        """Frames `[n, channels]` in a type that libsndfile stores without scaling them."""
        if not self._spec.integer:
            wide = self._spec.subtype == "DOUBLE"
            return np.ascontiguousarray(block.T, dtype=np.float64 if wide else np.float32)
        # libsndfile scales floats by 2^n - 1; left-justified int32 are shifted, which is exact.
        full_scale = 2.0**self._spec.grid_bits
        steps = np.rint(block * full_scale)
        outside = (steps < -full_scale) | (steps > full_scale - 1.0)
        if outside.any():
            frame = self._frames_written + int(np.argmax(outside.any(axis=0)))
            raise WouldClip(self._path, frame, float(np.max(np.abs(block))))
        shift = 31 - self._spec.grid_bits
        return np.ascontiguousarray(steps.T.astype(np.int32) << shift)

    def _finish(self) -> None:
        self._sink.check()
        if self._frames_written != self._frames_expected:
            raise ValueError(
                f"{self._frames_written} frames written, {self._frames_expected} announced"
            )
        try:
            if self._spec.format == "wav":
                clear_peak_time(self._path)
                write_mask(self._path, mask_for(self._spec.channels, self._spec.channel_mask))
            else:
                tag_file(self._path, self._spec.format, self._tags)
            if self._spec.format == "flac":
                mask = mask_for(self._spec.channels, self._spec.channel_mask)
                write_flac_mask(self._path, mask)
            if self._spec.format == "ogg":
                set_ogg_serial(self._path)
        except mutagen.MutagenError as error:
            cause = error.args[0] if error.args else None
            if not isinstance(cause, OSError):
                raise
            raise write_refusal(self._path, cause) from error
        except OSError as error:
            raise write_refusal(self._path, error) from error
