"""Tracks as 24-bit integers that sum to the sum of the tracks.

Stems lie on a grid of 2^-23, so 24-bit integers hold them as they are. Where they do not, because
the song was floating point or a gain is taken, the last track makes up for the rounding of the
others: the integers then sum to the song, rounded once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import db, from_db
from stemdesk.audio.reading import BLOCK_FRAMES
from stemdesk.daw.track_audio import open_track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from numpy.typing import NDArray

    from stemdesk.audio.reading import AudioReader
    from stemdesk.daw.session import Session, SessionTrack

SAMPLE_BYTES = 3
_GRID_BITS = 23
_FULL_SCALE = 1 << _GRID_BITS
_GAIN_STEPS_PER_DB = 10


@dataclass(frozen=True)
class ClosedPcm:
    """Parts of a song as integers.

    Attributes:
        parts: of each part the files whose sum it is; the last that has some takes the rounding.
        frames: length in samples per channel.
        channels: of every part.
        gain_db: common gain of all parts, 0 or less: what it takes for none to clip.
    """

    parts: tuple[tuple[AudioReader, ...], ...]
    frames: int
    channels: int
    gain_db: float = 0.0

    def blocks(self) -> Iterator[NDArray[np.int32]]:
        """All of it from the first frame on, `[parts, channels, n]` in steps of 2^-23.

        Raises:
            UserError: a file cannot be read.
        """
        for steps in _steps(self.parts, self.frames, self.channels, from_db(self.gain_db)):
            yield steps.astype(np.int32)


def open_closed_pcm(
    session: Session,
    parts: Sequence[Sequence[SessionTrack]],
    stack: ExitStack,
    *,
    with_mix: bool = False,
) -> ClosedPcm:
    """Opens the files of a session and finds the gain that its parts need.

    Args:
        session: what the files have to agree with.
        parts: the tracks that are summed into each part; a part of none is silent.
        stack: closes the files.
        with_mix: whether the sum of all parts must not clip either.

    Raises:
        UserError: a file cannot be read, or its rate, length or channels are not the session's.
    """
    readers = tuple(
        tuple(open_track(session, track, stack) for track in tracks) for tracks in parts
    )
    pcm = ClosedPcm(readers, session.frames, session.channels)
    if not with_mix and all(map(_fits, readers)):
        return pcm
    return ClosedPcm(readers, session.frames, session.channels, _gain_db(pcm, with_mix=with_mix))


def packed(steps: NDArray[np.int32]) -> bytes:
    """Integers as little-endian samples of three bytes, in the order of the array."""
    whole = np.ascontiguousarray(steps, dtype="<i4").view(np.uint8)
    return whole.reshape(-1, 4)[:, :SAMPLE_BYTES].tobytes()


def _fits(part: tuple[AudioReader, ...]) -> bool:
    """Whether a part is sure to be held as it is."""
    bits = [reader.info.grid_bits for reader in part]
    return len(bits) <= 1 and all(each is not None and each <= _GRID_BITS for each in bits)


def _gain_db(pcm: ClosedPcm, *, with_mix: bool) -> float:
    """0 if nothing clips; else a gain in tenths of a decibel by which nothing does."""
    lowest, highest = 0, 0
    for steps in _steps(pcm.parts, pcm.frames, pcm.channels, 1.0):
        tracks = np.concatenate([steps, steps.sum(axis=0)[None]]) if with_mix else steps
        lowest = min(lowest, int(tracks.min(initial=0)))
        highest = max(highest, int(tracks.max(initial=0)))
    if lowest >= -_FULL_SCALE and highest < _FULL_SCALE:
        return 0.0
    # The last part is off by at most half a step for each of the others, and by its own half.
    room = _FULL_SCALE - 1 - len(pcm.parts)
    excess_db = db(max(-lowest, highest) / room)
    return -math.ceil(excess_db * _GAIN_STEPS_PER_DB) / _GAIN_STEPS_PER_DB


def _steps(
    parts: tuple[tuple[AudioReader, ...], ...], frames: int, channels: int, gain: float
) -> Iterator[NDArray[np.int64]]:
    """Blocks `[parts, channels, n]` of closed integers, whether or not 24 bits hold them."""
    for part in parts:
        for reader in part:
            reader.seek(0)
    closing = max(number for number, part in enumerate(parts) if part)
    scale = gain * _FULL_SCALE
    for first in range(0, frames, BLOCK_FRAMES):
        count = min(BLOCK_FRAMES, frames - first)
        exact = np.zeros((len(parts), channels, count))
        for samples, part in zip(exact, parts, strict=True):
            for reader in part:
                samples += reader.read(count)
        exact *= scale
        whole = np.rint(exact)
        whole[closing] += np.rint(exact.sum(axis=0)) - whole.sum(axis=0)
        yield whole.astype(np.int64)
