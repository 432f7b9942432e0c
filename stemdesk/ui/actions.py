"""The actions of a window, made from the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence

from stemdesk.ui.action_table import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

CONTEXT = "Actions"


def translated(text: str) -> str:
    """A text of this table in the user's language."""
    return QCoreApplication.translate(CONTEXT, text)


def make_actions(
    window: QWidget, handlers: Mapping[str, Callable[..., object]]
) -> dict[str, QAction]:
    """All actions of the table, on a window.

    Args:
        window: where their shortcuts hold.
        handlers: id -> what it does; called with the state where it is checkable.

    Raises:
        KeyError: an action has no handler, or a handler no action.
    """
    unknown = set(handlers) - {spec.id for spec in ACTIONS}
    if unknown:
        raise KeyError(f"no action is named {', '.join(sorted(unknown))}")
    made: dict[str, QAction] = {}
    for spec in ACTIONS:
        handler = handlers[spec.id]
        action = QAction(translated(spec.text), window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = translated(spec.tip)
        action.setToolTip(f"{tip} ({shown})" if shown else tip)
        action.setStatusTip(tip)
        if spec.checkable:
            action.toggled.connect(handler)
        else:
            action.triggered.connect(lambda _=False, run=handler: run())
        window.addAction(action)
        made[spec.id] = action
    return made
