"""Files that are changed while something is made of them, or between a kill and the next run."""

from __future__ import annotations

import json
import os

import pytest

import stemdesk
from stemdesk.app.batch import Batch, plan_batch, run_batch
from stemdesk.app.bench.importing import import_song
from stemdesk.app.bench.workbench import Workbench
from stemdesk.app.daw.export import export_songs, plan_exports, separated_songs
from stemdesk.app.daw.sessions import SessionOptions
from stemdesk.app.manifest import write_manifest
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.seals import MediaChanged, Seal, Seals, SourceChanged
from stemdesk.app.songs import Song
from stemdesk.app.targets import Claims
from stemdesk.app.unfinished import own_files, record_delivery
from stemdesk.cli import null as null_command
from stemdesk.cli.main import run
from stemdesk.daw.targets import TARGETS
from stemdesk.errors import Cancelled
from stemdesk.files import file_sha256
from stemdesk.project.document import Project, changed
from stemdesk.project.media import MediaStore
from stemdesk.project.store import PROJECT_FILE, write
from stemdesk.settings import Preferences
from tests.app.bench_songs import opened, save_noise, until
from tests.app.export_songs import SongOnDisk
from tests.app.tiny import music, save_song, save_tiny_model

FRAMES = 250_000


def overwrite(path, samples):
    """Other sound in the same file, of the same size and time."""
    status = path.stat()
    there = path.read_bytes()
    save_song(path.with_name("other sound.wav"), samples)
    with path.open("r+b") as file:
        file.write(path.with_name("other sound.wav").read_bytes())
    path.with_name("other sound.wav").unlink()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    now = path.stat()
    assert (now.st_size, now.st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert path.read_bytes() != there


def swap(path, samples):
    """Another file in its place, of the same size and time."""
    status = path.stat()
    save_song(path.with_name("new.wav"), samples)
    os.utime(path.with_name("new.wav"), ns=(status.st_atime_ns, status.st_mtime_ns))
    path.with_name("new.wav").replace(path)


class At:
    """A report that does something once, in some stage."""

    def __init__(self, stage, deed, after=0.0):
        self.stage, self.deed, self.after, self.done = stage, deed, after, False

    def __call__(self, fraction, stage):
        if not self.done and stage == self.stage and fraction >= self.after:
            self.done = True
            self.deed()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = save_tiny_model(tmp_path_factory.mktemp("models") / "m", steps=48, overlap_steps=4)
    return load_model(str(folder), device="cpu", threads=1)


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "song.wav", music(FRAMES))


