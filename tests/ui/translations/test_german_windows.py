"""The windows in German: no English left, nothing cut off."""

import pytest
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
)

from stemdesk.app.bench.workbench import Workbench
from stemdesk.control.settings import ControlSettings
from stemdesk.errors import UserError
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.project.document import Span
from stemdesk.project.edits.tracks import add_track
from stemdesk.settings import Preferences
from stemdesk.ui.dialogs.choices import Choices
from stemdesk.ui.dialogs.midi import MidiDialog, MidiPorts
from stemdesk.ui.dialogs.problem import ProblemBar
from stemdesk.ui.dialogs.settings import SettingsDialog
from stemdesk.ui.dialogs.shortcuts import ShortcutSheet
from stemdesk.ui.dialogs.welcome import WelcomeDialog
from stemdesk.ui.export.dialog import ExportDialog
from stemdesk.ui.main_window import MainWindow
from stemdesk.ui.mixer.effect_editor import EffectEditor
from stemdesk.ui.mixer.mixer_view import MixerView
from stemdesk.ui.mixer.parameter_row import ParameterRow
from stemdesk.ui.panels.job_words import explained
from stemdesk.ui.panels.jobs import JobsPanel
from stemdesk.ui.panels.null import NullPanel
from stemdesk.ui.timeline.view import TimelineView
from tests.ui.translations.known import ENGLISH
from tests.ui.translations.room import assert_accelerators_differ, assert_german_and_whole, texts_of

RATE = 44_100


@pytest.fixture
def window(german, qtbot, track):
    window = MainWindow(Workbench(Preferences(audio_device="silent", welcomed=True)))
    window.show()
    yield window
    window.bench.papers.give_up()
    window.filing.may_leave = lambda *_: True
    window.close()
    window.deleteLater()


def test_menus_are_german_and_their_accelerators_differ(window):
    bar = window.menuBar()
    assert [action.text() for action in bar.actions()] == [
        *("Datei", "Bearbeiten", "Song", "Wiedergabe", "Mix", "Ansicht", "Werkzeuge", "Hilfe")
    ]
    assert_accelerators_differ(bar.actions())
    for menu in (action.menu() for action in bar.actions()):
        assert [text for text in texts_of(menu) if text in ENGLISH] == []
        assert_accelerators_differ(menu.actions())
    assert window.commands["open"].text() == "Songs öffnen…"
    assert window.commands["open"].toolTip().endswith("(Strg+O)")


def test_the_window_is_german_with_and_without_a_song(window, qtbot, track):
    assert_german_and_whole(window)
    window.bench.edit("Open Abendlied", add_track(window.bench.project, track))
    window.show_document()
    assert window.commands["undo"].text() == "Rückgängig (Abendlied öffnen)"
    window.side.setCurrentWidget(window.null)
    qtbot.waitUntil(lambda: window.null.words.word == "Exakt", timeout=20_000)
    for page in (window.jobs, window.null, window.inspector):
        window.side.setCurrentWidget(page)
        qtbot.wait(1)
        assert_german_and_whole(window)
    window.mixing.add_effect("drums", "compressor")
    assert window.commands["undo"].text() == "Rückgängig (Kompressor hinzufügen)"
    assert_german_and_whole(window)


@pytest.mark.usefixtures("german")
def test_strips_and_every_effect_are_german(qtbot, track):
    mixer, editor = MixerView(), EffectEditor()
    for widget in (mixer, editor):
        qtbot.addWidget(widget)
    mixer.resize(900, 420)
    editor.resize(300, 500)
    mixer.setVisible(True)
    editor.setVisible(True)
    mixer.show(track.mix, ())
    editor.show_mix(track.mix, ())
    assert [strip.title for strip in mixer.strips] == [
        *("Gesang", "Drums", "Bass", "Übriges", "Master")
    ]
    for kind in EFFECT_KINDS:
        editor.open("vocals", kind)
        assert_german_and_whole(editor)
        rows = editor.findChildren(ParameterRow)
        names = [row.findChild(QLabel) for row in rows]
        assert len(names) == len(EFFECT_KINDS[kind].parameters)
        assert [name.text() for name in names] == [name.toolTip() for name in names]
    assert_german_and_whole(mixer)


@pytest.mark.usefixtures("german")
def test_panels_are_german(qtbot, track, row):
    jobs, null, timeline = JobsPanel(), NullPanel(), TimelineView()
    for panel in (jobs, null, timeline):
        qtbot.addWidget(panel)
        panel.resize(340, 600)
        panel.show()
    jobs.show_entries([row], "Prozessor", "")
    null.show_verdict(None, RATE)
    timeline.show_track(track)
    for panel in (jobs, null, timeline):
        assert_german_and_whole(panel)
    assert null.words.word == "Kein Song"


CHOICES = Choices(
    models=[("small", "Small model", "vocals 6.1 dB", "8.4 MiB")],
    devices=[("cpu", True, "2 physical cores, always there")],
    audio_devices=["USB Audio"],
    languages=(("en", "English"), ("de", "Deutsch")),
)


def test_the_settings_are_german_and_say_when_a_language_takes_effect(german, qtbot):
    dialog = SettingsDialog(Preferences(language="de"), CHOICES)
    qtbot.addWidget(dialog)
    dialog.show()
    assert_german_and_whole(dialog)
    assert dialog.windowTitle() == "Einstellungen"
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Eine neue Sprache gilt ab dem nächsten Start." in texts
    standard = QDialogButtonBox.StandardButton
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons.button(standard.Cancel).text().replace("&", "") == "Abbrechen"
    boxes = [box.itemText(1) for box in dialog.findChildren(QComboBox)]
    assert "Prozessor: 2 physische Kerne, immer verfügbar" in boxes


def test_the_export_is_german(german, qtbot, track, tmp_path):
    dialog = ExportDialog(
        track, Span(first_frame=0, end_frame=RATE // 2), Preferences(exports=str(tmp_path)), "Album"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    choices = [each for each in dialog.findChildren(QRadioButton) if "what:" in each.objectName()]
    assert len(choices) == 4
    for choice in choices:
        choice.setChecked(True)
        qtbot.wait(1)
        assert_german_and_whole(dialog)


@pytest.mark.parametrize("make", [ShortcutSheet, WelcomeDialog, MidiDialog])
def test_other_dialogs_are_german(german, qtbot, make):
    arguments = {
        ShortcutSheet: (),
        WelcomeDialog: (Preferences(), ["USB Audio"]),
        MidiDialog: (ControlSettings(), MidiPorts(), []),
    }
    dialog = make(*arguments[make])
    qtbot.addWidget(dialog)
    dialog.show()
    assert_german_and_whole(dialog)


def test_a_remedy_names_the_menus_as_they_are_shown(german, qtbot):
    bar = ProblemBar()
    qtbot.addWidget(bar)
    bar.add(UserError("The mixture is lost", "find it with Song > Find missing files"))
    remedy = bar.findChild(QLabel, "remedy").text()
    assert remedy == "Find it with Song > Fehlende Dateien suchen."
    assert explained(bar.problems[0])[1] == remedy
