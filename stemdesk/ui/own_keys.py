"""Keys that belong to the part that has the focus, whatever the window's actions do with them.

Mix-ins: they stand before the widget's class, and say by `_deed` what a key does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QAbstractButton as _Button
    from PySide6.QtWidgets import QWidget as _Widget
else:
    _Button = _Widget = object  # the widget's class comes after, and is but one

_CHORDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class ClaimsKeys(_Widget):
    """Its keys are its own while it has the focus; it goes by `_deed` in `keyPressEvent`, too.

    Without this a shortcut of the window takes the key away from the part with the focus.
    """

    def event(self, event: QEvent) -> bool:
        """Say so when Qt asks for whom a key is, before it looks among the shortcuts."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._deed(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here; None for nothing."""
        raise NotImplementedError


class OwnKeys(ClaimsKeys):
    """Its keys do what `_deed` says; others go on to the widget's class."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """See the class."""
        deed = self._deed(event)
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()


class OwnSpace(ClaimsKeys, _Button):
    """For a button that is a switch: Space turns it over, as buttons do, rather than play."""

    def _deed(self, event: QKeyEvent) -> Callable[[], object] | None:
        is_bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return self.click if is_bare and event.key() == Qt.Key.Key_Space else None


def is_plain(event: QKeyEvent) -> bool:
    """Whether a key is pressed without Ctrl, Alt or Meta."""
    return not event.modifiers() & _CHORDS
