"""The shape of every fade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fade_in(frames: int) -> NDArray[np.float32]:
    """Gains `[frames]` from 0 to 1, half a cosine: it and `1 - fade_in` have equal gain."""
    phases = np.pi * (np.arange(frames) + 0.5) / max(frames, 1)
    return (0.5 - 0.5 * np.cos(phases)).astype(np.float32)
