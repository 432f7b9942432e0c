"""Rows of tables as high as all rows of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStyledItemDelegate

from stemdesk.ui.theme import GRID_PX, ROW_PX

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
    from PySide6.QtWidgets import QStyleOptionViewItem


class TallRows(QStyledItemDelegate):
    """See the module."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As Qt has it, but higher, and with some room to the next column."""
        size = super().sizeHint(option, index)
        size.setHeight(max(ROW_PX, size.height()))
        size.setWidth(size.width() + 2 * GRID_PX)
        return size
