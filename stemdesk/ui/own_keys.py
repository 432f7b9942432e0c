"""Keys that belong to the part that has the focus, whatever the window's actions do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton
_CHORDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def claims(event: QEvent, deed: Callable[[QKeyEvent], Callable[[], object] | None]) -> bool:
    """Whether Qt asks for whom a key is before it looks among the shortcuts, and it is ours.

    Without this a shortcut of the window takes the key away from the part with the focus. To be
    asked first thing in `event`, with what `keyPressEvent` goes by, so that both agree.

    Args:
        event: any.
        deed: what a key does here; None for nothing.
    """
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if deed(event) is None:
        return False
    event.accept()
    return True


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed without Ctrl, Alt or Meta."""
    return not event.modifiers() & _CHORDS


def turning(button: QAbstractButton, event: QKeyEvent) -> Callable[[], object] | None:
    """What a key does to a button that is a switch: Space turns it over, rather than play."""
    is_bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
    return button.click if is_bare and event.key() == Qt.Key.Key_Space else None
