"""A thin level meter for a lane's header."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

LOWEST_DB, HIGHEST_DB = -60.0, 6.0
HEIGHT_PX = 4


class MeterLine(QWidget):
    """Peak as a bar in the lane's colour, RMS brighter within it, red above full scale.

    Args:
        lane: whose colour it has.
        parent: the lane's header.
    """

    def __init__(self, lane: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._lane = lane
        self._peak_db = self._rms_db = -math.inf
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Level meter"))

    def show_level(self, peak_db: float, rms_db: float) -> None:
        """Show what sounds now, in dBFS; repaints only if a pixel changes."""
        old = (self._x(self._peak_db), self._x(self._rms_db))
        self._peak_db, self._rms_db = peak_db, rms_db
        if old != (self._x(peak_db), self._x(rms_db)):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """The groove, the peak, the RMS."""
        colours, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), colours.background)
        peak, rms, full = self._x(self._peak_db), self._x(self._rms_db), self._x(0.0)
        colour = colours.lane(self._lane)
        painter.setOpacity(0.5)
        painter.fillRect(QRectF(0, 0, peak, self.height()), colour)
        painter.setOpacity(1.0)
        painter.fillRect(QRectF(0, 0, rms, self.height()), colour)
        if peak > full:
            painter.fillRect(QRectF(full, 0, peak - full, self.height()), colours.alarm)

    def _x(self, level_db: float) -> int:
        share = (max(LOWEST_DB, min(HIGHEST_DB, level_db)) - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB)
        return round(share * self.width())
