"""Buttons of the panels: a flat one with an icon, one that folds something out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from stemdesk.ui.icons import icon
from stemdesk.ui.theme import TARGET_PX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ICON_PX = 16

# Colours by role, so that they follow the theme. The least size is without the border.
FLAT = """
QToolButton { padding: 0; border: 1px solid transparent; background: transparent;
    min-width: 22px; min-height: 22px; }
QToolButton:hover { border-color: palette(mid); background: palette(button); }
QToolButton:focus { border-color: palette(highlight); }
"""
FLAT_TEXT = FLAT.replace("padding: 0", "padding: 0 4px").replace("min-width: 22px; ", "")


def icon_button(name: str, picture: str, told: str, parent: QWidget | None = None) -> QToolButton:
    """A flat square button; the tooltip says what it does."""
    button = QToolButton(parent)
    button.setObjectName(name)
    button.setStyleSheet(FLAT)
    button.setFixedSize(TARGET_PX, TARGET_PX)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    give_role(button, picture, told)
    return button


def give_role(button: QToolButton, picture: str, told: str) -> None:
    """Let a button do something else, and say so; the same again costs nothing."""
    if button.property("role") != picture:
        button.setProperty("role", picture)
        button.setIcon(icon(picture))
    if button.toolTip() != told:
        button.setToolTip(told)
        button.setAccessibleName(told)


class FoldButton(QToolButton):
    """Text with an arrow; pressed, it folds something out, and in again.

    Args:
        name: object name.
        text: what is folded out.
        parent: the panel.
    """

    def __init__(self, name: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setStyleSheet(FLAT_TEXT)
        self.setFixedHeight(TARGET_PX)
        self.setIconSize(QSize(12, 12))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIcon(icon("fold"))
        self.toggled.connect(self._turn)
        self.say(text)

    def say(self, text: str) -> None:
        """Another text."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)

    def _turn(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.setIcon(icon("unfold" if on else "fold"))


def plain_button(name: str, text: str, tip: str = "", picture: str = "") -> QToolButton:
    """A button with a text, and perhaps an icon before it."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip or text)
    button.setAccessibleName(text)
    button.setMinimumHeight(TARGET_PX)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if picture:
        button.setIcon(icon(picture))
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
