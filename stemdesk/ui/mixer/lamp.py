"""The clip lamp: stays lit, per channel, until it is clicked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from stemdesk.ui.own_keys import OwnKeys
from stemdesk.ui.ring import paint_ring
from stemdesk.ui.theme import SMALL_PX, TARGET_PX, text_font, theme
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from stemdesk.ui.mixer.ballistics import Ballistics

_LAMP_PX = 9.0


class ClipLamp(OwnKeys, QWidget):
    """One lamp for each channel, red with a stroke once a sample has passed full scale.

    A click clears it; `cleared` says whether all of the mixer's lamps are meant (Ctrl).

    Args:
        name: of the strip, for people.
        parent: the strip.
    """

    cleared = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clipped: tuple[bool, ...] = (False, False)
        self.setObjectName("cliplamp")
        self._name = name
        self.setAccessibleName(self.tr("{0}: clip lamp").format(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(TARGET_PX)
        self.setMinimumWidth(TARGET_PX)
        self._describe("")

    @property
    def is_lit(self) -> bool:
        """Whether any channel has clipped."""
        return any(self._clipped)

    def show_channels(self, channels: tuple[Ballistics, ...]) -> None:
        """Take what the meter has seen."""
        clipped = tuple(channel.clipped for channel in channels)
        if clipped != self._clipped:
            was_lit = self.is_lit
            self._clipped = clipped
            self.update()
            if self.is_lit != was_lit:
                highest_db = max(channel.highest_db for channel in channels)
                self._describe(real_minus(f"{highest_db:+.1f}"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """The lamps side by side, above their bars."""
        painter, colours = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        breadth = min(_LAMP_PX, (self.width() + 2.0) / len(self._clipped) - 2.0)
        painter.setFont(text_font(SMALL_PX))
        for index, is_clipped in enumerate(self._clipped):
            lamp = QRectF(index * (breadth + 2.0), 4.0, breadth, self.height() - 8.0)
            painter.setPen(QPen(colours.alarm if is_clipped else colours.outline, 1.0))
            painter.setBrush(colours.alarm if is_clipped else colours.background)
            painter.drawRoundedRect(lamp.adjusted(0.5, 0.5, -0.5, -0.5), 2.0, 2.0)
            if is_clipped:
                painter.setPen(Qt.GlobalColor.white)
                painter.drawText(lamp, Qt.AlignmentFlag.AlignCenter, "!")
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Clear."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.cleared.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Space and Enter clear."""
        everywhere = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return None
        if event.key() == Qt.Key.Key_Space:
            return partial(self.cleared.emit, everywhere)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not everywhere:
            return partial(self.cleared.emit, False)
        return None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()
        super().changeEvent(event)

    def _describe(self, highest: str) -> None:
        state = self.tr("no clip")
        if self.is_lit:
            state = self.tr("clipped, up to {0} dBFS").format(highest)
        self.setAccessibleDescription(state)
        self.setToolTip(
            self.tr("{0}: {1}\nClick to clear; Ctrl+click clears all").format(self._name, state)
        )
