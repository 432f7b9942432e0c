"""A table whose rows can be removed, by a button below it or the Delete key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent


class RemovableList(QWidget):
    """See the module.

    Signals:
        removed(places): the rows that are to go, as a tuple of ints; nothing has gone yet.

    Args:
        name: object name.
        columns: their titles.
        empty: what is said while there are no rows.
        parent: the page.
    """

    removed = Signal(object)

    def __init__(
        self, name: str, columns: Sequence[str], empty: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.table = _Table(self)
        self.table.setObjectName(f"table:{name}")
        self.table.setHeaderLabels(list(columns))
        self._empty = paragraph(f"empty:{name}", empty, is_dim=True)
        self._remove = plain_button(
            f"remove:{name}", self.tr("Remove"), self.tr("Remove what is chosen (Delete)"), "remove"
        )
        self._remove.clicked.connect(self.table.ask)
        self.table.asked.connect(self.removed)
        self.table.itemSelectionChanged.connect(self._enable)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(GRID_PX)
        self.foot.addWidget(self._remove)
        self.foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self._empty)
        column.addWidget(self.table, 1)
        column.addLayout(self.foot)
        self.show_rows(())

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The texts."""
        return self._rows

    @property
    def chosen(self) -> tuple[int, ...]:
        """The places of the rows that are selected."""
        return self.table.chosen

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show others; the same ones cost nothing."""
        shown = tuple(tuple(row) for row in rows)
        if shown != self._rows:
            self._rows = shown
            here = self.table.currentIndex().row()
            self.table.clear()
            for row in shown:
                item = QTreeWidgetItem(list(row))
                for column, text in enumerate(row):
                    item.setToolTip(column, text)
                self.table.addTopLevelItem(item)
            if shown and here >= 0:
                place = min(here, len(shown) - 1)
                self.table.setCurrentIndex(self.table.model().index(place, 0))
        self._empty.setVisible(not shown)
        self.table.setVisible(bool(shown))
        self._remove.setVisible(bool(shown))
        self._enable()

    def _enable(self) -> None:
        self._remove.setEnabled(bool(self.table.selectedItems()))


class _Table(QTreeWidget):
    asked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemDelegate(TallRows(self))
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setMinimumHeight(96)

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(sorted(self.indexOfTopLevelItem(item) for item in self.selectedItems()))

    def ask(self) -> None:
        """Ask for what is chosen to be removed."""
        if self.chosen:
            self.asked.emit(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete removes."""
        if event.key() == Qt.Key.Key_Delete:
            self.ask()
        else:
            super().keyPressEvent(event)
