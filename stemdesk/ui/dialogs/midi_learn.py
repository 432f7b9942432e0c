"""Learning a control: choose a parameter, then move the control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from stemdesk.ui.dialogs.choices import chooser
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent


class LearnRow(QWidget):
    """See the module. Escape gives it up.

    Signals:
        learn_requested(address), cancel_learn().
    """

    learn_requested = Signal(str)
    cancel_learn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learnrow")
        self._is_learning = False
        self.address: QComboBox = chooser("address", self.tr("Parameter"))
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.address.model(), self.address)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.address.setCompleter(completer)
        self._learn = plain_button(
            "learn", self.tr("Learn"), self.tr("Then move the control that is to drive it"), "midi"
        )
        self._learn.clicked.connect(self._press)
        self._prompt = paragraph("prompt")
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.address, 1)
        row.addWidget(self._learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(row)
        column.addWidget(self._prompt)
        self.show_learning(None)

    @property
    def is_learning(self) -> bool:
        """Whether a control is waited for."""
        return self._is_learning

    @property
    def prompt(self) -> str:
        """What is told now."""
        return self._prompt.text()

    def show_parameters(self, parameters: Sequence[tuple[str, str]]) -> None:
        """What can be driven: (address, title) each."""
        chosen = self.address.currentData()
        self.address.clear()
        for address, title in parameters:
            self.address.addItem(title, address)
            place = self.address.count() - 1
            self.address.setItemData(place, address, Qt.ItemDataRole.ToolTipRole)
        self.address.setCurrentIndex(max(0, self.address.findData(chosen)))

    def show_learning(self, prompt: str | None, told: str = "") -> None:
        """Show how far it is.

        Args:
            prompt: what the user should do; None while nothing is learnt.
            told: what was learnt, or why it was not.
        """
        self._is_learning = prompt is not None
        text = f"{prompt}…" if prompt is not None else told
        self._prompt.setText(text)
        self._prompt.setVisible(bool(text))
        self.address.setEnabled(not self._is_learning)
        self._learn.setText(self.tr("Cancel") if self._is_learning else self.tr("Learn"))
        self._learn.setAccessibleName(self._learn.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape gives it up, and leaves the window open."""
        if event.key() == Qt.Key.Key_Escape and self._is_learning:
            self.cancel_learn.emit()
        else:
            super().keyPressEvent(event)

    def _press(self) -> None:
        if self._is_learning:
            self.cancel_learn.emit()
            return
        place = self.address.findText(self.address.currentText())
        address = self.address.itemData(place) if place >= 0 else self.address.currentText()
        if address:
            self.learn_requested.emit(address)
