"""The slider: a lying bar, for the parameters of an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from stemdesk.ui.mixer.control import Control
from stemdesk.ui.theme import ROW_PX, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.mixer.handle import Handle

_CAP_PX = 12.0


class Slider(Control):
    """A value dragged sideways; filled from zero where the range crosses it.

    Args:
        handle: the parameter.
        name: for people.
        parent: the panel.
    """

    is_dragged_sideways = True

    def __init__(self, handle: Handle, name: str, parent: QWidget | None = None) -> None:
        super().__init__(handle, name, parent)
        self.setMinimumSize(72, ROW_PX)
        self.setMaximumHeight(ROW_PX)

    @property
    def drag_px(self) -> float:
        """The cap's way from left to right."""
        return max(1.0, self.width() - _CAP_PX - 4.0)

    @property
    def mark_place(self) -> QPointF:
        """Above the bar's right end."""
        return QPointF(self.width() - 2.0, 1.0)

    def paint(self, painter: QPainter) -> None:
        """Groove, filling, default, cap."""
        colours, parameter = theme(), self.handle.parameter
        middle = self.height() / 2
        start = parameter.to_travel(0.0) if parameter.minimum < 0 < parameter.maximum else 0.0
        ends = sorted((self._x(start), self._x(self.handle.travel)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.outline)
        painter.drawRoundedRect(
            QRectF(self._x(0.0), middle - 2, self._x(1.0) - self._x(0.0), 4), 2.0, 2.0
        )
        painter.setBrush(colours.accent)
        painter.drawRect(QRectF(ends[0], middle - 2, ends[1] - ends[0], 4))
        painter.setBrush(colours.dim)
        default = self._x(parameter.to_travel(parameter.default))
        painter.drawRect(QRectF(default - 0.5, middle + 5, 1.0, 4.0))
        painter.setPen(QPen(colours.dim, 1.0))
        painter.setBrush(colours.text if colours.is_dark else colours.panel)
        painter.drawEllipse(QPointF(self._x(self.handle.travel), middle), 5.5, 5.5)

    def _x(self, travel: float) -> float:
        return 2.0 + _CAP_PX / 2 + travel * self.drag_px
