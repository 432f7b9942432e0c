"""Dots that tell which of a few steps one is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from stemdesk.ui.panels.painted import Painted
from stemdesk.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

PITCH_PX = 16


class StepDots(Painted):
    """See the module."""

    def __init__(self, steps: int) -> None:
        super().__init__("steps", "")
        self._steps, self._step = steps, 0
        self.setFixedSize(PITCH_PX * steps, PITCH_PX)
        self.set_step(0)

    def set_step(self, step: int) -> None:
        """Counted from 0."""
        self._step = step
        self.setAccessibleName(self.tr("Step {0} of {1}").format(step + 1, self._steps))
        self.update()

    def paint(self, painter: QPainter) -> None:
        """A large dot for the present step, small ones for the others."""
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(self._steps):
            is_here = place == self._step
            painter.setBrush(theme().accent if is_here else theme().dim)
            radius = 4.5 if is_here else 3.0
            painter.drawEllipse(QPointF((place + 0.5) * PITCH_PX, PITCH_PX / 2), radius, radius)
