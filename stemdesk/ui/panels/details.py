"""Details of a failure: text for those who help, with a button to copy it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.theme import GRID_PX, SMALL_PX

if TYPE_CHECKING:
    from PySide6.QtWidgets import QToolButton

HEIGHT_PX = 84


class DetailsBox(QWidget):
    """See the module.

    Args:
        name: object name; its button is `copy:` and that name.
        parent: the row.
        is_tall: it takes what room there is, and long lines are not wrapped.

    Attributes:
        copy: the button.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, is_tall: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._text = QPlainTextEdit()
        self._text.setObjectName(f"text:{name}")
        self._text.setAccessibleName(self.tr("Details"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        if is_tall:
            self._text.setMinimumHeight(2 * HEIGHT_PX)
            self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        else:
            self._text.setFixedHeight(HEIGHT_PX)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(SMALL_PX)
        self._text.setFont(font)
        self.copy: QToolButton = plain_button(
            f"copy:{name}", self.tr("Copy"), self.tr("Copy the details"), "copy"
        )
        self.copy.clicked.connect(self._copy_text)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self._text, 1)
        column.addLayout(row)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text."""
        if text != self.text:
            self._text.setPlainText(text)
            self.copy.setText(self.tr("Copy"))

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copy.setText(self.tr("Copied"))
