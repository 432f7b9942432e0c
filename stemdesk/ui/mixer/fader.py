"""The level fader: a cap on a groove, beside a scale in dB."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from stemdesk.mixing.parameters import fader_travel
from stemdesk.ui.mixer.control import Control
from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.words import MINUS

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.mixer.handle import Handle

TICKS_DB = (12.0, 9.0, 6.0, 3.0, 0.0, -3.0, -6.0, -10.0, -15.0, -20.0, -30.0, -40.0, -60.0)
# Which ticks are named first where there is little room.
_NAMED_DB = (0.0, 12.0, -math.inf, -20.0, 6.0, -6.0, -40.0, -10.0, -60.0, -30.0, -3.0, 3.0, -15.0)
_CAP_WIDTH_PX, _CAP_HEIGHT_PX = 24.0, 32.0
_MARGIN_PX = 2.0


class Fader(Control):
    """A level on the mixer's taper: -inf at the bottom, 0 dB at three quarters, +12 dB on top.

    Args:
        handle: a parameter with the taper `FADER`.
        name: for people.
        lane: whose colour the cap's line has: a stem, or `master`.
        parent: the strip.
    """

    def __init__(
        self, handle: Handle, name: str, lane: str = "master", parent: QWidget | None = None
    ) -> None:
        self._lane = lane
        super().__init__(handle, name, parent)
        self.setMinimumSize(48, 88)

    @property
    def drag_px(self) -> float:
        """The cap's way from bottom to top."""
        return max(1.0, self._bottom - self._top)

    @property
    def cap(self) -> QRectF:
        """Where the cap is, in this widget."""
        return QRectF(
            self._middle - _CAP_WIDTH_PX / 2,
            self._y(self.handle.value) - _CAP_HEIGHT_PX / 2,
            _CAP_WIDTH_PX,
            _CAP_HEIGHT_PX,
        )

    @property
    def mark_place(self) -> QPointF:
        """At the scale's top left, where no tick is."""
        return QPointF(18.0, 1.0)

    def paint(self, painter: QPainter) -> None:
        """Scale, groove, cap."""
        self._paint_scale(painter)
        colours = theme()
        groove = QRectF(self._middle - 2.0, self._top, 4.0, self._bottom - self._top)
        painter.setPen(QPen(colours.outline, 1.0))
        painter.setBrush(colours.background)
        painter.drawRoundedRect(groove, 2.0, 2.0)
        self._paint_cap(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        colours = theme()
        font = text_font(SMALL_PX)
        painter.setFont(font)
        height = QFontMetricsF(font).height() - 2.0
        taken: list[float] = []
        right = self._middle - 6.0
        for level_db in (*TICKS_DB, -math.inf):
            y = round(self._y(level_db)) + 0.5
            painter.setPen(QPen(colours.dim if level_db == 0 else colours.line, 1.0))
            reach = 5.0 if level_db == 0 else 3.0
            painter.drawLine(QLineF(right - reach, y, right, y))
            painter.drawLine(QLineF(2 * self._middle - right, y, 2 * self._middle - right + 3, y))
        painter.setPen(colours.dim)
        for level_db in _NAMED_DB:
            y = self._y(level_db)
            if all(abs(y - other) >= height for other in taken):
                taken.append(y)
                place = QRectF(0.0, y - height / 2, right - 7.0, height)
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, int(flags | Qt.TextFlag.TextDontClip), _tick_text(level_db))

    def _paint_cap(self, painter: QPainter) -> None:
        colours, cap = theme(), self.cap
        body = QColor(colours.line if colours.is_dark else colours.raised)
        if self.handle.is_held:
            body = body.lighter(125) if colours.is_dark else body.darker(108)
        painter.setPen(QPen(colours.dim, 1.0))
        painter.setBrush(body)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)
        middle = cap.center().y()
        painter.setPen(QPen(colours.dim, 1.0))
        for away in (-10.0, -6.0, 6.0, 10.0):
            painter.drawLine(QLineF(cap.left() + 6, middle + away, cap.right() - 6, middle + away))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.lane(self._lane))
        painter.drawRect(QRectF(cap.left() + 2.0, middle - 1.0, cap.width() - 4.0, 2.0))

    @property
    def _top(self) -> float:
        return _CAP_HEIGHT_PX / 2 + _MARGIN_PX

    @property
    def _bottom(self) -> float:
        return self.height() - _CAP_HEIGHT_PX / 2 - _MARGIN_PX

    @property
    def _middle(self) -> float:
        return self.width() - _CAP_WIDTH_PX / 2 - _MARGIN_PX

    def _y(self, level_db: float) -> float:
        return self._bottom - fader_travel(level_db) * (self._bottom - self._top)


def _tick_text(level_db: float) -> str:
    return f"{MINUS}\N{INFINITY}" if level_db == -math.inf else f"{abs(level_db):.0f}"
