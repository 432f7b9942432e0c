"""What the ruler's lines are, written left of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from stemdesk.ui.theme import SMALL_PX, text_font, theme
from stemdesk.ui.timeline.ruler import LINE_PX

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from stemdesk.ui.timeline.ruler import Ruler


class Corner(QWidget):
    """Left of the ruler.

    Args:
        ruler: whose lines it names.
        parent: the timeline.
    """

    def __init__(self, ruler: Ruler, parent: QWidget) -> None:
        super().__init__(parent)
        self._ruler = ruler
        self.setObjectName("timelineCorner")
        self.setAccessibleName(self.tr("Lines of the ruler"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A word a line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().panel)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), theme().line)
        words = {
            "markers": self.tr("Markers"),
            "bars": self.tr("Bars"),
            "time": self.tr("Time, loop"),
        }
        painter.setFont(text_font(SMALL_PX))
        painter.setPen(theme().dim)
        for number, line in enumerate(self._ruler.lines()):
            box = QRect(12, number * LINE_PX, self.width() - 20, LINE_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words[line])
