"""One mapping by hand: how the control drives its parameter, and over which part of its travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from stemdesk.control.mapping.mappings import Mode
from stemdesk.ui.dialogs.choices import choose, chooser
from stemdesk.ui.dialogs.midi_words import mode_title
from stemdesk.ui.theme import GRID_PX, TARGET_PX

if TYPE_CHECKING:
    from stemdesk.control.mapping.mappings import Mapping


class MappingForm(QWidget):
    """See the module. Hidden while no mapping is chosen.

    Signals:
        changed(Mapping): by hand.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mappingform")
        self._mapping: Mapping | None = None
        self._mode = chooser("mappingmode", self.tr("How the control drives the parameter"))
        self._least = _percent("mappingleast", self.tr("Where its lower end lies"))
        self._most = _percent("mappingmost", self.tr("Where its upper end lies"))
        self._inverted = QCheckBox(self.tr("Reversed"))
        self._inverted.setObjectName("mappinginverted")
        self._feedback = QCheckBox(self.tr("Feedback"))
        self._feedback.setObjectName("mappingfeedback")
        self._feedback.setToolTip(self.tr("Motor, lamp or ring of the control show the value"))
        self._mode.activated.connect(lambda _: self._tell())
        for spin in (self._least, self._most):
            spin.editingFinished.connect(self._tell)
        for box in (self._inverted, self._feedback):
            box.clicked.connect(lambda _: self._tell())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._mode, 1)
        row.addWidget(QLabel(self.tr("Travel")))
        row.addWidget(self._least)
        row.addWidget(QLabel("–"))
        row.addWidget(self._most)
        row.addWidget(self._inverted)
        row.addWidget(self._feedback)
        self.show_mapping(None)

    def show_mapping(self, mapping: Mapping | None) -> None:
        """Show a mapping; None where none, or several, are chosen."""
        self._mapping = mapping
        self.setVisible(mapping is not None)
        if mapping is None:
            return
        self._mode.clear()
        for mode in _possible(mapping):
            self._mode.addItem(mode_title(mode), mode.value)
        choose(self._mode, mapping.mode.value)
        self._mode.setEnabled(self._mode.count() > 1)
        self._least.setValue(round(100 * mapping.least))
        self._most.setValue(round(100 * mapping.most))
        self._inverted.setChecked(mapping.inverted)
        self._feedback.setChecked(mapping.feedback)

    def _tell(self) -> None:
        before = self._mapping
        if before is None:
            return
        least, most = self._least.value(), self._most.value()
        if least >= most:  # no travel is left: back to what it was
            self.show_mapping(before)
            return
        new = msgspec.structs.replace(
            before,
            mode=Mode(self._mode.currentData()),
            # What was not touched keeps more digits than are shown.
            least=before.least if least == round(100 * before.least) else least / 100,
            most=before.most if most == round(100 * before.most) else most / 100,
            inverted=self._inverted.isChecked(),
            feedback=self._feedback.isChecked(),
        )
        if new != before:
            self._mapping = new
            self.changed.emit(new)


def _possible(mapping: Mapping) -> tuple[Mode, ...]:
    """An endless encoder gives steps, everything else positions."""
    if mapping.mode is Mode.RELATIVE:
        return (Mode.RELATIVE,)
    return (Mode.ABSOLUTE, Mode.PICK_UP, Mode.TOGGLE, Mode.MOMENTARY)


def _percent(name: str, told: str) -> QSpinBox:
    box = QSpinBox()
    box.setObjectName(name)
    box.setAccessibleName(told)
    box.setToolTip(told)
    box.setRange(0, 100)
    box.setSuffix(" %")
    box.setMinimumHeight(TARGET_PX)
    return box
