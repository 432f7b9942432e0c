"""Progress as a thin line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QSizePolicy

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

HEIGHT_PX = 6


class ProgressLine(Painted):
    """See the module.

    Args:
        name: object name.
        told: accessible name.
        parent: the row.
    """

    def __init__(self, name: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(name, told, parent)
        self._fraction, self._rests = 0.0, False
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fraction(self, fraction: float, *, rests: bool = False) -> None:
        """How far it is, 0 to 1; what rests is dim."""
        fraction = min(1.0, max(0.0, fraction))
        if (fraction, rests) != (self._fraction, self._rests):
            self._fraction, self._rests = fraction, rests
            self.setAccessibleDescription(f"{100 * fraction:.0f} %")
            self.update()

    def paint(self, painter: QPainter) -> None:
        """A groove, and what is done of it."""
        colours = theme()
        groove = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(groove, 3.0, 3.0)
        if self._fraction > 0.0:
            done = QRectF(groove)
            done.setWidth(max(HEIGHT_PX, groove.width() * self._fraction))
            painter.setBrush(colours.dim if self._rests else colours.accent)
            painter.drawRoundedRect(done, 3.0, 3.0)
