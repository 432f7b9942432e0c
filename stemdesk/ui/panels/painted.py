"""What every painted widget of the panels does alike: follow the theme, show the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from stemdesk.ui.ring import paint_ring

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Painted(QWidget):
    """A widget painted by its subclass, anew whenever the theme changes.

    Args:
        name: object name.
        told: accessible name.
        parent: the panel.
    """

    def __init__(self, name: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(told)

    def paint(self, painter: QPainter) -> None:
        """Paint the contents; antialiasing is on, the focus ring follows."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Contents and focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)
