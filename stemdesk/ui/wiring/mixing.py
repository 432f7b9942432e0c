"""The mixer and the effect editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from stemdesk.app.bench.lanes import SUM
from stemdesk.mixing.addresses import find
from stemdesk.mixing.parameters import BYPASS
from stemdesk.mixing.settings import MASTER, EffectSettings, neutral
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import changed
from stemdesk.project.edits.automation import clear_automation
from stemdesk.project.edits.effects import (
    add_effect,
    bypass_effect,
    move_effect,
    remove_effect,
)
from stemdesk.project.edits.mix import set_mix
from stemdesk.ui.mixer.fault import EffectFault
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import effect_name, stem_title, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.mixing.settings import MixSettings
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow


class Mixing(Wiring):
    """Faders, effects and all that changes the mix."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        mixer, editor = window.mixer, window.effect_editor
        for widget in (mixer, editor):
            widget.parameter_changed.connect(self.set_parameter)
            widget.touched.connect(self.touch)
            widget.context_requested.connect(self.open_menu)
            widget.effect_removed.connect(self.remove_effect)
        window.timeline.wishes.control_menu_requested.connect(self.open_menu)
        mixer.effect_added.connect(self.add_effect)
        mixer.effect_moved.connect(self.move_effect)
        mixer.effect_bypassed.connect(self.bypass_effect)
        mixer.bypass_menu_made.connect(self.offer_bypass)
        mixer.effect_selected.connect(self.select_effect)
        mixer.strip_bypassed.connect(self.bypass_strip)
        mixer.all_bypassed.connect(window.set_bypass_all)
        editor.preset_chosen.connect(self.choose_preset)
        window.inspector.editor_closed.connect(lambda: mixer.select_effect("", ""))

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "bypass_all": self.bypass_all,
            "neutral": self.reset,
            "karaoke": self.toggle_vocals,
            "clear_solo": self.clear_solo,
        }

    def show(self, track: Track | None) -> None:
        """Show the song's mix."""
        stage = self.bench.stage
        mix = track.mix if track is not None else None
        self.window.commands["bypass_all"].setChecked(mix is not None and mix.bypass)
        listening = stage.listening if stage is not None else None
        loading = listening.loading() if listening is not None else frozenset[tuple[str, str]]()
        self.window.mixer.show(mix, listening.faults() if listening is not None else (), loading)
        placed = listening.faults_by_place() if listening is not None else {}
        faults = [EffectFault(sentence, *place) for place, sentence in placed.items()]
        self.window.effect_editor.show_mix(mix, faults, loading)
        if track is not None:
            self.window.effect_editor.set_sample_rate(track.mixture.sample_rate)

    def show_moving(self) -> None:
        """What automation has put in force now."""
        stage, track = self.bench.stage, self.track
        if stage is None or track is None:
            return
        values = {address: stage.listening.get(address) for address in track.mix.automation}
        self.window.mixer.show_in_force(values)
        self.window.timeline.show_in_force(values)
        self.window.effect_editor.show_in_force(values)

    def set_parameter(self, address: str, value: float) -> None:
        """A control moves."""
        with self.refusals_shown():
            self.bench.controls.set(address, value)
        self.window.show_document()

    def touch(self, address: str, down: bool) -> None:  # noqa: FBT001 - a signal's argument
        """A hand takes hold, or lets go."""
        with self.refusals_shown():
            self.bench.controls.touch(address, down=down)
        if not down:
            self.window.show_document()

    def add_effect(self, strip: str, kind: str) -> None:
        """An effect at the end of a chain, and its editor."""
        self.edit(
            self.tr("Add {effect}").format(effect=effect_name(kind)),
            lambda track: add_effect(track, strip, EffectSettings(kind=kind)),
        )
        found = self.track.mix.strip(strip) if self.track else None
        if found is not None and found.effects:
            self.select_effect(strip, found.effects[-1].name)

    def remove_effect(self, strip: str, name: str) -> None:
        """An effect goes."""
        self.edit(
            self.tr("Remove {effect}").format(effect=effect_name(name)),
            lambda track: remove_effect(track, strip, name),
        )

    def move_effect(self, strip: str, name: str, index: int) -> None:
        """An effect goes elsewhere in its chain."""
        self.edit(
            self.tr("Move {effect}").format(effect=effect_name(name)),
            lambda track: move_effect(track, strip, name, index),
        )

    def bypass_effect(self, strip: str, name: str, on: bool) -> None:  # noqa: FBT001
        """An effect is switched off or on."""
        self.edit(
            self.tr("Bypass {effect}").format(effect=effect_name(name)),
            lambda track: bypass_effect(track, strip, name, bypass=on),
        )

    def bypass_strip(self, strip: str, on: bool) -> None:  # noqa: FBT001
        """The effects of a strip are let out or in together; each keeps what it was set to."""

        def bypassed(track: Track) -> Track:
            return set_mix(
                track,
                _with_strips(
                    track.mix,
                    lambda old: mix_changed(old, bypass=on) if old.name == strip else old,
                ),
            )

        self.edit(self.tr("Bypass effects of {strip}").format(strip=stem_title(strip)), bypassed)

    def bypass_all(self, on: bool) -> None:  # noqa: FBT001
        """All effects are let out or in together; each keeps what it was set to."""
        track = self.track
        if track is None:
            self.window.set_bypass_all(False)
        elif track.mix.bypass != on:
            self.edit(
                self.tr("Bypass all effects"),
                lambda track: set_mix(track, mix_changed(track.mix, bypass=on)),
            )

    def select_effect(self, strip: str, name: str) -> None:
        """Open an effect's editor."""
        self.window.effect_editor.open(strip, name)
        self.window.mixer.select_effect(strip, name)
        self.window.show_effect(self.tr("Effect"))

    def choose_preset(self, strip: str, name: str, values: dict[str, float]) -> None:
        """All values of an effect at once."""

        def preset(track: Track) -> Track:
            found = track.mix.strip(strip)
            assert found is not None
            effects = tuple(
                mix_changed(effect, values=dict(values)) if effect.name == name else effect
                for effect in found.effects
            )
            new = mix_changed(found, effects=effects)
            return set_mix(track, _with_strips(track.mix, lambda old: new if old is found else old))

        self.edit(self.tr("Preset of {effect}").format(effect=effect_name(name)), preset)

    def reset(self) -> None:
        """Everything as it was separated."""
        self.edit(
            self.tr("Reset the mix"),
            lambda track: changed(
                track, mix=neutral([strip.name for strip in track.mix.strips]), regions=()
            ),
        )

    def toggle_vocals(self) -> None:
        """Sing yourself."""
        strip = self.track.mix.strip("vocals") if self.track else None
        if strip is not None:
            self.set_parameter("vocals.mute", 0.0 if strip.mute else 1.0)
            self.bench.end_gesture()

    def clear_solo(self) -> None:
        """No strip is soloed or muted."""
        self.edit(
            self.tr("Clear solo and mute"),
            lambda track: set_mix(
                track,
                _with_strips(track.mix, lambda old: mix_changed(old, solo=False, mute=False)),
            ),
        )

    def open_menu(self, address: str, place: QPoint) -> None:
        """What can be done with one parameter."""
        track = self.track
        if track is None:
            return
        parameter = find(track.mix, address).parameter
        menu = QMenu(self.window)
        menu.addAction(
            self.tr("Default value"), partial(self.set_default, address, parameter.default)
        )
        menu.addAction(self.tr("Show automation"), partial(self.show_automation, address))
        clear = menu.addAction(
            self.tr("Clear automation"),
            lambda: self.edit(
                self.tr("Clear automation"), lambda track: clear_automation(track, address)
            ),
        )
        clear.setEnabled(address in track.mix.automation)
        menu.addSeparator()
        self.window.surfaces.add_learning(menu, address)
        menu.exec(place)
        menu.deleteLater()

    def offer_bypass(self, address: str, menu: QMenu) -> None:
        """What MIDI can do with an effect's bypass, in the menu of its row."""
        self.window.surfaces.add_learning(menu, address, within(BYPASS.title))

    def set_default(self, address: str, default: float) -> None:
        """A parameter as it was in the beginning: one step, whatever was moved before."""
        self.bench.end_gesture()
        self.set_parameter(address, default)
        self.bench.end_gesture()

    def show_automation(self, address: str) -> None:
        """Fold a parameter's automation out; the master's lies under the sum, which is shown."""
        strip = address.partition(".")[0]
        if strip == MASTER:
            self.window.commands["show_sum"].setChecked(True)
        self.window.timeline.unfold(SUM if strip == MASTER else strip, address)


def _with_strips(mix: MixSettings, change: Callable[..., object]) -> MixSettings:
    new: MixSettings = mix_changed(
        mix, strips=tuple(change(strip) for strip in mix.strips), master=change(mix.master)
    )
    return new
