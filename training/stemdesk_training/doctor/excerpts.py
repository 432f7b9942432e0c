"""The part of a signal that says most about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def loudest(samples: NDArray[Any], frames: int, steps: int) -> tuple[int, int]:
    """First frame and end of the stretch of so many frames with the most energy.

    Args:
        samples: ``[channels, frames]`` or ``[frames]``.
        frames: how long; a signal that is no longer is taken whole.
        steps: the stretch begins at a multiple of this fraction of its length.
    """
    total = samples.shape[-1]
    if total <= frames:
        return 0, total
    step = max(1, frames // steps)
    power = np.square(samples, dtype=np.float64).reshape(-1, total).sum(axis=0)
    sums = np.convolve(
        np.add.reduceat(power, np.arange(0, total, step)), np.ones(steps), mode="valid"
    )
    first = int(np.argmax(sums)) * step
    return first, min(total, first + frames)
