"""One exported file: written under a hidden name, read back, and measured."""

from __future__ import annotations

import hashlib
import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.formats import FORMATS
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.reading import BLOCK_FRAMES, open_audio
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.audio.writing import AudioWriter
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.reading import AudioReader

    Samples = NDArray[np.float64]


@dataclass(frozen=True)
class ExportedFile:
    """A file as it lies on the disk.

    Attributes:
        lane: what is in it: `mix`, `instrumental`, a stem ...
        path: where it is.
        loudness_lufs: integrated; -inf for silence.
        true_peak_dbtp: of the highest channel.
    """

    lane: str
    path: Path
    loudness_lufs: float = -math.inf
    true_peak_dbtp: float = -math.inf


class FileInProgress:
    """A file that has no name yet.

    Args:
        lane: what is in it.
        final: the name to come.
        partial: where it is written, from :func:`stemdesk.files.atomic_path`.
        spec: its format.
        frames: how long it will be.
    """

    def __init__(
        self, lane: str, final: Path, partial: Path, spec: OutputSpec, frames: int
    ) -> None:
        self.lane, self.spec, self.frames = lane, spec, frames
        self._final, self._partial = final, partial
        self._written = hashlib.blake2b()

    @contextmanager
    def writing(self, tags: Mapping[str, str]) -> Iterator[Callable[[Samples], None]]:
        """Takes float64 `[channels, n]`; a second time it begins anew.

        Raises:
            WouldClip: an integer cannot hold a sample.
            UserError: the disk is full or fails.
        """
        self._written = hashlib.blake2b()
        with AudioWriter(self._partial, self.spec, self.frames, tags) as writer:

            def take(block: Samples) -> None:
                writer.write(block)
                self._written.update(_digestible(_as_held(block, self.spec)))

            yield take

    def open(self, frames: int | None = None) -> AudioReader:
        """Read it, or no more than its first frames; messages name it as it will be called."""
        seconds = None if frames is None else frames / self.spec.sample_rate
        reader = open_audio(self._partial, 0.0, seconds)
        reader.info = replace(reader.info, path=self._final)
        return reader

    def check(self, tell: Callable[[float], None]) -> ExportedFile:
        """Read it from its first sample to its last.

        Args:
            tell: told the fraction read; may raise Cancelled.

        Raises:
            UserError: it is not what was written.
        """
        read = hashlib.blake2b()
        with self.open() as reader:
            info = reader.info
            loudness = LoudnessMeter(info.sample_rate, info.channels)
            peak = TruePeakMeter(info.sample_rate, info.channels)
            form = (info.frames, info.sample_rate, info.channels)
            while (block := reader.read(BLOCK_FRAMES)).shape[1]:
                loudness.push(block)
                peak.push(block)
                read.update(_digestible(block))
                tell(min(1.0, block.shape[1] / info.frames))
        peak.finish()
        is_same = not FORMATS[self.spec.format].lossless or read.digest() == self._written.digest()
        if form != (self.frames, self.spec.sample_rate, self.spec.channels) or not is_same:
            raise UserError(
                f"{self._final} was not read back as it was written",
                "check the disk, and export it again or to another one",
            )
        return ExportedFile(self.lane, self._final, loudness.integrated_lufs, peak.max_dbtp)


def _as_held(block: Samples, spec: OutputSpec) -> Samples:
    """The samples that the file has in the end."""
    if spec.integer:
        scale = 2.0**spec.grid_bits
        return np.asarray(np.rint(block * scale) / scale)
    return block if spec.subtype == "DOUBLE" else block.astype(np.float32).astype(np.float64)


def _digestible(block: Samples) -> bytes:
    """Frame by frame, so that it does not matter where blocks end; zero has one sign."""
    return np.ascontiguousarray(block.T + 0.0).tobytes()
