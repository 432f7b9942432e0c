"""Files that are there already: what to do with them, asked once, in the dialog itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from stemdesk.files import OverwritePolicy
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.theme import GRID_PX, TARGET_PX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent

NAMED = 3


class OverwriteQuestion(QWidget):
    """See the module; takes the place of the dialog's buttons while it asks.

    Signals:
        answered(OverwritePolicy): the choice.
        withdrawn(): back to the dialog.
    """

    answered = Signal(object)
    withdrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overwrite")
        self.setAccessibleName(self.tr("Files that are there already"))
        self._asked = paragraph("overwriteasked")
        self._asked.setFont(bold_font())
        self._named = paragraph("overwritenamed", is_dim=True)
        self.replace = _button("replace", self.tr("Replace"))
        self.rename = _button("rename", self.tr("New names"))
        self.rename.setToolTip(self.tr("Keep both: the new files get a number"))
        self.skip = _button("skip", self.tr("Skip those"))
        self.skip.setToolTip(self.tr("Keep the files that are there, and write the others"))
        self.back = _button("back", self.tr("Back"))
        for button, policy in (
            (self.replace, OverwritePolicy.YES),
            (self.rename, OverwritePolicy.RENAME),
            (self.skip, OverwritePolicy.SKIP),
        ):
            button.clicked.connect(lambda _=False, policy=policy: self.answered.emit(policy))
        self.back.clicked.connect(self.withdrawn)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addStretch(1)
        for button in (self.back, self.skip, self.replace, self.rename):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self._asked)
        column.addWidget(self._named)
        column.addLayout(row)
        self.hide()

    def ask(self, there: Sequence[Path], wanted: int) -> None:
        """Ask about the files that are there, of so many that are wanted."""
        if wanted == 1:
            self._asked.setText(self.tr("This file is there already:"))
        else:
            text = self.tr("{0} of {1} files are there already:")
            self._asked.setText(text.format(len(there), wanted))
        names = [path.name for path in there[:NAMED]]
        if len(there) > NAMED:
            names.append(self.tr("and {0} more").format(len(there) - NAMED))
        self._named.setText(", ".join(names))
        self.skip.setVisible(len(there) < wanted)
        self.show()
        self.rename.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape goes back to the dialog, it does not close it."""
        if event.key() == Qt.Key.Key_Escape:
            self.withdrawn.emit()
        else:
            super().keyPressEvent(event)


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setMinimumHeight(TARGET_PX)
    button.setAutoDefault(True)
    return button
