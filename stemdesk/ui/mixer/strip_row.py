"""The stems' strips side by side, scrolled where they need more than there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from stemdesk.ui.mixer.strip import STRIP_PX, StripView
from stemdesk.ui.mixer.thin_bars import THIN_BARS
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDEN = 100  # strips share the room before the empty rest takes any


class StripRow(QScrollArea):
    """Keeps one strip a name; `came` tells of each that is new."""

    came = Signal(StripView)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = QWidget(self)
        self._strips: dict[str, StripView] = {}
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID_PX // 2)
        self._row.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(STRIP_PX)
        self.setStyleSheet(THIN_BARS)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    @property
    def strips(self) -> tuple[StripView, ...]:
        """Left to right."""
        return tuple(self._strips.values())

    def keep(self, names: Sequence[str]) -> None:
        """Let strips go, stay or come, so that they are these, in this order."""
        if list(names) == list(self._strips):
            return
        for name in set(self._strips) - set(names):
            gone = self._strips.pop(name)
            self._row.removeWidget(gone)
            gone.hide()  # so that hands let go
            gone.deleteLater()
        for name in names:
            if name not in self._strips:
                self._strips[name] = StripView(name, self.widget())
                self.came.emit(self._strips[name])
        self._strips = {name: self._strips[name] for name in names}
        for place, view in enumerate(self._strips.values()):
            if self._row.indexOf(view) != place:
                self._row.removeWidget(view)
                self._row.insertWidget(place, view, _WIDEN)
            view.show()
