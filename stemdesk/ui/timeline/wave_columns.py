"""One lane's picture for a range of pixel columns, from whatever its source has at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.peaks import Columns
from stemdesk.ui.timeline import raster
from stemdesk.ui.timeline.interpolation import REACH, between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.ui.timeline.sources import Peaks

SAMPLES_BELOW = 256.0  # frames a column: the pyramid's blocks would be wider
POINTS_FROM_PX = 5.0  # device-independent pixels a frame
_LINE_PX = 1.25


@dataclass(frozen=True)
class Look:
    """How a lane's waveform is drawn; another look means another picture.

    Attributes:
        frames_per_column: the zoom, a column being one pixel of the device.
        height: pixels of the device.
        gain: what values are multiplied with.
        is_split: a band for each channel rather than all in one.
        ratio: pixels of the device to a logical one.
    """

    frames_per_column: float
    height: int
    gain: float
    is_split: bool
    ratio: float


@dataclass(frozen=True)
class Picture:
    """Brightness of a range of columns.

    Attributes:
        pixels: uint8 `[height, columns]`.
        is_final: whether it was drawn from what it should be drawn from.
    """

    pixels: NDArray[np.uint8]
    is_final: bool


def draw(peaks: Peaks, look: Look, first: int, end: int) -> Picture:
    """Columns `first .. end`, counted from frame 0; empty where there is no song."""
    image = np.zeros((look.height, end - first), np.uint8)
    last = int(np.ceil(peaks.frames / look.frames_per_column))
    inside_first, inside_end = max(0, first), min(last, end)
    if inside_first >= inside_end:
        return Picture(image, is_final=True)
    pixels, is_final = _inside(peaks, look, inside_first, inside_end)
    image[:, inside_first - first : inside_end - first] = pixels
    return Picture(image, is_final)


def _inside(peaks: Peaks, look: Look, first: int, end: int) -> tuple[NDArray[np.uint8], bool]:
    if look.frames_per_column <= 1.0:
        pixels = _curve(peaks, look, first, end)
        if pixels is not None:
            return pixels, True
    elif look.frames_per_column < SAMPLES_BELOW:
        columns = _from_samples(peaks, look, first, end)
        if columns is not None:
            return _shape(columns, look), True
    # One column more on the left, to be joined with.
    zoom = look.frames_per_column
    columns = peaks.columns((first - 1) * zoom, end * zoom, end - first + 1)
    if first == 0:
        columns = _begun(columns)
    return _shape(columns, look), look.frames_per_column >= SAMPLES_BELOW


def _shape(columns: Columns, look: Look) -> NDArray[np.uint8]:
    if not look.is_split:
        columns = raster.summed(columns)
    return raster.waves(raster.scaled(columns, look.gain), look.height)


def _from_samples(peaks: Peaks, look: Look, first: int, end: int) -> Columns | None:
    edges = np.floor(np.arange(max(0, first - 1), end + 1) * look.frames_per_column)
    edges = np.minimum(edges, peaks.frames).astype(np.int64)
    samples = peaks.samples(int(edges[0]), int(edges[-1]))
    if samples is None:
        return None
    # The song's last column may be left without a sample of its own.
    edges[:-1] = np.minimum(edges[:-1], edges[-1] - 1)
    columns = raster.binned(samples, np.maximum.accumulate(edges) - edges[0])
    return _doubled(columns) if first == 0 else columns


def _curve(peaks: Peaks, look: Look, first: int, end: int) -> NDArray[np.uint8] | None:
    zoom = look.frames_per_column
    places = np.arange(first, end + 1, dtype=np.float64) * zoom
    begin = max(0, int(places[0]) - REACH)
    samples = peaks.samples(begin, min(peaks.frames, int(places[-1]) + REACH + 2))
    if samples is None:
        return None
    if not look.is_split:
        samples = samples.mean(axis=0, keepdims=True)
    samples = samples * np.float32(look.gain)
    curve = between(samples, places - begin)
    pixels = raster.stroke(curve, look.height, _LINE_PX * look.ratio)
    if 1.0 / zoom >= POINTS_FROM_PX * look.ratio:
        _dot(pixels, samples, (begin / zoom - first, 1.0 / zoom), look.ratio)
    return pixels


def _dot(
    pixels: NDArray[np.uint8],
    samples: NDArray[np.float32],
    scale: tuple[float, float],
    ratio: float,
) -> None:
    """A square at each sample; `scale` is the first one's column and the columns a sample."""
    height, width = pixels.shape
    half = max(1, round(1.5 * ratio))
    columns = np.rint(scale[0] + np.arange(samples.shape[1]) * scale[1]).astype(int)
    seen = (columns >= -half) & (columns < width + half)
    for values, (top, bottom) in zip(samples, raster.bands(len(samples), height), strict=True):
        rows = top + raster.to_px(values[seen], bottom - top).astype(int)
        for right in range(-half, half + 1):
            across = columns[seen] + right
            inside = (across >= 0) & (across < width)
            for down in range(-half, half + 1):
                row = np.clip(rows + down, top, bottom - 1)
                pixels[row[inside], across[inside]] = raster.BODY


def _begun(columns: Columns) -> Columns:
    """Without the empty column before the song, which nothing should be joined to."""
    return _doubled(Columns(columns.low[:, 1:], columns.high[:, 1:], columns.rms[:, 1:]))


def _doubled(columns: Columns) -> Columns:
    low, high, rms = (
        np.concatenate((each[:, :1], each), axis=1)
        for each in (columns.low, columns.high, columns.rms)
    )
    return Columns(low, high, rms)
