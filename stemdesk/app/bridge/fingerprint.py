"""What a mixture was, in one number for 4096 frames: the plug-in sees when a track has changed.

Each block is projected on one fixed sequence of signs. The projection is linear, so that of a
mixture is the sum of those of its stems; and it keeps distances (Johnson and Lindenstrauss, 1984):
two blocks whose numbers are close are close themselves, all but surely.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_FRAMES = 4096


def fingerprint(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """The projections `[channels, blocks]` of samples `[channels, frames]`; a rest is left out."""
    channels, frames = samples.shape
    blocks = frames // BLOCK_FRAMES
    cut = samples[:, : blocks * BLOCK_FRAMES].reshape(channels, blocks, BLOCK_FRAMES)
    return cut.astype(np.float64) @ _signs()


@cache
def _signs() -> NDArray[np.float64]:
    # The generator of Numerical Recipes (Press et al., 1992, section 7.1), top bit.
    signs = np.empty(BLOCK_FRAMES)
    state = 1
    for place in range(BLOCK_FRAMES):
        state = (state * 1_664_525 + 1_013_904_223) % (1 << 32)
        signs[place] = 1.0 if state >> 31 else -1.0
    return signs
