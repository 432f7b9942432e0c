"""All recordings of a file as one stream of samples."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from stemdesk.audio.recording import Recording, UnreadableError
from stemdesk.audio.splice import Splice
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import soundfile
    from numpy.typing import NDArray

    from stemdesk.audio.splice import Piece


class MixedError(Exception):
    """Recordings of different rates or channels cannot be one stream."""


class Decoder:
    """Recordings one after the other.

    Args:
        file: A binary file; the caller closes it, after the decoder.
        links: The pieces of each recording.
        second: Decodes the same file by other means; asked once, where libsndfile fails at a lossy
            one. From the failing block on its samples count.
        fills_gaps: What cannot be decoded is silence, in place of an error.

    Attributes:
        frames: In all; may be lowered to deliver less.
        gaps: The frames at which silence had to stand in so far, in the order they were met.

    Raises:
        soundfile.LibsndfileError: libsndfile does not know or cannot read the format.
        MixedError: As it says.
    """

    def __init__(
        self,
        file: BinaryIO,
        links: Sequence[Sequence[Piece]],
        second: Callable[[], Decoder] | None = None,
        *,
        fills_gaps: bool = False,
    ) -> None:
        self._recordings: list[Recording] = []
        for link in links:
            recording = Recording(Splice(file, link))
            if self._recordings:
                recording.close()
            self._recordings.append(recording)
        first = self._recordings[0]
        if any(
            (one.sample_rate, one.channels) != (first.sample_rate, first.channels)
            for one in self._recordings
        ):
            self.close()
            raise MixedError
        self._ends = list(accumulate(one.frames for one in self._recordings))
        self._second, self._second_from = second, self._ends[-1]
        self._other: Decoder | None = None
        self._fills_gaps, self._gap_end = fills_gaps, -1
        self._position = 0
        self._current = first
        self.frames = self._ends[-1]
        self.gaps: list[int] = []

    @property
    def sound(self) -> soundfile.SoundFile:
        """The first recording in libsndfile, for what it says of the format."""
        return self._recordings[0].sound

    @property
    def is_lossy(self) -> bool:
        """Whether its encoding discards signal."""
        return self._recordings[0].is_lossy

    def seek(self, frame: int) -> None:
        """Makes `frame` the next to be read."""
        self._position = frame

    def read(self, frames: int) -> NDArray[np.float64]:
        """Reads `frames` frames as float64 `[n, channels]`; n is less at the end only.

        Raises:
            UnreadableError: One of them cannot be decoded; its number counts from the first.
        """
        end = min(self.frames, self._position + frames)
        blocks = [np.zeros((0, self._recordings[0].channels))]
        place = self._position
        while place < end:
            blocks.append(self._part(place, end - place))
            place += len(blocks[-1])
        self._position = end
        return np.concatenate(blocks)

    def close(self) -> None:
        """Closes libsndfile's side."""
        for recording in self._recordings:
            recording.close()

    def _part(self, frame: int, frames: int) -> NDArray[np.float64]:
        if self._other is not None and frame >= self._second_from:
            return self._of_second(frame, frames)
        index = bisect_right(self._ends, frame)
        recording = self._recordings[index]
        start = self._ends[index] - recording.frames
        if recording is not self._current:
            self._current.close()
            self._current = recording
        wanted = min(frames, self._ends[index] - frame, self._second_from - frame)
        try:
            return recording.read(frame - start, wanted)
        except UnreadableError as error:
            if self._has_second(start + error.frame):
                return self._part(frame, frames)
            if not self._fills_gaps:
                raise UnreadableError(start + error.frame) from error
            return self._silence(
                frame, min(start + recording.behind_damage(frame - start), frame + wanted)
            )

    def _silence(self, frame: int, end: int) -> NDArray[np.float64]:
        if frame != self._gap_end and frame not in self.gaps:
            self.gaps.append(frame)
        self._gap_end = end
        return np.zeros((end - frame, self._recordings[0].channels))

    def _has_second(self, frame: int) -> bool:
        """Whether another decoder goes on from `frame`; it must find as many frames."""
        if self._second is None or not self.is_lossy:
            return False
        second, self._second = self._second, None
        try:
            other = second()
        except UserError:
            return False
        if other.frames != self._ends[-1]:
            return False
        self._other, self._second_from = other, frame
        return True

    def _of_second(self, frame: int, frames: int) -> NDArray[np.float64]:
        assert self._other is not None
        self._other.seek(frame)
        return self._other.read(frames)
