"""A stem that is ticked or not, in its lane's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QCheckBox

from stemdesk.ui.panels.state_sign import paint_tick
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import GRID_PX, TARGET_PX, text_font, theme
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent

BOX_PX = 16


class StemBox(QCheckBox):
    """See the module.

    Args:
        stem: which.
    """

    def __init__(self, stem: str) -> None:
        super().__init__(lane_title(stem))
        self._stem = stem
        self.setObjectName(f"export:{stem}")
        self.setFont(text_font())
        self.setMinimumHeight(TARGET_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The box and the name."""
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(2 * GRID_PX + BOX_PX + GRID_PX + width, TARGET_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All of it."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        """All of it takes the click."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """A box in the lane's colour, the tick, the name."""
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(GRID_PX, (self.height() - BOX_PX) // 2, BOX_PX, BOX_PX)
        painter.setPen(QPen(colours.lane(self._stem), 1.5))
        painter.setBrush(colours.background)
        painter.drawRoundedRect(QRectF(box).adjusted(0.75, 0.75, -0.75, -0.75), 3.0, 3.0)
        if self.isChecked():
            paint_tick(painter, box.adjusted(1, 1, -1, -1))
        painter.setPen(colours.text if self.isEnabled() else colours.dim)
        name = self.rect().adjusted(2 * GRID_PX + BOX_PX, 0, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))