def left_in(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("way", [overwrite, swap])
@pytest.mark.parametrize(
    ("stage", "after"), [("separating", 0.3), ("writing", 0.0), ("writing", 0.95)]
)
def test_a_song_that_is_changed_meanwhile_is_not_delivered(
    way, stage, after, model, song, tmp_path
):
    out = tmp_path / "out"
    change = At(stage, lambda: way(song, music(FRAMES, seed=5)), after)
    with pytest.raises(stemdesk.UserError, match=r"song.wav was changed while StemDesk"):
        stemdesk.separate(song, out, model=model, report=change)
    assert change.done
    assert left_in(out) == []
    result = stemdesk.separate(song, out, model=model)
    assert result.null.verdict == "exact"
    assert result.resumed_seconds == 0.0
    assert result.source_sha256 == file_sha256(song)


def test_a_song_that_is_removed_or_cut_meanwhile_says_so(model, song, tmp_path):
    for deed in (song.unlink, lambda: os.truncate(song, 5000)):
        save_song(song, music(FRAMES))
        with pytest.raises(SourceChanged):
            stemdesk.separate(song, tmp_path / "out", model=model, report=At("separating", deed))
        assert left_in(tmp_path / "out") == []


def test_a_change_after_delivery_says_nothing_against_the_stems(model, song, tmp_path):
    before = file_sha256(song)
    change = At("checking", lambda: overwrite(song, music(FRAMES, seed=5)))
    result = stemdesk.separate(song, tmp_path / "out", model=model, report=change)
    assert change.done
    assert result.null is None
    assert not result.broken
    assert "changed after its stems were written" in result.notes[-1]
    assert result.source_sha256 == before


@pytest.mark.parametrize("way", [overwrite, swap])
def test_a_swap_between_a_stop_and_the_next_run(way, model, song, tmp_path):
    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        stemdesk.separate(
            song, tmp_path / "out", model=model, report=At("separating", stop, after=0.4)
        )
    way(song, music(FRAMES, seed=5))
    result = stemdesk.separate(song, tmp_path / "out", model=model)
    assert result.resumed_seconds == 0.0
    assert result.null.verdict == "exact"
    fresh = stemdesk.separate(song, tmp_path / "fresh", model=model)
    for name, path in result.files.items():
        assert path.read_bytes() == fresh.files[name].read_bytes()


def test_the_same_song_with_another_time_goes_on(model, song, tmp_path):
    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        stemdesk.separate(
            song, tmp_path / "out", model=model, report=At("separating", stop, after=0.4)
        )
    os.utime(song, ns=(1, 1))
    result = stemdesk.separate(song, tmp_path / "out", model=model)
    assert result.resumed_seconds > 0.0


def test_a_touched_song_is_no_other_song(model, song, tmp_path):
    touch = At("separating", lambda: os.utime(song, ns=(1, 1)), after=0.3)
    result = stemdesk.separate(song, tmp_path / "out", model=model, report=touch)
    assert touch.done
    assert result.null.verdict == "exact"


def test_a_batch_goes_on_with_the_others_and_the_manifest_tells_what_was_read(model, tmp_path):
    songs = [save_song(tmp_path / f"{i}.wav", music(FRAMES, seed=i)) for i in range(2)]
    hashes = [file_sha256(path) for path in songs]
    options = SeparateOptions(output=tmp_path / "out")
    batch = Batch([Song(path) for path in songs], Claims(songs, options.overwrite, lambda _: False))
    change = At("separating", lambda: overwrite(songs[0], music(FRAMES, seed=5)), after=0.1)
    plan_batch(batch, options, model.card, lambda *_: None)
    first, second = run_batch(batch, options, model.card, model, change)
    assert isinstance(first.error, SourceChanged)
    assert second.result.null.verdict == "exact"
    overwrite(songs[1], music(FRAMES, seed=6))
    write_manifest(tmp_path / "m.json", batch)
    told = json.loads((tmp_path / "m.json").read_text())["songs"]
    assert told[1]["sha256"] == hashes[1] != file_sha256(songs[1])


@pytest.mark.parametrize("name", ["vocals", "other"])
def test_a_remix_of_stems_that_are_changed_meanwhile(name, tmp_path):
    disk = SongOnDisk(tmp_path)
    stems = tmp_path / "media"
    samples = music(len(disk.samples[name][0]), seed=5, level=0.1)
    mixing = At("mixing", lambda: overwrite(disk.files[name], samples))
    with pytest.raises(stemdesk.UserError, match=rf"{name}.wav was changed while"):
        stemdesk.remix(stems, {"vocals.level_db": -3}, tmp_path / "mix.wav", report=mixing)
    assert not (tmp_path / "mix.wav").exists()
    assert left_in(tmp_path) == sorted(path.name for path in disk.files.values())


def test_a_remix_keeps_what_it_was_to_replace(tmp_path):
    disk = SongOnDisk(tmp_path)
    (tmp_path / "mix.wav").write_bytes(b"mine")
    samples = music(len(disk.samples["vocals"][0]), seed=5, level=0.1)
    mixing = At("mixing", lambda: swap(disk.files["vocals"], samples))
    options = stemdesk.RemixOptions(tmp_path, overwrite="yes")
    with pytest.raises(SourceChanged):
        stemdesk.remix(tmp_path / "media", {}, tmp_path / "mix.wav", options=options, report=mixing)
    assert (tmp_path / "mix.wav").read_bytes() == b"mine"


WHATS = [
    ("mix", {}),
    ("stems", {}),
    ("stems_with_effects", {}),
    ("minus_one", {"stem": "vocals"}),
    ("minus_one", {"stem": "vocals", "is_exact": True}),
]


def known(disk):
    """The track, whose files the project knows by their hashes."""

    def named(name, ref):
        return changed(ref, sha256=file_sha256(disk.files[name]))

    track = disk.track
    stems = {name: named(name, ref) for name, ref in track.separated.stems.items()}
    separated = changed(track.separated, stems=stems)
    return changed(track, mixture=named("mixture", track.mixture), separated=separated)


@pytest.mark.parametrize(("what", "options"), WHATS)
@pytest.mark.parametrize("name", ["mixture", "vocals"])
def test_a_media_file_that_was_swapped_under_the_project(what, options, name, tmp_path):
    disk = SongOnDisk(tmp_path)
    track = known(disk)
    overwrite(disk.files[name], music(len(disk.samples[name][0]), seed=5, level=0.1))
    with pytest.raises(MediaChanged, match=rf"{name}.wav was changed outside the project"):
        disk.export(what, track=track, **options)
    assert not disk.out.exists()


@pytest.mark.parametrize(("what", "options"), WHATS)
@pytest.mark.parametrize("stage", ["rendering", "checking", "proving the null"])
@pytest.mark.parametrize("way", [overwrite, swap])
def test_an_export_of_files_that_are_changed_meanwhile(what, options, stage, way, tmp_path):
    disk = SongOnDisk(tmp_path)
    samples = music(len(disk.samples["vocals"][0]), seed=5, level=0.1)
    change = At(stage, lambda: way(disk.files["vocals"], samples))
    with pytest.raises(SourceChanged):
        disk.export(what, report=change, **options)
    assert change.done
    assert not disk.out.exists()


def test_an_opened_song_is_known_by_its_bytes(song, tmp_path):
    ref = import_song(song, MediaStore(tmp_path / "p"), lambda *_: None).media
    assert ref.sha256 == file_sha256(song)


def test_seals_are_of_bytes(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"one")
    seal = Seal(path)
    seal.require()
    path.write_bytes(b"one")
    seal.glance()
    path.write_bytes(b"two")
    for look in (seal.glance, seal.require):
        with pytest.raises(SourceChanged):
            look()
    with pytest.raises(MediaChanged):
        Seals.of_media({path: seal.sha256})
    path.unlink()
    with pytest.raises(SourceChanged):
        seal.require()
    with pytest.raises(stemdesk.UserError, match="does not exist"):
        Seals([path])


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    yield bench
    bench.close()


def test_a_song_that_was_swapped_since_it_was_opened_is_not_separated(bench, tmp_path):
    path = save_noise(tmp_path / "Song.wav", seed=1)
    track = opened(bench, path)
    path.write_bytes(save_noise(tmp_path / "other.wav", seed=2).read_bytes())
    bench.separating.separate(track.id)
    until(bench, lambda: bench.problems)
    assert "was changed outside the project" in str(bench.problems[0])
    assert bench.track.separated is None


def test_a_song_that_was_swapped_stays_outside_of_the_project_that_is_saved(bench, tmp_path):
    path = save_noise(tmp_path / "Song.wav", seed=1)
    opened(bench, path)
    good = path.read_bytes()
    path.write_bytes(save_noise(tmp_path / "other.wav", seed=2).read_bytes())
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: bench.problems)
    assert isinstance(bench.problems.popleft(), MediaChanged)
    assert bench.papers.file.folder == tmp_path / "Mine.stemdesk"
    assert bench.track.mixture.path == str(path)
    path.write_bytes(good)
    bench.files.save()
    until(bench, lambda: not bench.papers.outside)
    assert bench.papers.song_of(bench.track).read_bytes() == good
    assert not bench.problems


