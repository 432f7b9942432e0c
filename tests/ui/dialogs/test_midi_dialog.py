import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabWidget,
    QToolButton,
)

from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Coding, Kind, Source
from stemdesk.control.settings import ControlSettings, Desk, DeskKind, Sync, SyncKind
from stemdesk.ui.dialogs.midi import MidiDialog, MidiPorts
from stemdesk.ui.dialogs.midi_words import note_name

FADER = Mapping(
    source=Source(kind=Kind.CC, number=7, channel=1, port="X-Touch [*]"),
    address="vocals.level_db",
    mode=Mode.PICK_UP,
)
PAD = Mapping(source=Source(kind=Kind.NOTE, number=60), address="drums.mute", mode=Mode.TOGGLE)
SETTINGS = ControlSettings(mappings=(FADER, PAD), desks=(Desk(port="X-Touch*"),))
PORTS = MidiPorts(("X-Touch One", "Pads [A]"), ("X-Touch One",))
PARAMETERS = [("vocals.level_db", "Vocals: Level"), ("transport.play", "Play")]


@pytest.fixture
def make(qtbot):
    def make(settings=SETTINGS, ports=PORTS, tab=0):
        dialog = MidiDialog(settings, ports, PARAMETERS)
        qtbot.addWidget(dialog)
        dialog.findChild(QTabWidget, "miditabs").setCurrentIndex(tab)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return make


