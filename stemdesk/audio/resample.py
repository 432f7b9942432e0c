"""Sample-rate conversion in blocks: zero phase, exact length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

if TYPE_CHECKING:
    from numpy.typing import NDArray


class StreamResampler:
    """Converts a stream block by block with soxr HQ (linear phase, its delay compensated).

    soxr decides itself how many frames a block yields; over the whole stream the output is
    trimmed or padded with zeros at the end to an exact length.

    Args:
        channels: Number of channels.
        in_rate: Hz of what is pushed.
        out_rate: Hz of what comes back.
        in_frames: Frames that will be pushed in all.
        out_frames: Frames wanted in all; None for `round(in_frames * out_rate / in_rate)`. On the
            way back from another rate it must be named: two roundings do not cancel (54 000
            frames at 48 kHz are 49 612 at 44.1 kHz, and those 53 999 at 48 kHz).
    """

    def __init__(
        self,
        channels: int,
        in_rate: int,
        out_rate: int,
        in_frames: int,
        out_frames: int | None = None,
    ) -> None:
        self._channels = channels
        rounded = round(in_frames * out_rate / in_rate)
        self._output_frames = rounded if out_frames is None else out_frames
        self._returned_frames = 0
        self._stream: soxr.ResampleStream | None = None
        if in_rate != out_rate:
            self._stream = soxr.ResampleStream(
                in_rate, out_rate, channels, dtype="float64", quality="HQ"
            )

    @property
    def output_frames(self) -> int:
        """Frames that all pushes and `finish` return together."""
        return self._output_frames

    def push(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        """Takes the next block `[channels, n]` and returns what is ready, `[channels, m]`."""
        if self._stream is None:
            return self._limited(block)
        return self._limited(self._convert(block, last=False))

    def finish(self) -> NDArray[np.float64]:
        """Returns the rest `[channels, m]`; call once, after the last push."""
        rest = np.zeros((self._channels, 0))
        if self._stream is not None:
            rest = self._limited(self._convert(rest, last=True))
        missing_frames = self._output_frames - self._returned_frames
        self._returned_frames = self._output_frames
        return np.pad(rest, ((0, 0), (0, missing_frames)))

    def _convert(self, block: NDArray[np.float64], *, last: bool) -> NDArray[np.float64]:
        assert self._stream is not None
        frames = np.ascontiguousarray(block.T, dtype=np.float64)
        converted = self._stream.resample_chunk(frames, last=last)
        return np.ascontiguousarray(converted.reshape(-1, self._channels).T)

    def _limited(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        kept = block[:, : self._output_frames - self._returned_frames]
        self._returned_frames += kept.shape[1]
        return kept
