"""One strip of the mixer, from its name down to its fader and meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from stemdesk.mixing.addresses import own_parameters
from stemdesk.mixing.parameters import INVERT, LEVEL_DB, MUTE, PAN, SOLO
from stemdesk.mixing.settings import MASTER
from stemdesk.ui.mixer.effect_panel import EffectPanel
from stemdesk.ui.mixer.fader import Fader
from stemdesk.ui.mixer.handle import Handle
from stemdesk.ui.mixer.knob import Knob
from stemdesk.ui.mixer.lamp import ClipLamp
from stemdesk.ui.mixer.meter import Meter
from stemdesk.ui.mixer.number_field import NumberField
from stemdesk.ui.mixer.strip_name import StripName
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.words import stem_title, word

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

STRIP_PX = 84
WIDE_STRIP_PX = 164
WIDEST_STRIP_PX = 320
_POLARITY = "\N{LATIN CAPITAL LETTER O WITH STROKE}"
_SWITCHES = ((MUTE, "M", "mute"), (SOLO, "S", "solo"), (INVERT, _POLARITY, "accent"))


class StripView(QWidget):
    """See the module; its signals are the mixer's, with the strip's name where that is meant.

    Args:
        name: the stem, or `master`.
        parent: the mixer.

    Attributes:
        name: see above.
        title: for people.
        handles: the strip's own parameters by name.
        effects: the effects.
        fader: of the level.
        meter: of what leaves the strip.
        lamp: over the meter.
        stops: where Tab stops, in order.
        beside: the row that the strip's column is in, with room on its right.
    """

    parameter_changed = Signal(str, float)
    touched = Signal(str, bool)
    context_requested = Signal(str, QPoint)
    chorded = Signal(str, Qt.KeyboardModifier)
    lamp_cleared = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.title = stem_title(name)
        self.setObjectName(f"strip:{name}")
        self.setAccessibleName(self.title)
        self.fit_width(is_wide=False)
        self.setAutoFillBackground(True)
        self.handles = {each: self._handle(each) for each in own_parameters(name)}
        self.effects = EffectPanel(name, self.title, self)
        self.fader = Fader(self.handles[LEVEL_DB.name], self._of(LEVEL_DB.title), name, self)
        self.meter = Meter(self.title, name, parent=self)
        self.lamp = ClipLamp(self.title, self)
        self.lamp.cleared.connect(self.lamp_cleared)
        self.stops: list[QWidget] = [self.effects.dot, self.effects.add, self.effects.list]
        upper, lower = QVBoxLayout(), QVBoxLayout()
        upper.setSpacing(4)
        upper.addWidget(self.effects, 1)
        upper.addLayout(self._pan_row())
        upper.addLayout(self._switch_row())
        lower.setSpacing(4)
        lower.addLayout(self._level_row(), 1)
        lower.addLayout(self._number_row())
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(4)
        self._halves.addLayout(upper, 1)
        self._halves.addLayout(lower, 1)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        self.beside.addLayout(self._halves, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(4, 4, 4, 4)
        whole.setSpacing(4)
        whole.addWidget(StripName(self.title, name, self))
        whole.addLayout(self.beside, 1)

    def set_wide(self, *, on: bool) -> None:
        """Effects beside the fader, which then has the whole height; or above it."""
        aside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._halves.setDirection(aside if on else above)
        self._halves.setSpacing(8 if on else 4)
        self._halves.setStretch(0, 3 if on else 1)
        self._halves.setStretch(1, 2 if on else 1)
        self.fit_width(is_wide=on)

    @property
    def is_wide(self) -> bool:
        """Whether the fader stands beside the effects."""
        return self._halves.direction() == QBoxLayout.Direction.LeftToRight

    def fit_width(self, *, is_wide: bool) -> None:
        """How wide it may be."""
        self.setMinimumWidth(WIDE_STRIP_PX if is_wide else STRIP_PX)
        self.setMaximumWidth(WIDEST_STRIP_PX)

    def show_values(self, values: Mapping[str, float]) -> None:
        """Show what the own parameters are, by name."""
        for name, handle in self.handles.items():
            handle.show_value(values[name])

    def show_marks(self, automated: Container[str], mapped: Container[str]) -> None:
        """Mark what automation and MIDI move, by address."""
        for handle in self.handles.values():
            handle.show_marks(
                is_automated=handle.address in automated, is_mapped=handle.address in mapped
            )

    def advance(self, peak: Sequence[float], power: Sequence[float], seconds: float) -> None:
        """Let the meter go on."""
        self.meter.advance(peak, power, seconds)
        self.lamp.show_channels(self.meter.channels)

    def clear_clip(self) -> None:
        """Put the lamp out."""
        self.meter.clear_clip()
        self.lamp.show_channels(self.meter.channels)

    def _handle(self, name: str) -> Handle:
        handle = Handle(f"{self.name}.{name}", own_parameters(self.name)[name], self)
        handle.changed.connect(self.parameter_changed)
        handle.touched.connect(self.touched)
        handle.context_requested.connect(self.context_requested)
        return handle

    def _pan_row(self) -> QHBoxLayout:
        handle, title = self.handles[PAN.name], self._of(PAN.title)
        row = QHBoxLayout()
        row.setSpacing(2)
        knob = Knob(handle, title, self)
        self.stops.append(knob)
        row.addWidget(knob)
        number = NumberField(handle, title, self)
        number.setMinimumWidth(40)
        row.addWidget(number, 1)
        return row

    def _switch_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for parameter, letter, lamp in _SWITCHES:
            if parameter.name in self.handles:
                title = self._of(parameter.title)
                switch = Switch(self.handles[parameter.name], title, letter, lamp, self)
                switch.explain_chords(self._chords(parameter.name))
                switch.chorded.connect(self.chorded)
                self.stops.append(switch)
                row.addWidget(switch, 1)
        return row

    def _level_row(self) -> QHBoxLayout:
        metering = QVBoxLayout()
        metering.setSpacing(0)
        metering.addWidget(self.lamp)
        metering.addWidget(self.meter, 1)
        self.stops += [self.fader, self.lamp]
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.fader, 3)
        row.addLayout(metering, 2)
        return row

    def _number_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(NumberField(self.handles[LEVEL_DB.name], self._of(LEVEL_DB.title), self))
        return row

    def _of(self, what: str) -> str:
        return f"{self.title}: {word(what)}"

    def _chords(self, name: str) -> str:
        if self.name == MASTER:
            return ""
        if name == SOLO.name:
            return self.tr(
                "Click: hear it with the other soloed stems. Ctrl+click: hear it alone. "
                "Ctrl+Shift+click: all alike"
            )
        return self.tr("Click to turn over. Ctrl+Shift+click: all stems alike")
