"""The curve that a converter makes of samples, for views closer than a sample a pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 8  # samples on each side


def between(samples: NDArray[np.float32], places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Values at places between samples: band-limited, and exact at the samples themselves.

    Lanczos' window over a sinc of 16 samples, its weights made to sum to 1.

    Args:
        samples: `[channels, n]`.
        places: rising, in samples; what they need beyond the ends is taken as silence.

    Returns:
        `[channels, places]`.
    """
    base = np.floor(places).astype(np.int64)
    offsets = np.arange(1 - REACH, REACH + 1)
    distance = (places - base)[:, None] - offsets
    weights = np.sinc(distance) * np.sinc(distance / REACH)
    weights /= weights.sum(axis=1, keepdims=True)
    index = base[:, None] + offsets
    outside = (index < 0) | (index >= samples.shape[1])
    weights[outside] = 0.0
    near = samples[:, np.clip(index, 0, samples.shape[1] - 1)]
    curve: NDArray[np.float32] = np.einsum("cpt,pt->cp", near, weights).astype(np.float32)
    return curve
