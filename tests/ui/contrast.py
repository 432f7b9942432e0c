"""Contrast as the Web Content Accessibility Guidelines 2.2 define it."""

from __future__ import annotations

import numpy as np


def luminance(colours):
    """Relative luminance of sRGB values 0 to 1, `[..., 3]`."""
    values = np.asarray(colours, np.float64)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """1 to 21, of colours or of pictures of equal size."""
    levels = np.stack([luminance(one), luminance(other)]) + 0.05
    return levels.max(axis=0) / levels.min(axis=0)


def of(colour):
    """A QColor's values."""
    return colour.redF(), colour.greenF(), colour.blueF()
