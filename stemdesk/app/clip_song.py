"""A clip in memory, read as a song's file is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.info import AudioInfo

if TYPE_CHECKING:
    from stemdesk.app.resampled import Block
    from stemdesk.audio.clip import AudioClip


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
