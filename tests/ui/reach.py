"""What of a window a hand and a screen reader must be able to find."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from stemdesk.ui.theme import TARGET_PX

PARTS = ("qt_scrollarea_", "qt_splithandle_", "qt_spinbox_lineedit", "qt_toolbar_ext_button")
"""Qt's own parts of a control that is looked at as a whole; so are the texts of labels, which can
be selected to be copied, and what is typed in a combo box."""


def is_part(widget):
    if isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QComboBox):
        return True
    return isinstance(widget, QLabel) or widget.objectName().startswith(PARTS)


def answers(widget):
    """Whether it takes the focus, or does something when it is clicked."""
    if isinstance(widget, QAbstractButton) or widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
        return True
    own = [kind for kind in type(widget).__mro__ if kind.__module__.startswith("stemdesk")]
    return any("mousePressEvent" in vars(kind) for kind in own)


def name_of(widget):
    """What a screen reader says: a button's text is its name, unless it has another."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def told(widget):
    kinds = []
    while widget is not None:
        kinds.append(f"{type(widget).__name__}:{widget.objectName()}")
        widget = widget.parentWidget()
    return " < ".join(kinds[:4])


def complaints(window):
    """A line for every widget in view that has no name or is too small to be hit."""
    lines = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or widget.isWindow() or is_part(widget):
            continue
        if not answers(widget):
            continue
        if not name_of(widget).strip():
            lines.append(f"no name: {told(widget)}")
        # What is cut off by its parent cannot be hit there.
        seen = widget.rect() & widget.parentWidget().rect().translated(-widget.pos())
        if seen.isEmpty() and not widget.size().isEmpty():
            continue  # scrolled out of view
        if min(seen.width(), seen.height()) < TARGET_PX:
            lines.append(f"{seen.width()} x {seen.height()}: {told(widget)}")
    return lines
