"""The closure: what makes the null exact.

Every stem but one is rounded to the grid of the file it goes into; the closing stem is the
mixture minus the others, in float64, where all of these numbers and their sums are exact. As long
as partial sums stay below 2, float32 adds them exactly too, in any order.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.float64]


def to_grid(samples: Block, grid_bits: int) -> Block:
    """Round to multiples of ``2**-grid_bits``, ties to even."""
    scale = 2.0**grid_bits
    return np.asarray(np.rint(samples * scale) / scale)


def close(mixture: Block, stems: list[Block], grid_bits: int) -> list[Block]:
    """Round ``stems`` to the grid and append the closing stem.

    Args:
        mixture: ``[channels, frames]``.
        stems: every stem but the closing one, same shape.
        grid_bits: fractional bits of the output, 23 for 24-bit and float files.

    Returns:
        The rounded stems and, last, ``mixture - sum(stems)``.
    """
    closed = _close_on(mixture, stems, grid_bits)
    while grid_bits > COARSEST_BITS and _largest_partial_sum(closed) >= 2.0 ** (24 - grid_bits):
        # From 2 on a float32 has 22 fractional bits left, from 4 on 21, and so forth.
        grid_bits -= 1
        closed = _close_on(mixture, stems, grid_bits)
    return closed


COARSEST_BITS = 15  # the grid of a 16-bit mixture: no coarser one would make sums exact


def _close_on(mixture: Block, stems: list[Block], grid_bits: int) -> list[Block]:
    rounded = [to_grid(stem, grid_bits) for stem in stems]
    rest = mixture.copy()
    for stem in rounded:
        rest -= stem
    return [*rounded, rest]


def _largest_partial_sum(stems: list[Block]) -> float:
    """Largest magnitude that a sum over any subset of the stems reaches, at any frame."""
    if not stems[0].size:
        return 0.0
    positive = sum(np.maximum(stem, 0) for stem in stems)
    negative = sum(np.maximum(-stem, 0) for stem in stems)
    return float(max(np.max(positive), np.max(negative)))
