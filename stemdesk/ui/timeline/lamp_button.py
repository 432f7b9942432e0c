"""A lettered button that is lit while on: mute, solo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from stemdesk.ui.own_keys import OwnSpace
from stemdesk.ui.theme import SMALL_PX, TARGET_PX, text_font, theme
from stemdesk.ui.timeline.overlay_painting import INK

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QPaintEvent


class LampButton(OwnSpace, QAbstractButton):
    """Shows what the document says; a click only asks.

    Args:
        letter: on it.
        colour: of the lamp, asked anew in every paint.
        parent: a lane's header.
    """

    def __init__(self, letter: str, colour: Callable[[], QColor], parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setText(letter)
        self.setCheckable(True)
        self.setFixedSize(TARGET_PX, TARGET_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def nextCheckState(self) -> None:  # noqa: N802
        """The document decides."""

    def sizeHint(self) -> QSize:  # noqa: N802
        """The least that can be hit."""
        return QSize(TARGET_PX, TARGET_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """A rounded square; lit, the letter stands out from the lamp."""
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self.hasFocus() or self.underMouse()
        edge = colours.accent if self.hasFocus() else colours.dim if ring else colours.outline
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(self._colour() if self.isChecked() else colours.raised)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        font = text_font(SMALL_PX)
        font.setBold(self.isChecked())
        painter.setFont(font)
        is_bright = self._colour().lightnessF() > 0.45
        lit = INK if is_bright else colours.panel
        painter.setPen(lit if self.isChecked() else colours.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
