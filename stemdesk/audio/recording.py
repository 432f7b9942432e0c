"""libsndfile on one recording: from any place, always the very same samples."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from stemdesk.audio.decoder_noise import without_decoder_noise
from stemdesk.audio.info import is_lossy

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from stemdesk.audio.splice import Splice

BLOCK_FRAMES = 65_536
_NEAR_FRAMES = 512


class UnreadableError(Exception):
    """A recording cannot be decoded.

    Args:
        frame: The first that is missing, counted from the beginning of what raises it.
    """

    def __init__(self, frame: int) -> None:
        super().__init__(f"frame {frame} cannot be decoded")
        self.frame = frame


class Recording:
    """One opened file, or one part of a file that joins several.

    A lossy decoder carries a state from block to block: after a jump its first samples are others
    (measured for Vorbis: off by 0.04), and those of MP3 depend on the sizes that are asked for
    (mono: off by one step of 24 bits). What is lossy is therefore decoded from the start, in
    blocks of one size, wherever somebody wants to begin.

    Args:
        splice: Read from its beginning; the caller closes the file behind it.

    Raises:
        soundfile.LibsndfileError: libsndfile does not know or cannot read the format.
    """

    def __init__(self, splice: Splice) -> None:
        self._splice = splice
        self._open: soundfile.SoundFile | None = None
        self._is_mpeg = False
        sound = self.sound
        self._is_mpeg = sound.format == "MP3"
        self.is_lossy = is_lossy(sound.subtype)
        self.frames = int(sound.frames)
        self.sample_rate = int(sound.samplerate)
        self.channels = int(sound.channels)
        self._at = 0
        self._block_start = 0
        self._block = np.zeros((0, self.channels))

    @property
    def sound(self) -> soundfile.SoundFile:
        """The recording in libsndfile, opened again where it was closed."""
        if self._open is None:
            self._splice.seek(0)
            with without_decoder_noise():
                self._open = soundfile.SoundFile(self._splice)
            self._at = 0
        return self._open

    def close(self) -> None:
        """Closes libsndfile's side; the next reading opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def read(self, frame: int, frames: int) -> NDArray[np.float64]:
        """Frames from `frame` on, float64 `[n, channels]`, at most `frames`, one at least.

        Raises:
            UnreadableError: That very frame cannot be decoded.
        """
        if self.is_lossy:
            return self._of_block(frame, frames)
        try:
            return self._straight(frame, frames)
        except (soundfile.LibsndfileError, UnreadableError):
            return self._before_damage(frame, frames)

    def behind_damage(self, frame: int) -> int:
        """The next frame that can be decoded; the end where none can."""
        if self.is_lossy:
            return min(self.frames, (frame // BLOCK_FRAMES + 1) * BLOCK_FRAMES)
        for later in range(frame + _NEAR_FRAMES, self.frames, _NEAR_FRAMES):
            try:
                self.close()
                self._straight(later, 1)
            except (soundfile.LibsndfileError, UnreadableError):
                continue
            return later
        return self.frames

    def _straight(self, frame: int, frames: int) -> NDArray[np.float64]:
        sound = self.sound
        if frame != self._at:
            sound.seek(frame)
        self._at = -1
        block: NDArray[np.float64] = sound.read(frames, dtype="float64", always_2d=True)
        if not len(block):
            raise UnreadableError(frame)
        self._at = frame + len(block)
        return block

    def _before_damage(self, frame: int, frames: int) -> NDArray[np.float64]:
        """Of a stretch that cannot be read at once, the part that can."""
        good: list[NDArray[np.float64]] = []
        place = frame
        self.close()
        try:
            while place < frame + frames:
                good.append(self._straight(place, min(_NEAR_FRAMES, frame + frames - place)))
                place += len(good[-1])
        except (soundfile.LibsndfileError, UnreadableError) as error:
            self.close()
            if not good:
                raise UnreadableError(frame) from error
        return np.concatenate(good)

    def _of_block(self, frame: int, frames: int) -> NDArray[np.float64]:
        start = frame - frame % BLOCK_FRAMES
        if start != self._block_start or not len(self._block):
            self._decode_block(start)
        inside = frame - start
        if inside >= len(self._block):
            raise UnreadableError(frame)
        return self._block[inside : inside + frames]

    def _quiet(self) -> AbstractContextManager[None]:
        return without_decoder_noise() if self._is_mpeg else nullcontext()

    def _decode_block(self, start: int) -> None:
        if start < self._at or self._at < 0:
            self.close()
        sound = self.sound
        self._block = np.zeros((0, self.channels))
        while self._at <= start:
            wanted = min(BLOCK_FRAMES, self.frames - self._at)
            place = self._at
            try:
                with self._quiet():
                    block = sound.read(wanted, dtype="float64", always_2d=True)
            except soundfile.LibsndfileError as error:
                self.close()
                self._at = -1
                raise UnreadableError(place) from error
            self._at = place + wanted
            if len(block) < wanted and place < start:
                raise UnreadableError(place + len(block))
            self._block_start, self._block = place, block
