"""Waveforms as brightness: peaks at 60 %, the RMS body solid, edges smoothed by coverage."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.peaks import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Samples = NDArray[np.float32]
    Edge = NDArray[np.floating]

OUTLINE = 153  # 60 % of 255
BODY = 255
_UNITS = 32  # a pixel's height is cut in so many; 16 bits hold 1023 pixels
_MOST_PX = 1000.0


def waves(columns: Columns, height: int) -> Pixels:
    """The channels of a lane one below the other, each in a band of its own.

    Args:
        columns: with one column more on the left than is drawn, so that what falls steeply
            between two columns is joined.
        height: pixels, shared equally by the channels.

    Returns:
        Brightness uint8 `[height, columns - 1]`.
    """
    channels, count = columns.low.shape
    image = np.zeros((height, count - 1), np.uint8)
    for channel, (top, bottom) in enumerate(bands(channels, height)):
        low, high = columns.low[channel], columns.high[channel]
        image[top:bottom] = _band(
            np.minimum(low[1:], high[:-1]),
            np.maximum(high[1:], low[:-1]),
            columns.rms[channel, 1:],
            bottom - top,
        )
    return image


def stroke(curve: Samples, height: int, thickness: float) -> Pixels:
    """A line through one value a column, `[channels, columns + 1]`, each channel in its band."""
    channels, count = curve.shape
    image = np.zeros((height, count - 1), np.uint8)
    for channel, (top, bottom) in enumerate(bands(channels, height)):
        y = to_px(curve[channel], bottom - top)
        upper = np.minimum(y[1:], y[:-1]) - thickness / 2
        lower = np.maximum(y[1:], y[:-1]) + thickness / 2
        cover = _cover(upper, lower, bottom - top)
        image[top:bottom] = (cover * (BODY // _UNITS)).astype(np.uint8)
    return image


def bands(channels: int, height: int) -> list[tuple[int, int]]:
    """Top and bottom of each channel's band."""
    edges = [round(height * number / channels) for number in range(channels + 1)]
    return list(pairwise(edges))


def to_px(values: Samples, height: float) -> Samples:
    """Where values lie in a band; full scale keeps half a pixel from the edges."""
    half = height / 2
    return (half - np.clip(values, -1.0, 1.0) * (half - 0.5)).astype(np.float32)


def summed(columns: Columns) -> Columns:
    """All channels in one: the outermost of the peaks, the mean of the powers."""
    return Columns(
        columns.low.min(axis=0, keepdims=True),
        columns.high.max(axis=0, keepdims=True),
        np.sqrt(np.mean(np.square(columns.rms), axis=0, keepdims=True)),
    )


def scaled(columns: Columns, gain: float) -> Columns:
    """Louder by a factor."""
    if gain == 1.0:
        return columns
    return Columns(columns.low * gain, columns.high * gain, columns.rms * gain)


def binned(samples: Samples, edges: NDArray[np.int64]) -> Columns:
    """Columns straight from samples.

    Args:
        samples: `[channels, n]`, with at least one sample in each column.
        edges: columns + 1 places in them, rising.
    """
    part, bounds = samples[:, : edges[-1]], edges[:-1]
    power = np.add.reduceat(np.square(part), bounds, axis=1)
    return Columns(
        np.minimum.reduceat(part, bounds, axis=1),
        np.maximum.reduceat(part, bounds, axis=1),
        np.sqrt(power / np.maximum(1, np.diff(edges))),
    )


def _band(low: Samples, high: Samples, rms: Samples, height: int) -> Pixels:
    upper, lower = to_px(high, height), to_px(low, height)
    thin = np.maximum(0.0, 1.0 - (lower - upper)) / 2  # silence is a line one pixel high
    peaks = _cover(upper - thin, lower + thin, height)
    inner = to_px(np.minimum(rms, high), height), to_px(np.maximum(-rms, low), height)
    body = _cover(*inner, height)
    peaks *= OUTLINE
    body *= BODY - OUTLINE
    peaks += body
    peaks //= _UNITS
    return peaks.astype(np.uint8)


def _cover(upper: Edge, lower: Edge, height: int) -> NDArray[np.int16]:
    """How much of each pixel lies between two edges, 0..32, `[height, columns]`.

    In 16-bit integers, which is twice as fast as in floats.
    """
    bottoms = ((np.arange(height, dtype=np.int16) + 1) * _UNITS)[:, None]
    top = np.rint(np.clip(upper, -1.0, _MOST_PX) * _UNITS).astype(np.int16)
    end = np.rint(np.clip(np.maximum(lower, upper), -1.0, _MOST_PX) * _UNITS).astype(np.int16)
    cover: NDArray[np.int16] = np.clip(bottoms - top, 0, _UNITS)
    cover -= np.clip(bottoms - end, 0, _UNITS)
    return cover
