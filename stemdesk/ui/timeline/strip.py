"""A lane's waveform as a kept pixmap: scrolling shifts it and draws only what is new."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QRegion, Qt

from stemdesk.audio.peaks import BASE_FRAMES
from stemdesk.ui.timeline import wave_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from stemdesk.ui.timeline.sources import Peaks
    from stemdesk.ui.timeline.spans import Spans
    from stemdesk.ui.timeline.wave_columns import Look


class Strip:
    """Keeps the columns that are in view.

    Attributes:
        drawn_columns: how many have been drawn so far, for those who measure.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self._first, self._zoom = 0, 1.0
        self._is_final = True
        self._stale: list[tuple[int, int]] = []
        self.drawn_columns = 0

    def pixmap(self, peaks: Peaks, look: Look, colour: QColor, first: int, width: int) -> QPixmap:
        """Columns `first .. first + width` of the song; one a pixel of the device."""
        key = (peaks, look, colour.rgba(), width)
        if key != self._key:
            self._key, self._zoom = key, look.frames_per_column
            self._pixmap = QPixmap(width, look.height)
            self._pixmap.fill(Qt.GlobalColor.transparent)  # so that it can be seen through
            self._first, self._is_final = first, True
            self._stale.clear()
            self._draw(peaks, look, colour, 0, width)
        elif first != self._first:
            self._shift(peaks, look, colour, first)
        for begin, end in self._stale:
            here, there = max(0, begin - first), min(width, end - first)
            if here < there:
                self._draw(peaks, look, colour, here, there)
        self._stale.clear()
        return self._pixmap

    def forget(self, spans: Spans) -> bool:
        """Draw anew what lies in some spans; whether any of it is in view."""
        reach = 2 + math.ceil(BASE_FRAMES / self._zoom)  # a block colours its neighbours
        width = self._pixmap.width()
        seen = False
        for span in spans:
            begin = max(self._first, math.floor(span.first_frame / self._zoom) - reach)
            end = min(self._first + width, math.ceil(span.end_frame / self._zoom) + reach)
            if begin < end:
                self._stale.append((begin, end))
                seen = True
        return seen

    def retry(self) -> bool:
        """Draw anew if better data was not at hand the last time; whether it was so."""
        if self._is_final:
            return False
        self._key, self._is_final = (), True
        return True

    def _shift(self, peaks: Peaks, look: Look, colour: QColor, first: int) -> None:
        width = self._pixmap.width()
        by = self._first - first
        self._first = first
        if abs(by) >= width:
            self._is_final = True
            self._draw(peaks, look, colour, 0, width)
            return
        self._pixmap.scroll(by, 0, QRect(0, 0, width, look.height), QRegion())
        begin, end = (0, by) if by > 0 else (width + by, width)
        self._draw(peaks, look, colour, begin, end)

    def _draw(self, peaks: Peaks, look: Look, colour: QColor, begin: int, end: int) -> None:
        picture = wave_columns.draw(peaks, look, self._first + begin, self._first + end)
        self._is_final = self._is_final and picture.is_final
        self.drawn_columns += end - begin
        self._pixmap.setDevicePixelRatio(1.0)  # columns are pixels of the device here
        painter = QPainter(self._pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(begin, 0, tinted(picture.pixels, colour))
        painter.end()
        self._pixmap.setDevicePixelRatio(look.ratio)


def tinted(pixels: NDArray[np.uint8], colour: QColor) -> QImage:
    """Brightness as opacity of one colour."""
    return coloured(pixels, _opacities(colour.rgba()))


def coloured(pixels: NDArray[np.uint8], table: NDArray[np.uint32]) -> QImage:
    """Pixels through a table of 256 premultiplied colours.

    In the screen's own format: Qt draws indexed images ten times as slowly.
    """
    height, width = pixels.shape
    mapped = np.take(table, pixels, mode="clip")
    image_format = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(mapped.data, width, height, 4 * width, image_format)


def premultiplied(colours: Iterable[QColor]) -> NDArray[np.uint32]:
    """A table for :func:`coloured`."""
    rows = [
        (c.alpha(), *(round(part * c.alphaF()) for part in (c.red(), c.green(), c.blue())))
        for c in colours
    ]
    parts = np.array(rows, np.uint32)
    table: NDArray[np.uint32] = parts @ np.array([1 << 24, 1 << 16, 1 << 8, 1], np.uint32)
    return table


@cache
def _opacities(rgba: int) -> NDArray[np.uint32]:
    colours = [QColor.fromRgba(rgba) for _ in range(256)]
    for opacity, colour in enumerate(colours):
        colour.setAlpha(opacity)
    return premultiplied(colours)
