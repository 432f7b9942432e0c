"""A job's state as a sign: a shape for each, not a colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPen

from stemdesk.jobs.job import JobState
from stemdesk.ui.icons import icon
from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

SIDE_PX = 16
_PICTURES = {JobState.FAILED: "warning", JobState.CANCELLED: "stop"}


class StateSign(Painted):
    """Shown only where there is something to say; while it works the bar says enough."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, "", parent)
        self._state = JobState.RUNNING
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.hide()

    def set_state(self, state: JobState) -> None:
        """Another state."""
        self._state = state
        self.setVisible(state.has_ended)
        self.update()

    def paint(self, painter: QPainter) -> None:
        """The sign."""
        if self._state is JobState.DONE:
            paint_tick(painter, QRect(0, 0, SIDE_PX, SIDE_PX))
        elif self._state in _PICTURES:
            icon(_PICTURES[self._state]).paint(painter, self.rect())


def paint_tick(painter: QPainter, place: QRect) -> None:
    """A tick in green."""
    painter.save()
    painter.translate(place.topLeft())
    painter.scale(place.width() / 24.0, place.height() / 24.0)
    painter.setPen(QPen(theme().good, 3.0))
    painter.drawLine(5, 13, 10, 18)
    painter.drawLine(10, 18, 19, 6)
    painter.restore()
