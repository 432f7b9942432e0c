"""The head of a strip: its name over a line in its lane's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from stemdesk.ui.theme import ROW_PX, TEXT_PX, text_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent


class StripName(QWidget):
    """See the module.

    Args:
        title: for people.
        lane: the stem.
        parent: the strip.
    """

    def __init__(self, title: str, lane: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._lane = title, lane
        self.setObjectName(f"name:{lane}")
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setFixedHeight(ROW_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The name."""
        return QSize(QFontMetrics(self._font()).horizontalAdvance(self._title) + 8, ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """Name and line."""
        painter, colours = QPainter(self), theme()
        painter.setFont(self._font())
        painter.setPen(colours.text)
        words = self.rect().adjusted(0, 0, 0, -3)
        title = QFontMetrics(painter.font()).elidedText(
            self._title, Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, title)
        painter.fillRect(QRectF(0, self.height() - 3, self.width(), 3), colours.lane(self._lane))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    @staticmethod
    def _font() -> QFont:
        font = text_font(TEXT_PX)
        font.setBold(True)
        return font
