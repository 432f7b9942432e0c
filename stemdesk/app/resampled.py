"""A stream of blocks brought to another sample rate, read in any portions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from stemdesk.audio.resample import StreamResampler

if TYPE_CHECKING:
    from collections.abc import Callable

Block = npt.NDArray[np.float64]
PULL_FRAMES = 1 << 16


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
