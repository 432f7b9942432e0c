"""Stems that can be heard while they are being separated; elsewhere the mixture plays.

One source for every stem and one for the mixture. Where nothing is separated yet the mixture's
source plays it and the stems are silent; where something is, it is the other way about, with an
equal-gain cross-fade between. So the sum of all sources is the mixture at any moment.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

import numpy as np

from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from stemdesk.app.live.spans import Spans
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.sources import StemSource

    Weights = npt.NDArray[np.float32]

MIXTURE = "mixture"
FADE_SECONDS = 0.02
_SAMPLE_BYTES = 4


class LiveSource:
    """One of the sources of :class:`LiveStems`, satisfies `mixing.sources.StemSource`.

    Attributes:
        sample_rate: Hz.
        channels: of the song.
        frames: of the song.
    """

    def __init__(self, stems: LiveStems, name: str, mixture: StemSource) -> None:
        self._stems, self._name = stems, name
        self.sample_rate = mixture.sample_rate
        self.channels = mixture.channels
        self.frames = mixture.frames

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros outside the song."""
        return self._stems.read_at(self._name, frame, frames)


@dataclass(frozen=True)
class _Found:
    """What there is to hear.

    Attributes:
        spans: of the song's frames, where there are estimates.
        path: of the estimates, `frames x stems - 1 x channels` float32.
        estimates: that file.
        files: of all stems, the closing one last, once they are finished.
    """

    spans: Spans = ()
    path: Path | None = None
    estimates: IO[bytes] | None = None
    files: tuple[FileStem, ...] = ()


class _Cursor(threading.local):
    """Where one thread reads, and what it has not fetched yet of the block there."""

    def __init__(self) -> None:
        self.place = (0, 0)
        self.left: dict[str, Block] = {}
        self.end, self.weight = -1, 0.0


