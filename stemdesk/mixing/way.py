"""The way through a song: which frames of it are mixed one after the other, loops included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from stemdesk.mixing.effects.effect import Block


class Loop(Protocol):
    """A part of the song that repeats."""

    @property
    def first_frame(self) -> int:
        """Where it begins."""

    @property
    def end_frame(self) -> int:
        """The frame after its last."""

    @property
    def seam_frames(self) -> int:
        """So many frames before the end are blended into those that lead to the beginning."""


class Recording(Protocol):
    """Sound that can be read from anywhere."""

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros past the end."""


class Way:
    """Turns positions, which only ever count on, into frames of the song, which may repeat.

    Loops are laid where the stems are read: what comes behind, effects and all, plays one sound
    that goes on, so echoes ring over the seam, and nothing is ever fed that is not heard.

    Args:
        start_frame: of the song.
        loop: repeats for ever once its end is reached; without effect behind it.
        origin: the position that `start_frame` has; positions before it lead up to it.
    """

    def __init__(self, start_frame: int, loop: Loop | None = None, origin: int = 0) -> None:
        self.start_frame, self.origin = start_frame, origin
        is_active = loop is not None and start_frame < loop.end_frame
        self._asked = None if loop is None else _key(loop)
        self._loop = loop if is_active else None
        if self._loop is not None:
            seam = self._loop.seam_frames
            phases = np.pi * (np.arange(seam) + 0.5) / max(seam, 1)
            # Equal gain, as every fade of the player: half a cosine.
            self._rise = (0.5 - 0.5 * np.cos(phases)).astype(np.float32)

    @property
    def is_endless(self) -> bool:
        """Whether it loops."""
        return self._loop is not None

    def song_frame(self, position: float) -> float:
        """The frame of the song at a position; whole where the position is."""
        frame = self.start_frame + position - self.origin
        loop = self._loop
        if loop is None or frame < loop.end_frame:
            return frame
        length = loop.end_frame - loop.first_frame
        return loop.first_frame + (frame - loop.first_frame) % length

    def read(self, stem: Recording, position: int, frames: int) -> Block:
        """A stem's sound `[channels, frames]` from a position on."""
        loop = self._loop
        if loop is None:
            return stem.read_at(self.start_frame + position - self.origin, frames)
        parts = []
        seam_first = loop.end_frame - loop.seam_frames
        while frames:
            frame = int(self.song_frame(position))
            is_seam = frame >= seam_first
            count = min(frames, (loop.end_frame if is_seam else seam_first) - frame)
            part = stem.read_at(frame, count)
            if is_seam:
                rise = self._rise[frame - seam_first : frame - seam_first + count]
                entering = stem.read_at(frame - loop.end_frame + loop.first_frame, count)
                part = part * (1 - rise) + entering * rise
            parts.append(part)
            position, frames = position + count, frames - count
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def renewed(self, position: int, until: int, loop: Loop | None) -> Way | None:
        """The way on from `position` with another loop.

        None if that does not lead through the same frames up to position `until`.
        """
        if self._asked == (None if loop is None else _key(loop)):
            return self
        other = Way(int(self.song_frame(position)), loop, position)
        is_same = min(self.turn_after(position), other.turn_after(position)) >= until
        return other if is_same else None

    def turn_after(self, position: int) -> float:
        """The first position from there on at which the song does not simply go on."""
        if self._loop is None:
            return np.inf
        seam_first = self._loop.end_frame - self._loop.seam_frames
        return position + seam_first - self.song_frame(position)


def _key(loop: Loop) -> tuple[int, int, int]:
    return loop.first_frame, loop.end_frame, loop.seam_frames
