"""The panel of one effect: every parameter, its curve, presets, and a plug-in's own window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import BYPASS
from stemdesk.mixing.plugins import known
from stemdesk.mixing.settings import PLUGIN
from stemdesk.ui.mixer.curve import curve_of
from stemdesk.ui.mixer.curve_plot import CurvePlot
from stemdesk.ui.mixer.effect_head import EffectHead
from stemdesk.ui.mixer.effect_words import effect_title
from stemdesk.ui.mixer.fault import faults_of, placed
from stemdesk.ui.mixer.handle import Handle
from stemdesk.ui.mixer.parameter_row import ParameterRow
from stemdesk.ui.mixer.thin_bars import THIN_BARS
from stemdesk.ui.theme import GRID_PX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from stemdesk.mixing.parameters import Parameter
    from stemdesk.mixing.settings import EffectSettings, MixSettings
    from stemdesk.ui.mixer.fault import EffectFault

_MOST_ROWS = 64


class EffectEditor(QWidget):
    """See the module. Which effect it shows is said with `open`; its values come with the mix.

    Signals:
        parameter_changed: address, value; ``touched``: address, whether a hand holds it.
        preset_chosen: strip, effect, values that differ from the defaults.
        effect_removed: strip, effect.
        context_requested: address, place on the screen.
        plugin_window_requested: strip, effect; ``plugin_restart_requested`` after a fault.
    """

    parameter_changed = Signal(str, float)
    touched = Signal(str, bool)
    context_requested = Signal(str, QPoint)
    preset_chosen = Signal(str, str, dict)
    effect_removed = Signal(str, str)
    plugin_window_requested = Signal(str, str)
    plugin_restart_requested = Signal(str, str)

    def __init__(self, sample_rate: int = 44_100, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("effecteditor")
        self.setAccessibleName(self.tr("Effect"))
        self._sample_rate = sample_rate
        self._place = ("", "")
        self._mix: MixSettings | None = None
        self._effect: EffectSettings | None = None
        self._built: object = None
        self._handles: dict[str, Handle] = {}
        self._in_force: dict[str, float] = {}
        self._mapped: frozenset[str] = frozenset()
        self._faults: tuple[EffectFault, ...] = ()
        self._loading: frozenset[tuple[str, str]] = frozenset()
        self._build()

    @property
    def place(self) -> tuple[str, str]:
        """Strip and effect that are open; empty names if none is."""
        return self._place

    @property
    def handles(self) -> dict[str, Handle]:
        """By parameter, `bypass` among them."""
        return dict(self._handles)

    def open(self, strip: str, effect: str) -> None:
        """Show another effect of the mix; empty names for none."""
        self._place = (strip, effect)
        self._refresh()

    def show_mix(
        self,
        mix: MixSettings | None,
        faults: Iterable[EffectFault | str] = (),
        loading: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Show the open effect as it is in a mix, in place; nothing if it is no longer there.

        Args:
            mix: None if there is none.
            faults: what has gone wrong in effects.
            loading: (strip, effect) of plug-ins that are still to come.
        """
        self._mix, self._faults, self._loading = mix, placed(faults), frozenset(loading)
        self._refresh()

    def show_in_force(self, values: Mapping[str, float]) -> None:
        """Values that automation has put in force now, by address."""
        self._in_force = dict(values)
        self._show_values()

    def show_mapped(self, addresses: Collection[str]) -> None:
        """Mark what MIDI controls move."""
        self._mapped = frozenset(addresses)
        self._show_values()

    def set_sample_rate(self, sample_rate: int) -> None:
        """Draw responses for another rate, in Hz."""
        self._sample_rate = sample_rate
        self._draw()

    def _build(self) -> None:
        self.head = EffectHead(self)
        self.head.removed.connect(lambda: self.effect_removed.emit(*self._place))
        self.head.preset_chosen.connect(
            lambda values: self.preset_chosen.emit(*self._place, values)
        )
        self.head.window_requested.connect(lambda: self.plugin_window_requested.emit(*self._place))
        self.head.restart_requested.connect(
            lambda: self.plugin_restart_requested.emit(*self._place)
        )
        self.plot = CurvePlot(self)
        self._empty = QLabel(self.tr("Click an effect in the mixer to open it here."), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setStyleSheet(THIN_BARS)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.head)
        column.addWidget(self.plot)
        column.addWidget(self._area, 1)
        column.addWidget(self._empty, 1)
        self.setMinimumWidth(280)
        self._refresh()

    def _refresh(self) -> None:
        strip_name, name = self._place
        strip = self._mix.strip(strip_name) if self._mix else None
        chain = strip.effects if strip else ()
        self._effect = next((each for each in chain if each.name == name), None)
        for part in (self.head, self._area):
            part.setVisible(self._effect is not None)
        self._empty.setVisible(self._effect is None)
        if self._effect is not None:
            parameters = _parameters(self._effect)
            built = (self._place, self._effect.kind, parameters)
            if built != self._built:
                self._built = built
                self._make_rows(self._effect, parameters)
            self.head.show_fault(faults_of(self._faults, strip_name).get(name, ""))
            self.head.show_loading(on=self._place in self._loading)
        self._show_values()

    def _make_rows(self, effect: EffectSettings, parameters: tuple[Parameter, ...]) -> None:
        for handle in self._handles.values():
            handle.let_go()
            handle.deleteLater()
        self._handles = {
            parameter.name: self._handle(effect, parameter) for parameter in (BYPASS, *parameters)
        }
        self.head.show_effect(self._place[0], effect, self._handles[BYPASS.name])
        rows = QWidget(self._area)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, GRID_PX, 0)
        column.setSpacing(0)
        for parameter in parameters[:_MOST_ROWS]:
            column.addWidget(
                ParameterRow(self._handles[parameter.name], effect_title(effect), rows)
            )
        if len(parameters) > _MOST_ROWS:
            more = QLabel(
                self.tr("{0} more are in the plug-in's own window.").format(
                    len(parameters) - _MOST_ROWS
                ),
                rows,
            )
            column.addWidget(more)
        column.addStretch(1)
        self._area.setWidget(rows)

    def _handle(self, effect: EffectSettings, parameter: Parameter) -> Handle:
        handle = Handle(f"{self._place[0]}.{effect.name}.{parameter.name}", parameter, self)
        handle.changed.connect(self.parameter_changed)
        handle.touched.connect(self.touched)
        handle.context_requested.connect(self.context_requested)
        handle.shown.connect(self._draw)
        return handle

    def _show_values(self) -> None:
        if self._effect is None or self._mix is None:
            self._draw()
            return
        automation = self._mix.automation
        for name, handle in self._handles.items():
            own = self._effect.values.get(name, handle.parameter.default)
            if name == BYPASS.name:
                own = float(self._effect.bypass)
            is_automated = handle.address in automation
            handle.show_marks(is_automated=is_automated, is_mapped=handle.address in self._mapped)
            handle.show_value(self._in_force.get(handle.address, own) if is_automated else own)
        self._draw()

    @property
    def _is_shut(self) -> bool:
        """Whether all effects of the mix, or of its strip, are bypassed."""
        if self._mix is None:
            return False
        strip = self._mix.strip(self._place[0])
        return self._mix.bypass or (strip is not None and strip.bypass)

    def _draw(self) -> None:
        if self._effect is None:
            self.plot.show_curve(None)
            return
        values = {name: handle.value for name, handle in self._handles.items()}
        self.plot.show_curve(
            curve_of(self._effect.kind, values, self._sample_rate),
            is_bypassed=values[BYPASS.name] >= 0.5 or self._is_shut,
        )


def _parameters(effect: EffectSettings) -> tuple[Parameter, ...]:
    """What there is to turn; a plug-in's once it was loaded."""
    if effect.kind == PLUGIN:
        return tuple(each.as_parameter() for each in known.parameters_of(effect) or ())
    return EFFECT_KINDS[effect.kind].parameters if effect.kind in EFFECT_KINDS else ()
