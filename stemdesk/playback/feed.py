"""A source read along a timeline, kept from spreading garbage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.playback.source import Capped

if TYPE_CHECKING:
    from stemdesk.playback.source import Block, Source
    from stemdesk.playback.timeline import Timeline

LOUDEST = 1e6  # 120 dB over full scale: more is taken for garbage, before it spreads in filters


class Feed:
    """The frames of a source in the order in which they are played; endless while it loops.

    Args:
        source: sought to the timeline's start at once.
        timeline: its speed is not the feed's affair.
        unheard_frames: where the same playing goes on there, so many frames that were read before
            are to be read again, see :meth:`stemdesk.playback.source.Source.renew`.

    Attributes:
        sample_rate: the source's, Hz.
        channels: the source's.
        frames: so many were read.
    """

    def __init__(
        self, source: Source, timeline: Timeline, unheard_frames: int | None = None
    ) -> None:
        self.sample_rate = source.sample_rate
        self.channels = source.channels
        self.frames = 0
        self._source = source
        if unheard_frames is None:
            source.seek(timeline.start_frame, timeline.loop)
        else:
            source.renew(unheard_frames, timeline.loop)

    def ceiling_db(self) -> float:
        """What the source keeps below now; 0 dBFS where it says nothing of it."""
        source = self._source
        return source.ceiling_db if isinstance(source, Capped) else 0.0

    def read(self, frames: int) -> Block:
        """The next frames `[channels, n]`; fewer than asked for only at the end.

        NaN, infinity and numbers beyond 120 dBFS come out as 0.

        Raises:
            ValueError: The source returned something that is not `[channels, at most frames]`.
        """
        parts: list[Block] = []
        missing = frames
        while missing:
            part = self._read(missing)
            if part.shape[1] == 0:
                break
            parts.append(part)
            missing -= part.shape[1]
        self.frames += frames - missing
        if len(parts) == 1:
            return parts[0]
        return np.concatenate([np.zeros((self.channels, 0), np.float32), *parts], axis=1)

    def _read(self, frames: int) -> Block:
        block = np.asarray(self._source.read(frames), np.float32)
        if block.ndim != 2 or block.shape[0] != self.channels or block.shape[1] > frames:
            raise ValueError(
                f"asked for [{self.channels}, {frames}] frames, the source gave {list(block.shape)}"
            )
        if block.size and not np.abs(block).max() <= LOUDEST:  # so that NaN is caught as well
            return np.where(np.abs(block) <= LOUDEST, block, np.float32(0.0))
        return block
