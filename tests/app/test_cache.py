"""Leftovers of songs, and the cache: what there is, what goes, what stays."""

import json
import time

import pytest

from stemdesk.app.bench.song_separation import SongSeparation
from stemdesk.app.bench.workbench import Workbench
from stemdesk.app.cache import EVERYDAY, cache_parts, empty_cache
from stemdesk.app.work_folders import song_folder, sweep_work, work_dir
from stemdesk.cli.main import run
from stemdesk.errors import UserError
from stemdesk.paths import cache_dir
from stemdesk.project.document import MediaRef, Project
from stemdesk.project.edits.tracks import add_track, new_track
from stemdesk.project.project_file import ProjectFile
from stemdesk.separation.spool import Layout, Spool
from stemdesk.settings import Preferences
from tests.app.bench_songs import save_noise, until


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))


def track_of(name):
    ref = MediaRef(path=f"/nowhere/{name}.wav", frames=9, sample_rate=44_100, channels=2)
    return new_track(name, ref)


def begun(track_id):
    """The work of a song that was interrupted."""
    folder = song_folder(track_id)
    with Spool(folder / ".stemdesk-1.partial", {}, Layout(1, 1, (0, 9))):
        pass
    return folder


def test_work_of_songs_that_a_project_knows_stays_and_other_goes(tmp_path):
    saved, unsaved, removed = (track_of(name) for name in ("saved", "unsaved", "removed"))
    folders = {track.name: begun(track.id) for track in (saved, unsaved, removed)}
    with ProjectFile.create() as file:
        file.save_as(tmp_path / "P", add_track(Project(), saved))
    fresh = ProjectFile.create()
    fresh.autosave(add_track(Project(), unsaved))
    (work_dir() / "notes").mkdir()
    assert sweep_work([tmp_path / "P.stemdesk"]) == [folders["removed"]]
    assert folders["saved"].exists()
    assert folders["unsaved"].exists()
    assert (work_dir() / "notes").exists()  # not ours
    fresh.close(discard=True)
    assert set(sweep_work()) == {folders["saved"], folders["unsaved"]}


def test_work_that_a_living_process_does_stays():
    folder = song_folder("0123456789ab")
    with Spool(folder / ".stemdesk-1.partial", {}, Layout(1, 1, (0, 9))):
        assert sweep_work() == []
        assert folder.exists()
        assert empty_cache(["separations"]) == 0
        assert folder.exists()
    assert sweep_work() == [folder]


def test_a_separation_that_was_cancelled_goes_at_the_next_start(tmp_path, monkeypatch):
    """But one that an orderly end breaks off goes on."""
    monkeypatch.setattr(SongSeparation, "_separate", _slowly)
    songs = [save_noise(tmp_path / f"{name}.wav", seed) for seed, name in enumerate("ab")]
    preferences = Preferences(audio_device="silent", welcomed=True)
    bench = Workbench(preferences)
    bench.open(songs)
    until(bench, lambda: len(bench.project.tracks) == 2)
    until(bench, lambda: list(work_dir().glob("*/begun")))
    (running,) = (path.parent.name for path in work_dir().glob("*/begun"))
    entry = next(
        each for each in bench.jobs.entries
        if each.kind == "separate" and each.title == bench.project.track(running).name
    )  # fmt: skip
    bench.jobs.cancel(entry.id)
    other = next(track for track in bench.project.tracks if track.id != running)
    until(bench, lambda: (song_folder(other.id) / "begun").exists())
    bench.secure()
    bench.close()
    assert sweep_work() == [song_folder(running)]
    assert song_folder(other.id).exists()


def _slowly(separation, report):
    folder = separation._folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "begun").touch()
    while True:
        report(0.1, "separating")
        time.sleep(0.01)


def test_every_kind_is_shown_and_goes(capsys):
    begun("0123456789ab")
    for place in ("peaks/a.npy", "pace.json", "pools/x/y.bin"):
        (cache_dir() / place).parent.mkdir(parents=True, exist_ok=True)
        (cache_dir() / place).write_bytes(bytes(1_500_000))
    (cache_dir() / "other.bin").write_bytes(b"somebody else's")
    sizes = {part.name: (part.size_bytes, part.files) for part in cache_parts()}
    assert sizes["waveforms"] == sizes["measurements"] == sizes["training"] == (1_500_000, 1)
    assert sizes["separations"][1] > 0
    assert run(["cache"]) == 0
    assert "waveforms          1.5 MB" in capsys.readouterr().out
    assert run(["cache", "--json", "--empty"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["freed_bytes"] >= 3_000_000
    assert all(told["parts"][name]["files"] == 0 for name in EVERYDAY)
    assert told["parts"]["training"]["files"] == 1
    assert run(["cache", "--empty", "training"]) == 0
    assert sorted(path.name for path in cache_dir().iterdir()) == ["other.bin"]
    assert list(work_dir().iterdir()) == []


def test_a_part_that_there_is_not(capsys):
    with pytest.raises(UserError, match="choose from waveforms, separations"):
        empty_cache(["songs"])
    assert run(["cache", "--empty", "songs"]) == 2
    assert "no part 'songs'" in capsys.readouterr().err
