"""The closure: what makes the null exact.

Every stem but one is rounded to the grid of the file it goes into; the closing stem is the
mixture minus the others, in float64, where all of these numbers and their sums are exact. As long
as partial sums stay below 2, float32 holds every stem on the 2^-23 grid and adds them exactly
too, in any order. So they are kept below 2: where the parts of a mixture within full scale would
add up to more, which no real separation does for more than a stray frame, all of them are drawn
towards equal shares of the mixture until they do not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[np.float64]

FLOAT32_BITS = 24  # of a significand
COARSEST_BITS = 15  # the grid of a 16-bit mixture: no coarser one would make sums exact


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
    if grid_bits < FLOAT32_BITS:
        grid_bits = _held_bits(mixture, len(stems), grid_bits)
        stems = _limited(mixture, stems, _limit(grid_bits, len(stems)))
    rounded = [to_grid(stem, grid_bits) for stem in stems]
    rest = mixture.copy()
    for stem in rounded:
        rest -= stem
    return [*rounded, rest]


def unclosed(stems: list[Block], grid_bits: int) -> list[Block]:
    """All stems, each as it was estimated, rounded to the grid: the reconstruction of the papers.

    Args:
        stems: every stem, the closing one last.
        grid_bits: fractional bits of the output.
    """
    return [to_grid(stem, grid_bits) for stem in stems]


def _limit(grid_bits: int, stems: int) -> float:
    """What partial sums may reach so that they are below a float32's range even once rounded."""
    return float(2.0 ** (FLOAT32_BITS - grid_bits) - (stems + 1) * 2.0**-grid_bits)


def _held_bits(mixture: Block, stems: int, grid_bits: int) -> int:
    """Fractional bits that a float32 has left at the mixture's level: 23 below 2, 22 below 4."""
    level = float(np.max(np.abs(mixture), initial=0.0))
    while grid_bits > COARSEST_BITS and level >= _limit(grid_bits, stems):
        grid_bits -= 1
    return grid_bits


def _limited(mixture: Block, stems: list[Block], limit: float) -> list[Block]:
    """The stems, such that no sum over any of them and the closing stem exceeds ``limit``.

    The largest such sum is that of the positive parts, or of the negative ones; along the way
    from the stems to equal shares of the mixture it falls at least as fast as a straight line.
    """
    parts = [*stems, mixture - sum(stems)]
    keep = np.ones_like(mixture)
    for sign in (1.0, -1.0):
        shared = np.maximum(sign * mixture, 0.0)
        reached = sum((np.maximum(sign * part, 0.0) for part in parts), np.zeros_like(mixture))
        # A float mixture beyond every grid is left its own level twice over.
        room = np.where(shared < limit, limit - shared, shared)
        over = reached - shared
        np.minimum(keep, np.divide(room, over, out=np.ones_like(over), where=over > room), out=keep)
    if (keep == 1.0).all():
        return stems
    share = mixture / len(parts)
    return [np.where(keep < 1.0, share + keep * (stem - share), stem) for stem in stems]
