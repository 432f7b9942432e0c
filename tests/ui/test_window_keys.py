"""Keys in the window: those of the part with the focus, and the window's own beside them."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox

from stemdesk.app.bench.workbench import Workbench
from stemdesk.control.mapping.mappings import Mapping
from stemdesk.control.mapping.sources import Kind, Source
from stemdesk.control.settings import ControlSettings
from stemdesk.jobs.job import JobState
from stemdesk.mixing.settings import EffectSettings
from stemdesk.project.document import Marker, Span
from stemdesk.project.edits.effects import add_effect
from stemdesk.settings import Preferences
from stemdesk.ui.action_table import ACTIONS
from stemdesk.ui.dialogs.hand_keys import hand_shortcuts
from stemdesk.ui.dialogs.midi import MidiDialog
from stemdesk.ui.dialogs.shortcuts import ShortcutSheet
from stemdesk.ui.main_window import MainWindow
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.mixer.value_text import read_value
from stemdesk.ui.panels.job_row import JobRow
from stemdesk.ui.theme import ROW_PX
from stemdesk.ui.timeline.scene import LEAST_LANE_PX
from tests.ui.timeline.hands import move, press, release

RATE = 44_100
FRAMES = 8 * RATE
STEMS = ("vocals", "drums", "bass", "other")
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
FADER = Mapping(source=Source(kind=Kind.CC, number=7, channel=1), address="vocals.level_db")


@pytest.fixture
def empty(make_window, qtbot):
    """A window without a song."""
    window = make_window(separate_on_open=False)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def open_song(window, qtbot, path):
    rng = np.random.default_rng(5)
    soundfile.write(path, rng.normal(0, 0.03, (FRAMES, 2)), RATE, subtype="PCM_16")
    songs = len(window.bench.project.tracks)
    window.filing.open([path])
    qtbot.waitUntil(lambda: len(window.bench.project.tracks) > songs, timeout=20_000)


def give_strips(window):
    """Strips of stems, as while a song waits to be separated; here it waits for good."""
    window.bench.separating._separations.order = lambda *_: None
    window.songs.separate()
    assert [strip.name for strip in window.bench.track.mix.strips] == list(STEMS)


@pytest.fixture
def window(empty, qtbot, tmp_path):
    """A window with a song of four stems."""
    open_song(empty, qtbot, tmp_path / "Song.wav")
    give_strips(empty)
    return empty


@pytest.fixture
def lanes(window):
    """The lanes with the focus, at the vocals."""
    window.timeline.focus_lane("vocals")
    window.timeline.canvas.setFocus()
    return window.timeline.canvas


def strip(window, name):
    return window.bench.track.mix.strip(name)


def test_m_s_and_a_are_the_focused_lanes_and_shift_m_sets_a_marker(window, lanes, qtbot):
    qtbot.keyClick(lanes, Key.Key_M)
    qtbot.keyClick(lanes, Key.Key_S)
    assert strip(window, "vocals").mute
    assert strip(window, "vocals").solo
    assert window.bench.track.markers == ()
    qtbot.keyClick(lanes, Key.Key_A)
    assert list(window.timeline.scene.unfolded) == ["vocals"]
    assert not window.commands["original"].isChecked()
    qtbot.keyClick(lanes, Key.Key_O)
    assert window.commands["original"].isChecked()
    qtbot.keyClick(lanes, Key.Key_M, SHIFT)
    assert len(window.bench.track.markers) == 1


def test_m_is_for_the_lane_whose_header_has_the_focus(window, lanes, qtbot):
    header = window.timeline.headers.headers["drums"]
    header.level.setFocus()
    qtbot.keyClick(header.level, Key.Key_M)
    assert strip(window, "drums").mute
    assert not strip(window, "vocals").mute
    qtbot.keyClick(header.level, Key.Key_Home)
    assert strip(window, "drums").level_db == -np.inf


def test_the_lanes_have_the_keys_once_a_song_is_there(empty, qtbot, tmp_path):
    open_song(empty, qtbot, tmp_path / "Song.wav")
    assert empty.focusWidget() is empty.timeline.canvas


def test_insert_sets_a_point_and_delete_takes_what_is_picked(window, lanes, qtbot):
    qtbot.keyClick(lanes, Key.Key_A)
    qtbot.keyClick(lanes, Key.Key_Insert)
    assert len(window.bench.track.mix.automation["vocals.level_db"]) == 1
    qtbot.keyClick(lanes, Key.Key_Delete)
    assert window.bench.track.mix.automation == {}
    window.arranging.add_marker(RATE)
    qtbot.keyClick(lanes, Key.Key_Period)
    assert window.timeline.scene.picked == Marker(frame=RATE, name="Marker 1")
    qtbot.keyClick(lanes, Key.Key_Delete)
    assert window.bench.track.markers == ()


def test_with_nothing_picked_delete_resets_the_selection(window, lanes, qtbot):
    select(window, "vocals", "drums")
    qtbot.keyClick(lanes, Key.Key_M, CTRL)
    assert len(window.bench.track.regions) == 2
    qtbot.keyClick(lanes, Key.Key_Delete)
    assert window.bench.track.regions == ()


def test_ctrl_arrows_step_and_select_by_a_sample(window, lanes, qtbot):
    window.playing.seek(RATE)
    qtbot.keyClick(lanes, Key.Key_Right, CTRL)
    assert window.timeline.scene.position_frames == RATE + 1
    qtbot.keyClick(lanes, Key.Key_Right, CTRL | SHIFT)
    qtbot.keyClick(lanes, Key.Key_Right, CTRL | SHIFT)
    assert window.timeline.selected_span == Span(first_frame=RATE + 1, end_frame=RATE + 3)
    qtbot.waitUntil(lambda: window.bench.stage.position_frames == RATE + 1)
    qtbot.keyClick(lanes, Key.Key_W)
    assert window.playing.start_frame == 6 * RATE + 1


def test_pages_with_ctrl_go_to_the_next_song_from_anywhere(window, lanes, qtbot, tmp_path):
    open_song(window, qtbot, tmp_path / "Next.wav")
    window.tabs.setCurrentIndex(0)
    first = window.bench.track.id
    lanes.setFocus()
    qtbot.keyClick(lanes, Key.Key_PageDown, CTRL)
    assert window.bench.track.id != first


def test_escape_ends_a_drag(window, lanes, qtbot):
    window.timeline.fit_song()
    ruler = window.timeline.ruler
    low = ruler.height() - 6
    press(ruler, 200, low)
    move(ruler, 300, low)
    move(ruler, 400, low)
    assert window.timeline.scene.preview.loop is not None
    qtbot.keyClick(window.focusWidget(), Key.Key_Escape)
    assert window.timeline.scene.preview.loop is None
    release(ruler, 400, low)
    assert window.bench.track.loop is None
    select(window, "drums", "drums")
    press(lanes, 400, 30)
    move(lanes, 500, 30)
    assert window.timeline.selected_span != Span(first_frame=RATE, end_frame=3 * RATE)
    qtbot.keyClick(window.focusWidget(), Key.Key_Escape)
    release(lanes, 600, 30)
    assert window.timeline.selected_span == Span(first_frame=RATE, end_frame=3 * RATE)


def test_a_fader_keeps_its_ends_and_leaves_the_chords_to_the_window(window, qtbot):
    fader = window.mixer.strip_named("bass").fader
    window.playing.seek(RATE)
    fader.setFocus()
    qtbot.keyClick(fader, Key.Key_End)
    assert strip(window, "bass").level_db == 12.0
    qtbot.keyClick(fader, Key.Key_Home)
    assert strip(window, "bass").level_db == -np.inf
    qtbot.keyClick(fader, Key.Key_Delete)
    assert strip(window, "bass").level_db == 0.0
    assert window.playing.start_frame == RATE
    qtbot.keyClick(fader, Key.Key_A, CTRL)
    assert window.timeline.selected_span == Span(first_frame=0, end_frame=FRAMES)
    before = window.timeline.scene.view
    qtbot.keyClick(fader, Key.Key_1, CTRL)  # closer; no figure is typed
    assert window.timeline.scene.view != before


def test_space_turns_a_switch_over_and_bypasses_an_effect(window, qtbot):
    view = window.mixer.strip_named("drums")
    mute = view.findChild(Switch, "switch:drums.mute")
    mute.setFocus()
    qtbot.keyClick(mute, Key.Key_Space)
    assert strip(window, "drums").mute
    assert not window.bench.stage.is_playing
    window.mixing.edit(
        "Reverb", lambda track: add_effect(track, "drums", EffectSettings(kind="reverb"))
    )
    rows = view.effects.list
    rows.setFocus()
    qtbot.keyClick(rows, Key.Key_Space)
    assert strip(window, "drums").effects[0].bypass
    qtbot.keyClick(rows, Key.Key_Delete)
    assert strip(window, "drums").effects == ()
    assert not window.bench.stage.is_playing
    lamp = window.timeline.headers.headers["bass"].mute
    lamp.setFocus()
    qtbot.keyClick(lamp, Key.Key_Space)
    assert strip(window, "bass").mute
    assert not window.bench.stage.is_playing
    mute.setFocus()
    qtbot.keyClick(mute, Key.Key_K)
    assert strip(window, "vocals").mute  # a key it does not know is the window's


def test_a_jobs_row_has_the_keys_of_its_tips(window, qtbot):
    def work(report):
        while True:
            report(0.5, "reading")  # where it is paused and broken off
            time.sleep(0.01)

    entry = window.bench.errands.start("Long", "look", work, lambda _entry: None)
    window.show_jobs()
    qtbot.waitUntil(lambda: entry.state is JobState.RUNNING)
    row = next(row for row in window.jobs.findChildren(JobRow) if row.job_id == entry.id)
    row.setFocus()
    qtbot.keyClick(row, Key.Key_Space)
    qtbot.waitUntil(lambda: entry.state is JobState.PAUSED)
    assert not window.bench.stage.is_playing
    qtbot.keyClick(row, Key.Key_Delete)
    qtbot.waitUntil(lambda: entry.state is JobState.CANCELLED)


def select(window, first_lane, last_lane, start=RATE, end=3 * RATE):
    from stemdesk.ui.timeline.selection import Selection

    window.timeline.scene.selection = Selection(start, end, first_lane, last_lane)
    window.show_possible()


def test_muting_a_stretch_of_all_stems_is_one_step(window, lanes, qtbot):
    select(window, "mixture", "other")
    qtbot.keyClick(lanes, Key.Key_M, CTRL)
    assert [region.stem for region in window.bench.track.regions] == list(STEMS)
    window.commands["undo"].trigger()
    assert window.bench.track.regions == ()
    assert window.bench.track.mix.strip("vocals") is not None


def test_where_there_is_nothing_to_mute_it_is_said(window, lanes, qtbot):
    window.statusBar().clearMessage()
    qtbot.keyClick(lanes, Key.Key_M, CTRL)
    assert "Select a stretch" in window.statusBar().currentMessage()
    window.statusBar().clearMessage()
    select(window, "mixture", "mixture")
    qtbot.keyClick(lanes, Key.Key_M, CTRL)
    assert "lane of a stem" in window.statusBar().currentMessage()
    assert window.bench.track.regions == ()


def test_l_repeats_a_new_selection_and_shift_l_removes_the_loop(window, lanes, qtbot):
    select(window, "vocals", "vocals", RATE, 2 * RATE)
    qtbot.keyClick(lanes, Key.Key_L)
    first = Span(first_frame=RATE, end_frame=2 * RATE)
    assert (window.bench.track.loop, window.bench.track.looping) == (first, True)
    qtbot.keyClick(lanes, Key.Key_L)
    qtbot.keyClick(lanes, Key.Key_L)
    assert (window.bench.track.loop, window.bench.track.looping) == (first, True)
    qtbot.keyClick(lanes, Key.Key_L)
    select(window, "vocals", "vocals", 4 * RATE, 5 * RATE)
    qtbot.keyClick(lanes, Key.Key_L)
    assert window.bench.track.loop == Span(first_frame=4 * RATE, end_frame=5 * RATE)
    assert window.commands["clear_loop"].isEnabled()
    qtbot.keyClick(lanes, Key.Key_L, SHIFT)
    assert (window.bench.track.loop, window.bench.track.looping) == (None, False)
    assert not window.commands["clear_loop"].isEnabled()


def test_a_drag_over_the_lanes_is_a_selection_that_can_be_fitted(window, lanes):
    assert not window.commands["zoom_selection"].isEnabled()
    press(lanes, 100, 30)
    move(lanes, 200, 30)
    release(lanes, 200, 30)
    assert window.commands["zoom_selection"].isEnabled()


def test_without_a_song_what_needs_one_cannot_be_asked_for(empty, qtbot, tmp_path):
    names = ("play", "separate", "karaoke", "marker", "neutral", "find_tempo", "export", "loop")
    assert [name for name in names if empty.commands[name].isEnabled()] == []
    assert empty.commands["open"].isEnabled()
    open_song(empty, qtbot, tmp_path / "Song.wav")
    assert [name for name in names if not empty.commands[name].isEnabled()] == ["karaoke"]
    give_strips(empty)
    assert empty.commands["karaoke"].isEnabled()
    assert not empty.commands["next_song"].isEnabled()
    empty.commands["remove_song"].trigger()
    assert [name for name in names if empty.commands[name].isEnabled()] == []


def test_snapping_is_as_its_action_says_and_is_kept(empty):
    assert empty.commands["snap"].isChecked()
    assert empty.timeline.scene.snaps
    empty.commands["snap"].trigger()
    assert not empty.timeline.scene.snaps
    empty.close()
    kept = empty.bench.preferences.window
    again = MainWindow(Workbench(Preferences(audio_device="silent", window=kept)))
    assert not again.commands["snap"].isChecked()
    assert not again.timeline.scene.snaps
    again.bench.papers.give_up()
    again.close()
    again.deleteLater()


def test_views_hold_for_the_songs_to_come(empty, qtbot, tmp_path):
    empty.commands["spectrogram"].setChecked(True)
    empty.commands["automation"].setChecked(True)
    open_song(empty, qtbot, tmp_path / "Song.wav")
    scene = empty.timeline.scene
    assert scene.is_spectral
    assert set(scene.unfolded) == {"mixture"}
    give_strips(empty)
    assert set(scene.unfolded) == set(STEMS)
    empty.timeline.toggle_fold("bass")
    empty.mixing.set_parameter("drums.level_db", -3.0)
    assert set(scene.unfolded) == {"vocals", "drums", "other"}
    open_song(empty, qtbot, tmp_path / "Next.wav")
    empty.tabs.setCurrentIndex(1)
    empty.tabs.setCurrentIndex(0)
    assert set(scene.unfolded) == set(scene.stems) or set(scene.unfolded) == {"mixture"}
    empty.commands["automation"].setChecked(False)
    assert scene.unfolded == {}


def test_what_shows_the_panels_has_a_name(empty):
    assert empty.side.accessibleName()


def test_the_sheet_lists_what_is_in_no_menu_and_nothing_that_does_nothing(empty, lanes_sheet):
    shown = {line.text: line.keys for line in lanes_sheet.shown}
    assert shown["Zoom at the pointer"] == ("Ctrl+Wheel",)
    assert shown["Mute the focused lane"] == ("M",)
    assert shown["Pick the last or next region, point or marker"] == (",", ".")
    assert shown["Add marker"] == ("Shift+M",)
    assert all(key for keys in shown.values() for key in keys)


@pytest.fixture
def lanes_sheet(empty):
    empty.commands["shortcuts"].trigger()
    sheet = empty.findChild(ShortcutSheet)
    yield sheet
    sheet.close()


def test_no_key_of_the_lanes_is_an_action_too_but_those_meant_to(window, lanes):
    both = {"Home", "End", "Shift+Home", "Esc", "Del"}  # the same, or nothing is picked
    of_actions = {QKeySequence(keys).toString() for spec in ACTIONS for keys in spec.keys}
    of_lanes = {
        key for line in hand_shortcuts() if line.group == "In the lanes" for key in line.keys
    }
    assert of_actions & of_lanes <= both


def test_midi_names_parameters_as_people_do(window):
    window.mixing.add_effect("vocals", "reverb")
    window.commands["midi"].trigger()
    dialog = window.findChild(MidiDialog)
    box = dialog.findChild(QComboBox, "address")
    titles = {box.itemData(place): box.itemText(place) for place in range(box.count())}
    assert titles["vocals.level_db"] == "Vocals: Level"
    assert titles["vocals.reverb.amount"] == "Vocals: Reverb: Amount"
    assert titles["transport.play"] == "Transport: Play"
    dialog.show_settings(ControlSettings(mappings=(FADER,)))
    assert dialog.mappings.rows[0][0] == "Vocals: Level"
    dialog.close()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900), (1920, 1080)])
def test_lanes_and_mixer_share_a_window_of_any_size(window, qtbot, size):
    window.mixing.add_effect("vocals", "reverb")
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().height() == size[1])
    QApplication.processEvents()
    assert window.timeline.canvas.height() >= 3 * LEAST_LANE_PX
    assert window.mixer.height() <= window.timeline.height()
    strips = window.mixer.strips
    assert all(view.effects.list.parent().height() >= ROW_PX for view in strips)
    wide = size[0] > 1200
    assert all(view.fader.height() >= (240 if wide else 80) for view in strips)
    gap = window.mixer.master.x() - strips[-2].mapTo(window.mixer, strips[-2].rect().topRight()).x()
    assert gap < 12


def test_a_narrow_mixer_stacks_its_strips_again(window):
    window.resize(1440, 900)
    QApplication.processEvents()
    assert all(view.is_wide for view in window.mixer.strips)
    window.resize(1100, 900)
    QApplication.processEvents()
    assert not any(view.is_wide for view in window.mixer.strips)


def test_lanes_and_mixer_write_the_same_minus(window):
    window.mixing.set_parameter("vocals.level_db", -2.0)
    lane = window.timeline.headers.headers["vocals"].number.text()
    handle = window.mixer.strip_named("vocals").handles["level_db"]
    assert lane == handle.text == "\N{MINUS SIGN}2.0 dB"
    # What it shows can be typed again.
    assert read_value(handle.parameter, handle.text) == -2.0


def type_level(window, qtbot, lane, text, end=Key.Key_Return):
    """In the field over a lane's number; Enter goes to whatever has the focus, as from a hand."""
    number = window.timeline.headers.headers[lane].number
    qtbot.mouseDClick(number, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(window.focusWidget(), text)
    qtbot.keyClick(window.focusWidget(), end)


def test_a_typed_level_is_one_step_and_its_enter_presses_no_button(window, lanes, qtbot):
    pressed = []
    for name, action in window.commands.items():
        action.triggered.connect(lambda *_, name=name: pressed.append(name))
    window.filing.ask_songs = lambda: pressed.append("a dialog")
    type_level(window, qtbot, "vocals", "-3")
    type_level(window, qtbot, "vocals", "-6")
    type_level(window, qtbot, "vocals", "-9", Key.Key_Escape)
    assert strip(window, "vocals").level_db == -6.0
    assert window.focusWidget() is lanes
    assert pressed == []
    window.commands["undo"].trigger()
    assert strip(window, "vocals").level_db == -3.0


def test_switching_there_and_back_is_two_steps(window, lanes, qtbot):
    for wanted in (True, False):
        qtbot.keyClick(lanes, Key.Key_M)
        assert strip(window, "vocals").mute is wanted
    window.commands["undo"].trigger()
    assert strip(window, "vocals").mute


def test_every_loop_and_every_typed_tempo_is_a_step(window):
    for first in (0, RATE):
        window.playing.set_loop(Span(first_frame=first, end_frame=3 * RATE))
    window.commands["undo"].trigger()
    assert window.bench.track.loop == Span(first_frame=0, end_frame=3 * RATE)
    for bpm in (90.0, 120.0):
        window.playing.type_tempo(bpm, 4, 4)
    window.commands["undo"].trigger()
    assert window.bench.track.tempo.bpm == 90.0


def test_taps_in_a_row_are_one_step_and_after_a_pause_another(window, monkeypatch):
    now = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])  # here alone: players wait by the real one
    monkeypatch.setattr("stemdesk.ui.wiring.playing.time", clock)

    def tap(bpm):
        now[0] += 10.0
        for _ in range(8):
            now[0] += 60 / bpm
            window.commands["tap_tempo"].trigger()

    tap(100)
    tap(140)
    assert window.bench.track.tempo.bpm == pytest.approx(140, abs=0.2)
    window.commands["undo"].trigger()
    assert window.bench.track.tempo.bpm == pytest.approx(100, abs=0.2)


def test_a_marker_s_name_is_typed_without_keys_of_the_window(window, lanes, qtbot):
    window.arranging.add_marker(RATE)
    qtbot.keyClick(lanes, Key.Key_Period)
    qtbot.keyClick(lanes, Key.Key_F2)
    qtbot.keyClicks(window.focusWidget(), "am s")
    qtbot.keyClick(window.focusWidget(), Key.Key_Return)
    assert [marker.name for marker in window.bench.track.markers] == ["am s"]
    assert not strip(window, "vocals").mute
    assert window.focusWidget() is lanes


def test_going_to_the_beginning_shows_it(window, lanes):
    timeline = window.timeline
    timeline.scene.view = timeline.scene.view.zoomed(8, 0).starting_at(4 * RATE)
    window.commands["to_start"].trigger()
    assert timeline.scene.view.first_frame == 0
