"""What crashes have left: go on with one of it, give some up, or leave it for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.panels.labels import bold_font, paragraph
from stemdesk.ui.theme import GRID_PX, ROW_PX, TARGET_PX
from stemdesk.ui.words import reading_locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.project.recovery import Recoverable

WIDTH_PX = 480
LEAST_ROWS, MOST_ROWS = 2, 8


class RecoveryDialog(QDialog):
    """See the module; closed without an answer it leaves everything for later.

    Signals:
        discarded(Recoverable): given up; it leaves the list once it is :meth:`removed`.

    Args:
        found: what can be recovered, the latest first; at least one.
        parent: the window.
    """

    discarded = Signal(object)

    def __init__(self, found: Sequence[Recoverable], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setWindowTitle(self.tr("Recover"))
        self.setMinimumWidth(WIDTH_PX)
        head = paragraph(
            "recoveryhead", self.tr("StemDesk did not end as it should. Go on where you were?")
        )
        head.setFont(bold_font())
        self.list = QListWidget()
        self.list.setObjectName("recoverable")
        self.list.setAccessibleName(self.tr("What can be recovered"))
        self.list.setItemDelegate(TallRows(self.list))
        self._told = paragraph("recoverytold", is_dim=True)
        self.go_on = _button("goon", self.tr("Go on"))
        self.discard = _button("discard", self.tr("Discard"))
        self.later = _button("later", self.tr("Later"))
        self.go_on.setDefault(True)
        for each in found:
            item = QListWidgetItem(_title(each))
            item.setData(Qt.ItemDataRole.UserRole, each)
            self.list.addItem(item)
        rows = min(max(len(found), LEAST_ROWS), MOST_ROWS)
        self.list.setFixedHeight(rows * ROW_PX + GRID_PX)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.list.itemDoubleClicked.connect(lambda _: self.go_on.click())
        self.go_on.clicked.connect(self.accept)
        self.discard.clicked.connect(lambda: self.discarded.emit(self.chosen))
        self.later.clicked.connect(self.reject)
        self._lay_out(head)
        self.list.setCurrentRow(0)

    @property
    def chosen(self) -> Recoverable | None:
        """The one that the buttons are about."""
        item = self.list.currentItem()
        found: Recoverable | None = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return found

    def removed(self, found: Recoverable) -> None:
        """It is no more; the dialog goes with the last one."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) is found:
                self.list.takeItem(row)
                break
        if not self.list.count():
            self.reject()

    def _show(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.go_on.setEnabled(not chosen.problem)
        songs = ", ".join(chosen.tracks)
        place = self.tr("never saved") if chosen.is_unsaved else str(chosen.folder)
        self._told.setText(chosen.problem or (f"{songs} – {place}" if songs else place))

    def _lay_out(self, head: QWidget) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.later, self.discard, self.go_on):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        for widget in (head, self.list, self._told):
            column.addWidget(widget)
        column.addLayout(buttons)


def _title(found: Recoverable) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(found.changed.timestamp()))
    when = reading_locale().toString(moment, QLocale.FormatType.ShortFormat)
    return f"{found.name or found.folder.stem} ({when})"


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setMinimumHeight(TARGET_PX)
    return button
