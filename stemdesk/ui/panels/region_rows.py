"""The regions of one stem, one a row: go there, gain, mute, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from stemdesk.mixing.parameters import LEVEL_DB
from stemdesk.project.document import changed
from stemdesk.ui.mixer.value_text import NotAValue, read_value
from stemdesk.ui.panels.buttons import icon_button, plain_button
from stemdesk.ui.panels.figures import clock_ms
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.theme import DARK, GRID_PX, TARGET_PX
from stemdesk.ui.words import level_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.project.document import Region

STEP_DB = 1.0
_STEPS = {Qt.Key.Key_Up: STEP_DB, Qt.Key.Key_Down: -STEP_DB}
_GAIN_PX = 72
# The same amber in both themes, with dark letters.
_MUTE_STYLE = f"""
QToolButton {{ padding: 0; min-height: 22px; }}
QToolButton:checked {{ background: {DARK.mute.name()}; color: {DARK.background.name()}; }}
"""


class RegionRows(QWidget):
    """See the module; its signals are those of the timeline."""

    jump_requested = Signal(object)  # frame
    region_changed = Signal(object, object)  # Region as it was, Region as wanted
    region_removed = Signal(object)  # Region

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("regions")
        self._shown: tuple[Region, ...] = ()
        self._rows: list[_Row] = []
        self._none = paragraph(
            "noregions",
            self.tr("None. Select a stretch of this lane to mute it or change its gain."),
            is_dim=True,
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addWidget(self._none)

    def show_regions(self, regions: Sequence[Region], sample_rate: int) -> None:
        """Show others.

        Args:
            regions: of one stem, in order of time.
            sample_rate: of the song, Hz.
        """
        self._shown = tuple(regions)
        while len(self._rows) < len(regions):
            self._add(len(self._rows))
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(regions))
            if place < len(regions):
                row.show_region(regions[place], sample_rate)
        self._none.setVisible(not regions)

    def _add(self, place: int) -> None:
        row = _Row(place, self)
        row.go.clicked.connect(lambda: self.jump_requested.emit(self._shown[place].first_frame))
        row.bin.clicked.connect(lambda: self._remove(place))
        row.mute.clicked.connect(lambda on: self._change(place, mute=on))
        row.gain_typed.connect(lambda gain_db: self._change(place, gain_db=gain_db))
        self._column.addWidget(row)
        self._rows.append(row)

    def _change(self, place: int, **fields: float | bool) -> None:
        if place < len(self._shown):
            before = self._shown[place]
            wanted = changed(before, **fields)
            if wanted != before:
                self.region_changed.emit(before, wanted)

    def _remove(self, place: int) -> None:
        self.region_removed.emit(self._shown[place])
        if place >= len(self._shown) and self._shown:
            self._rows[len(self._shown) - 1].bin.setFocus()


class _Row(QWidget):
    """One region. In the gain Up and Down go by 1 dB, Escape puts back what it was."""

    gain_typed = Signal(float)  # dB

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._gain_db = 0.0
        self.go: QToolButton = plain_button(f"go:region{place}", "", self.tr("Go to the region"))
        self.gain = QLineEdit()
        self.gain.setObjectName(f"gain:region{place}")
        self.gain.setAccessibleName(self.tr("Gain of the region"))
        self.gain.setToolTip(self.tr("Gain in dB, −∞ to +12 (Up and Down: 1 dB)"))
        self.gain.setFixedWidth(_GAIN_PX)
        self.gain.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.gain.editingFinished.connect(self._read)
        self.gain.installEventFilter(self)
        self.mute: QToolButton = plain_button(
            f"mute:region{place}", "M", self.tr("Mute the region")
        )
        self.mute.setCheckable(True)
        self.mute.setAccessibleName(self.tr("Mute the region"))
        self.mute.setStyleSheet(_MUTE_STYLE)
        self.mute.setFixedWidth(TARGET_PX)
        self.bin = icon_button(f"remove:region{place}", "remove", self.tr("Delete the region"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.go)
        row.addStretch(1)
        row.addWidget(self.gain)
        row.addWidget(self.mute)
        row.addWidget(self.bin)

    def show_region(self, region: Region, sample_rate: int) -> None:
        first, end = region.first_frame / sample_rate, region.end_frame / sample_rate
        self.go.setText(f"{clock_ms(first)[:-2]} – {clock_ms(end)[:-2]}")
        self.go.setToolTip(
            self.tr("Go to the region, {0} to {1}").format(clock_ms(first), clock_ms(end))
        )
        self.mute.setChecked(region.mute)
        if region.gain_db != self._gain_db or not self.gain.hasFocus() or not self.gain.text():
            self._gain_db = region.gain_db
            self.gain.setText(level_text(region.gain_db))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.gain and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            is_press = event.type() is QEvent.Type.KeyPress
            if is_press and key in _STEPS and self._gain_db != -float("inf"):
                gain_db = min(LEVEL_DB.maximum, self._gain_db + _STEPS[key])
                self.gain_typed.emit(gain_db)
                return True
            if is_press and key is Qt.Key.Key_Escape:
                self.gain.setText(level_text(self._gain_db))
                return True
        return super().eventFilter(watched, event)

    def _read(self) -> None:
        """Take what was typed; what is no gain is put back."""
        text = self.gain.text()
        if text == level_text(self._gain_db):
            return
        try:
            gain_db = read_value(LEVEL_DB, text)
        except NotAValue:
            gain_db = self._gain_db
        if gain_db == self._gain_db:
            self.gain.setText(level_text(self._gain_db))
        else:
            self.gain_typed.emit(gain_db)