def press(qtbot, dialog, name):
    qtbot.mouseClick(dialog.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def choose(dialog, name, data):
    box = dialog.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_mappings_are_told_in_words(make):
    assert make().mappings.rows == (
        ("Vocals: Level", "Control 7, channel 1", "X-Touch *", "picks the value up"),
        ("Drums: Mute", "Note 60 (C4), any channel", "any port", "each press turns over"),
    )


@pytest.mark.parametrize(("number", "name"), [(60, "C4"), (59, "B3"), (0, "C-1"), (127, "G9")])
def test_note_names(number, name):
    assert note_name(number) == name


def test_a_mapping_is_removed_by_the_delete_key_and_nothing_before_the_owner_agrees(make, qtbot):
    dialog = make()
    table = dialog.mappings.table
    table.setCurrentItem(table.topLevelItem(0))
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert caught.args == [replace(SETTINGS, mappings=(PAD,))]
    assert len(dialog.mappings.rows) == 2
    dialog.show_settings(caught.args[0])
    assert len(dialog.mappings.rows) == 1


def test_the_ports_are_listed_or_the_reason_why_there_are_none(make, qtbot):
    dialog = make()
    assert "X-Touch One, Pads [A]" in dialog.findChild(QLabel, "ports").text()
    reason = "MIDI is not available because mido is missing: install it."
    dialog.show_ports(MidiPorts(reason=reason))
    assert dialog.findChild(QLabel, "problems:0").text() == reason
    assert not dialog.findChild(QToolButton, "learn").isEnabled()
    with qtbot.waitSignal(dialog.rescan_requested, timeout=500):
        press(qtbot, dialog, "rescan")
    dialog.show_ports(MidiPorts())
    assert "Plug one in" in dialog.findChild(QLabel, "ports").text()


def test_learning_asks_prompts_and_can_be_given_up(make, qtbot):
    dialog = make()
    choose(dialog, "address", "transport.play")
    with qtbot.waitSignal(dialog.learn_requested, timeout=500) as caught:
        press(qtbot, dialog, "learn")
    assert caught.args == ["transport.play"]
    dialog.show_learning("Move the control")
    assert dialog.learn.prompt == "Move the control…"
    with qtbot.waitSignal(dialog.cancel_learn, timeout=500):
        press(qtbot, dialog, "learn")
    with qtbot.waitSignal(dialog.cancel_learn, timeout=500):
        qtbot.keyClick(dialog.findChild(QToolButton, "learn"), Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.show_learning(None, "Control 7 drives Vocals: Level.")
    assert dialog.learn.prompt == "Control 7 drives Vocals: Level."


def test_an_address_can_be_typed(make, qtbot):
    dialog = make()
    line = dialog.findChild(QComboBox, "address").lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, "bass.pan")
    with qtbot.waitSignal(dialog.learn_requested, timeout=500) as caught:
        press(qtbot, dialog, "learn")
    assert caught.args == ["bass.pan"]


def test_closing_gives_learning_up(make, qtbot):
    dialog = make()
    dialog.show_learning("Move the control")
    with qtbot.waitSignal(dialog.cancel_learn, timeout=500):
        dialog.close()


def test_a_desk_is_added_with_its_port_taken_literally(make, qtbot):
    dialog = make(tab=1)
    port = dialog.findChild(QComboBox, "deskport")
    port.setCurrentText("Pads [A]")
    choose(dialog, "deskkind", DeskKind.MACKIE_EXTENDER.value)
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        press(qtbot, dialog, "adddesk")
    added = caught.args[0].desks[-1]
    assert added == Desk(port="Pads [[]A]", kind=DeskKind.MACKIE_EXTENDER)
    dialog.show_settings(caught.args[0])
    assert dialog.desks.list.rows[-1] == ("Pads [A]", "Mackie Control extender", "connected")
    assert port.findText("Pads [A]") < 0


def test_a_desk_is_removed(make, qtbot):
    dialog = make(tab=1)
    table = dialog.desks.list.table
    table.setCurrentItem(table.topLevelItem(0))
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        press(qtbot, dialog, "remove:desks")
    assert caught.args == [replace(SETTINGS, desks=())]


def test_what_is_followed(make, qtbot):
    dialog = make(tab=2)
    assert not dialog.findChild(QComboBox, "syncport").isVisible()
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        choose(dialog, "synckind", SyncKind.TIME_CODE.value)
    settings = caught.args[0]
    assert settings.sync == Sync(kind=SyncKind.TIME_CODE)
    dialog.show_settings(settings)
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        choose(dialog, "syncport", "X-Touch One")
    dialog.show_settings(caught.args[0])
    offset = dialog.findChild(QLineEdit, "syncoffset")
    offset.selectAll()
    qtbot.keyClicks(offset, "1:00:00.5")
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        qtbot.keyClick(offset, Qt.Key.Key_Return)
    assert caught.args[0].sync == Sync(
        kind=SyncKind.TIME_CODE, port="X-Touch One", offset_seconds=3600.5
    )
    assert caught.args[0].mappings == SETTINGS.mappings


def test_an_offset_that_is_no_time_is_put_back(make, qtbot):
    dialog = make(replace(SETTINGS, sync=Sync(kind=SyncKind.TIME_CODE, offset_seconds=60.0)), tab=2)
    told = []
    dialog.changed.connect(told.append)
    offset = dialog.findChild(QLineEdit, "syncoffset")
    offset.selectAll()
    qtbot.keyClicks(offset, "soon")
    qtbot.keyClick(offset, Qt.Key.Key_Return)
    assert offset.text() == "1:00.000"
    assert told == []


def test_a_port_that_is_gone_stays_chosen(make, qtbot):
    sync = Sync(kind=SyncKind.CLOCK, port="DAW")
    dialog = make(replace(SETTINGS, sync=sync), tab=2)
    assert dialog.findChild(QComboBox, "syncport").currentText() == "DAW (not connected)"
    assert not dialog.findChild(QLineEdit, "syncoffset").isVisible()


def chosen(dialog, row):
    table = dialog.mappings.table
    table.setCurrentItem(table.topLevelItem(row))
    return dialog.form


def test_a_mapping_is_changed_by_hand(make, qtbot):
    dialog = make()
    assert not dialog.form.isVisible()
    form = chosen(dialog, 0)
    assert form.isVisible()
    settings = SETTINGS

    def takes(mapping):
        nonlocal settings
        settings = replace(settings, mappings=(mapping, PAD))
        assert caught.args == [settings]
        dialog.show_settings(settings)
        assert dialog.mappings.chosen == (0,)

    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        choose(dialog, "mappingmode", Mode.ABSOLUTE.value)
    takes(replace(FADER, mode=Mode.ABSOLUTE))
    least = form.findChild(QSpinBox, "mappingleast")
    least.setFocus()
    least.selectAll()
    qtbot.keyClicks(least, "25")
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        qtbot.keyClick(least, Qt.Key.Key_Return)
    takes(replace(FADER, mode=Mode.ABSOLUTE, least=0.25))
    assert dialog.mappings.rows[0][3] == "goes where the control stands, 25 to 100 % of its travel"
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        form.findChild(QCheckBox, "mappinginverted").click()
    takes(replace(FADER, mode=Mode.ABSOLUTE, least=0.25, inverted=True))
    with qtbot.waitSignal(dialog.changed, timeout=500) as caught:
        form.findChild(QCheckBox, "mappingfeedback").click()
    takes(replace(FADER, mode=Mode.ABSOLUTE, least=0.25, inverted=True, feedback=False))


def test_a_travel_of_nothing_is_put_back_and_an_encoder_stays_one(make, qtbot):
    encoder = replace(
        FADER, source=replace(FADER.source, coding=Coding.TWOS_COMPLEMENT), mode=Mode.RELATIVE
    )
    dialog = make(replace(SETTINGS, mappings=(encoder,)))
    told = []
    dialog.changed.connect(told.append)
    form = chosen(dialog, 0)
    most = form.findChild(QSpinBox, "mappingmost")
    most.setFocus()
    most.selectAll()
    qtbot.keyClicks(most, "0")
    qtbot.keyClick(most, Qt.Key.Key_Return)
    assert most.value() == 100
    assert told == []
    mode = form.findChild(QComboBox, "mappingmode")
    assert [mode.itemData(row) for row in range(mode.count())] == [Mode.RELATIVE.value]
