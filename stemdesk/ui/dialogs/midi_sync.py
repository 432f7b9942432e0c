"""What StemDesk follows: a clock or time code, from which port, and where the song begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from stemdesk.control.settings import Sync, SyncKind
from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.dialogs.midi_words import port_text, sync_text
from stemdesk.ui.panels.figures import clock_ms, read_clock
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence


class SyncForm(QWidget):
    """See the module.

    Signals:
        changed(Sync): by hand.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sync")
        self._sync = Sync()
        self._kind = chooser("synckind", self.tr("Follow"))
        for kind in SyncKind:
            self._kind.addItem(sync_text(kind), kind.value)
        self._port = chooser("syncport", self.tr("From port"))
        self._offset = QLineEdit()
        self._offset.setObjectName("syncoffset")
        self._offset.setAccessibleName(self.tr("Time code at which the song begins"))
        self._offset.setToolTip(
            self.tr("Time code at which the song begins, such as 1:00:00 (hours:minutes:seconds)")
        )
        self._kind.activated.connect(lambda _: self._tell())
        self._port.activated.connect(lambda _: self._tell())
        self._offset.editingFinished.connect(self._read_offset)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(4 * GRID_PX)
        self._form.setVerticalSpacing(2 * GRID_PX)
        self._form.addRow(self.tr("Follow"), self._kind)
        self._form.addRow(self.tr("From port"), self._port)
        self._form.addRow(self.tr("Song begins at"), self._offset)
        self.show_sync(self._sync, ())

    def show_sync(self, sync: Sync, inputs: Sequence[str]) -> None:
        """Show what is followed.

        Args:
            sync: as it is set.
            inputs: names of the ports there are.
        """
        self._sync = sync
        choose(self._kind, sync.kind.value)
        self._port.clear()
        for pattern in ("*", *inputs):
            self._port.addItem(port_text(pattern), pattern)
        choose(self._port, sync.port, self.tr("{0} (not connected)"))
        if not self._offset.hasFocus():
            self._offset.setText(clock_ms(sync.offset_seconds))
        is_on = sync.kind is not SyncKind.OFF
        self._form.setRowVisible(self._port, is_on)
        self._form.setRowVisible(self._offset, sync.kind is SyncKind.TIME_CODE)

    def _read_offset(self) -> None:
        """Take a time; what is none is put back."""
        try:
            seconds = read_clock(self._offset.text())
        except ValueError:
            self._offset.setText(clock_ms(self._sync.offset_seconds))
            return
        if seconds != round(self._sync.offset_seconds, 3):
            self._tell(seconds)

    def _tell(self, offset_seconds: float | None = None) -> None:
        sync = Sync(
            kind=SyncKind(self._kind.currentData()),
            port=self._port.currentData(),
            offset_seconds=self._sync.offset_seconds if offset_seconds is None else offset_seconds,
        )
        if sync != self._sync:
            self.changed.emit(sync)
