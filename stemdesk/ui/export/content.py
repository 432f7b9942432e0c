"""What is exported: the mix, the stems, or the song without one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.export.rows import INDENT_PX, choice, remark
from stemdesk.ui.export.stem_box import StemBox
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.timeline.wording import lane_title

if TYPE_CHECKING:
    from stemdesk.app.exporting.request import What
    from stemdesk.project.document import Track

VOCALS = "vocals"


class ContentChooser(QWidget):
    """See the module.

    Signals:
        changed(): something else was chosen.

    Args:
        track: the song, with the stems that it has or will have.
        parent: the dialog.
    """

    changed = Signal()

    def __init__(self, track: Track, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stems = tuple(track.separated.stems) if track.separated else ()
        self._group = QButtonGroup(self)
        self._buttons: dict[What, QRadioButton] = {
            "mix": choice("what:mix", self.tr("Mix")),
            "stems": choice("what:stems", self.tr("Stems")),
            "stems_with_effects": choice("what:effects", self.tr("Stems with effects")),
            "minus_one": choice("what:minus", self.tr("Without a stem")),
        }
        remarks = {
            "mix": self.tr("what you hear, in one file"),
            "stems": self.tr("as separated: they sum to the song"),
            "stems_with_effects": self.tr("as mixed, before the master: they sum to the mix"),
            "minus_one": self.tr("to sing or play along"),
        }
        self._stem = chooser("stem", self.tr("Stem that is left out"))
        self._stem.setMinimumContentsLength(8)
        self._way = chooser("way", self.tr("How it is left out"))
        self._way.setMinimumContentsLength(28)
        self._boxes = {name: StemBox(name) for name in self._stems}
        self._which = QWidget()
        self._minus = QWidget()
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for what, button in self._buttons.items():
            self._group.addButton(button)
            button.toggled.connect(self._follow)
            column.addWidget(_row(button, remark(remarks[what])))
            if what == "stems_with_effects":
                column.addWidget(self._which)
        column.addWidget(self._minus)
        self._buttons["mix"].setChecked(True)

    @property
    def what(self) -> What:
        """The kind of export."""
        return next(what for what, button in self._buttons.items() if button.isChecked())

    @property
    def stem(self) -> str:
        """The stem that is left out; empty for other kinds."""
        return self._stem.currentData() if self.what == "minus_one" else ""

    @property
    def is_exact(self) -> bool:
        """Whether it is left out of the song as it was, not of the mix."""
        return self.what == "minus_one" and self._way.currentData() == "exact"

    @property
    def stems(self) -> tuple[str, ...]:
        """Which stems; empty for all of them."""
        chosen = tuple(name for name, box in self._boxes.items() if box.isChecked())
        is_all = chosen == self._stems or not self.what.startswith("stems")
        return () if is_all else chosen

    @property
    def is_complete(self) -> bool:
        """Whether there is anything to export."""
        return not self.what.startswith("stems") or any(
            box.isChecked() for box in self._boxes.values()
        )

    def _fill(self) -> None:
        for name in self._stems:
            self._stem.addItem(lane_title(name), name)
        if VOCALS in self._stems:
            choose(self._stem, VOCALS)
        self._way.addItem(self.tr("Mix as heard, with the stem muted"), "heard")
        self._way.addItem(self.tr("Song as it was, less the stem"), "exact")
        for box in (self._stem, self._way):
            box.currentIndexChanged.connect(self.changed)
        for stem_box in self._boxes.values():
            stem_box.setChecked(True)
            stem_box.toggled.connect(self.changed)
        _across(self._which, *self._boxes.values())
        _across(self._minus, self._stem, self._way)
        for what, button in self._buttons.items():
            if what != "mix" and not self._stems:
                button.setEnabled(False)
                button.setToolTip(self.tr("Separate the song first"))

    def _follow(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on:
            self._which.setVisible(self.what.startswith("stems"))
            self._minus.setVisible(self.what == "minus_one")
            self.changed.emit()


def _row(button: QRadioButton, told: QLabel) -> QWidget:
    row = QWidget()
    button.setAccessibleDescription(told.text())
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(2 * GRID_PX)
    across.addWidget(button)
    across.addWidget(told, 1)
    return row


def _across(row: QWidget, *widgets: QWidget) -> None:
    across = QHBoxLayout(row)
    across.setContentsMargins(INDENT_PX, 0, 0, GRID_PX)
    across.setSpacing(3 * GRID_PX)
    for widget in widgets:
        across.addWidget(widget)
    across.addStretch(1)
    row.hide()
