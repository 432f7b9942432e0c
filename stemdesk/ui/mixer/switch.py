"""The switch: a button with a letter that lights up (mute, solo, polarity)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPen

from stemdesk.ui.mixer.control import Control
from stemdesk.ui.theme import DARK, LIGHT, TARGET_PX, TEXT_PX, text_font, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from stemdesk.ui.mixer.handle import Handle

_CHORDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Switch(Control):
    """A parameter that is on or off; a click turns it over.

    Args:
        handle: a parameter with the taper `SWITCH`.
        name: for people.
        letter: what stands on it.
        lamp: which of the theme's colours it lights in: `mute`, `solo`, `alarm` or `accent`.
        parent: the panel.

    Attributes:
        chords: shortcuts for the tooltip; where there are any, a click with Ctrl or Alt is not
            a switch's own affair but emits `chorded` with the address and the modifiers.
    """

    chorded = Signal(str, Qt.KeyboardModifier)

    def __init__(
        self,
        handle: Handle,
        name: str,
        letter: str,
        lamp: str = "accent",
        parent: QWidget | None = None,
    ) -> None:
        self._letter, self._lamp, self.chords = letter, lamp, ""
        super().__init__(handle, name, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(TARGET_PX, TARGET_PX)
        self.setMaximumHeight(TARGET_PX)

    @property
    def is_on(self) -> bool:
        """Whether it is lit."""
        return self.handle.value >= 0.5

    @property
    def mark_place(self) -> QPointF:
        """In the corner."""
        return QPointF(self.width() - 2.0, 2.0)

    @property
    def mark_colour(self) -> QColor:
        """Readable on the lamp too."""
        return _ink_on(self._lit) if self.is_on else theme().accent

    def show_letter(self, letter: str) -> None:
        """Put something else on it."""
        self._letter = letter
        self.update()

    def explain_chords(self, chords: str) -> None:
        """What a click with Ctrl or Alt does, in words."""
        self.chords = chords
        self.refresh()

    def hint(self) -> str:
        """How to use it."""
        return self.chords or self.tr("Click, or Space, to turn over")

    def paint(self, painter: QPainter) -> None:
        """A lit or dark key with its letter."""
        colours = theme()
        key = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        lit = self._lit
        painter.setPen(QPen(colours.outline, 1.0))
        painter.setBrush(lit if self.is_on else colours.raised)
        painter.drawRoundedRect(key, 4.0, 4.0)
        font = text_font(TEXT_PX)
        font.setBold(self.is_on)
        painter.setFont(font)
        painter.setPen(_ink_on(lit) if self.is_on else colours.text)
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, self._letter)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Turn over, or ask what the chord means."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
        elif self.chords and event.modifiers() & _CHORDS:
            self.chorded.emit(self.handle.address, event.modifiers())
        else:
            self.handle.toggle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A second click is a click."""
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing to drag."""
        event.ignore()

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Space and Enter turn over; Up and End switch on, Down and Home off."""
        key, held = event.key(), event.modifiers()
        if key == Qt.Key.Key_Space and self.chords and held & _CHORDS:
            return partial(self.chorded.emit, self.handle.address, held)
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_bare = held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            return self.handle.toggle if is_bare else None
        return None if event.text() else super()._deed(event)

    @property
    def _lit(self) -> QColor:
        lit: QColor = getattr(theme(), self._lamp)
        return lit


def _ink_on(lit: QColor) -> QColor:
    """Dark or light letters, whichever can be read on a colour."""
    red, green, blue = (part**2.2 for part in (lit.redF(), lit.greenF(), lit.blueF()))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue  # as WCAG counts contrast
    return DARK.background if luminance > 0.18 else LIGHT.panel
