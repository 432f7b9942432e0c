"""One evening from the drop to the delivered files, with a kill -9 in the middle."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from stemdesk.audio.reading import open_audio
from stemdesk.project.recovery import recoverable
from stemdesk.ui.dialogs.recovery import RecoveryDialog
from stemdesk.ui.export.dialog import ExportDialog

RATE = 44_100
SECONDS = 6
STEMS = ("vocals", "drums", "bass", "other")

# In a process of its own, for it is killed: hands on the real window, with the real autosave.
FIRST_HALF = r"""
import sys, time
from pathlib import Path
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from stemdesk.app.bench.workbench import Workbench
from stemdesk.settings import Preferences
from stemdesk.ui.main_window import MainWindow

song, folder = Path(sys.argv[1]), Path(sys.argv[2])
app = QApplication([])
bench = Workbench(Preferences(audio_device="silent", welcomed=True))
window = MainWindow(bench)
window.show()

def until(condition):
    end = time.monotonic() + 120
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("waited in vain")
        app.processEvents()
        time.sleep(0.005)

def play_until(seconds):
    until(lambda: bench.stage.position_frames > seconds * 44_100)

data = QMimeData()
data.setUrls([QUrl.fromLocalFile(str(song))])
copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
none = Qt.KeyboardModifier.NoModifier
window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, left, none))
until(lambda: bench.track and bench.track.separated)

# A ride on the vocals, while it plays on the null device.
QTest.keyClick(window, Qt.Key.Key_Space)
play_until(0.5)
window.commands["record"].setChecked(True)
fader = window.mixer.strip_named("vocals").fader
middle = fader.rect().center()
QTest.mousePress(fader, left, none, middle)
for step in range(10):
    middle.setY(middle.y() + 2)
    QTest.mouseMove(fader, middle)
    play_until(0.6 + step / 10)
QTest.mouseRelease(fader, left, none, middle)
window.commands["record"].setChecked(False)
QTest.keyClick(window, Qt.Key.Key_Space)
assert len(bench.track.mix.automation["vocals.level_db"]) > 3

window.mixing.add_effect("vocals", "reverb")
window.mixing.add_effect("drums", "compressor")
everything = bench.track

while window.commands["undo"].isEnabled():
    window.commands["undo"].trigger()
assert bench.track is None
while window.commands["redo"].isEnabled():
    window.commands["redo"].trigger()
assert bench.track.mix == everything.mix

bench.files.save_as(folder)
until(lambda: not bench.is_modified)
bass = window.mixer.strip_named("bass").fader
bass.setFocus()
QTest.keyClick(bass, Qt.Key.Key_Down)  # never saved
print("changed", flush=True)
until(lambda: False)
"""
MOST_LOST_SECONDS = 10


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(5)
    path = tmp_path / "Evening song.wav"
    soundfile.write(path, rng.normal(0, 0.03, (SECONDS * RATE, 2)), RATE, subtype="PCM_16")
    return path


def until(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=120_000)


@pytest.mark.skipif(os.name != "posix", reason="kills with a signal")
def test_drop_separate_ride_undo_save_kill_recover_export_null(make_window, qtbot, song, tmp_path):
    words = [sys.executable, "-c", FIRST_HALF, str(song), str(tmp_path / "Evening")]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "changed\n"
        qtbot.wait(1000 * MOST_LOST_SECONDS)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()

    window = make_window()
    QTimer.singleShot(200, lambda: window.findChild(RecoveryDialog).go_on.click())
    window.helping.offer_recovery(recoverable())
    bench = window.bench
    until(qtbot, lambda: bench.track)
    track = bench.track
    strips = {strip.name: strip for strip in track.mix.strips}
    assert strips["bass"].level_db < 0  # the move that no file held
    assert len(track.mix.automation["vocals.level_db"]) > 3
    assert [effect.kind for effect in strips["vocals"].effects] == ["reverb"]
    assert [effect.kind for effect in strips["drums"].effects] == ["compressor"]

    window.commands["export"].trigger()
    dialog = window.findChild(ExportDialog)
    until(qtbot, lambda: dialog._source is not None)
    dialog.findChild(QAbstractButton, "what:stems").click()
    dialog.findChild(QLineEdit, "folder").setText(str(tmp_path / "out"))
    dialog.findChild(QPushButton, "exportnow").click()
    until(qtbot, lambda: bench.findings.delivered.get(bench.track.id))
    window.side.setCurrentWidget(window.null)
    until(qtbot, lambda: "exported" in window.null.words.subject)
    assert window.null.words.word == "Exact"
    assert window.null.words.line.startswith("0 of ")

    total = 0
    for stem in STEMS:
        with open_audio(tmp_path / "out" / f"Evening song - {stem}.wav") as reader:
            total = total + reader.read(SECONDS * RATE)
    with open_audio(song) as reader:
        assert (total == reader.read(SECONDS * RATE)).all()
