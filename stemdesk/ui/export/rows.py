"""Parts that the pages of the dialog are built from."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton

from stemdesk.ui.theme import SMALL_PX, TARGET_PX, text_font

INDENT_PX = 24  # below a choice, what belongs to it

# Colours by role, so that they follow the theme.
RING = """
QRadioButton { border: 1px solid transparent; border-radius: 4px; padding: 0 4px 0 0; }
QRadioButton:focus { border-color: palette(highlight); }
QRadioButton::indicator {
    width: 12px; height: 12px; margin-left: 3px; border-radius: 7px;
    border: 1px solid palette(placeholder-text); background: palette(base);
}
QRadioButton::indicator:checked {
    border: 4px solid palette(highlight); width: 6px; height: 6px; background: palette(base);
}
"""


def choice(name: str, text: str) -> QRadioButton:
    """One of several."""
    button = QRadioButton(text)
    button.setObjectName(name)
    button.setMinimumHeight(TARGET_PX)
    button.setStyleSheet(RING)
    return button


def remark(text: str) -> QLabel:
    """Said in passing."""
    label = QLabel(text)
    label.setFont(text_font(SMALL_PX))
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def line(name: str, told: str, empty: str = "") -> QLineEdit:
    """Something to type in."""
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(told)
    field.setPlaceholderText(empty)
    field.setToolTip(told)
    return field
