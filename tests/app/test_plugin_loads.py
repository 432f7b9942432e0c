"""Plug-ins of the song that is shown come in the background: shown, broken off, never left out."""

import threading

import numpy as np
import pytest
import soundfile

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.bench.workbench import Workbench
from stemdesk.app.exporting.export import export
from stemdesk.app.exporting.request import ExportRequest
from stemdesk.jobs.job import JobState
from stemdesk.mixing.settings import PLUGIN, EffectSettings
from stemdesk.project.edits.effects import add_effect
from stemdesk.settings import Preferences
from tests.app.bench_songs import RATE, opened, save_noise, until
from tests.mixing.plugins.processes import ends

PLACE = (MIXTURE, "slow")
LOUDER = 60 / 72 + 6 / 72  # +6 dB on a scale from -60 to 12 dB


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    opened(bench, save_noise(tmp_path / "Song.wav"))
    yield bench
    bench.papers.give_up()
    bench.close()


def add_slow(bench, built, behaviour="slow-on-load", name="slow"):
    path = str(built / f"{behaviour}.vst3")
    effect = EffectSettings(kind=PLUGIN, name=name, plugin=path, values={"gain_db": LOUDER})
    bench.edit_track("Add", add_effect(bench.track, MIXTURE, effect))


def loads(bench):
    return [entry for entry in bench.jobs.entries if entry.kind == "load"]


def awaited(bench):
    return bench.stage.listening.awaited()


def process_id(bench):
    """Of the plug-in that is being loaded."""
    (found,) = awaited(bench).values()
    until(bench, lambda: found._leash._sandbox is not None)
    return found._leash._sandbox.process_id


def threads(name):
    return [each for each in threading.enumerate() if each.name == name]


def test_the_song_plays_and_is_mixed_while_its_plugin_is_loaded_in_a_job(bench, built):
    add_slow(bench, built)
    assert bench.stage.listening.loading() == {PLACE}
    process_id(bench)
    (entry,) = loads(bench)
    assert (entry.title, entry.state) == ("slow-on-load", JobState.RUNNING)
    bench.stage.listening.player.play()
    until(bench, lambda: bench.stage.is_playing and bench.stage.position_frames > 0)
    bench.controls.set("mixture.level_db", -3.0)
    assert entry.state is JobState.RUNNING
    assert bench.stage.listening.faults() == []
    until(bench, lambda: entry.state is JobState.DONE)
    assert bench.stage.listening.loading() == set()
    assert bench.stage.listening.plugin(*PLACE).fault is None
    assert not bench.problems
    assert bench.track.mix.strip(MIXTURE).effects[0].values == {"gain_db": LOUDER}


def test_a_song_that_was_at_rest_sounds_whole_from_its_next_start(bench, built):
    ahead = []  # all that was rendered since the last seek
    listening = bench.stage.listening
    source = listening._renderer
    read, seek = source.read, source.seek
    source.read = lambda frames: ahead.append(read(frames)) or ahead[-1]
    source.seek = lambda *place: (ahead.clear(), seek(*place))
    add_slow(bench, built)
    until(bench, lambda: not listening.loading())
    until(bench, lambda: loads(bench)[0].state is JobState.DONE)
    bench.pump()
    assert listening.player.settle(5)
    listening.player.play()
    until(bench, lambda: sum(block.shape[1] for block in ahead) > 4000)
    song, _ = soundfile.read(bench.papers.song_of(bench.track), dtype="float32", always_2d=True)
    heard = np.concatenate(ahead, axis=1)[:, :2000]
    assert np.allclose(heard, 10 ** (6 / 20) * song.T[:, :2000], atol=2e-3)


def test_an_undo_forgets_it_and_a_redo_loads_it_after_all(bench, built):
    add_slow(bench, built)
    first = process_id(bench)
    bench.undo()
    bench.redo()  # before anything was pumped
    assert ends(first)
    second = process_id(bench)
    assert second != first
    bench.undo()
    assert ends(second)
    until(bench, lambda: all(entry.state.has_ended for entry in bench.jobs.entries))
    assert awaited(bench) == {}
    assert not any(entry.state is JobState.FAILED for entry in bench.jobs.entries)
    bench.redo()
    until(bench, lambda: bench.stage.listening.plugin(*PLACE))
    assert not bench.problems


def test_another_song_ends_it_and_this_one_again_begins_it(bench, built, tmp_path):
    add_slow(bench, built)
    first = process_id(bench)
    track = bench.track
    bench.open([save_noise(tmp_path / "Second.wav", seed=2)])
    until(bench, lambda: len(bench.project.tracks) == 2)
    bench.choose(bench.project.tracks[1].id)
    assert ends(first)
    assert awaited(bench) == {}
    bench.choose(track.id)
    until(bench, lambda: bench.stage.listening.plugin(*PLACE))


def test_a_workbench_that_is_closed_meanwhile_leaves_nothing(tmp_path, built, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    opened(bench, save_noise(tmp_path / "Song.wav"))
    add_slow(bench, built)
    add_slow(bench, built, name="second")
    add_slow(bench, built, name="waiting")
    until(bench, lambda: sum(e.state is JobState.RUNNING for e in loads(bench)) == 2)
    begun = list(awaited(bench).values())[:2]
    until(bench, lambda: all(each._leash._sandbox for each in begun))
    ids = [each._leash._sandbox.process_id for each in begun]
    bench.papers.give_up()
    bench.close()
    assert all(ends(each) for each in ids)
    assert not threads("stemdesk-job")


def test_what_the_user_breaks_off_is_told_and_can_be_loaded_after_all(bench, built):
    add_slow(bench, built)
    process = process_id(bench)
    bench.jobs.cancel(loads(bench)[0].id)
    assert ends(process)
    until(bench, lambda: loads(bench)[0].state is JobState.CANCELLED)
    for _ in range(3):
        bench.pump()
    assert len(loads(bench)) == 1  # nobody begins it again unasked
    assert "was not loaded" in bench.stage.listening.faults_by_place()[PLACE]
    bench.plugins.again(*PLACE)
    until(bench, lambda: bench.stage.listening.plugin(*PLACE))
    assert bench.stage.listening.faults() == []


def test_an_export_waits_for_the_plugin(bench, built, tmp_path):
    add_slow(bench, built)
    process_id(bench)
    song = bench.papers.song_of(bench.track)
    request = ExportRequest("mix", tmp_path / "out", subtype="float", name="{song}")
    export(bench.stage.kept_track, {MIXTURE: song}, request, lambda *_: None, lambda _: False)
    before, _ = soundfile.read(song, always_2d=True)
    (path,) = (tmp_path / "out").iterdir()
    written, _ = soundfile.read(path, always_2d=True)
    assert written.shape == before.shape
    assert np.allclose(written[:RATE], 10 ** (6 / 20) * before[:RATE], atol=2e-3)


def test_one_that_cannot_be_loaded_is_told_and_the_export_refused(bench, built, tmp_path):
    add_slow(bench, built, "slow-on-load-throw-on-load")
    until(bench, lambda: bench.stage.listening.faults())
    assert "could not be loaded" in bench.stage.listening.faults_by_place()[PLACE]
    song = bench.papers.song_of(bench.track)
    request = ExportRequest("mix", tmp_path / "out")
    with pytest.raises(Exception, match="could not be loaded"):
        export(bench.stage.kept_track, {MIXTURE: song}, request, lambda *_: None, lambda _: False)
    assert not any(path.is_file() for path in (tmp_path / "out").rglob("*"))
