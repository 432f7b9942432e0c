"""Buttons, clock, meters and panels show what is so, whoever has made it so."""

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QToolButton

from stemdesk.app.exporting.request import ExportRequest
from stemdesk.control.target import LOOP, RECORD
from stemdesk.jobs.job import JobState
from stemdesk.project.document import MediaRef, StemSet, Tempo, changed
from stemdesk.project.edits.stems import attach_stems

RATE = 44_100
FRAMES = 4 * RATE


@pytest.fixture
def window(make_window, qtbot):
    return make_window(separate_on_open=False)


def write(path, seed=5):
    rng = np.random.default_rng(seed)
    soundfile.write(path, rng.normal(0, 0.03, (FRAMES, 2)), RATE, subtype="PCM_16")
    return path


def until(qtbot, condition, seconds=30):
    qtbot.waitUntil(lambda: bool(condition()), timeout=1000 * seconds)


@pytest.fixture
def songs(window, qtbot, tmp_path):
    """Two songs, the first shown and measured."""
    window.filing.open([write(tmp_path / "One.wav"), write(tmp_path / "Two.wav", 6)])
    until(qtbot, lambda: len(window.bench.project.tracks) == 2)
    one, two = window.bench.project.tracks
    assert (one.name, two.name) == ("One", "Two")
    until(qtbot, lambda: window.bench.findings.measures.get(one.id))
    return one, two


def is_on(window, action):
    buttons = [
        button
        for button in window.transport.findChildren(QToolButton)
        if button.defaultAction() is window.commands[action]
    ]
    shown = {button.isChecked() for button in buttons} | {window.commands[action].isChecked()}
    assert len(shown) == 1
    return shown.pop()


def text(window, name):
    return window.transport.findChild(QLabel, name).text()


def test_bypass_all_is_what_the_document_says(window, songs):
    one, two = songs
    window.mixing.add_effect("mixture", "reverb")
    window.mixing.add_effect("mixture", "compressor")
    window.mixing.bypass_effect("mixture", "compressor", on=True)
    everything = window.mixer.master.everything
    window.commands["bypass_all"].setChecked(True)
    assert window.bench.track.mix.bypass
    assert window.bench.stage.mix.bypass
    assert not everything.is_on
    window.commands["undo"].trigger()
    assert not window.commands["bypass_all"].isChecked()
    assert everything.is_on
    window.commands["redo"].trigger()
    assert window.commands["bypass_all"].isChecked()

    window.songs.choose(two.id)
    assert not window.commands["bypass_all"].isChecked()
    assert not window.bench.track.mix.bypass
    window.songs.choose(one.id)
    assert window.commands["bypass_all"].isChecked()
    everything.click()
    assert not window.bench.track.mix.bypass
    reverb, compressor = window.bench.track.mix.strip("mixture").effects
    assert (reverb.bypass, compressor.bypass) == (False, True)


def test_a_strips_bypass_gives_each_effect_back_as_it_was(window, songs):
    window.mixing.add_effect("mixture", "reverb")
    window.mixing.add_effect("mixture", "compressor")
    window.mixing.bypass_effect("mixture", "compressor", on=True)
    dot = window.mixer.strip_named("mixture").effects.dot
    dot.click()
    assert window.bench.track.mix.strip("mixture").bypass
    assert not dot.is_on
    dot.click()
    strip = window.bench.track.mix.strip("mixture")
    assert [effect.bypass for effect in strip.effects] == [False, True]
    assert (strip.bypass, dot.is_on) == (False, True)


def test_another_song_begins_with_clock_and_meters_of_its_own(window, songs, qtbot):
    one, two = songs
    window.bench.edit_track("tempo", changed(one, tempo=Tempo(bpm=120.0)))
    window.show_document()
    assert text(window, "bars") == "1.1.1"
    window.playing.play_from(2 * RATE)
    until(qtbot, lambda: window.bench.stage.position_frames > round(2.3 * RATE))
    until(qtbot, lambda: "\N{MINUS SIGN}∞" not in text(window, "loudness"))
    window.songs.choose(two.id)
    assert text(window, "clock") == "00:00:00.000"
    assert "\N{MINUS SIGN}∞" in text(window, "loudness")
    assert window.mixer.master.loudness._rows[0][1] == "\N{EN DASH}"
    assert window.timeline.scene.position_frames == 0
    window.songs.choose(one.id)
    assert text(window, "bars") == "1.1.1"


