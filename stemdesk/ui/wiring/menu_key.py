"""Shift+F10 opens the menu of what has the focus: Qt has only the menu key for it under X11.

Many keyboards lack that key. On Windows Qt knows both.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow


def add_menu_key(window: QMainWindow) -> None:
    """Let a window's parts open their menus by this key, where Qt does not see to it."""
    if sys.platform.startswith("linux"):
        shortcut = QShortcut(QKeySequence("Shift+F10"), window)
        shortcut.activated.connect(partial(_open_menu, window))


def _open_menu(window: QMainWindow) -> None:
    focused = window.focusWidget() or window
    place: QRect = focused.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    at = place.center()
    reason = QContextMenuEvent.Reason.Keyboard
    event = QContextMenuEvent(reason, at, focused.mapToGlobal(at), QApplication.keyboardModifiers())
    QApplication.sendEvent(focused, event)
