"""The list of jobs: what is being worked at, what waits, what has ended and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.job_row import JobRow
from stemdesk.ui.panels.labels import Line, paragraph
from stemdesk.ui.theme import GRID_PX, SMALL_PX, text_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.ui.panels.job_words import Row


NARROWEST_PX = 260


class JobsPanel(QWidget):
    """See the module; shown anew ten times a second, and still where nothing changes.

    Signals carry the id of an entry; ``folder_requested`` the folder that it has written to.

    Args:
        parent: the window.
    """

    pause_requested = Signal(int)
    resume_requested = Signal(int)
    cancel_requested = Signal(int)
    retry_requested = Signal(int)
    remove_requested = Signal(int)
    up_requested = Signal(int)
    down_requested = Signal(int)
    folder_requested = Signal(str)
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self.setAccessibleName(self.tr("Jobs"))
        self.setMinimumWidth(NARROWEST_PX)
        self._rows: dict[int, JobRow] = {}
        self._device = paragraph("device", is_dim=True)
        self._device.setAccessibleName(self.tr("What computes"))
        self._device.setFont(text_font(SMALL_PX))
        self._forecast = Line("forecast", self.tr("What the next job will take"), self).make_dim()
        self._clear = plain_button(
            "clear", self.tr("Clear finished"), self.tr("Take what has ended off the list")
        )
        self._clear.clicked.connect(self.clear_requested)
        self._empty = paragraph("nojobs", self.tr("Nothing is being worked at. Separations and "
            "exports show up here, with the time they have left."), is_dim=True)  # fmt: skip
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._area = QScrollArea()
        self._lay_out()
        self.show_entries((), "", "")

    def show_entries(self, entries: Sequence[Row], device_text: str, forecast_text: str) -> None:
        """Show the jobs as they stand.

        Args:
            entries: in the order in which they are started.
            device_text: what computes, and why: `Processor: no CUDA device was found`.
            forecast_text: what the next separation will take; empty for nothing.
        """
        if device_text != self._device.text():
            self._device.setText(device_text)
            self._device.setVisible(bool(device_text))
        self._forecast.set_text(forecast_text)
        for entry_id in set(self._rows) - {entry.id for entry in entries}:
            self._drop(entry_id)
        for place, entry in enumerate(entries):
            row = self._rows.get(entry.id) or self._add(entry.id)
            if self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
            row.show_entry(entry)
        has_ended = any(entry.state.has_ended for entry in entries)
        self._clear.setVisible(has_ended)
        self._forecast.setVisible(bool(forecast_text) or has_ended)
        self._empty.setVisible(not entries)
        self._area.setVisible(bool(entries))

    def _add(self, entry_id: int) -> JobRow:
        row = JobRow(entry_id, self._list)
        self._rows[entry_id] = row
        row.pause_requested.connect(self.pause_requested)
        row.resume_requested.connect(self.resume_requested)
        row.cancel_requested.connect(self.cancel_requested)
        row.retry_requested.connect(self.retry_requested)
        row.remove_requested.connect(self.remove_requested)
        row.up_requested.connect(self.up_requested)
        row.down_requested.connect(self.down_requested)
        row.folder_requested.connect(self.folder_requested)
        row.stepped.connect(self._step)
        return row

    def _drop(self, entry_id: int) -> None:
        """Take a row out; a focus in it goes to the one that takes its place."""
        row = self._rows.pop(entry_id)
        place = self._column.indexOf(row)
        had_focus = row.hasFocus() or row.isAncestorOf(self.focusWidget() or self)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        if had_focus:
            self._focus(min(place, len(self._rows) - 1))

    def _step(self, entry_id: int, by: int) -> None:
        self._focus(self._column.indexOf(self._rows[entry_id]) + by)

    def _focus(self, place: int) -> None:
        for row in self._rows.values():
            if self._column.indexOf(row) == place:
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                self._area.ensureWidgetVisible(row)

    def _lay_out(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area.setObjectName("joblist")
        self._area.setWidget(self._list)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._list.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID_PX, 0, 2 * GRID_PX, 0)
        head.addWidget(self._forecast, 1)
        head.addWidget(self._clear)
        told = QVBoxLayout()
        told.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, 0)
        told.addWidget(self._device)
        told.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(told)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        column.addStretch(0)
