"""A song: dropped, typed, or chosen in the system's own dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.ui.clear_line import ClearLine
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.drop_target import paths_of
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent


class FileField(QWidget):
    """See the module.

    Signals:
        chosen(path): another file; empty for none.

    Args:
        name: object name of the line.
        told: accessible name.
        empty: what an empty line means.
        parent: the page.
    """

    chosen = Signal(str)

    def __init__(self, name: str, told: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = told
        self.setAcceptDrops(True)
        self.line = ClearLine()
        self.line.setObjectName(name)
        self.line.setAccessibleName(told)
        self.line.setPlaceholderText(empty)
        self.line.setAcceptDrops(False)  # a path, not its address
        self._before = ""
        self.line.editingFinished.connect(self._tell)
        self.line.textChanged.connect(lambda text: None if text else self._tell())
        choose = plain_button(f"choose:{name}", self.tr("Choose…"), told)
        choose.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.line, 1)
        row.addWidget(choose)

    @property
    def path(self) -> str:
        """The file; empty for none."""
        return self.line.text().strip()

    def set_path(self, path: str) -> None:
        """Show another one."""
        self._before = path
        if path != self.path:
            self.line.setText(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """A file is welcome."""
        if any(path.is_file() for path in paths_of(event.mimeData())):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take it."""
        files = [path for path in paths_of(event.mimeData()) if path.is_file()]
        if files:
            event.acceptProposedAction()
            self._take(str(files[0]))

    def _ask(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(AUDIO_SUFFIXES))
        songs = self.tr("Audio and video ({patterns})").format(patterns=patterns)
        name, _ = QFileDialog.getOpenFileName(self, self._told, self.path, songs)
        if name:
            self._take(name)

    def _take(self, path: str) -> None:
        self.line.setText(path)
        self._tell()

    def _tell(self) -> None:
        if self.path != self._before:
            self._before = self.path
            self.chosen.emit(self.path)