def test_the_inspector_measures_the_song_alone_and_ends_measuring(window, songs, qtbot, tmp_path):
    bench = window.bench
    one, two = songs
    bench.edit_track("tempo", changed(bench.project.track(one.id), tempo=Tempo(bpm=99.0)))
    window.songs.choose(two.id)
    until(qtbot, lambda: bench.findings.measures.get(two.id))
    window.pump()  # its tempo is in the document
    window.songs.choose(one.id)
    bench.findings.measures.pop(one.id)  # as where a project is opened again
    window.show_facts()
    assert dict(window.inspector.facts)["Loudness"] == "measuring…"
    bench._desk.show_current()
    window.arranging.show_pictures()
    until(qtbot, lambda: "LUFS" in dict(window.inspector.facts)["Loudness"])

    refs = {}
    for name in ("vocals", "rest"):
        path = write(tmp_path / f"{name}.wav")
        refs[name] = MediaRef(path=str(path), frames=FRAMES, sample_rate=RATE, channels=2)
    stems = StemSet(model="x", stems=refs)
    bench.papers.rewrite_track(one.id, lambda track: attach_stems(track, stems))
    bench._desk.show_current()
    window.show_document()
    window.timeline.focus_lane("vocals")
    window.show_facts()
    facts = dict(window.inspector.facts)
    assert facts["File"] == "vocals.wav"
    assert "Loudness" not in facts


def test_an_export_that_is_another_sound_is_told_so(window, songs, qtbot, tmp_path, monkeypatch):
    bench, panel = window.bench, window.null
    window.mixing.add_effect("mixture", "reverb")
    request = ExportRequest(what="mix", folder=tmp_path / "out", format="mp3")
    window.exporting.export(songs[0].id, request)
    until(qtbot, lambda: bench.findings.delivered.get(songs[0].id))
    until(qtbot, lambda: panel.words.sign == "unmeant")
    told = " ".join(panel.words.reasons)
    assert "Effects are active" in told
    assert "MP3 is lossy" in told
    assert "One file was written" in window.statusBar().currentMessage()

    (entry,) = [entry for entry in bench.jobs.entries if entry.kind == "export"]
    assert entry.state is JobState.DONE
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    button = window.jobs.findChild(QToolButton, f"open:{entry.id}")
    assert not button.isHidden()
    button.click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path / "out"))]

    back = panel.findChild(QToolButton, "stems")
    assert not back.isHidden()
    back.click()
    until(qtbot, lambda: panel.words.sign == "none")
    assert back.isHidden()


def test_a_control_surface_moves_the_windows_buttons(window, songs, qtbot):
    listening = window.bench.stage.listening
    listening.set(LOOP, 1.0)
    until(qtbot, lambda: window.bench.track.looping)
    assert window.bench.track.loop.end_frame == FRAMES
    assert is_on(window, "loop")
    assert window.commands["undo"].text().endswith("Loop")
    listening.set(LOOP, 0.0)
    until(qtbot, lambda: not window.bench.track.looping)
    assert not is_on(window, "loop")
    window.commands["loop"].trigger()
    assert window.bench.track.looping
    assert listening.get(LOOP) == 1.0
    assert is_on(window, "loop")
    window.commands["undo"].trigger()
    assert listening.get(LOOP) == 0.0
    assert not is_on(window, "loop")

    listening.set(RECORD, 1.0)
    until(qtbot, lambda: is_on(window, "record"))
    listening.set(RECORD, 0.0)
    until(qtbot, lambda: not is_on(window, "record"))
    window.commands["record"].setChecked(True)
    assert listening.get(RECORD) == 1.0
    window.songs.choose(songs[1].id)
    until(qtbot, lambda: not is_on(window, "record"))


def test_the_jobs_panel_says_what_computes_and_what_it_will_take(window, songs):
    window.pump()
    assert window.jobs._device.text().startswith("Computed by: ")
    assert "Separating One: " in window.jobs._forecast.text
    assert "MiB" in window.jobs._forecast.text
    window.prefer(window.bench.preferences.but(device="cpu"))
    window.pump()
    assert "chosen in the settings" in window.jobs._device.text()
