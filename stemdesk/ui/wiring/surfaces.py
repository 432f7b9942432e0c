"""Control surfaces: learning, the list of mappings, ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import ControlSettings, load_settings, save_settings
from stemdesk.control.target import TRANSPORT_PARAMETERS
from stemdesk.mixing.addresses import addresses
from stemdesk.mixing.settings import neutral
from stemdesk.ui.dialogs.midi import MidiDialog, MidiPorts
from stemdesk.ui.dialogs.midi_words import control_text
from stemdesk.ui.mixer.effect_words import effect_title
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import address_title, stem_title, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.control.hub import MidiControl
    from stemdesk.ui.main_window import MainWindow


class ControlSurfaces(Wiring):
    """MIDI."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._dialog: MidiDialog | None = None
        self._shown: ControlSettings | None = None

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {"midi": self.open_dialog}

    @property
    def _control(self) -> MidiControl | None:
        surfaces = self.bench.surfaces
        return surfaces.control if surfaces is not None else None

    def add_learning(self, menu: QMenu, address: str) -> None:
        """What MIDI can do with a parameter."""
        control = self._control
        learn = menu.addAction(self.tr("Learn MIDI control…"), lambda: self.learn(address))
        learn.setEnabled(control is not None)
        bound = control is not None and any(each.address == address for each in control.mappings)
        forget = menu.addAction(self.tr("Forget MIDI control"), lambda: self.forget(address))
        forget.setEnabled(bound)

    def learn(self, address: str) -> None:
        """Bind the next control that is moved."""
        control = self._control
        if control is not None:
            with self.refusals_shown():
                control.learn(address)
                self.window.tell(control.learning or "")
        self.show()

    def stop_learning(self) -> None:
        """Bind none."""
        if self._control is not None:
            self._control.stop_learning()
        self.show()

    def forget(self, address: str) -> None:
        """Unbind a parameter."""
        if self._control is not None:
            self._control.unlearn_address(address)
            self._keep()

    def open_dialog(self) -> None:
        """The page of all mappings."""
        if self._dialog is None:
            with self.refusals_shown():
                self._dialog = MidiDialog(load_settings(), _ports(), [], self.window)
            if self._dialog is None:
                return
            self._dialog.changed.connect(self._edited)
            self._dialog.learn_requested.connect(self.learn)
            self._dialog.cancel_learn.connect(self.stop_learning)
            self._dialog.rescan_requested.connect(self._rescan)
        self._dialog.show_parameters(list(self._titles().items()))
        self._dialog.show()
        self._dialog.raise_()

    def _titles(self) -> dict[str, str]:
        """What can be driven now, by address, as people call it."""
        titles = {}
        mix = self.track.mix if self.track is not None else neutral(())
        for address, target in addresses(mix):
            strip = mix.strip(target.strip)
            effects = strip.effects if strip is not None else ()
            effect = next((each for each in effects if each.name == target.effect), None)
            parts = [stem_title(target.strip), word(target.parameter.title)]
            if effect is not None:
                parts.insert(1, effect_title(effect))
            titles[address] = ": ".join(parts)
        for name, parameter in TRANSPORT_PARAMETERS.items():
            titles[name] = self.tr("Transport: {0}").format(word(parameter.title))
        return titles

    def show(self) -> None:
        """Take up what was learnt, and mark what is mapped; ten times a second."""
        control = self._control
        if control is None:
            return
        told = ""
        while (learned := control.take_learned()) is not None:
            address = learned.mapping.address
            told = self.tr("{control} drives {parameter}.").format(
                control=control_text(learned.mapping.source),
                parameter=self._titles().get(address) or address_title(address),
            )
            self.window.tell(told)
            self._keep()
        if control.settings is not self._shown:
            self._shown = control.settings
            mapped = {mapping.address for mapping in control.mappings}
            self.window.mixer.show_mapped(mapped)
            self.window.effect_editor.show_mapped(mapped)
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_settings(control.settings)
            self._dialog.show_learning(control.learning, told)

    def _keep(self) -> None:
        control = self._control
        if control is not None:
            with self.refusals_shown():
                save_settings(control.settings)

    def _edited(self, settings: ControlSettings) -> None:
        with self.refusals_shown():
            save_settings(settings)
            self.bench.renew_surfaces()
        if self._dialog is not None:
            self._dialog.show_settings(settings)

    def _rescan(self) -> None:
        if self._dialog is not None:
            self._dialog.show_ports(_ports())
        self.bench.renew_surfaces()


def _ports() -> MidiPorts:
    system = MidiSystem()
    inputs, outputs = tuple(system.inputs()), tuple(system.outputs())
    return MidiPorts(inputs, outputs, str(system.reason or ""), ())
