"""libsndfile with seeks that deliver the very samples a reading from the start delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import soundfile

from stemdesk.audio.channel_order import read_order
from stemdesk.audio.info import is_lossy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SKIP_FRAMES = 65_536


class Decoder:
    """One opened file.

    A Vorbis decoder that jumps lacks the previous block it overlaps with, so its first samples are
    others (measured: off by 0.04 after `sf_seek`); Opus and MP3 keep state as well. What is lossy
    is therefore decoded up to the place, from the start where that lies behind.

    Args:
        file: A binary file at its beginning; the caller closes it, after the decoder.

    Raises:
        soundfile.LibsndfileError: libsndfile does not know or cannot read the format.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sound = soundfile.SoundFile(file)
        self._order = read_order(self.sound, file)
        self._position = 0

    def seek(self, frame: int) -> None:
        """Makes `frame` the next to be read."""
        if not is_lossy(self.sound.subtype):
            self.sound.seek(frame)
            self._position = frame
            return
        if frame < self._position:
            self.sound.close()
            self._file.seek(0)
            self.sound = soundfile.SoundFile(self._file)
            self._position = 0
        while self._position < frame:
            if not len(self.read(min(_SKIP_FRAMES, frame - self._position))):
                return

    def read(self, frames: int) -> NDArray[np.float64]:
        """Reads at most `frames` frames as float64 `[n, channels]`; n is 0 at the end.

        Channels are in the order of WAVE, whatever the format's own is.
        """
        block: NDArray[np.float64] = self.sound.read(frames, dtype="float64", always_2d=True)
        self._position += len(block)
        return block if self._order is None else block[:, self._order]

    def close(self) -> None:
        """Closes libsndfile's side."""
        self.sound.close()
