"""A folder: typed, or chosen in the system's own dialog."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from stemdesk.ui.clear_line import ClearLine
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.theme import GRID_PX


class FolderField(QWidget):
    """See the module.

    Args:
        name: object name of the line.
        told: accessible name.
        empty: what an empty line means.
        parent: the dialog.
    """

    def __init__(self, name: str, told: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = told
        self.line = ClearLine()
        self.line.setObjectName(name)
        self.line.setAccessibleName(told)
        self.line.setPlaceholderText(empty)
        self._choose = plain_button(f"choose:{name}", self.tr("Choose…"), told)
        self._choose.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.line, 1)
        row.addWidget(self._choose)

    @property
    def folder(self) -> str:
        """The path; empty for none."""
        return self.line.text().strip()

    def set_folder(self, folder: str) -> None:
        """Another one."""
        self.line.setText(folder)

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._told, self.folder)
        if folder:
            self.set_folder(folder)
