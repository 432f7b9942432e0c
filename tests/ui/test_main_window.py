"""The whole story, in the window: drop, separate, play, mix, undo, save, leave, come back."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from stemdesk.app.exporting.request import ExportRequest
from stemdesk.audio.reading import open_audio
from stemdesk.settings import load_preferences
from stemdesk.ui.export.dialog import ExportDialog

RATE = 44_100
SECONDS = 8


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(5)
    seconds = np.arange(SECONDS * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 220 * seconds) * (np.sin(6 * seconds) > 0)
    samples = np.round((tone + rng.normal(0, 0.03, (2, len(tone)))) * 2**15) / 2**15
    path = tmp_path / "Evening song.wav"
    soundfile.write(path, samples.T, RATE, subtype="PCM_16")
    return path


@pytest.fixture
def window(make_window):
    return make_window()


def until(qtbot, condition, seconds=90):
    qtbot.waitUntil(lambda: bool(condition()), timeout=1000 * seconds)


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    assert event.isAccepted()


def separated(window, qtbot, song):
    drop(window, song)
    until(qtbot, lambda: window.bench.track and window.bench.track.separated)


def test_from_drop_to_a_saved_project(window, qtbot, song, tmp_path, monkeypatch):
    bench = window.bench
    assert window.windowTitle() == "StemDesk"
    drop(window, song)
    until(qtbot, lambda: bench.shown.coverage)
    assert [strip.name for strip in window.mixer.strips] == [
        *("vocals", "drums", "bass", "other"),
        "master",
    ]
    # Heard while it is still being separated.
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(qtbot, lambda: bench.stage.position_frames > RATE // 2)
    until(qtbot, lambda: bench.track.separated is not None)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(qtbot, lambda: not bench.stage.is_playing)
    until(qtbot, lambda: bench.stage.position_frames < RATE // 10)  # where it began

    window.side.setCurrentWidget(window.null)
    until(qtbot, lambda: window.null.words.word == "Exact")
    samples = f"{2 * SECONDS * RATE:_}".replace("_", "\N{NARROW NO-BREAK SPACE}")
    assert window.null.words.line.startswith(f"0 of {samples} ")

    fader = window.mixer.strip_named("vocals").fader
    fader.setFocus()
    for _ in range(3):
        qtbot.keyClick(fader, Qt.Key.Key_Down)
    lowered = bench.track.mix.strip("vocals").level_db
    assert lowered < 0
    window.mixing.add_effect("vocals", "reverb")
    assert window.effect_editor.place == ("vocals", "reverb")
    assert bench.stage.mix.strip("vocals").effects[0].kind == "reverb"
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert bench.track.mix.strip("vocals").mute

    for _ in range(20):
        window.commands["undo"].trigger()
    assert bench.track is None  # even opening the song
    while window.commands["redo"].isEnabled():
        window.commands["redo"].trigger()
    assert bench.track.mix.strip("vocals").level_db == lowered
    assert bench.track.separated is not None

    bench.files.save_as(tmp_path / "Evening")
    until(qtbot, lambda: not bench.is_modified)
    folder = bench.papers.file.folder
    assert json.loads((folder / "project.json").read_text())["format"] == 1
    total = 0
    for ref in bench.track.separated.stems.values():
        with open_audio(folder / ref.path) as reader:
            total = total + reader.read(SECONDS * RATE)
    with open_audio(song) as reader:
        assert (total == reader.read(SECONDS * RATE)).all()
    assert window.windowTitle().startswith("Evening")


def test_an_export_is_written_read_back_and_judged(window, qtbot, song, tmp_path):
    separated(window, qtbot, song)
    bench = window.bench
    window.mixing.set_parameter("vocals.level_db", -3.0)
    bench.end_gesture()
    track = bench.track
    raw = ExportRequest(what="stems", folder=tmp_path / "out")
    window.exporting.export(track.id, raw)
    until(qtbot, lambda: bench.findings.delivered.get(track.id))
    assert bench.findings.delivered[track.id].state == "exact"
    until(qtbot, lambda: "exported" in window.null.words.subject)
    names = sorted(path.name for path in raw.folder.iterdir())
    assert names == [f"Evening song - {stem}.wav" for stem in ("bass", "drums", "other", "vocals")]

    heard = ExportRequest(what="mix", folder=tmp_path / "mix", name="{song}")
    window.exporting.export(track.id, heard)
    until(qtbot, lambda: (heard.folder / "Evening song.wav").exists())
    window.watching.check()
    assert track.id not in bench.findings.delivered
    until(qtbot, lambda: bench.findings.verdict(bench.track).state == "exact")


def test_the_export_dialog_opens_with_what_is_known(window, qtbot, song):
    separated(window, qtbot, song)
    window.commands["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog.isVisible()
    until(qtbot, lambda: dialog._source is not None)
    dialog.reject()


def test_a_ride_is_written_where_it_was_played(window, qtbot, song):
    separated(window, qtbot, song)
    bench = window.bench
    window.playing.seek(RATE)
    until(qtbot, lambda: bench.stage.position_frames == RATE)
    window.playing.play_or_pause()
    until(qtbot, lambda: bench.stage.position_frames > round(2.6 * RATE))
    window.commands["record"].setChecked(True)
    window.mixing.touch("vocals.level_db", down=True)
    window.mixing.set_parameter("vocals.level_db", -6.0)
    until(qtbot, lambda: bench.stage.position_frames > round(3.0 * RATE))
    window.mixing.set_parameter("vocals.level_db", -9.0)
    window.mixing.touch("vocals.level_db", down=False)
    points = bench.track.mix.automation["vocals.level_db"]
    assert min(point.seconds for point in points) > 2.0
    assert window.timeline.headers.headers["vocals"].level.level_db == pytest.approx(-9.0, abs=0.2)


def test_saving_on_the_way_out_ends_in_leaving(window, qtbot, song, tmp_path, monkeypatch):
    window.prefer(window.bench.preferences.but(separate_on_open=False))
    drop(window, song)
    until(qtbot, lambda: window.bench.track is not None)

    def answer(question):
        save = [button for button in question.buttons() if button.text() == "Save"]
        monkeypatch.setattr(question, "clickedButton", lambda: save[0])

    monkeypatch.setattr(QMessageBox, "exec", answer)
    target = str(tmp_path / "Kept.stemdesk")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (target, ""))
    assert window.close() is False
    until(qtbot, lambda: not window.isVisible())
    assert (tmp_path / "Kept.stemdesk" / "project.json").exists()


def test_a_project_that_cannot_be_opened_leaves_this_one_as_it_was(
    window, qtbot, song, tmp_path, monkeypatch
):
    window.prefer(window.bench.preferences.but(separate_on_open=False))
    drop(window, song)
    until(qtbot, lambda: window.bench.track is not None)
    asked = []

    def answer(question):
        asked.append(question.text())
        drop_it = [button for button in question.buttons() if button.text() == "Don't save"]
        monkeypatch.setattr(question, "clickedButton", lambda: drop_it[0])

    monkeypatch.setattr(QMessageBox, "exec", answer)
    window.filing.open_project(tmp_path / "none.stemdesk")
    assert len(asked) == 1
    assert window.bench.track is not None
    assert len(window.problem_bar.problems) == 1
    window.bench.papers.close()  # as at a crash from here on
    assert (window.bench.papers.file.folder / "project.autosave.json").exists()


def test_a_dropped_project_offers_what_a_crash_left(
    make_window, qtbot, song, tmp_path, monkeypatch
):
    window = make_window(separate_on_open=False)
    drop(window, song)
    until(qtbot, lambda: window.bench.track is not None)
    until(qtbot, lambda: window.bench.findings.measures.get(window.bench.track.id))
    window.bench.files.save_as(tmp_path / "Mine")
    until(qtbot, lambda: not window.bench.papers.file.is_unsaved and not window.bench.is_modified)
    folder = window.bench.papers.file.folder
    window.mixing.set_parameter("mixture.level_db", -7.0)
    window.bench.files.new()  # what is not saved stays to be recovered
    asked = []

    def answer(question):
        asked.append(question.text())
        go_on = [button for button in question.buttons() if button.text() == "Go on"]
        monkeypatch.setattr(question, "clickedButton", lambda: go_on[0])

    monkeypatch.setattr(QMessageBox, "exec", answer)
    drop(window, folder)
    until(qtbot, lambda: bool(asked))
    assert window.bench.track.mix.strip("mixture").level_db == -7.0
    assert str(folder) in window.bench.preferences.recent


def test_enter_presses_the_button_that_has_the_focus(window, qtbot, song):
    separated(window, qtbot, song)
    mute = window.timeline.headers.headers["drums"].mute
    mute.setFocus()
    qtbot.keyClick(mute, Qt.Key.Key_Return)
    assert window.bench.track.mix.strip("drums").mute


def test_what_hands_do_on_the_timeline_lands_in_the_document(window, qtbot, song):
    window.prefer(window.bench.preferences.but(separate_on_open=False))
    drop(window, song)
    until(qtbot, lambda: window.bench.track is not None)
    bench, canvas, ruler = window.bench, window.timeline.canvas, window.timeline.ruler
    window.timeline.fit_song()
    width = canvas.width()
    middle = QPoint(width // 2, 30)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    near = pytest.approx(SECONDS * RATE / 2, rel=0.02)
    until(qtbot, lambda: bench.stage.position_frames == near)
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert bench.track.markers[0].frame == near

    height = ruler.height() - 6
    qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=QPoint(width // 4, height))
    for x in (width // 3, width // 2):
        qtbot.mouseMove(ruler, QPoint(x, height))
    qtbot.mouseRelease(ruler, Qt.MouseButton.LeftButton, pos=QPoint(width // 2, height))
    assert bench.track.loop.first_frame == pytest.approx(SECONDS * RATE / 4, rel=0.05)
    assert bench.track.looping
    assert bench.stage.listening.player.settle(2)
    assert bench.stage.listening.player.loop is not None
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert not bench.track.looping
    window.commands["undo"].trigger()
    assert bench.track.looping


def test_songs_of_a_project_have_tabs_and_their_own_mixes(window, qtbot, song, tmp_path):
    window.prefer(window.bench.preferences.but(separate_on_open=False))
    other = tmp_path / "Other.wav"
    other.write_bytes(song.read_bytes())
    drop(window, song, other)
    until(qtbot, lambda: len(window.bench.project.tracks) == 2)
    names = [window.tabs.tabText(index) for index in range(2)]
    assert sorted(names) == ["Evening song", "Other"]
    window.tabs.setCurrentIndex(0)
    assert window.bench.track.name == names[0]
    window.mixing.set_parameter("mixture.level_db", -6.0)
    window.bench.end_gesture()
    window.commands["original"].setChecked(True)
    assert window.bench.stage.monitor.is_original
    window.tabs.setCurrentIndex(1)
    assert not window.commands["original"].isChecked()
    assert not window.bench.stage.monitor.is_original
    assert window.bench.track.mix.strip("mixture").level_db == 0.0
    window.tabs.setCurrentIndex(0)
    assert window.bench.stage.mix.strip("mixture").level_db == -6.0
    window.commands["remove_song"].trigger()
    assert len(window.bench.project.tracks) == 1
    window.commands["undo"].trigger()
    assert len(window.bench.project.tracks) == 2


def test_what_cannot_be_is_said_with_its_remedy_and_the_window_lives(window, qtbot, tmp_path):
    bad = tmp_path / "notes.wav"
    bad.write_text("no audio")
    drop(window, bad)
    until(qtbot, lambda: window.problem_bar.problems)
    assert "notes.wav" in str(window.problem_bar.problems[0])
    window.problem_bar.dismiss()

    printed = []
    window._hook._before = (lambda *args: printed.append(args),) * 3
    window._hook._on_exception(RuntimeError, RuntimeError("a mistake of ours"), None)
    assert len(printed) == 1
    window.pump()
    report = window._hook._window
    assert "a mistake of ours" in report.sentence
    report.close()
    assert window.isVisible()


def test_leaving_asks_about_what_is_not_saved(window, qtbot, song, monkeypatch):
    window.prefer(window.bench.preferences.but(separate_on_open=False))
    drop(window, song)
    until(qtbot, lambda: window.bench.track is not None)
    asked = []

    def answer(question):
        asked.append(question.text())
        cancel = [b for b in question.buttons() if b.text() == "Cancel"]
        question.setProperty("x", 1)
        monkeypatch.setattr(question, "clickedButton", lambda: cancel[0])

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert window.close() is False
    assert asked == ["The project has changes that are not saved."]
    assert window.isVisible()


def test_preferences_and_the_windows_state_are_kept(make_window, qtbot):
    window = make_window()
    window.commands["show_side"].setChecked(False)
    window.prefer(window.bench.preferences.but(theme="light"))
    window.close()
    kept = load_preferences()
    assert kept.theme == "light"
    assert "show_side" not in kept.window.shown
    assert "show_mixer" in kept.window.shown
    again = make_window(window=kept.window)
    assert not again.side.isVisible()
    assert again.mixer.isVisible() or again._pages.currentIndex() == 0


CRASHING = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from stemdesk.app.bench import papers
papers.AUTOSAVE_SECONDS = 0.2
from stemdesk.app.exporting.request import ExportRequest
from stemdesk.app.bench.workbench import Workbench
from stemdesk.settings import Preferences
from stemdesk.ui.export.dialog import ExportDialog
from stemdesk.ui.main_window import MainWindow
app = QApplication([])
bench = Workbench(Preferences(audio_device="silent", separate_on_open=False, welcomed=True))
window = MainWindow(bench)
window.show()
window.filing.open([Path(sys.argv[1])])
while bench.track is None:
    app.processEvents()
window.mixing.set_parameter("mixture.level_db", -7.5)
print("set", flush=True)
while True:
    app.processEvents()
    time.sleep(0.01)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
def test_after_a_kill_the_next_start_goes_on(make_window, qtbot, song, tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(song)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "set\n"
        time.sleep(1.0)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    from stemdesk.project.recovery import recoverable

    found = recoverable()
    assert [each.tracks for each in found] == [("Evening song",)]
    window = make_window(separate_on_open=False)
    window.helping.recover(found[0].folder)
    assert window.bench.track.mix.strip("mixture").level_db == -7.5
    assert window.bench.stage.mix.strip("mixture").level_db == -7.5
    assert window.mixer.strip_named("mixture") is not None
    QApplication.processEvents()
