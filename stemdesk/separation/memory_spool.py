"""Estimates in memory, for what is too short to need a disk."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from stemdesk.separation.spool import ChunkStore

if TYPE_CHECKING:
    from stemdesk.separation.spool import Layout, Samples


class MemorySpool(ChunkStore):
    """A clip's estimates; what :class:`stemdesk.separation.spool.Spool` is to a song's.

    Args:
        layout: of the estimates.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__(layout)
        rows = (layout.stems, layout.channels)
        self._estimates = np.zeros((*rows, layout.edges[-1]), np.float32)

    def append(self, chunk: int, samples: Samples, engine_state: dict[str, Any]) -> None:
        """Add a chunk's estimates ``[stems, channels, frames]``."""
        first, end = self.layout.edges[chunk], self.layout.edges[chunk + 1]
        self._estimates[..., first:end] = samples
        self.engine_state = engine_state
        self.done.add(chunk)

    def open_samples(self) -> IO[bytes]:
        """A place in the estimates, at their beginning, for :meth:`read_estimates`."""
        return _Place()

    def read_estimates(self, file: IO[bytes], frames: int) -> Samples:
        """The next ``[stems, channels, n]``, ``n == 0`` at the end."""
        first = file.tell()
        block = self._estimates[..., first : first + frames]
        file.seek(first + block.shape[-1])
        return block


class _Place(io.BytesIO):
    """A position in frames; it may lie anywhere, as in any file."""
