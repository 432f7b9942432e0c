"""The knob: an arc from its default to where it stands, and a pointer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from stemdesk.ui.mixer.control import Control
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.mixer.handle import Handle

KNOB_PX = 32
_SWEEP_DEGREES = 270.0


class Knob(Control):
    """A value turned by dragging up and down.

    Args:
        handle: the parameter.
        name: for people.
        parent: the panel.
    """

    def __init__(self, handle: Handle, name: str, parent: QWidget | None = None) -> None:
        super().__init__(handle, name, parent)
        self.setFixedSize(KNOB_PX, KNOB_PX)

    def paint(self, painter: QPainter) -> None:
        """Track, arc, pointer."""
        colours = theme()
        ring = QRectF(self.rect()).adjusted(5.0, 5.0, -5.0, -5.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.raised)
        painter.drawEllipse(ring.adjusted(2.0, 2.0, -2.0, -2.0))
        self._paint_arc(painter, ring, 0.0, 1.0, QPen(colours.outline, 3.0))
        parameter, travel = self.handle.parameter, self.handle.travel
        start = parameter.to_travel(parameter.default) if parameter.minimum < 0 else 0.0
        if travel != start:
            self._paint_arc(painter, ring, start, travel, QPen(colours.accent, 3.0))
        angle = math.radians((travel - 0.5) * _SWEEP_DEGREES)
        out = QPointF(math.sin(angle), -math.cos(angle))
        painter.setPen(QPen(colours.text, 2.0))
        painter.drawLine(
            QLineF(ring.center() + out * 2.0, ring.center() + out * (ring.width() / 2 - 2.5))
        )

    def _paint_arc(
        self, painter: QPainter, ring: QRectF, first: float, last: float, pen: QPen
    ) -> None:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Qt counts sixteenths of a degree from three o'clock, against the clock.
        start = 90.0 - (first - 0.5) * _SWEEP_DEGREES
        painter.drawArc(ring, round(16 * start), round(-16 * (last - first) * _SWEEP_DEGREES))
