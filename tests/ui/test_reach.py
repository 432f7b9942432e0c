"""Everything that can be used has a name and is large enough to be hit."""

from datetime import datetime

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QTabWidget, QToolButton

from stemdesk.control.mapping.mappings import Mapping
from stemdesk.control.mapping.sources import Kind, Source
from stemdesk.control.settings import ControlSettings
from stemdesk.errors import UserError
from stemdesk.project.document import Region, changed
from stemdesk.project.recovery import Recoverable
from stemdesk.settings import Preferences
from stemdesk.ui.dialogs.midi import MidiDialog, MidiPorts
from stemdesk.ui.dialogs.recovery import RecoveryDialog
from stemdesk.ui.dialogs.report import ReportWindow
from stemdesk.ui.dialogs.welcome import WelcomeDialog
from tests.ui.reach import complaints

RATE = 44_100
FRAMES = 2 * RATE


@pytest.fixture
def empty(make_window, qtbot):
    return make_window(separate_on_open=False)


@pytest.fixture
def window(empty, qtbot, tmp_path):
    """Two songs, the first with strips of stems, as while it waits to be separated."""
    rng = np.random.default_rng(5)
    for name in ("One", "Two"):
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, rng.normal(0, 0.03, (FRAMES, 2)), RATE, subtype="PCM_16")
        empty.filing.open([path])
    qtbot.waitUntil(lambda: len(empty.bench.project.tracks) == 2, timeout=20_000)
    empty.bench.separating._separations.order = lambda *_: None
    empty.songs.separate()
    return empty


def check(qtbot, window):
    """Once layouts have come to rest."""
    qtbot.wait(50)
    assert not complaints(window), "\n".join(complaints(window))


@pytest.mark.parametrize("size", [QSize(1440, 900), QSize(0, 0)], ids=["roomy", "least"])
def test_the_window_without_a_song(empty, qtbot, size):
    empty.resize(size)
    check(qtbot, empty)


@pytest.mark.parametrize("size", [QSize(1440, 900), QSize(0, 0)], ids=["roomy", "least"])
def test_the_window_with_songs(window, qtbot, size):
    window.resize(size)
    window.show_problem(UserError("A song is missing", "find it"))
    window.show_problem(UserError("Another is missing", "find it"))
    for page in (window.jobs, window.null, window.inspector):
        window.side.setCurrentWidget(page)
        check(qtbot, window)


def test_an_effect_and_its_editor(window, qtbot):
    window.mixing.add_effect("vocals", "reverb")
    window.mixing.add_effect("vocals", "equaliser")
    assert window.effect_editor.isVisible()
    check(qtbot, window)


def test_regions_markers_and_automation(window, qtbot):
    window.arranging.add_marker(RATE)
    region = Region(stem="vocals", first_frame=0, end_frame=RATE, gain_db=-6.0)
    window.arranging.edit("Region", lambda track: changed(track, regions=(region,)))
    window.timeline.focus_lane("vocals")
    window.timeline.headers.headers["vocals"].fold.click()
    window.side.setCurrentWidget(window.inspector)
    check(qtbot, window)


@pytest.mark.parametrize("command", ["settings", "shortcuts", "about", "midi", "export"])
def test_a_dialog_of_the_menus(window, qtbot, command):
    window.commands[command].trigger()
    shown = next(each for each in window.findChildren(QDialog) if each.isVisible())
    for tabs in shown.findChildren(QTabWidget) or [None]:
        for page in range(tabs.count() if tabs else 1):
            if tabs:
                tabs.setCurrentIndex(page)
            check(qtbot, shown)
    shown.reject()


def test_the_fields_of_a_midi_mapping(qtbot):
    source = Source(kind=Kind.CC, number=7, channel=1)
    settings = ControlSettings(mappings=(Mapping(source=source, address="vocals.level_db"),))
    dialog = MidiDialog(settings, MidiPorts(("In",), ("Out",)), [("vocals.level_db", "Level")])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.mappings.table.selectAll()
    check(qtbot, dialog)


def test_the_welcome(qtbot):
    dialog = WelcomeDialog(Preferences(), ["USB"])
    qtbot.addWidget(dialog)
    dialog.show()
    for _ in range(3):
        check(qtbot, dialog)
        dialog.findChild(QToolButton, "next").click()


def test_what_is_shown_after_a_crash(qtbot, tmp_path):
    found = Recoverable(tmp_path, "Mine", datetime(2026, 1, 2, 3, 4, 5), ("One",), False, "")
    for dialog in (RecoveryDialog([found]), ReportWindow()):
        qtbot.addWidget(dialog)
        dialog.show()
        check(qtbot, dialog)
