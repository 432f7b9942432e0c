"""Which chunk of a song is separated next: what is about to be heard comes first."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True)
class Focus:
    """Where somebody listens, in frames.

    Attributes:
        frame: of the playhead.
        loop: first frame and end of what repeats.
    """

    frame: int = 0
    loop: tuple[int, int] | None = None

    def at_rate(self, from_rate: int, to_rate: int) -> Focus:
        """The same place in frames of another sample rate."""
        loop = self.loop
        if loop is not None:
            loop = (loop[0] * to_rate // from_rate, -(-loop[1] * to_rate // from_rate))
        return Focus(self.frame * to_rate // from_rate, loop)


def next_chunk(edges: Sequence[int], done: Collection[int], focus: Focus) -> int | None:
    """The chunk to separate next; None where all are done.

    The loop comes first, then everything from the playhead to the end, then the rest.

    Args:
        edges: first frame of every chunk, and the end of the song.
        done: the chunks that are there.
        focus: at the same rate.
    """
    here = _chunk_at(edges, focus.frame)
    if focus.loop is not None:
        first, last = _chunk_at(edges, focus.loop[0]), _chunk_at(edges, focus.loop[1] - 1)
        start = here if first <= here <= last else first
        missing = _first_missing(start, range(first, last + 1), done)
        if missing is not None:
            return missing
    return _first_missing(here, range(len(edges) - 1), done)


def goes_on(following: int, wanted: int | None, done: Collection[int]) -> bool:
    """Whether a run of consecutive chunks should go on, rather than be broken off for a new one.

    A new run computes the chunk before its first one again. So the chunk after the next costs no
    less when it is jumped to, and jumping would leave a gap.

    Args:
        following: the chunk that the run would give next.
        wanted: what :func:`next_chunk` says now.
        done: the chunks that are there.
    """
    return following not in done and wanted in (following, following + 1)


def _chunk_at(edges: Sequence[int], frame: int) -> int:
    return min(max(0, bisect_right(edges, frame) - 1), len(edges) - 2)


def _first_missing(start: int, among: range, done: Collection[int]) -> int | None:
    """The first chunk that is missing from `start` on, or else from the beginning."""
    order = (*range(start, among.stop), *range(among.start, start))
    return next((chunk for chunk in order if chunk not in done), None)
