"""The picture of a sound: least, greatest and mean square of every stretch, at all scales.

A pyramid: the first level holds blocks of 256 frames, each further one blocks of four of the
level before, so that any view costs no more than some thousand reads. float16 is enough to draw
with, and keeps an hour of stereo at 20 MB.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.files import atomic_path

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Block = NDArray[np.float32]

BASE_FRAMES = 256
FACTOR = 4
SMALLEST_LEVEL = 16  # blocks
LOUDEST = 60_000.0  # what float16 holds

LOW, HIGH, POWER = range(3)


@dataclass(frozen=True)
class Columns:
    """What is drawn, one value a pixel column: float32 `[channels, columns]` each.

    Attributes:
        low: least sample.
        high: greatest sample.
        rms: root of the mean square.
    """

    low: Block
    high: Block
    rms: Block


class Peaks:
    """A pyramid, filled in any order.

    Args:
        sample_rate: Hz.
        channels: of the sound.
        frames: its length.
    """

    def __init__(self, sample_rate: int, channels: int, frames: int) -> None:
        self.sample_rate, self.channels, self.frames = sample_rate, channels, frames
        self._levels: list[NDArray[np.float16]] = []
        blocks = max(1, -(-frames // BASE_FRAMES))
        while True:
            self._levels.append(np.zeros((3, channels, blocks), np.float16))
            if blocks <= SMALLEST_LEVEL:
                break
            blocks = -(-blocks // FACTOR)

    def put(self, first_frame: int, samples: NDArray[np.floating]) -> None:
        """Take in a stretch `[channels, n]`.

        Args:
            first_frame: a multiple of 256.
            samples: a multiple of 256 frames, unless they reach the end.

        Raises:
            ValueError: it is not on the grid.
        """
        end = first_frame + samples.shape[1]
        if first_frame % BASE_FRAMES or (end % BASE_FRAMES and end < self.frames):
            raise ValueError(f"frames {first_frame} to {end} are not whole blocks")
        if not samples.shape[1]:
            return
        starts = np.arange(0, samples.shape[1], BASE_FRAMES)
        sizes = np.diff(np.append(starts, samples.shape[1]))
        exact = np.clip(samples, -LOUDEST, LOUDEST)
        first = first_frame // BASE_FRAMES
        level = self._levels[0][:, :, first : first + len(starts)]
        level[LOW] = np.minimum.reduceat(exact, starts, axis=1)
        level[HIGH] = np.maximum.reduceat(exact, starts, axis=1)
        # The square root halves the range that float16 must span.
        level[POWER] = np.sqrt(np.add.reduceat(np.square(exact), starts, axis=1) / sizes)
        self._lift(first, first + len(starts))

    def guess(self, first_frame: int, end_frame: int, samples: NDArray[np.floating]) -> None:
        """Draw a stretch as a part of it, until it is known better.

        Args:
            first_frame: a multiple of 256.
            end_frame: of the stretch; rounded up to whole blocks.
            samples: some of it, `[channels, n]`; or some of each of its equal pieces, which are
                whole blocks, `[channels, pieces, n]`.
        """
        first, end = first_frame // BASE_FRAMES, -(-min(end_frame, self.frames) // BASE_FRAMES)
        exact = np.clip(samples, -LOUDEST, LOUDEST)
        exact = exact.reshape(self.channels, -1, exact.shape[-1])
        blocks = -(-(end_frame - first_frame) // (BASE_FRAMES * exact.shape[1]))
        piece = np.arange(end - first) // blocks
        level = self._levels[0][:, :, first:end]
        level[LOW] = exact.min(axis=2)[:, piece]
        level[HIGH] = exact.max(axis=2)[:, piece]
        level[POWER] = np.sqrt(np.square(exact).mean(axis=2))[:, piece]
        self._lift(first, end)

    def columns(self, first_frame: float, end_frame: float, count: int) -> Columns:
        """The view from `first_frame` to `end_frame` in `count` columns; zeros outside the sound.

        Columns narrower than a block show the block they lie in.
        """
        edges = np.linspace(first_frame, end_frame, count + 1)
        width = max(1e-9, (end_frame - first_frame) / count)
        depth = 0
        while depth + 1 < len(self._levels) and BASE_FRAMES * FACTOR ** (depth + 1) <= width:
            depth += 1
        level, size = self._levels[depth], BASE_FRAMES * FACTOR**depth
        first = np.floor(edges[:-1] / size).astype(np.int64)
        last = np.maximum(first + 1, np.ceil(edges[1:] / size).astype(np.int64))
        inside = (edges[1:] > 0) & (edges[:-1] < self.frames)
        first, last = np.clip(first, 0, level.shape[2] - 1), np.clip(last, 1, level.shape[2])
        begin, end = int(first.min()), int(last.max())
        part = level[:, :, begin:end].astype(np.float32)
        # reduceat takes pairs of bounds; every second result lies between columns.
        part = np.concatenate((part, part[:, :, -1:]), axis=2)
        bounds = np.stack((first - begin, last - begin), axis=1).ravel()
        low = np.minimum.reduceat(part[LOW], bounds, axis=1)[:, ::2] * inside
        high = np.maximum.reduceat(part[HIGH], bounds, axis=1)[:, ::2] * inside
        squares = np.add.reduceat(np.square(part[POWER]), bounds, axis=1)[:, ::2]
        rms = np.sqrt(squares / (last - first)) * inside
        return Columns(low, high, rms.astype(np.float32))

    def save(self, path: Path) -> None:
        """Write the pyramid, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        flat = np.concatenate([level.reshape(-1) for level in self._levels])
        with atomic_path(path) as partial, partial.open("wb") as file:
            np.save(file, flat)

    @classmethod
    def load(cls, path: Path, sample_rate: int, channels: int, frames: int) -> Peaks | None:
        """The pyramid of a sound of that shape as saved; None if it is not there or is damaged."""
        peaks = cls(sample_rate, channels, frames)
        return peaks if peaks.restore(path) else None

    def restore(self, path: Path) -> bool:
        """Take everything from a saved pyramid; whether it is there, whole and of this shape."""
        try:
            flat = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return False
        if flat.dtype != np.float16 or flat.size != sum(level.size for level in self._levels):
            return False
        begin = 0
        for level in self._levels:
            level[...] = flat[begin : begin + level.size].reshape(level.shape)
            begin += level.size
        os.utime(path)  # so that what is looked at is not swept as old
        return True

    def _lift(self, first: int, end: int) -> None:
        """Bring blocks `first .. end` of the lowest level into all above."""
        for below, level in zip(self._levels, self._levels[1:], strict=False):
            first, end = first // FACTOR, -(-end // FACTOR)
            part = below[:, :, first * FACTOR : end * FACTOR].astype(np.float32)
            starts = np.arange(0, part.shape[2], FACTOR)
            sizes = np.diff(np.append(starts, part.shape[2]))
            level[LOW, :, first:end] = np.minimum.reduceat(part[LOW], starts, axis=1)
            level[HIGH, :, first:end] = np.maximum.reduceat(part[HIGH], starts, axis=1)
            squares = np.add.reduceat(np.square(part[POWER]), starts, axis=1)
            level[POWER, :, first:end] = np.sqrt(squares / sizes)