class LiveStems:
    """The sources of one song. Any thread may read and any thread may bring news.

    A thread that reads one block after the other, every source once a block, as the renderer does,
    hears no step when a stretch comes in under the playhead: it is faded in.

    Args:
        mixture: the song; no other reads from it.
        stems: names, the closing stem last.

    Attributes:
        sources: name -> source; those of the stems, and :data:`MIXTURE`.
    """

    def __init__(self, mixture: StemSource, stems: Sequence[str]) -> None:
        self._mixture, self._stems = mixture, tuple(stems)
        self._found = _Found()
        self._cursor = _Cursor()
        self._lock = threading.Lock()
        self._fade_frames = max(1, round(FADE_SECONDS * mixture.sample_rate))
        self.sources = {name: LiveSource(self, name, mixture) for name in (*stems, MIXTURE)}

    @property
    def spans(self) -> Spans:
        """Which frames of the song are separated."""
        return self._found.spans

    def follow(self, path: Path, spans: Spans) -> None:
        """Take what has been separated so far.

        Args:
            path: of the estimates; one that is gone already is left alone, as the finished files
                are about to come then.
            spans: the frames that are in it, those told before among them.
        """
        with self._lock:
            if self._found.files:
                return
            if path == self._found.path:
                self._found = replace(self._found, spans=spans)
                return
            try:
                # Unbuffered: a buffer would keep for a hole what has been filled since.
                fresh = path.open("rb", buffering=0)
            except OSError:
                return
            self._let_go()
            self._found = _Found(spans, path, fresh)

    def finish(self, files: Mapping[str, Path], gain: float = 1.0) -> None:
        """Go on with the finished files, without a gap.

        Args:
            files: stem name -> file, of all stems.
            gain: that the files have in common; it is taken back, so that the level stays.

        Raises:
            UserError: a file cannot be read; the estimates go on.
        """
        opened: list[FileStem] = []
        try:
            opened.extend(FileStem(files[name], gain) for name in self._stems)
        except BaseException:
            for stem in opened:
                stem.close()
            raise
        with self._lock:
            old = self._found.path
            self._let_go()
            self._found = _Found(((0, self._mixture.frames),), files=tuple(opened))
        if old is not None:
            # Where a file cannot be removed while it is read, the worker had to leave it.
            with suppress(OSError):
                old.unlink(missing_ok=True)
                old.parent.rmdir()

    def close(self) -> None:
        """Close all files; the mixture plays on, which belongs to the caller."""
        with self._lock:
            self._let_go()
            self._found = _Found()

    def _let_go(self) -> None:
        if self._found.estimates is not None:
            self._found.estimates.close()
        for stem in self._found.files:
            stem.close()

    def read_at(self, name: str, frame: int, frames: int) -> Block:
        """A part of one source, see :class:`LiveSource`.

        All sources of a block are made at once and kept for the thread until it has fetched them,
        so that what comes in meanwhile cannot break their sum.
        """
        cursor = self._cursor
        if cursor.place != (frame, frames) or name not in cursor.left:
            cursor.place = (frame, frames)
            cursor.left = self._blocks(cursor, frame, frames)
        return cursor.left.pop(name)

    def _blocks(self, cursor: _Cursor, frame: int, frames: int) -> dict[str, Block]:
        begin, end = max(0, frame), min(frame + frames, self._mixture.frames)
        if end <= begin:
            silence = np.zeros((self._mixture.channels, frames), np.float32)
            return dict.fromkeys((*self._stems, MIXTURE), silence)
        with self._lock:
            weights = self._weights(cursor, begin, end)
            blocks = self._mixed(weights, begin, end)
        cursor.end, cursor.weight = end, float(weights[-1])
        if end - begin < frames:
            around = ((0, 0), (begin - frame, frame + frames - end))
            blocks = {name: np.pad(block, around) for name, block in blocks.items()}
        return blocks

    def _weights(self, cursor: _Cursor, begin: int, end: int) -> Weights:
        """Of the stems against the mixture, frame by frame."""
        fade, last = self._fade_frames, self._mixture.frames
        weights = np.zeros(end - begin, np.float32)
        places = np.arange(begin, end)
        for first, stop in self._found.spans:
            if stop <= begin or end <= first:
                continue
            rise = np.ones(len(places)) if first <= 0 else (places - first + 0.5) / fade
            fall = np.ones(len(places)) if stop >= last else (stop - places - 0.5) / fade
            weights += np.clip(np.minimum(rise, fall), 0.0, 1.0).astype(np.float32)
        if cursor.end == begin and cursor.weight < weights[0]:
            # The stretch came in under the playhead.
            slow = cursor.weight + np.arange(1, len(weights) + 1, dtype=np.float32) / fade
            np.minimum(weights, slow, out=weights)
        return weights

    def _mixed(self, weights: Weights, begin: int, end: int) -> dict[str, Block]:
        frames, found = end - begin, self._found
        if found.files and weights.min() == 1.0:
            blocks = [stem.read_at(begin, frames) for stem in found.files]
            blocks.append(np.zeros_like(blocks[0]))
            return dict(zip((*self._stems, MIXTURE), blocks, strict=True))
        mixture = self._mixture.read_at(begin, frames)
        estimates = self._estimates(begin, frames) if weights.any() else None
        if estimates is None:
            weights[:] = 0.0
            estimates = np.zeros((len(self._stems) - 1, *mixture.shape), np.float32)
        stems = estimates * weights
        rest = mixture * (1.0 - weights)
        closing = mixture - rest.astype(np.float64) - stems.sum(axis=0, dtype=np.float64)
        blocks = [*stems, closing.astype(np.float32), rest]
        return dict(zip((*self._stems, MIXTURE), blocks, strict=True))

    def _estimates(self, begin: int, frames: int) -> Block | None:
        """`[stems - 1, channels, frames]`; None where the file, against its word, has none."""
        if self._found.files:
            return np.stack([stem.read_at(begin, frames) for stem in self._found.files[:-1]])
        if self._found.estimates is None:
            return None
        shape = (frames, len(self._stems) - 1, self._mixture.channels)
        frame_bytes = shape[1] * shape[2] * _SAMPLE_BYTES
        try:
            self._found.estimates.seek(begin * frame_bytes)
            data = self._found.estimates.read(frames * frame_bytes)
        except OSError:
            return None
        # Beyond the last span the file may end.
        data += bytes(frames * frame_bytes - len(data))
        return np.moveaxis(np.frombuffer(data, "<f4").reshape(shape), 0, -1)
