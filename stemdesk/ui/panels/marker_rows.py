"""The markers of a song, one a row: go there, rename, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from stemdesk.ui.panels.buttons import icon_button, plain_button
from stemdesk.ui.panels.figures import clock_ms
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.project.document import Marker


class MarkerRows(QWidget):
    """See the module.

    Rows are used again for other markers, so that the focus stays where it is when one is renamed
    or deleted.
    """

    jump_requested = Signal(object)  # frame
    marker_renamed = Signal(object, str)  # Marker, name
    marker_removed = Signal(object)  # Marker

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("markers")
        self._shown: tuple[Marker, ...] = ()
        self._rows: list[_Row] = []
        self._none = paragraph(
            "nomarkers", self.tr("None. Shift+M puts one at the playhead."), is_dim=True
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addWidget(self._none)

    def show_markers(self, markers: Sequence[Marker], sample_rate: int) -> None:
        """Show others.

        Args:
            markers: in order of time.
            sample_rate: of the song, Hz.
        """
        self._shown = tuple(markers)
        while len(self._rows) < len(markers):
            self._add(len(self._rows))
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(markers))
            if place < len(markers):
                row.show_marker(markers[place], sample_rate)
        self._none.setVisible(not markers)

    def _add(self, place: int) -> None:
        row = _Row(place, self)
        row.go.clicked.connect(lambda: self.jump_requested.emit(self._shown[place].frame))
        row.bin.clicked.connect(lambda: self._remove(place))
        row.name.editingFinished.connect(lambda: self._rename(place))
        self._column.addWidget(row)
        self._rows.append(row)

    def _rename(self, place: int) -> None:
        if place >= len(self._shown):
            return
        marker, name = self._shown[place], self._rows[place].name.text().strip()
        if not name:
            self._rows[place].name.setText(marker.name)
        elif name != marker.name:
            self.marker_renamed.emit(marker, name)

    def _remove(self, place: int) -> None:
        self.marker_removed.emit(self._shown[place])
        if place >= len(self._shown) and self._shown:
            self._rows[len(self._shown) - 1].bin.setFocus()


class _Row(QWidget):
    """One marker; Escape in the name puts back what it was."""

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._was = ""
        self.go: QToolButton = plain_button(f"go:marker{place}", "", self.tr("Go to the marker"))
        self.name = QLineEdit()
        self.name.setObjectName(f"name:marker{place}")
        self.name.setAccessibleName(self.tr("Name of the marker"))
        self.name.installEventFilter(self)
        self.bin = icon_button(f"remove:marker{place}", "remove", self.tr("Delete the marker"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.go)
        row.addWidget(self.name, 1)
        row.addWidget(self.bin)

    def show_marker(self, marker: Marker, sample_rate: int) -> None:
        self.go.setText(clock_ms(marker.frame / sample_rate))
        self.go.setAccessibleName(self.tr("Go to {0}").format(marker.name))
        if self._was != marker.name or not self.name.hasFocus():
            self._was = marker.name
            if self.name.text() != marker.name:
                self.name.setText(marker.name)
                self.name.setCursorPosition(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.name and isinstance(event, QKeyEvent):
            is_press = event.type() is QEvent.Type.KeyPress
            if is_press and event.key() == Qt.Key.Key_Escape:
                self.name.setText(self._was)
                self.name.selectAll()
                return True
        return super().eventFilter(watched, event)
