"""Learning MIDI controls from the menus of the window's own controls."""

import sys
from functools import partial

import mido
import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from stemdesk.control.midi.system import MidiSystem
from stemdesk.control.settings import load_settings
from stemdesk.project.document import Tempo
from stemdesk.ui.dialogs.midi import MidiDialog
from stemdesk.ui.main_window import MainWindow
from tests.control.fake_midi import DEVICES, backend

RATE = 44_100
STEMS = ("vocals", "drums", "bass", "other")
DESK = "Desk 20:0"
LEARN, FORGET = "Learn MIDI control…", "Forget MIDI control"
Key = Qt.Key
BY_MOUSE, BY_KEY = QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard


@pytest.fixture
def devices():
    DEVICES.clear()
    DEVICES.plug(DESK)
    yield DEVICES
    DEVICES.clear()


@pytest.fixture
def window(make_window, qtbot, tmp_path, monkeypatch, devices):
    """A window with a song of four stems, and a desk on a MIDI port."""
    for owner in ("stemdesk.app.surfaces", "stemdesk.ui.wiring.surfaces"):
        monkeypatch.setattr(f"{owner}.MidiSystem", lambda: MidiSystem(backend()))
    window = make_window(separate_on_open=False)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    song = tmp_path / "Song.wav"
    noise = np.random.default_rng(5).normal(0, 0.03, (8 * RATE, 2))
    soundfile.write(song, noise, RATE, subtype="PCM_16")
    window.filing.open([song])
    qtbot.waitUntil(lambda: window.bench.track is not None, timeout=20_000)
    # As while a song waits to be separated; here it waits for good.
    window.bench.separating._separations.order = lambda *_: None
    window.songs.separate()
    assert [strip.name for strip in window.bench.track.mix.strips] == list(STEMS)
    return window


@pytest.fixture
def header(window):
    return window.timeline.headers.headers["drums"]


def ask_menu(control, reason=BY_MOUSE):
    """Ask for a control's menu, as Qt does after a right button or the menu key."""
    at = control.rect().center()
    event = QContextMenuEvent(reason, at, control.mapToGlobal(at))
    QApplication.sendEvent(control, event)


