"""Title, artist, album and year, taken over from the song until somebody writes others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from stemdesk.ui.export.rows import line
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Mapping


class TagFields(QWidget):
    """See the module.

    Signals:
        changed(): something was typed.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = {
            "title": self.tr("Title"),
            "artist": self.tr("Artist"),
            "album": self.tr("Album"),
            "date": self.tr("Year"),
        }
        self._source: dict[str, str] = {}
        self._lines = {name: line(f"tag:{name}", told) for name, told in titles.items()}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        for place, (name, field) in enumerate(self._lines.items()):
            label = QLabel(titles[name])
            label.setBuddy(field)
            row, side = divmod(place, 2)
            grid.addWidget(label, row, 2 * side)
            grid.addWidget(field, row, 2 * side + 1)
            field.textEdited.connect(self.changed)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)

    @property
    def tags(self) -> dict[str, str] | None:
        """What differs from the song; None if nothing does."""
        typed = {name: field.text().strip() for name, field in self._lines.items()}
        other = {name: text for name, text in typed.items() if text != self._source.get(name, "")}
        return other or None

    def show_source(self, tags: Mapping[str, str]) -> None:
        """What the song says; fields that were typed into stay."""
        mine = self.tags or {}
        self._source = {name: tags.get(name, "").strip() for name in self._lines}
        for name, field in self._lines.items():
            if name not in mine:
                field.setText(self._source[name])
