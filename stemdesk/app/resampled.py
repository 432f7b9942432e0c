"""Streams of blocks brought to another sample rate, read in any portions or begun anywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from stemdesk.audio.resample import StreamResampler

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.audio.info import AudioInfo

Block = npt.NDArray[np.float64]
PULL_FRAMES = 1 << 16
RUN_UP_SECONDS = 0.05
"""More than soxr's filter reaches at the lowest rate, so that a late start is in full swing."""


class MixtureReader(Protocol):
    """A song's samples: what is asked of :class:`stemdesk.audio.reading.AudioReader`."""

    info: AudioInfo

    def seek(self, frame: int) -> None:
        """Make ``frame`` the next to be read."""

    def read(self, frames: int) -> Block:
        """The next float64 ``[channels, n]``, ``n == 0`` at the end."""


class ResampledStream:
    """Reads ``[channels, frames]`` at ``out_rate`` from a source at ``in_rate``.

    Args:
        pull: gives the next ``[channels, n]``, ``n == 0`` at the end.
        channels: rows of every block.
        in_rate: Hz of the source; ``out_rate`` Hz of what is read here.
        in_frames: length of the source.
        out_frames: length to deliver; None: the rounded one. Needed on the way back.
    """

    def __init__(
        self,
        pull: Callable[[int], Block],
        *,
        channels: int,
        in_rate: int,
        out_rate: int,
        in_frames: int,
        out_frames: int | None = None,
    ) -> None:
        self._pull = pull
        self._resampler = StreamResampler(channels, in_rate, out_rate, in_frames, out_frames)
        self._blocks: list[Block] = []
        self._ready, self._ended = 0, False
        self.channels = channels
        self.frames = self._resampler.output_frames

    def read(self, frames: int) -> Block:
        """The next ``[channels, n]``; ``n < frames`` only at the end."""
        while self._ready < frames and not self._ended:
            block = self._pull(PULL_FRAMES)
            self._ended = not block.shape[1]
            out = self._resampler.finish() if self._ended else self._resampler.push(block)
            self._blocks.append(out)
            self._ready += out.shape[1]
        joined = np.concatenate(self._blocks, axis=1) if self._blocks else self._nothing()
        out, rest = joined[:, :frames], joined[:, frames:]
        self._blocks, self._ready = [rest], rest.shape[1]
        return out

    def _nothing(self) -> Block:
        return np.zeros((self.channels, 0))


def late_start(frame: int, in_rate: int, out_rate: int) -> tuple[int, int]:
    """Where to begin in order to have ``frame`` of the output right.

    Only where a frame of the input and one of the output fall on the same instant does a fresh
    conversion give the same samples as one from the beginning; then all but the filter's run-up
    agrees to the 6e-7 (-124 dBFS) that soxr HQ, which computes in float32, rounds by itself.

    Returns:
        A frame of the input, and the frame of the output at that instant.
    """
    if in_rate == out_rate:
        return frame, frame
    common = math.gcd(in_rate, out_rate)
    in_step, out_step = in_rate // common, out_rate // common
    before = frame * in_rate // out_rate - math.ceil(RUN_UP_SECONDS * in_rate)
    steps = max(0, before // in_step)
    return steps * in_step, steps * out_step


class ModelRateMixture:
    """A song at the model's rate, from its beginning.

    Args:
        reader: the song; belongs to this stream now.
        sample_rate: of the model.
    """

    def __init__(self, reader: MixtureReader, sample_rate: int) -> None:
        self.channels = reader.info.channels
        self._reader, self._sample_rate = reader, sample_rate
        self._stream = self._started(0, None)
        self.frames = max(1, self._stream.frames)

    def read(self, frames: int) -> npt.NDArray[np.float32]:
        """The next float32 ``[channels, n]``, ``n == 0`` at the end."""
        return self._stream.read(frames).astype(np.float32)

    def _started(self, in_frame: int, out_frames: int | None) -> ResampledStream:
        self._reader.seek(in_frame)
        return ResampledStream(
            self._reader.read,
            channels=self.channels,
            in_rate=self._reader.info.sample_rate,
            out_rate=self._sample_rate,
            in_frames=self._reader.info.frames - in_frame,
            out_frames=out_frames,
        )


class SeekableMixture(ModelRateMixture):
    """A song at the model's rate that can be sought.

    Exact where the song has that rate. Elsewhere what is read after a seek differs from what is
    read from the beginning by soxr's rounding, see :func:`late_start`.
    """

    def seek(self, frame: int) -> None:
        """Make ``frame`` the next to be read."""
        in_frame, out_frame = late_start(frame, self._reader.info.sample_rate, self._sample_rate)
        in_frame = min(in_frame, self._reader.info.frames)
        self._stream = self._started(in_frame, self.frames - out_frame)
        self._stream.read(frame - out_frame)
