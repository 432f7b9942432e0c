"""The focus ring of what paints itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

RING_PX = 2.0


def paint_ring(painter: QPainter, around: QRectF) -> None:
    """Just inside a rectangle, parted by the ground from what may be lit in the same colour."""
    colours, half = theme(), RING_PX / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours.background, 1.0))
    inner = RING_PX + 0.5
    painter.drawRoundedRect(around.adjusted(inner, inner, -inner, -inner), 2.0, 2.0)
    painter.setPen(QPen(colours.accent, RING_PX))
    painter.drawRoundedRect(around.adjusted(half, half, -half, -half), 3.0, 3.0)
