"""Control surfaces: learning, the list of mappings, ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QMenu

from stemdesk.control.mapping.learning import PROMPT, PROMPT_BACK
from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import ControlSettings, load_settings, save_settings
from stemdesk.control.target import TRANSPORT_PARAMETERS
from stemdesk.mixing.addresses import addresses
from stemdesk.mixing.settings import neutral
from stemdesk.ui.dialogs.midi import MidiDialog, MidiPorts
from stemdesk.ui.dialogs.midi_words import control_text
from stemdesk.ui.mixer.effect_words import effect_title
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.wiring.escape import Escape
from stemdesk.ui.wiring.menu_key import add_menu_key
from stemdesk.ui.words import address_title, stem_title, within, word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.control.hub import MidiControl
    from stemdesk.ui.main_window import MainWindow


class ControlSurfaces(Wiring):
    """MIDI.

    Attributes:
        prompt: in the status bar, as long as a control is waited for; what is said in passing
            covers it for a while.
    """

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._dialog: MidiDialog | None = None
        self._shown: ControlSettings | None = None
        self._wanted = ""  # the address that a control is waited for
        self._waiting: MidiControl | None = None
        self.prompt = QLabel()
        self.prompt.setObjectName("learning")
        self.prompt.setMinimumWidth(1)  # or a long one would widen the window
        self.prompt.hide()
        window.statusBar().addWidget(self.prompt, 1)
        self._escape = Escape(window)
        self._escape.pressed.connect(self.stop_learning)
        window.transport.context_requested.connect(self.open_menu)
        add_menu_key(window)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {"midi": self.open_dialog}

    @property
    def _control(self) -> MidiControl | None:
        surfaces = self.bench.shown.surfaces
        return surfaces.control if surfaces is not None else None

    def add_learning(self, menu: QMenu, address: str, deed: str = "") -> None:
        """What MIDI can do with a parameter.

        Args:
            menu: gets it.
            address: of the parameter.
            deed: what it does, to be said where the place of the menu does not tell.
        """
        control = self._control
        learning, forgetting = self.tr("Learn MIDI control…"), self.tr("Forget MIDI control")
        if deed:
            learning = self.tr("Learn MIDI control for {0}…").format(deed)
            forgetting = self.tr("Forget MIDI control for {0}").format(deed)
        learn = menu.addAction(learning, lambda: self.learn(address))
        learn.setEnabled(control is not None)
        bound = control is not None and any(each.address == address for each in control.mappings)
        forget = menu.addAction(forgetting, lambda: self.forget(address))
        forget.setEnabled(bound)

    def open_menu(self, addresses: Sequence[str], place: QPoint) -> None:
        """What MIDI can do with a button of the transport."""
        menu = QMenu(self.window)
        for address in addresses:
            self.add_learning(menu, address, within(TRANSPORT_PARAMETERS[address].title))
        menu.exec(place)
        menu.deleteLater()

    def learn(self, address: str) -> None:
        """Bind the next control that is moved; Escape gives it up."""
        control = self._control
        if control is not None:
            with self.refusals_shown():
                control.learn(address)
                self._wanted, self._waiting = address, control
                self.window.statusBar().clearMessage()
        self.show()

    def stop_learning(self) -> None:
        """Bind none."""
        control = self._control
        if control is not None and control.learning is not None:
            control.stop_learning()
            self.window.tell(self.tr("No control was learnt."))
        self.show()

    def forget(self, address: str) -> None:
        """Unbind a parameter."""
        if self._control is not None:
            self._control.unlearn_address(address)
            self._keep()
            told = self.tr("No MIDI control drives {parameter} any more.")
            self.window.tell(told.format(parameter=self._title(address)))

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
        self._wait_on(control)
        told = self._take_learned(control) if control is not None else ""
        prompt = self._show_prompt(control)
        if control is not None and control.settings is not self._shown:
            self._shown = control.settings
            mapped = {mapping.address for mapping in control.mappings}
            self.window.mixer.show_mapped(mapped)
            self.window.effect_editor.show_mapped(mapped)
        if self._dialog is not None and self._dialog.isVisible():
            if control is not None:
                self._dialog.show_settings(control.settings)
            self._dialog.show_learning(prompt, told)

    def _wait_on(self, control: MidiControl | None) -> None:
        """Where surfaces are renewed while a control is waited for, the new ones wait for it."""
        if not self._wanted or control is self._waiting:
            return
        address, self._wanted, self._waiting = self._wanted, "", control
        if control is not None:
            with self.refusals_shown():
                control.learn(address)
                self._wanted = address

    def _take_learned(self, control: MidiControl) -> str:
        told = ""
        while (learned := control.take_learned()) is not None:
            told = self.tr("{control} drives {parameter}.").format(
                control=control_text(learned.mapping.source),
                parameter=self._title(learned.mapping.address),
            )
            self.window.tell(told)
            self._keep()
        return told

    def _show_prompt(self, control: MidiControl | None) -> str | None:
        """What the hand should do now; None, and nothing to see, where nothing is waited for."""
        prompt = control.learning if control is not None else None
        self._escape.listen(on=prompt is not None)
        if prompt is None:
            self._wanted = ""
            if self.prompt.text():
                self.prompt.clear()
                self.prompt.hide()
            return None
        prompts = {
            PROMPT: self.tr("Move the control, or press the button"),
            PROMPT_BACK: self.tr("Now turn it the other way"),
        }
        prompt = prompts.get(prompt, prompt)
        text = self.tr("Learning {parameter}. {prompt}… Escape gives it up.").format(
            parameter=self._title(self._wanted), prompt=prompt
        )
        if text != self.prompt.text():
            self.prompt.setText(text)
            self.prompt.setToolTip(text)
            self.prompt.show()
        return prompt

    def _title(self, address: str) -> str:
        return self._titles().get(address) or address_title(address)

    def _keep(self) -> None:
        control = self._control
        if control is not None:
            with self.refusals_shown():
                save_settings(control.settings)

    def _edited(self, settings: ControlSettings) -> None:
        with self.refusals_shown():
            save_settings(settings)
            self.bench.shown.renew_surfaces()
        if self._dialog is not None:
            self._dialog.show_settings(settings)

    def _rescan(self) -> None:
        if self._dialog is not None:
            self._dialog.show_ports(_ports())
        self.bench.shown.renew_surfaces()


def _ports() -> MidiPorts:
    system = MidiSystem()
    inputs, outputs = tuple(system.inputs()), tuple(system.outputs())
    return MidiPorts(inputs, outputs, str(system.reason or ""), ())
