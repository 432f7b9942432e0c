import time

import numpy as np
import pytest
import soundfile

from stemdesk.app.bench.showing import _seconds_at_beat
from stemdesk.app.bench.workbench import Workbench
from stemdesk.audio.reading import open_audio
from stemdesk.mixing.settings import PLUGIN, EffectSettings
from stemdesk.project.document import Tempo, changed
from stemdesk.project.edits.effects import add_effect
from stemdesk.project.lock import ProjectLocked
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.store import load
from stemdesk.settings import Preferences

RATE = 44100


@pytest.fixture
def song(tmp_path):
    rng = np.random.default_rng(5)
    time_axis = np.arange(8 * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 220 * time_axis) * (np.sin(time_axis * 6) > 0)
    samples = np.round((tone + rng.normal(0, 0.03, (2, len(tone)))) * 2**15) / 2**15
    path = tmp_path / "Song.wav"
    soundfile.write(path, samples.T, RATE, subtype="PCM_16")
    return path


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    yield bench
    bench.close()


def until(bench, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert not bench.problems, list(bench.problems)
        assert time.monotonic() < end, [
            (e.kind, e.state, e.stage, e.error) for e in bench.jobs.entries
        ]
        bench.pump()
        time.sleep(0.02)


def opened(bench, song):
    bench.open([song])
    until(bench, lambda: bench.track is not None and bench.findings.measures.get(bench.track.id))
    return bench.track


def test_a_song_opens_is_measured_drawn_and_plays(bench, song):
    track = opened(bench, song)
    assert (track.name, track.mixture.frames) == ("Song", 8 * RATE)
    assert bench.findings.measures[track.id].integrated_lufs == pytest.approx(-17, abs=2)
    until(bench, lambda: bench.shown.waveform("mixture").version)
    bench.stage.listening.player.play()
    until(bench, lambda: bench.stage.position_frames > RATE // 4)
    assert bench.findings.verdict(bench.track).state == "none"


def test_a_separation_is_heard_as_it_comes_kept_and_proved(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    assert [strip.name for strip in bench.track.mix.strips] == ["vocals", "drums", "bass", "other"]
    bench.controls.set("vocals.level_db", -6.0)
    until(bench, lambda: bench.shown.coverage)
    until(bench, lambda: bench.track.separated is not None, 120)
    assert bench.track.mix.strip("vocals").level_db == -6.0
    assert bench.findings.verdict(bench.track).state == "exact"
    assert "moved" in bench.findings.verdict(bench.track).reasons[0]
    until(bench, lambda: bench.shown.waveform("residual").version)
    assert not bench.shown.waveform("residual").columns(0, 8 * RATE, 50).high.any()
    bench.undo()
    assert bench.track.mix.strip("vocals").level_db == 0.0
    assert bench.track.separated is not None
    total = 0
    for ref in bench.track.separated.stems.values():
        with open_audio(bench.papers.file.folder / ref.path) as reader:
            total = total + reader.read(8 * RATE)
    with open_audio(song) as reader:
        assert (total == reader.read(8 * RATE)).all()


def test_faders_are_one_step_a_gesture_and_undo_is_heard(bench, song):
    opened(bench, song)
    for value in (-1.0, -2.0, -3.0):
        bench.controls.set("mixture.level_db", value)
    bench.end_gesture()
    bench.controls.set("mixture.level_db", -9.0)
    bench.undo()
    assert bench.stage.mix.strip("mixture").level_db == -3.0
    bench.undo()
    assert bench.stage.mix.strip("mixture").level_db == 0.0
    bench.redo()
    assert bench.stage.mix.strip("mixture").level_db == -3.0
    assert bench.papers.history.undo_label == "mixture.level_db"


def test_saved_elsewhere_it_opens_again_with_all_its_media(bench, song, tmp_path):
    opened(bench, song)
    bench.controls.set("mixture.level_db", -4.0)
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    song.unlink()
    folder = bench.papers.file.folder
    bench.files.new()
    assert bench.track is None
    bench.files.open(folder)
    assert bench.track.mix.strip("mixture").level_db == -4.0
    assert bench.stage is not None
    until(bench, lambda: True)
    assert not bench.is_modified


def test_what_cannot_be_opened_is_told_once_and_the_rest_comes(bench, song, tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"no audio at all")
    bench.open([tmp_path / "bad.wav", song])
    end = time.monotonic() + 20
    while not (bench.track and bench.problems) and time.monotonic() < end:
        bench.pump()
        time.sleep(0.02)
    bench.pump()
    assert ["bad.wav" in str(problem) for problem in bench.problems] == [True]
    assert "bad.wav" in str(bench.jobs.entries[0].error)
    assert bench.track.name == "Song"
    bench.problems.clear()


def test_the_autosave_brings_everything_back(bench, song, monkeypatch):
    monkeypatch.setattr("stemdesk.app.bench.papers.AUTOSAVE_SECONDS", 0.1)
    opened(bench, song)
    bench.controls.set("mixture.level_db", -5.0)
    until(bench, lambda: (bench.papers.file.folder / "project.autosave.json").exists())
    until(bench, lambda: "-5.0" in (bench.papers.file.folder / "project.autosave.json").read_text())


def test_songs_that_have_moved_are_found_again(bench, song, tmp_path):
    opened(bench, song)
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.is_modified)
    folder = bench.papers.file.folder
    bench.files.new()
    (inside,) = (folder / "media").iterdir()
    elsewhere = tmp_path / "moved"
    elsewhere.mkdir()
    inside.rename(elsewhere / inside.name)
    bench.files.open(folder)
    assert "is not at media" in str(bench.problems.popleft())
    bench.problems.clear()
    assert bench.stage is None
    bench.files.find_missing(elsewhere)
    until(bench, lambda: bench.stage is not None)
    assert bench.papers.song_of(bench.track).exists()


def test_what_is_not_found_is_told(bench, song, tmp_path):
    opened(bench, song)
    song.unlink()
    bench.files.find_missing(tmp_path / "home")
    end = time.monotonic() + 20
    while not bench.problems and time.monotonic() < end:
        bench.pump()
        time.sleep(0.02)
    assert "1 of 1 files is not below" in str(bench.problems.popleft())
    bench.problems.clear()


def test_control_surfaces_know_the_songs_beats(bench, song):
    track = opened(bench, song)
    told = []
    bench.shown.renew_surfaces = lambda: told.append(bench.shown._tempo)
    bench.edit_track("tempo", changed(track, tempo=Tempo(bpm=90.0, first_beat_seconds=0.5)))
    assert told == [Tempo(bpm=90.0, first_beat_seconds=0.5)]
    assert _seconds_at_beat(told[0], 3.0) == 2.5


def test_stems_that_came_after_the_save_are_to_be_saved(bench, song, tmp_path):
    opened(bench, song)
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    bench.separating.separate(bench.track.id)
    until(bench, lambda: bench.track.separated is not None, 120)
    assert bench.is_modified
    bench.files.save()
    assert not bench.is_modified
    folder = bench.papers.file.folder
    bench.files.new()
    bench.files.open(folder)
    assert bench.track.separated is not None
    assert bench.papers.file.loaded.recovery is None


def test_a_broken_off_separation_leaves_a_song_that_plays(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    bench.controls.set("vocals.level_db", -6.0)
    bench.jobs.cancel(bench.jobs.entries[-1].id)
    until(bench, lambda: not bench.separating.is_separating(track.id))
    bench.papers.history.rewrite(lambda project: project)
    bench._desk.show_current()
    assert bench.stage is not None
    assert bench.track.mix.strip("vocals").level_db == -6.0
    bench.stage.listening.player.play()
    until(bench, lambda: bench.stage.position_frames > RATE // 4)


def test_separating_again_keeps_the_mix_in_all_of_undo(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    until(bench, lambda: bench.track.separated is not None, 120)
    bench.controls.set("drums.level_db", -9.0)
    bench.separating.separate(track.id)
    assert bench.track.mix.strip("drums").level_db == -9.0
    assert bench.shown.coverage == ((0, 8 * RATE),)
    until(bench, lambda: not bench.separating.is_separating(track.id), 120)
    assert bench.track.mix.strip("drums").level_db == -9.0


def test_a_retry_of_what_another_separation_overtook_is_taken(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    first = bench.jobs.entries[-1]
    bench.jobs.cancel(first.id)
    until(bench, lambda: first.state.has_ended)
    bench.separating.separate(track.id)
    until(bench, lambda: bench.track.separated is not None, 120)
    bench.jobs.retry(first.id)
    bench.pump()
    until(bench, lambda: first.state.has_ended, 120)
    bench.pump()
    assert bench.track.separated is not None
    assert not bench.separating.is_separating(track.id)


def test_jobs_of_the_last_project_are_gone_with_it(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    bench.jobs.cancel(bench.jobs.entries[-1].id)
    bench.files.new()
    assert bench.jobs.entries == ()


def test_switching_songs_while_pictures_are_read_harms_nothing(bench, song):
    opened(bench, song)
    for _ in range(20):
        for place in range(8):
            bench.shown.waveform("mixture").tile(place * 1000, place * 1000 + 9000, 64, 64)
            bench.shown.waveform("mixture").samples(place * 5000, place * 5000 + 4000)
        bench._desk.show_current()
    until(bench, lambda: bench.shown.waveform("mixture").samples(0, 100) is not None)


def test_choosing_a_song_is_no_step_of_undo(bench, song, tmp_path):
    first = opened(bench, song)
    soundfile.write(tmp_path / "Second.wav", np.zeros((RATE, 2)), RATE)
    bench.open([tmp_path / "Second.wav"])
    until(bench, lambda: len(bench.project.tracks) == 2)
    bench.choose(bench.project.tracks[1].id)
    assert bench.track.name == "Second"
    label = bench.papers.history.undo_label
    bench.choose(first.id)
    assert bench.track.id == first.id
    assert bench.papers.history.undo_label == label
    assert bench.stage.listening.seconds == 8.0


def test_stems_that_were_lowered_sound_and_look_as_loud_as_the_song(bench, song):
    track = opened(bench, song)
    bench.separating.separate(track.id)
    until(bench, lambda: bench.track.separated is not None, 120)
    files = bench.papers.files_of(bench.track.separated)
    for path in files.values():
        samples, _ = soundfile.read(path)
        soundfile.write(path, samples / 4, RATE, subtype="FLOAT")
        for picture in path.parent.glob(f"{path.stem}*.peaks"):
            picture.unlink()
    lowered = changed(bench.track.separated, gain=0.25)
    bench.papers.rewrite_track(track.id, lambda track: changed(track, separated=lowered))
    bench._desk.show_current()
    own = bench.stage._sources(())  # those that play belong to the sound's thread
    heard = sum(source.read_at(RATE, RATE) for source in own.values())
    with open_audio(song) as reader:
        reader.seek(RATE)
        original = reader.read(RATE)
    assert np.abs(heard - original).max() < 1e-6
    loudest = np.abs(original[:, : RATE // 2]).max()
    shown = bench.shown
    until(bench, lambda: shown.waveform("sum") and shown.waveform("sum").version)
    until(bench, lambda: shown.waveform("sum").columns(RATE, RATE + RATE // 2, 1).high.any())
    assert shown.waveform("sum").columns(RATE, RATE + RATE // 2, 1).high.max() == pytest.approx(
        loudest, rel=0.1
    )


def test_what_a_plugin_holds_of_itself_stays_when_another_song_is_shown(
    bench, song, tmp_path, built
):
    track = opened(bench, song)
    effect = EffectSettings(kind=PLUGIN, name="plain", plugin=str(built / "plain.vst3"))
    bench.edit_track("Add", add_effect(track, "mixture", effect))
    until(bench, lambda: bench.stage.listening.plugin("mixture", "plain"))
    plugin = bench.stage.listening.plugin("mixture", "plain")
    plugin._client.set({"gain_db": 0.25})  # as in its own window, whose moves are still to come
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    soundfile.write(tmp_path / "Second.wav", np.zeros((RATE, 2)), RATE)
    bench.open([tmp_path / "Second.wav"])
    until(bench, lambda: len(bench.project.tracks) == 2)
    bench.choose(bench.project.tracks[1].id)
    assert bench.track.name == "Second"
    bench.choose(track.id)
    until(bench, lambda: bench.stage.listening.plugin("mixture", "plain"))
    again = bench.stage.listening.plugin("mixture", "plain")
    assert again is not plugin
    found = {each.name: each.value for each in again.parameters}
    assert found["gain_db"] == pytest.approx(0.25, abs=1e-3)
    folder = bench.papers.file.folder
    stored = load(folder).project.tracks[0].mix.strip("mixture").effects[0]
    assert stored.state


def test_a_project_in_use_is_opened_as_a_copy(bench, song, tmp_path):
    opened(bench, song)
    bench.controls.set("mixture.level_db", -4.0)
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved)
    folder = bench.papers.file.folder
    bench.files.new()
    with ProjectFile.open(folder), pytest.raises(ProjectLocked):
        bench.files.open(folder)
    with ProjectFile.open(folder):
        bench.files.open_copy(folder)
        until(bench, lambda: bench.track is not None)
    assert bench.papers.file.is_unsaved
    assert bench.track.mix.strip("mixture").level_db == -4.0
    assert folder not in bench.papers.song_of(bench.track).parents
