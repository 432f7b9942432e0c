"""The last steps before the device: its sample rate, and its ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from stemdesk.audio.limiter import Limiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.playback.source import Block

RELEASE_MS = 100.0


class RateConverter:
    """Converts a stream of unknown length with soxr HQ (linear phase, its delay compensated).

    Args:
        channels: number of channels.
        in_rate: Hz of what is pushed.
        out_rate: Hz of what comes back.
    """

    def __init__(self, channels: int, in_rate: int, out_rate: int) -> None:
        self._channels = channels
        self._ratio = out_rate / in_rate
        self._stream = soxr.ResampleStream(
            in_rate, out_rate, channels, dtype="float32", quality="HQ"
        )
        self._pushed_frames = 0
        self._returned_frames = 0

    def push(self, block: Block) -> Block:
        """Takes the next block `[channels, n]` and returns what is ready, `[channels, m]`."""
        self._pushed_frames += block.shape[1]
        return self._convert(block, last=False)

    def finish(self) -> Block:
        """Returns the rest; with all pushes, to half a frame, `pushed * out_rate / in_rate`."""
        rest = self._convert(np.zeros((self._channels, 0), np.float32), last=True)
        surplus = self._returned_frames - round(self._pushed_frames * self._ratio)
        return rest[:, : max(0, rest.shape[1] - surplus)]  # soxr may round up

    def _convert(self, block: Block, *, last: bool) -> Block:
        frames = np.ascontiguousarray(block.T)
        converted: Block = self._stream.resample_chunk(frames, last=last)
        converted = converted.reshape(-1, self._channels).T
        self._returned_frames += converted.shape[1]
        return converted


class Ceiling:
    """A limiter whose delay is taken out again: as many frames come as go.

    Bit-exact while nothing exceeds the ceiling; NaN becomes 0.

    Args:
        sample_rate: Hz.
        channels: number of channels.
        ceiling_db: asked for each block; 0 dBFS by default. What was below it in the song may
            have risen since, by folding down and by resampling.
    """

    def __init__(
        self, sample_rate: int, channels: int, ceiling_db: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._limiter = Limiter(sample_rate, channels)
        self._channels = channels
        self._ceiling_db = ceiling_db
        self._unwanted_frames = self._limiter.latency_frames

    def push(self, block: Block) -> Block:
        """Takes the next block `[channels, n]` and returns what is ready, `[channels, m]`."""
        self._limiter.set(self._ceiling_db(), RELEASE_MS)
        limited: Block = self._limiter.process(block)
        unwanted = min(self._unwanted_frames, limited.shape[1])
        self._unwanted_frames -= unwanted
        return limited[:, unwanted:]

    def finish(self) -> Block:
        """Returns the rest."""
        return self.push(np.zeros((self._channels, self._limiter.latency_frames), np.float32))
