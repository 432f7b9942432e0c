"""The mixer: one strip a stem side by side, and the master."""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, Protocol, overload

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from stemdesk.mixing.addresses import get, solo_only
from stemdesk.mixing.parameters import BYPASS, SOLO
from stemdesk.mixing.settings import CEILING_DB
from stemdesk.ui.mixer.fault import faults_of, placed
from stemdesk.ui.mixer.master import MASTER_PX, WIDE_MASTER_PX, MasterView
from stemdesk.ui.mixer.strip import WIDE_STRIP_PX
from stemdesk.ui.mixer.strip_row import StripRow
from stemdesk.ui.theme import GRID_PX, theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from stemdesk.mixing.settings import MixSettings
    from stemdesk.ui.mixer.fault import EffectFault
    from stemdesk.ui.mixer.strip import StripView


class _Shown(Enum):
    AS_IT_IS = 0


class ChannelLevels(Protocol):
    """What a meter takes; see :class:`stemdesk.mixing.meter_tap.Levels`."""

    @property
    def peak(self) -> Sequence[float]:
        """Greatest magnitude per channel."""

    @property
    def power(self) -> Sequence[float]:
        """Mean square per channel."""


class MixerView(QWidget):
    """See the module. It keeps nothing of the mix: it is told, and says what the user wants.

    Signals:
        parameter_changed: address, value; ``touched``: address, whether a hand holds it.
        effect_added: strip, kind; ``effect_removed``: strip, effect; ``effect_moved``: strip,
            effect, place in the new order; ``effect_bypassed``: strip, effect, whether;
            ``bypass_menu_made``: address of an effect's bypass, the menu that offers it.
        effect_selected: strip, effect whose editor is wanted.
        strip_bypassed: strip, whether all its effects are; ``all_bypassed``: those of the mix.
        context_requested: address, place on the screen.
        plugin_chosen: strip that is to have a plug-in.
    """

    parameter_changed = Signal(str, float)
    touched = Signal(str, bool)
    effect_added = Signal(str, str)
    effect_removed = Signal(str, str)
    effect_moved = Signal(str, str, int)
    effect_bypassed = Signal(str, str, bool)
    bypass_menu_made = Signal(str, QMenu)
    effect_selected = Signal(str, str)
    strip_bypassed = Signal(str, bool)
    all_bypassed = Signal(bool)
    context_requested = Signal(str, QPoint)
    plugin_chosen = Signal(str)
    plugin_window_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mixer")
        self.setAccessibleName(self.tr("Mixer"))
        self._mix: MixSettings | None = None
        self._in_force: dict[str, float] = {}
        self._ordered: list[str] = []
        self._mapped: frozenset[str] = frozenset()
        self._build()
        self.show(None)

    @overload
    def show(self) -> None: ...

    @overload
    def show(
        self,
        mix: MixSettings | None,
        faults: Iterable[EffectFault | str] = (),
        loading: Collection[tuple[str, str]] = (),
    ) -> None: ...

    def show(
        self,
        mix: MixSettings | Literal[_Shown.AS_IT_IS] | None = _Shown.AS_IT_IS,
        faults: Iterable[EffectFault | str] = (),
        loading: Collection[tuple[str, str]] = (),
    ) -> None:
        """Show a mix, in place: strips stay by name, and what a hand holds stays in it.

        Args:
            mix: None if there is none; without it, this is Qt's own `show`.
            faults: what has gone wrong in effects; without a place, said under the strips.
            loading: (strip, effect) of plug-ins that are still to come.
        """
        if mix is _Shown.AS_IT_IS:
            super().show()
            return
        self._mix = mix
        known = placed(faults)
        lines = [f"\N{WARNING SIGN} {each.sentence}" for each in known if not each.effect]
        self._faults.setText("\n".join(lines))
        self._faults.setVisible(bool(self._faults.text()))
        self._empty.setVisible(mix is None)
        self._desk.setVisible(mix is not None)
        self._row.keep([] if mix is None else [strip.name for strip in mix.strips])
        self._fit()
        self._set_tab_order()
        if mix is not None:
            self.master.show_mix(mix)
            for strip, view in zip((*mix.strips, mix.master), self.strips, strict=True):
                view.effects.show_strip(
                    strip,
                    faults_of(known, strip.name),
                    [effect for place, effect in loading if place == strip.name],
                    is_bypassed=mix.bypass,
                )
            self._show_values()
            self._show_marks()

    def show_in_force(self, values: Mapping[str, float]) -> None:
        """Values that automation has put in force now, by address; none to show the mix's own."""
        self._in_force = dict(values)
        self._show_values()

    def show_mapped(self, addresses: Collection[str]) -> None:
        """Mark what MIDI controls move."""
        self._mapped = frozenset(addresses)
        self._show_marks()

    def select_effect(self, strip: str, effect: str) -> None:
        """Mark the effect whose editor is open; empty names for none."""
        for view in self.strips:
            view.effects.select(effect if view.name == strip else "")

    def advance(
        self, levels: Mapping[str, ChannelLevels] | None = None, seconds: float = 1 / 30
    ) -> None:
        """Let the meters go on; strips without levels fall.

        Args:
            levels: what sounds now, by strip, `master` included.
            seconds: since the last call.
        """
        for view in self.strips:
            sounding = (levels or {}).get(view.name)
            if sounding is None:
                view.advance((), (), seconds)
            else:
                view.advance(sounding.peak, sounding.power, seconds)

    @property
    def is_still(self) -> bool:
        """Whether no meter moves any more, so that `advance` needs no calls."""
        return all(view.meter.is_still for view in self.strips)

    def set_loudness(
        self,
        short_lufs: float | None,
        integrated_lufs: float | None,
        true_peak_dbtp: float | None,
        reduction_db: float = 0.0,
        correlation: float | None = None,
    ) -> None:
        """The master's numbers; None where nothing was measured yet."""
        self.master.loudness.show_loudness(
            short_lufs, integrated_lufs, true_peak_dbtp, reduction_db, correlation
        )

    @property
    def strips(self) -> tuple[StripView, ...]:
        """All strips, the master last."""
        return (*self._row.strips, self.master)

    def strip_named(self, name: str) -> StripView:
        """The strip of that name, `master` included.

        Raises:
            KeyError: there is none.
        """
        return {view.name: view for view in self.strips}[name]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is room for it, faders stand beside the effects."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        strips = self.strips
        needed = WIDE_MASTER_PX + (len(strips) - 1) * (WIDE_STRIP_PX + GRID_PX // 2)
        wide = self.width() >= needed
        if [view.is_wide for view in strips] != [wide] * len(strips):
            for view in strips:
                view.set_wide(on=wide)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's
        """The ground behind the strips."""
        QPainter(self).fillRect(self.rect(), theme().background)

    def _build(self) -> None:
        self.master = MasterView(self)
        self.master.all_bypassed.connect(self.all_bypassed)
        self._wire(self.master)
        self._row = StripRow(self)
        self._row.came.connect(self._wire)
        self._desk = QWidget(self)
        desk = QHBoxLayout(self._desk)
        desk.setContentsMargins(0, 0, 0, 0)
        desk.setSpacing(GRID_PX // 2)
        desk.addWidget(self._row, 1)
        desk.addWidget(self.master)
        self._empty = QLabel(self.tr("Separate a song: each stem gets a strip here."), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._faults = QLabel(self)
        self._faults.setObjectName("faults")
        self._faults.setWordWrap(True)
        self._faults.setMargin(GRID_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._desk, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self._faults)
        self.setMinimumWidth(MASTER_PX + 92)

    def _set_tab_order(self) -> None:
        names = [view.name for view in self.strips]
        if names != self._ordered:
            self._ordered = names
            stops = [stop for view in self.strips for stop in view.stops]
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)

    def _wire(self, view: StripView) -> None:
        name = view.name
        view.parameter_changed.connect(self.parameter_changed)
        view.touched.connect(self.touched)
        view.context_requested.connect(self.context_requested)
        view.chorded.connect(self._take_chord)
        view.lamp_cleared.connect(lambda every: self._clear_clip(name, everywhere=every))
        effects = view.effects
        effects.added.connect(lambda kind: self.effect_added.emit(name, kind))
        effects.plugin_chosen.connect(lambda: self.plugin_chosen.emit(name))
        effects.all_bypassed.connect(lambda on: self.strip_bypassed.emit(name, on))
        rows = effects.list
        rows.opened.connect(lambda effect: self._open(name, effect))
        rows.bypassed.connect(lambda effect, on: self.effect_bypassed.emit(name, effect, on))
        rows.removed.connect(lambda effect: self.effect_removed.emit(name, effect))
        made = self.bypass_menu_made
        rows.bypass_menu_made.connect(
            lambda effect, menu: made.emit(f"{name}.{effect}.{BYPASS.name}", menu)
        )
        window = self.plugin_window_requested
        rows.window_requested.connect(lambda effect: window.emit(name, effect))
        rows.moved.connect(lambda effect, place: self.effect_moved.emit(name, effect, place))

    def _show_values(self) -> None:
        mix = self._mix
        if mix is None:
            return
        for strip, view in zip((*mix.strips, mix.master), self.strips, strict=True):
            values = {}
            for name, handle in view.handles.items():
                own = mix.ceiling_db if name == CEILING_DB.name else float(getattr(strip, name))
                is_automated = handle.address in mix.automation
                values[name] = self._in_force.get(handle.address, own) if is_automated else own
            view.show_values(values)

    def _show_marks(self) -> None:
        automated = {} if self._mix is None else self._mix.automation
        for view in self.strips:
            view.show_marks(automated, self._mapped)

    def _clear_clip(self, strip: str, *, everywhere: bool) -> None:
        for view in self.strips:
            if everywhere or view.name == strip:
                view.clear_clip()

    def _take_chord(self, address: str, modifiers: Qt.KeyboardModifier) -> None:
        """A switch clicked with Ctrl or Alt: alone, or all alike."""
        if self._mix is None:
            return
        strip, name = address.rsplit(".", 1)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            turned = 0.0 if get(self._mix, address) >= 0.5 else 1.0
            self._set_all(name, {each.name: turned for each in self._mix.strips})
        elif name == SOLO.name:
            alone = solo_only(self._mix, strip)
            self._set_all(name, {each.name: float(each.solo) for each in alone.strips})
        else:
            self.strip_named(strip).handles[name].toggle()

    def _set_all(self, name: str, values: Mapping[str, float]) -> None:
        for view in self._row.strips:
            handle = view.handles[name]
            if handle.value != values[view.name]:
                handle.set(values[view.name])
                handle.leave()

    def _open(self, strip: str, effect: str) -> None:
        self.select_effect(strip, effect)
        self.effect_selected.emit(strip, effect)
