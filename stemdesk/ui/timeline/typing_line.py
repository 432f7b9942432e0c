"""A line to type in that lies over a part of the timeline for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent


class TypingLine(QLineEdit):
    """Opens at once, all selected. Enter and leaving take what was typed, Escape does not.

    Neither key goes on to what is below, and the focus goes back to where it was.

    Args:
        text: to begin with.
        name: for screen readers.
        place: in the parent.
        parent: what it lies over.
    """

    typed = Signal(str)

    def __init__(self, text: str, name: str, place: QRect, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._before: QWidget | None = parent.window().focusWidget()
        self._is_over = False
        self.setAccessibleName(name)
        self.setGeometry(place)
        self.selectAll()
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Letters are typed here, whatever they do elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter and Escape end it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(takes=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end(takes=False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """The hand goes elsewhere."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu: paste, undo
            self._before = None
            self._end(takes=True)

    def _end(self, *, takes: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._before is not None:
            self._before.setFocus()
        self.hide()
        self.deleteLater()
        if takes:
            self.typed.emit(self.text())
