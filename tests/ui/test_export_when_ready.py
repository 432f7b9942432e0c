"""An export of what is heard while stems are still to come, by hand on the real window."""

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from stemdesk.audio.reading import open_audio
from stemdesk.jobs.job import JobState
from stemdesk.project.edits.mix import set_value
from stemdesk.ui.export.dialog import ExportDialog
from stemdesk.ui.export.outlook import Outlook

RATE = 44_100
SECONDS = 6


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(5)
    path = tmp_path / "Evening song.wav"
    soundfile.write(path, rng.normal(0, 0.03, (SECONDS * RATE, 2)), RATE, subtype="PCM_16")
    return path


def until(qtbot, condition):
    qtbot.waitUntil(lambda: bool(condition()), timeout=120_000)


@pytest.fixture
def separating(make_window, qtbot, song):
    """A window with a song whose separation has begun and rests."""
    window = make_window()
    window.bench.open([song])
    until(qtbot, lambda: window.bench.track and job(window, "separate"))
    window.bench.jobs.pause(job(window, "separate").id)
    window.show_document()
    assert window.bench.track.separated is None
    return window


def job(window, kind):
    return next((each for each in window.bench.jobs.entries if each.kind == kind), None)


def mute_vocals(window):
    window.bench.edit_track("mute", set_value(window.bench.track, "vocals.mute", 1.0))
    window.show_document()


def dialog_of(window, qtbot, out):
    window.commands["export"].trigger()
    dialog = window.findChild(ExportDialog)
    until(qtbot, lambda: dialog._source is not None)
    dialog.findChild(QLineEdit, "folder").setText(str(out))
    return dialog


def button(dialog):
    return dialog.findChild(QPushButton, "exportnow")


def read(path):
    with open_audio(path) as reader:
        return reader.read(reader.info.frames)


def rest_of(window, without):
    files = window.bench.papers.files_of(window.bench.track.separated)
    return sum(read(path) for name, path in files.items() if name != without)


def test_it_waits_for_the_stems_and_is_without_what_was_muted(separating, qtbot, song, tmp_path):
    mute_vocals(separating)
    dialog = dialog_of(separating, qtbot, tmp_path / "out")
    outlook = dialog.findChild(Outlook)
    assert button(dialog).text() == "Export when ready"
    assert outlook.kind == "open"
    assert "sample for sample" not in outlook.text
    button(dialog).click()
    export = job(separating, "export")
    qtbot.wait(300)
    assert export.state is JobState.QUEUED
    assert not (tmp_path / "out").exists()
    separating.bench.jobs.resume(job(separating, "separate").id)
    until(qtbot, lambda: export.state is JobState.DONE)
    written = read(tmp_path / "out" / "Evening song - mix.wav")
    assert np.abs(written - rest_of(separating, "vocals")).max() <= 2.0**-15
    assert np.abs(written - read(song)).max() > 0.001
    until(qtbot, lambda: separating.bench.findings.delivered.get(separating.bench.track.id))
    verdict = separating.bench.findings.delivered[separating.bench.track.id]
    assert verdict.state != "exact"


@pytest.mark.parametrize("what", ["what:stems", "what:effects", "what:minus"])
def test_stems_and_karaoke_can_be_ordered_too(separating, qtbot, song, what, tmp_path):
    dialog = dialog_of(separating, qtbot, tmp_path / "out")
    dialog.findChild(QAbstractButton, what).click()
    assert button(dialog).text() == "Export when ready"
    button(dialog).click()
    separating.bench.jobs.resume(job(separating, "separate").id)
    until(qtbot, lambda: job(separating, "export").state is JobState.DONE)
    written = [read(path) for path in (tmp_path / "out").iterdir()]
    if what == "what:minus":
        assert np.abs(written[0] - rest_of(separating, "vocals")).max() <= 2.0**-15
    else:
        assert len(written) == 4
        assert np.abs(sum(written) - read(song)).max() < 1e-6


def test_what_is_foretold_follows_the_song_while_the_dialog_is_open(separating, qtbot, tmp_path):
    dialog = dialog_of(separating, qtbot, tmp_path / "out")
    outlook = dialog.findChild(Outlook)
    assert (button(dialog).text(), outlook.kind) == ("Export", "exact")
    mute_vocals(separating)  # as a control surface can
    assert (button(dialog).text(), outlook.kind) == ("Export when ready", "open")
    separating.bench.jobs.resume(job(separating, "separate").id)
    until(qtbot, lambda: separating.bench.track.separated)
    until(qtbot, lambda: button(dialog).text() == "Export")
    assert outlook.kind == "open"
    button(dialog).click()
    until(qtbot, lambda: job(separating, "export").state is JobState.DONE)
    written = read(tmp_path / "out" / "Evening song - mix.wav")
    assert np.abs(written - rest_of(separating, "vocals")).max() <= 2.0**-15


def test_a_separation_that_is_cancelled_takes_the_export_with_it(separating, qtbot, tmp_path):
    mute_vocals(separating)
    dialog = dialog_of(separating, qtbot, tmp_path / "out")
    button(dialog).click()
    separating.bench.jobs.cancel(job(separating, "separate").id)
    export = job(separating, "export")
    until(qtbot, lambda: export.state is JobState.FAILED)
    assert "was not separated, so it was not exported" in str(export.error)
    assert not (tmp_path / "out").exists()
    dialog = dialog_of(separating, qtbot, tmp_path / "out")
    assert not button(dialog).isEnabled()
    assert dialog.findChild(Outlook).kind == "refused"
