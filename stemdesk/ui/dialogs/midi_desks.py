"""Whole desks: which there are, add one, remove one."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stemdesk.control.settings import Desk, DeskKind
from stemdesk.ui.dialogs.choices import chooser
from stemdesk.ui.dialogs.midi_words import desk_text, port_text
from stemdesk.ui.dialogs.removable_list import RemovableList
from stemdesk.ui.panels.buttons import plain_button

if TYPE_CHECKING:
    from collections.abc import Sequence


class DesksList(QWidget):
    """See the module.

    Signals:
        changed(desks): as a tuple, from left to right.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desks: tuple[Desk, ...] = ()
        self.list = RemovableList(
            "desks",
            (self.tr("Port"), self.tr("Speaks"), self.tr("Now")),
            self.tr("None. A desk that speaks Mackie Control gets faders, meters and names."),
        )
        self.list.table.setAccessibleName(self.tr("Desks"))
        self.list.removed.connect(self._remove)
        self._port = chooser("deskport", self.tr("Port of the desk"))
        self._kind = chooser("deskkind", self.tr("What the desk speaks"))
        for kind in DeskKind:
            self._kind.addItem(desk_text(kind), kind.value)
        self._add = plain_button("adddesk", self.tr("Add desk"))
        self._add.clicked.connect(self._append)
        for each in (self._port, self._kind, self._add):
            self.list.foot.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def show_desks(self, desks: Sequence[Desk], inputs: Sequence[str]) -> None:
        """Show what is set up, and the ports there are."""
        self._desks = tuple(desks)
        rows = []
        for desk in desks:
            is_there = any(fnmatchcase(name, desk.port) for name in inputs)
            now = self.tr("connected") if is_there else self.tr("not connected")
            rows.append((port_text(desk.port), desk_text(desk.kind), now))
        self.list.show_rows(rows)
        chosen = self._port.currentText()
        self._port.clear()
        self._port.addItems(
            [name for name in inputs if not any(fnmatchcase(name, desk.port) for desk in desks)]
        )
        self._port.setCurrentIndex(max(0, self._port.findText(chosen)))
        can_add = self._port.count() > 0
        for each in (self._port, self._kind, self._add):
            each.setVisible(can_add)

    def _append(self) -> None:
        kind = DeskKind(self._kind.currentData())
        # The name is a pattern: what would be wildcards in it stands for itself.
        port = "".join(f"[{letter}]" if letter in "*?[" else letter
            for letter in self._port.currentText())  # fmt: skip
        self.changed.emit((*self._desks, Desk(port=port, kind=kind)))

    def _remove(self, places: tuple[int, ...]) -> None:
        kept = tuple(desk for place, desk in enumerate(self._desks) if place not in places)
        self.changed.emit(kept)
