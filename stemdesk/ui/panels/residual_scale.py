"""The scale of both pictures of the residual, in dBFS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPen

from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.words import MINUS

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

FLOOR_DBFS = -150.0  # a step of 24 bits lies at -138 dBFS
LINES_DBFS = (0.0, -50.0, -100.0)
LEFT_PX = 40
TOP_PX = 8


def share(level_dbfs: float | None) -> float:
    """How high a level stands: 0 for silence and the floor, 1 for 0 dBFS."""
    if level_dbfs is None:
        return 0.0
    return min(1.0, max(0.0, 1.0 - level_dbfs / FLOOR_DBFS))


def paint_scale(painter: QPainter, plot: QRectF) -> None:
    """Lines across a plot, numbered on its left."""
    colours = theme()
    painter.setFont(text_font(SMALL_PX))
    for each in LINES_DBFS:
        y = plot.bottom() - plot.height() * share(each)
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawLine(QLineF(plot.left(), y, plot.right(), y))
        painter.setPen(colours.dim)
        room = QRectF(0, y - 7, plot.left() - 4, 14)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, right, f"{MINUS}{-each:.0f}" if each else "0")
    painter.setPen(QPen(colours.dim, 1.0))
    painter.drawLine(QLineF(plot.left(), plot.bottom(), plot.right(), plot.bottom()))
