"""A line of text with a button that empties it, large enough to be hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from stemdesk.ui.theme import TARGET_PX

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon, QResizeEvent


class ClearLine(QLineEdit):
    """Qt's own button is 22 px wide and has no name; here it has both.

    Args:
        parent: the dialog.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self._sign: QToolButton | None = None
        button = self.findChild(QToolButton)
        assert button is not None
        self._button = button
        self._button.setObjectName("clear")
        self._button.setAccessibleName(self.tr("Clear"))
        self._button.setToolTip(self.tr("Clear"))

    def show_picture(self, picture: QIcon, told: str) -> None:
        """A small picture before the text, which says what is typed here; a click goes there."""
        sign = self.addAction(picture, QLineEdit.ActionPosition.LeadingPosition)
        sign.setToolTip(told)
        self._sign = next(each for each in self.findChildren(QToolButton) if each != self._button)
        self._sign.setAccessibleName(told)
        sign.triggered.connect(self.setFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Another theme puts the button where Qt would have it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._place()

    def _place(self) -> None:
        side = max(TARGET_PX, self.height())
        self._button.setGeometry(self.width() - side, 0, side, side)
        if self._sign is not None:
            self._sign.setGeometry(0, 0, side, side)