def choose(ask, *path):
    """Open a menu and take an entry of it, or none; what it offers, by text.

    Args:
        ask: opens it.
        path: text of the entry.
    """
    found = {}

    def take():
        menu = QApplication.activePopupWidget()
        found.update((entry.text(), entry.isEnabled()) for entry in menu.actions())
        for text in path:
            entry = next(entry for entry in menu.actions() if entry.text() == text)
            menu.setActiveAction(entry)
            QTest.keyClick(menu, Key.Key_Return)
        menu.close()

    QTimer.singleShot(0, take)
    ask()
    (window,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    window.activateWindow()  # without a screen nobody gives the keys back after a menu
    for _ in range(200):
        if QApplication.activeWindow() is window:
            return found
        QTest.qWait(10)
    raise AssertionError("the window has not got the keys back")


def learn(control, text=LEARN, reason=BY_MOUSE):
    return choose(partial(ask_menu, control, reason), text)


def button(window, action):
    """The transport's button of an action."""
    return next(
        each
        for each in window.transport.findChildren(QToolButton)
        if each.defaultAction() is window.commands[action]
    )


def turn(window, qtbot, control, first=30, last=60):
    """Move a knob of the desk from one place to another."""
    step = 2 if last > first else -2
    for value in range(first, last, step):
        DEVICES.play(DESK, mido.Message("control_change", control=control, value=value))
        qtbot.wait(2)
    window.advance()
    window.pump()


def strike(window, number, velocity):
    DEVICES.play(DESK, mido.Message("note_on", note=number, velocity=velocity))
    window.advance()
    window.pump()


def press(window, number):
    """Press a pad of the desk and let it go."""
    strike(window, number, 100)
    strike(window, number, 0)


def mapped():
    return [mapping.address for mapping in load_settings().mappings]


def strip(window, name):
    return window.bench.track.mix.strip(name)


def test_a_lanes_fader_learns_a_knob_and_is_driven_by_it(window, header, qtbot):
    learn(header.level)
    prompt = window.surfaces.prompt
    assert prompt.isVisible()
    assert prompt.text() == (
        "Learning Drums: Level. Move the control, or press the button… Escape gives it up."
    )
    turn(window, qtbot, 20)
    assert not prompt.isVisible()
    assert prompt.text() == ""
    told = window.statusBar().currentMessage()
    assert told == "Control 20, channel 1 drives Drums: Level."
    assert mapped() == ["drums.level_db"]
    turn(window, qtbot, 20, 60, 127)  # through 0 dB, where the knob picks the fader up
    reached = strip(window, "drums").level_db
    assert reached > 6.0
    qtbot.waitUntil(lambda: header.level.level_db == reached)


def test_mute_and_solo_of_a_lane_learn_a_pad_each(window, header):
    for pad, name in enumerate(("mute", "solo")):
        learn(getattr(header, name), reason=BY_KEY)
        assert f"Drums: {name.capitalize()}" in window.surfaces.prompt.text()
        press(window, pad)
        press(window, pad)
        assert getattr(strip(window, "drums"), name)
        press(window, pad)
        assert not getattr(strip(window, "drums"), name)
    assert mapped() == ["drums.mute", "drums.solo"]


def test_the_levels_number_has_the_faders_menu(window, header):
    offered = learn(header.number)
    assert {"Default value", "Show automation", "Clear automation", LEARN, FORGET} <= set(offered)
    assert "Drums: Level" in window.surfaces.prompt.text()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt sees to this key itself")
def test_a_right_click_and_shift_f10_reach_a_lanes_controls(window, header, qtbot):
    handle = window.windowHandle()
    middle = header.level.mapTo(window, header.level.rect().center())
    right = Qt.MouseButton.RightButton
    click = partial(QTest.mouseClick, handle, right, Qt.KeyboardModifier.NoModifier, middle)
    assert LEARN in choose(click)
    assert window.timeline.scene.focused == "drums"
    header.mute.setFocus()
    shift = Qt.KeyboardModifier.ShiftModifier
    choose(partial(qtbot.keyClick, header.mute, Key.Key_F10, shift), LEARN)
    assert "Drums: Mute" in window.surfaces.prompt.text()
    play = button(window, "play")
    play.setFocus()
    choose(partial(qtbot.keyClick, play, Key.Key_F10, shift), "Learn MIDI control for play…")
    assert "Transport: Play" in window.surfaces.prompt.text()


def test_play_learns_a_pad_and_is_played_by_it(window, qtbot):
    offered = learn(button(window, "play"), "Learn MIDI control for play…")
    assert "Learn MIDI control for stop…" in offered
    assert "Learning Transport: Play." in window.surfaces.prompt.text()
    press(window, 41)
    assert mapped() == ["transport.play"]
    assert not window.bench.stage.is_playing
    press(window, 41)
    qtbot.waitUntil(lambda: window.bench.stage.is_playing)
    press(window, 41)
    qtbot.waitUntil(lambda: not window.bench.stage.is_playing)


def test_other_buttons_of_the_transport_learn_too(window):
    deeds = {"loop": "loop", "record": "record", "to_start": "rewind", "to_end": "forward"}
    for pad, (action, deed) in enumerate(deeds.items()):
        learn(button(window, action), f"Learn MIDI control for {deed}…", BY_KEY)
        press(window, pad)
    assert mapped() == [f"transport.{deed}" for deed in deeds.values()]


def test_what_was_learnt_is_forgotten(window, header):
    ask = partial(ask_menu, header.mute)
    assert not choose(ask)[FORGET]
    learn(header.mute)
    press(window, 40)
    assert choose(ask, FORGET)[FORGET]
    assert mapped() == []
    press(window, 40)
    assert not strip(window, "drums").mute
    assert "drives Drums: Mute any more" in window.statusBar().currentMessage()


@pytest.mark.parametrize("focus", ["lanes", "fader", "list", "tempo"])
def test_escape_gives_learning_up_wherever_the_focus_is(window, header, qtbot, focus):
    learn(header.mute)
    press(window, 40)
    window.timeline.select_all()
    learn(header.level)
    places = {
        "lanes": window.timeline.canvas,
        "fader": window.mixer.strip_named("bass").fader,
        "list": window.mixer.strip_named("bass").effects.list,
        "tempo": window.transport._bpm,
    }
    places[focus].setFocus()
    strike(window, 40, 100)
    assert not strip(window, "drums").mute  # meanwhile nothing is driven
    qtbot.keyClick(window.focusWidget(), Key.Key_Escape)
    assert not window.surfaces.prompt.isVisible()
    assert window.statusBar().currentMessage() == "No control was learnt."
    assert window.timeline.selected_span is not None  # that Escape was for learning alone
    assert mapped() == ["drums.mute"]
    strike(window, 40, 0)
    press(window, 40)
    assert strip(window, "drums").mute
    if focus != "tempo":
        qtbot.keyClick(window.focusWidget(), Key.Key_Escape)
        assert window.timeline.selected_span is None


def test_a_learning_begun_in_the_dialog_is_told_and_given_up_in_the_window_too(window, qtbot):
    window.commands["midi"].trigger()
    dialog = window.findChild(MidiDialog)
    dialog.learn_requested.emit("transport.stop")
    assert "Transport: Stop" in window.surfaces.prompt.text()
    assert dialog.learn.is_learning
    qtbot.keyClick(window.timeline.canvas, Key.Key_Escape)
    assert not window.surfaces.prompt.isVisible()
    assert not dialog.learn.is_learning
    assert dialog.isVisible()


def test_the_prompt_outlasts_what_is_said_and_tells_the_next_thing_to_do(window, header, qtbot):
    learn(header.level)
    prompt = window.surfaces.prompt
    window.tell("Something else")
    assert not prompt.isVisible()
    window.statusBar().clearMessage()
    assert prompt.isVisible()
    for _ in range(6):  # an encoder: one click to the right is 1, or is it 65?
        DEVICES.play(DESK, mido.Message("control_change", control=90, value=1))
        qtbot.wait(2)
    window.advance()
    window.pump()
    assert "Now turn it the other way" in prompt.text()


def test_a_tempo_that_comes_meanwhile_does_not_end_the_learning(window, header):
    learn(header.level)
    before = window.bench.shown.surfaces
    window.playing.type_tempo(120.0, 4, 4)
    assert window.bench.track.tempo == Tempo(bpm=120.0)
    assert window.bench.shown.surfaces is not before
    window.pump()
    assert "Drums: Level" in window.surfaces.prompt.text()
    press(window, 43)
    assert mapped() == ["drums.level_db"]
    assert not window.surfaces.prompt.isVisible()


def test_where_the_song_goes_the_prompt_goes(window, header, qtbot):
    learn(header.level)
    window.bench.files.new()
    window.pump()
    assert not window.surfaces.prompt.isVisible()


def test_the_default_value_is_one_step_of_its_own(window, header):
    start = strip(window, "drums").level_db
    window.mixing.set_parameter("drums.level_db", -9.0)  # a hand that has not let go yet
    learn(header.level, "Default value")
    assert strip(window, "drums").level_db == 0.0
    window.mixing.set_parameter("drums.level_db", -3.0)
    levels = []
    for _ in range(3):
        window.commands["undo"].trigger()
        levels.append(strip(window, "drums").level_db)
    assert levels == [0.0, -9.0, start]


def test_the_masters_automation_is_shown_under_the_sum(window):
    fader = window.mixer.master.fader
    learn(fader, "Show automation")
    assert window.commands["show_sum"].isChecked()
    assert window.timeline.scene.unfolded == {"sum": "master.level_db"}


def test_the_row_of_an_effect_offers_its_bypass(window):
    window.mixing.add_effect("drums", "reverb")
    rows = next(view for view in window.mixer.strips if view.name == "drums").effects.list

    def offered(text):
        return next(entry for entry in rows.menu(0).actions() if entry.text() == text)

    offered("Learn MIDI control for bypass…").trigger()
    assert "Drums" in window.surfaces.prompt.text()
    press(window, 43)
    assert mapped() == ["drums.reverb.bypass"]
    press(window, 43)
    assert strip(window, "drums").effects[0].bypass
    offered("Forget MIDI control for bypass").trigger()
    assert mapped() == []
