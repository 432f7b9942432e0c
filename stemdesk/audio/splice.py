"""A file as a decoder should see it: pieces of another file, with headers put right."""

from __future__ import annotations

import bisect
import io
import os
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import WriteableBuffer


@dataclass(frozen=True)
class Extent:
    """Bytes `[start, end)` of the original file."""

    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)


Piece = bytes | Extent


class Splice(io.RawIOBase):
    """A read-only file made of pieces; nothing of it is held in memory but the `bytes` pieces.

    libsndfile calls back into it from C, where an exception cannot be passed on and would be
    printed: seeks are therefore clamped, and an error of the disk reads as the end of the file.

    Args:
        file: The original; its position is the splice's to move.
        pieces: In the order in which they are read.
    """

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._file = file
        self._pieces = [piece for piece in pieces if len(piece)]
        self._ends = list(accumulate(len(piece) for piece in self._pieces))
        self._position = 0

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def readable(self) -> bool:  # noqa: D102
        return True

    def seekable(self) -> bool:  # noqa: D102
        return True

    def tell(self) -> int:  # noqa: D102
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Moves to a place, the nearest one where the file has none such."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: len(self)}[whence]
        self._position = min(max(0, base + offset), len(self))
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills as much of the buffer as there is; 0 at the end."""
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view) and self._position < len(self):
            part = self._part(len(view) - done)
            if not part:
                break
            view[done : done + len(part)] = part
            done += len(part)
            self._position += len(part)
        return done

    def _part(self, most: int) -> bytes:
        """Bytes from the position on, out of one piece."""
        index = bisect.bisect_right(self._ends, self._position)
        piece = self._pieces[index]
        inside = self._position - (self._ends[index] - len(piece))
        if isinstance(piece, bytes):
            return piece[inside : inside + most]
        try:
            self._file.seek(piece.start + inside)
            return self._file.read(min(most, len(piece) - inside))
        except OSError:
            return b""
