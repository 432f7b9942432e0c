"""MIDI control: ports, controls of single parameters, whole desks, and what is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from stemdesk.ui.dialogs.midi_desks import DesksList
from stemdesk.ui.dialogs.midi_learn import LearnRow
from stemdesk.ui.dialogs.midi_mapping import MappingForm
from stemdesk.ui.dialogs.midi_sync import SyncForm
from stemdesk.ui.dialogs.midi_words import control_text, mode_text, port_text
from stemdesk.ui.dialogs.removable_list import RemovableList
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.labels import paragraph
from stemdesk.ui.panels.reasons import Reasons
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.words import address_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.control.mapping.mappings import Mapping
    from stemdesk.control.settings import ControlSettings


class MidiPorts(NamedTuple):
    """What the computer has.

    Attributes:
        inputs: stable names of the ports to hear.
        outputs: stable names of the ports to send to.
        reason: why there is no MIDI at all, with the remedy; empty where there is.
        problems: a sentence for everything else that does not work.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    reason: str = ""
    problems: tuple[str, ...] = ()


class MidiDialog(QDialog):
    """See the module; not modal, so that faders can be seen moving. It keeps no settings.

    Signals:
        changed(ControlSettings): edited by hand.
        learn_requested(address), cancel_learn(): answered by :meth:`show_learning`.
        rescan_requested(): look for ports again.

    Args:
        settings: as they are.
        ports: what there is.
        parameters: what can be driven: (address, title) each.
        parent: the window.
    """

    changed = Signal(object)
    learn_requested = Signal(str)
    cancel_learn = Signal()
    rescan_requested = Signal()

    def __init__(
        self,
        settings: ControlSettings,
        ports: MidiPorts,
        parameters: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("midi")
        self.setWindowTitle(self.tr("MIDI control"))
        self.setModal(False)
        self._settings, self._ports = settings, ports
        self._titles: dict[str, str] = {}
        self._found = paragraph("ports")
        self._problems = Reasons("problems", "warning")
        self._again = plain_button("rescan", self.tr("Look again"), picture="retry")
        self._again.clicked.connect(self.rescan_requested)
        self.mappings = RemovableList(
            "mappings",
            (self.tr("Parameter"), self.tr("Control"), self.tr("Port"), self.tr("How")),
            self.tr("No control drives anything yet. Choose a parameter, press Learn, and move "
                "the control."),
        )  # fmt: skip
        self.mappings.table.setAccessibleName(self.tr("Controls and what they drive"))
        self.mappings.removed.connect(self._unmap)
        self.mappings.table.itemSelectionChanged.connect(self._show_chosen)
        self.form = MappingForm()
        self.form.changed.connect(self._remap)
        self.learn = LearnRow()
        self.learn.learn_requested.connect(self.learn_requested)
        self.learn.cancel_learn.connect(self.cancel_learn)
        self.desks, self.sync = DesksList(), SyncForm()
        self.desks.changed.connect(lambda desks: self._edit(desks=desks))
        self.sync.changed.connect(lambda sync: self._edit(sync=sync))
        self._lay_out()
        self.show_parameters(parameters)
        self._show()
        self.resize(640, 480)

    def show_settings(self, settings: ControlSettings) -> None:
        """Show others: what was learnt, or taken up from :attr:`changed`."""
        if settings is not self._settings:
            self._settings = settings
            self._show()

    def show_ports(self, ports: MidiPorts) -> None:
        """Show what there is now; the same costs nothing."""
        if ports != self._ports:
            self._ports = ports
            self._show()

    def show_parameters(self, parameters: Sequence[tuple[str, str]]) -> None:
        """What the present song lets be driven: (address, title) each."""
        self._titles = dict(parameters)
        self.learn.show_parameters(parameters)
        self._show_mappings()

    def show_learning(self, prompt: str | None, told: str = "") -> None:
        """How far learning is; see `LearnRow.show_learning`."""
        self.learn.show_learning(prompt, told)

    def reject(self) -> None:
        """Closed: nothing is being learnt any more."""
        if self.learn.is_learning:
            self.cancel_learn.emit()
        super().reject()

    def _show(self) -> None:
        settings, ports = self._settings, self._ports
        self._found.setText(self._ports_text())
        has_midi = not ports.reason
        reasons = (ports.reason,) if ports.reason else ()
        self._problems.show_sentences((*reasons, *ports.problems))
        self.learn.setEnabled(has_midi)
        self._show_mappings()
        self.desks.show_desks(settings.desks, ports.inputs)
        self.sync.show_sync(settings.sync, ports.inputs)

    def _show_mappings(self) -> None:
        self.mappings.show_rows(
            [
                (
                    self._titles.get(each.address) or address_title(each.address),
                    control_text(each.source),
                    port_text(each.source.port),
                    mode_text(each),
                )
                for each in self._settings.mappings
            ]
        )

    def _ports_text(self) -> str:
        ports = self._ports
        if ports.reason:
            return self.tr("There are no MIDI ports.")
        if not ports.inputs and not ports.outputs:
            return self.tr("No MIDI device is connected. Plug one in: it is found by itself.")
        lines = []
        if ports.inputs:
            lines.append(self.tr("Heard: {0}").format(", ".join(ports.inputs)))
        if ports.outputs:
            lines.append(self.tr("Sent to: {0}").format(", ".join(ports.outputs)))
        return "\n".join(lines)

    def _unmap(self, places: tuple[int, ...]) -> None:
        kept = tuple(
            each for place, each in enumerate(self._settings.mappings) if place not in places
        )
        self._edit(mappings=kept)

    def _show_chosen(self) -> None:
        places = self.mappings.chosen
        self.form.show_mapping(self._settings.mappings[places[0]] if len(places) == 1 else None)

    def _remap(self, mapping: Mapping) -> None:
        mappings = list(self._settings.mappings)
        mappings[self.mappings.chosen[0]] = mapping
        self._edit(mappings=tuple(mappings))

    def _edit(self, **fields: object) -> None:
        self.changed.emit(msgspec.structs.replace(self._settings, **fields))

    def _lay_out(self) -> None:
        tabs = QTabWidget()
        tabs.setObjectName("miditabs")
        tabs.setAccessibleName(self.tr("Controls, desks and what is followed"))
        tabs.tabBar().setAccessibleName(tabs.accessibleName())
        tabs.setDocumentMode(True)
        tabs.addTab(_page(self.mappings, self.form, self.learn), self.tr("Controls"))
        tabs.addTab(_page(self.desks), self.tr("Desks"))
        tabs.addTab(_page(self.sync), self.tr("Follow"))
        head = QHBoxLayout()
        head.setSpacing(2 * GRID_PX)
        head.addWidget(self._found, 1)
        head.addWidget(self._again)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 3 * GRID_PX, 4 * GRID_PX, 3 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        column.addLayout(head)
        column.addWidget(self._problems)
        column.addWidget(tabs, 1)


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
    column.setSpacing(3 * GRID_PX)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page
