"""The gated measures of a whole programme: integrated loudness and loudness range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.sliding import sliding

if TYPE_CHECKING:
    from numpy.typing import NDArray

ABSOLUTE_GATE_LUFS = -70.0
INTEGRATED_GATE_LU = -10.0
RANGE_GATE_LU = -20.0
RANGE_PERCENT = (10, 95)

_CELLS_PER_TENTH = 10
_TENTHS_PER_GATING_BLOCK = 4
_TENTHS_PER_SHORT_TERM = 30
_FIRST_CAPACITY = 1024


def lufs(power: float) -> float:
    """Loudness of a weighted mean square after BS.1770-4 annex 1, equation 2; -inf for 0."""
    return -0.691 + 10.0 * math.log10(power) if power > 0.0 else -math.inf


def power_of(loudness_lufs: float) -> float:
    """The weighted mean square of a loudness: the inverse of :func:`lufs`."""
    return float(10.0 ** ((loudness_lufs + 0.691) / 10.0))


class LoudnessHistory:
    """All powers of a programme, in steps of 100 ms: 36 000 numbers an hour.

    Both measures are taken from complete windows only, each 100 ms after the one before.
    """

    def __init__(self) -> None:
        self._cells = np.zeros(0)
        self._tenths = np.zeros(_FIRST_CAPACITY)
        self._count = 0
        self._integrated = (0, -math.inf)
        self._range = (0, 0.0)

    def push(self, cells: NDArray[np.float64]) -> None:
        """Takes the mean powers of further cells of 10 ms."""
        cells = np.concatenate([self._cells, cells])
        whole = len(cells) - len(cells) % _CELLS_PER_TENTH
        self._cells = cells[whole:]
        if not whole:
            return
        starts = np.arange(0, whole, _CELLS_PER_TENTH)
        tenths = np.add.reduceat(cells[:whole], starts) / _CELLS_PER_TENTH
        count = self._count + len(tenths)
        if count > len(self._tenths):
            grown = np.zeros(max(count, 2 * len(self._tenths)))
            grown[: self._count] = self._tenths[: self._count]
            self._tenths = grown
        self._tenths[self._count : count] = tenths
        self._count = count

    def integrated_lufs(self) -> float:
        """Integrated loudness (BS.1770-4 annex 1, equations 3 to 7); -inf if nothing passes."""
        count = self._count
        if self._integrated[0] != count:
            self._integrated = (count, _integrated_lufs(self._windows(_TENTHS_PER_GATING_BLOCK)))
        return self._integrated[1]

    def range_lu(self) -> float:
        """Loudness range (EBU Tech 3342); 0.0 if nothing passes the gates."""
        count = self._count
        if self._range[0] != count:
            self._range = (count, _range_lu(self._windows(_TENTHS_PER_SHORT_TERM)))
        return self._range[1]

    def _windows(self, tenths: int) -> NDArray[np.float64]:
        """Mean powers of all windows of that many 100 ms."""
        powers = self._tenths[: self._count]
        if len(powers) < tenths:
            return np.zeros(0)
        return sliding(np.add, powers, tenths) / tenths


def _integrated_lufs(blocks: NDArray[np.float64]) -> float:
    audible = blocks[blocks > power_of(ABSOLUTE_GATE_LUFS)]
    if not len(audible):
        return -math.inf
    gate = float(audible.mean()) * 10.0 ** (INTEGRATED_GATE_LU / 10.0)
    return lufs(float(audible[audible > gate].mean()))


def _range_lu(windows: NDArray[np.float64]) -> float:
    audible = windows[windows >= power_of(ABSOLUTE_GATE_LUFS)]
    if not len(audible):
        return 0.0
    gate = float(audible.mean()) * 10.0 ** (RANGE_GATE_LU / 10.0)
    kept = np.sort(audible[audible >= gate])
    # Nearest rank, halves up, as in the document's own listing.
    low, high = (kept[math.floor((len(kept) - 1) * each / 100 + 0.5)] for each in RANGE_PERCENT)
    return lufs(float(high)) - lufs(float(low))
