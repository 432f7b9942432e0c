"""A clip in memory, as the song and the spool that a separation works with."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.audio.info import AudioInfo

if TYPE_CHECKING:
    from typing import IO

    from stemdesk.app.resampled import Block
    from stemdesk.audio.clip import AudioClip
    from stemdesk.separation.spool import Layout, Samples


class ClipReader:
    """Reads a clip as :class:`stemdesk.audio.reading.AudioReader` reads a file of its samples.

    Attributes:
        info: facts about it, as of a file of float samples.
    """

    def __init__(self, clip: AudioClip) -> None:
        # A file of float samples holds float32, whatever the array is.
        self._samples = np.asarray(clip.samples, np.float32)
        self._next_frame = 0
        self.info = AudioInfo(
            path=Path("clip"),
            format="WAV",
            subtype="FLOAT",
            sample_rate=int(clip.sample_rate),
            channels=clip.channels,
            frames=clip.frames,
            grid_bits=None,
            lossy=False,
        )

    def seek(self, frame: int) -> None:
        """Makes `frame` the next to be read."""
        self._next_frame = frame

    def read(self, frames: int) -> Block:
        """The next float64 `[channels, n]`; n is 0 at the end."""
        block = self._samples[:, self._next_frame : self._next_frame + frames]
        self._next_frame += block.shape[1]
        return block.astype(np.float64)


class MemorySpool:
    """A clip's estimates; what :class:`stemdesk.separation.spool.Spool` is to a song's.

    Args:
        layout: of the estimates.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.engine_state: dict[str, Any] = {}
        self.done: set[int] = set()
        rows = (layout.stems, layout.channels)
        self._estimates = np.zeros((*rows, layout.edges[-1]), np.float32)

    @property
    def frames_done(self) -> int:
        """Frames of the chunks it holds."""
        return sum(self.layout.frames_of(chunk) for chunk in self.done)

    @property
    def is_complete(self) -> bool:
        """Whether no chunk is missing."""
        return len(self.done) == self.layout.chunks

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
