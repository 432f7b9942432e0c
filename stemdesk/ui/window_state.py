"""How the main window was left, and how it is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from stemdesk.settings import Window
from stemdesk.ui.action_table import ACTIONS, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow, QSplitter

# What a desktop puts around a window, which it tells only once the window is there.
FRAME_PX, TITLE_PX = 8, 40
SWITCHES = ("snap", *(spec.id for spec in ACTIONS if spec.checkable and spec.group == VIEW))
"""The actions whose state belongs to the window, not to a song."""


def window_state(
    window: QMainWindow, splitters: Sequence[QSplitter], commands: Mapping[str, QAction]
) -> Window:
    """How a window is now, for the preferences."""
    return Window(
        geometry=_text(window.saveGeometry()),
        layout=" ".join(_text(splitter.saveState()) for splitter in splitters),
        shown=tuple(name for name in SWITCHES if commands[name].isChecked()),
    )


def fit_screen(window: QMainWindow) -> None:
    """Make a window that was never shown no larger than its screen has room for.

    One that is put back where it was is fitted by Qt.
    """
    room = window.screen().availableGeometry()
    width, height = room.width() - FRAME_PX, room.height() - TITLE_PX
    if window.width() > width or window.height() > height:
        window.resize(min(window.width(), width), min(window.height(), height))
        window.move(room.topLeft())


def restore_places(window: QMainWindow, splitters: Sequence[QSplitter], kept: Window) -> None:
    """Put a window and its splitters where they were; its switches are the window's affair."""
    if kept.geometry:
        window.restoreGeometry(_bytes(kept.geometry))
    for splitter, state in zip(splitters, kept.layout.split(), strict=False):
        splitter.restoreState(_bytes(state))


def _text(state: QByteArray) -> str:
    return bytes(state.toBase64().data()).decode()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode())