@pytest.mark.parametrize("name", ["mixture", "vocals"])
def test_a_daw_session_of_a_project_whose_media_were_swapped(name, tmp_path):
    disk = SongOnDisk(tmp_path / "disk")
    folder = tmp_path / "P.stemdesk"
    folder.mkdir()
    write(folder, PROJECT_FILE, Project(tracks=(known(disk),), current="1"), 1)
    overwrite(disk.files[name], music(len(disk.samples[name][0]), seed=5, level=0.1))
    (result,) = daw_exports(folder, tmp_path / "out")
    assert isinstance(result.error, MediaChanged)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stage", ["reading", "writing dawproject"])
def test_a_daw_session_of_stems_that_are_changed_meanwhile(stage, tmp_path):
    disk = SongOnDisk(tmp_path / "disk")
    samples = music(len(disk.samples["vocals"][0]), seed=5, level=0.1)
    change = At(stage, lambda: overwrite(disk.files["vocals"], samples))
    if stage == "reading":
        change.after = 0.01
    (result,) = daw_exports(tmp_path / "disk" / "media", tmp_path / "out", change)
    assert change.done
    assert isinstance(result.error, SourceChanged)
    assert not (tmp_path / "out").exists() or left_in(tmp_path / "out") == []


def daw_exports(source, out, report=lambda *_: None):
    songs = separated_songs(source)
    target = TARGETS["dawproject"]
    policy = stemdesk.OverwritePolicy.ASK
    places = [{target: out / "Song.dawproject"}]
    plans = plan_exports(songs, places, Claims([], policy, lambda _: False), policy)
    return list(export_songs(plans, SessionOptions(), report, leave_out=False))


def test_a_null_of_files_that_are_changed_meanwhile(tmp_path, monkeypatch, capsys):
    disk = SongOnDisk(tmp_path)
    samples = music(len(disk.samples["vocals"][0]), seed=5, level=0.1)
    real = null_command.measure_null

    def measured(*files, **options):
        found = real(*files, **options)
        overwrite(disk.files["mixture"], samples)
        return found

    monkeypatch.setattr(null_command, "measure_null", measured)
    assert run(["null", *map(str, disk.files.values())]) == 2
    assert "mixture.wav was changed while StemDesk was reading it" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(stemdesk.UserError, match="is a device or a pipe"):
        Seals([tmp_path / "pipe"])


def test_a_file_in_the_place_of_a_delivered_one_is_the_users(tmp_path):
    target = save_song(tmp_path / "vocals.wav", music(9000))
    record_delivery(tmp_path, {target: target})
    assert own_files(tmp_path) == {target}
    overwrite(target, music(9000, seed=5))
    assert own_files(tmp_path) == set()
