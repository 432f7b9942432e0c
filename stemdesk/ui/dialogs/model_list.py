"""The models to choose from, with what they are good at and how large they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from stemdesk.ui.dialogs.choices import ModelChoice
from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.theme import ROW_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

ROWS = 4
_ID = Qt.ItemDataRole.UserRole


class ModelList(QTreeWidget):
    """See the module; one row is always chosen.

    Args:
        models: (id, title, quality, size) each.
        chosen: id; empty for the first.
        parent: the dialog.
    """

    def __init__(
        self,
        models: Sequence[tuple[str, str, str, str]],
        chosen: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("models")
        self.setAccessibleName(self.tr("Model"))
        self.setHeaderLabels([self.tr("Model"), self.tr("Quality"), self.tr("Size")])
        self.setRootIsDecorated(False)
        self.setAllColumnsShowFocus(True)
        self.setUniformRowHeights(True)
        self.setItemDelegate(TallRows(self))
        self._wanted = chosen
        for each in models:
            model = ModelChoice(*each)
            self._add(model, is_chosen=model.id == chosen)
        if chosen and not self.selectedItems():
            self._add(ModelChoice(chosen, chosen, self.tr("not installed"), ""), is_chosen=True)
        elif not self.selectedItems() and self.topLevelItemCount():
            self.setCurrentIndex(self.model().index(0, 0))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.setFixedHeight(min(ROWS, max(2, self.topLevelItemCount())) * ROW_PX + ROW_PX + 4)

    @property
    def chosen(self) -> str:
        """Id of the model; what it was at first if no other row was chosen."""
        item = self.currentItem()
        if item is None or (not self._wanted and item is self.topLevelItem(0)):
            return self._wanted
        return str(item.data(0, _ID))

    def _add(self, model: ModelChoice, *, is_chosen: bool) -> None:
        item = QTreeWidgetItem([model.title, model.quality, model.size])
        item.setData(0, _ID, model.id)
        item.setToolTip(0, f"{model.title} ({model.id})")
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addTopLevelItem(item)
        if is_chosen:
            self.setCurrentItem(item)
