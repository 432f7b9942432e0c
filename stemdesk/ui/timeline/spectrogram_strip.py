"""A lane's spectrogram as kept tiles on a fixed grid of the song."""

from __future__ import annotations

import math
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPixmap

from stemdesk.ui.theme import theme
from stemdesk.ui.timeline.strip import coloured, premultiplied

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.ui.timeline.sources import Tiles
    from stemdesk.ui.timeline.wave_columns import Look

TILE_COLUMNS = 256
_KEPT = 48  # a 4K screen twice over


class SpectrogramStrip:
    """Keeps tiles of one zoom.

    Attributes:
        is_waiting: whether some tile was still being made when last asked for.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._kept: OrderedDict[int, QPixmap] = OrderedDict()
        self.is_waiting = False

    def tiles(
        self, source: Tiles, look: Look, colour: QColor, first: int, width: int
    ) -> Iterator[tuple[int, QPixmap | None]]:
        """Columns `first .. first + width`, in tiles: the column each begins at, and its picture.

        A picture is None while it is being made.
        """
        key = (source, look, colour.rgba(), theme().is_dark)
        if key != self._key:
            self._key = key
            self._kept.clear()
        self.is_waiting = False
        for number in range(first // TILE_COLUMNS, math.ceil((first + width) / TILE_COLUMNS)):
            yield number * TILE_COLUMNS, self._tile(source, look, colour, number)

    def forget(self) -> None:
        """Ask for everything anew."""
        self._key = ()

    def _tile(self, source: Tiles, look: Look, colour: QColor, number: int) -> QPixmap | None:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        frames = TILE_COLUMNS * look.frames_per_column
        first = number * frames
        pixels = source.tile(first, first + frames, TILE_COLUMNS, look.height)
        if pixels is None:
            self.is_waiting = True
            return None
        table = _heat(colour.rgba(), 1.0 if theme().is_dark else 0.0)
        pixmap = QPixmap.fromImage(coloured(pixels, table))
        pixmap.setDevicePixelRatio(look.ratio)
        self._kept[number] = pixmap
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return pixmap


@cache
def _heat(rgba: int, end: float) -> NDArray[np.uint32]:
    """From nothing over the lane's colour to white, or to black on light ground."""
    colour, table = QColor.fromRgba(rgba), []
    for level in range(256):
        share = level / 255
        heat = max(0.0, share - 0.6) / 0.4
        red, green, blue = (
            part + (end - part) * heat for part in (colour.redF(), colour.greenF(), colour.blueF())
        )
        table.append(QColor.fromRgbF(red, green, blue, min(1.0, share / 0.6)))
    return premultiplied(table)
