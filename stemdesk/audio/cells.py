"""A stream cut into cells of 10 ms, on a grid that does not depend on its blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELLS_PER_SECOND = 100


class CellGrid:
    """Collects blocks of any length into whole cells; what is left waits for the next block.

    Cell k begins at frame `floor(k * sample_rate / 100)`, so that cells follow the time without
    drift at rates that 100 does not divide (at 22 050 Hz they have 220 and 221 frames in turn).

    Args:
        sample_rate: Hz.
        rows: How many values a frame has.
    """

    def __init__(self, sample_rate: int, rows: int) -> None:
        self._sample_rate = sample_rate
        self._cell = 0
        self._rest = np.zeros((rows, 0))

    def push(
        self, values: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
        """Takes the next values `[rows, n]`.

        Returns:
            The frames of all cells that are now complete, `[rows, m]`; the first frame of each
            cell in them (for `ufunc.reduceat`); and how many frames each cell has.
        """
        joined = np.concatenate([self._rest, values], axis=1)
        start = self._first_frame(self._cell)
        last = CELLS_PER_SECOND * (start + joined.shape[1]) // self._sample_rate
        cells = np.arange(self._cell, last + 1, dtype=np.intp)
        bounds = cells * self._sample_rate // CELLS_PER_SECOND - start
        self._cell = last
        self._rest = joined[:, bounds[-1] :].copy()
        return joined[:, : bounds[-1]], bounds[:-1], np.diff(bounds)

    def _first_frame(self, cell: int) -> int:
        return cell * self._sample_rate // CELLS_PER_SECOND


def cell_means(
    values: NDArray[np.float64], starts: NDArray[np.intp], frames: NDArray[np.intp]
) -> NDArray[np.float64]:
    """The mean of each cell, `[rows, cells]`, of values as :meth:`CellGrid.push` returns them."""
    if not len(starts):
        return np.zeros((values.shape[0], 0))
    means: NDArray[np.float64] = np.add.reduceat(values, starts, axis=1) / frames
    return means
