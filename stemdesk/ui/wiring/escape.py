"""Escape, before all else in a window that has the key, while the window waits for a hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow


class Escape(QObject):
    """Looks at every event of the application, and therefore only while it is listened to.

    A shortcut would not do: the window has one for this key already, and parts with the focus
    claim it for themselves. Dialogs and menus keep theirs.

    Args:
        window: whose key it is.
    """

    pressed = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_heard = False

    def listen(self, *, on: bool) -> None:
        """Whether the key is taken."""
        application = QCoreApplication.instance()
        if on == self._is_heard or application is None:
            return
        self._is_heard = on
        if on:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the key from shortcuts first, then from the part that has the focus."""
        kind = event.type()
        if kind is not QEvent.Type.ShortcutOverride and kind is not QEvent.Type.KeyPress:
            return False
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        event.accept()
        if kind is QEvent.Type.KeyPress:
            self.pressed.emit()
        return True
