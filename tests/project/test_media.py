from __future__ import annotations

import hashlib
import os
import threading

import numpy as np
import pytest
import soundfile

from stemdesk.errors import Cancelled, UserError
from stemdesk.project import edits
from stemdesk.project.document import MediaRef, Project, changed
from stemdesk.project.media import MediaStore

BYTES = np.random.default_rng(0).bytes(3_500_000)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(tmp_path):
    (tmp_path / "Song.stemdesk").mkdir()
    return MediaStore(tmp_path / "Song.stemdesk")


@pytest.fixture
def song(tmp_path, make_ref):
    path = tmp_path / "My Song.WAV"
    path.write_bytes(BYTES)
    return make_ref(str(path))


def holding(*refs):
    project = Project()
    for ref in refs:
        project = edits.add_track(project, edits.new_track("Song", ref))
    return project


def names(store):
    return sorted(path.name for path in (store.folder / "media").iterdir())


def test_a_song_comes_in_under_the_name_of_its_bytes(store, song):
    told = []
    taken = store.take_in(song, lambda fraction, stage: told.append((fraction, stage)))
    assert taken == changed(song, path=f"media/{sha256(BYTES)[:12]}.wav", sha256=sha256(BYTES))
    assert store.path_of(taken).read_bytes() == BYTES
    assert store.path_of(song).read_bytes() == BYTES
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert len(fractions) >= 3
    assert fractions[-1] == 1.0
    assert "My Song.WAV" in told[0][1]
    assert store.take_in(taken) is taken


def test_the_same_bytes_are_there_once(store, song, tmp_path):
    first = store.take_in(song)
    (tmp_path / "copy.aiff").write_bytes(BYTES)
    again = store.take_in(changed(song, path=str(tmp_path / "copy.aiff")))
    assert again.path == first.path
    assert names(store) == [f"{sha256(BYTES)[:12]}.wav"]


def test_other_bytes_are_never_overwritten(store, song):
    taken = store.take_in(song)
    store.path_of(taken).write_bytes(b"damaged since")
    again = store.take_in(song)
    assert store.path_of(taken).read_bytes() == b"damaged since"
    assert store.path_of(again).read_bytes() == BYTES
    assert store.take_in(song) == again
    assert len(names(store)) == 2


@pytest.mark.parametrize("suffix", ["", ".tar gz", ".ünï", ".waytoolongsuffix"])
def test_a_strange_suffix_is_left_out(store, song, tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"abc")
    assert store.take_in(changed(song, path=str(path))).path == f"media/{sha256(b'abc')[:12]}"


def test_a_stop_leaves_nothing(store, song):
    def stop(fraction, stage):
        if fraction > 0.5:
            raise Cancelled

    for move in (False, True):
        with pytest.raises(Cancelled):
            store.take_in(song, stop, move=move)
        assert names(store) == []
        assert store.path_of(song).read_bytes() == BYTES


def test_what_is_moved_is_gone_where_it_was(store, song, monkeypatch):
    taken = store.take_in(song, move=True)
    assert store.path_of(taken).read_bytes() == BYTES
    assert not store.path_of(song).exists()
    assert names(store) == [f"{sha256(BYTES)[:12]}.wav"]


def test_of_a_link_the_file_comes_in(store, song, tmp_path):
    (tmp_path / "link.wav").symlink_to(store.path_of(song))
    taken = store.take_in(changed(song, path=str(tmp_path / "link.wav")), move=True)
    assert not store.path_of(taken).is_symlink()
    assert store.path_of(taken).read_bytes() == BYTES
    assert not (tmp_path / "link.wav").is_symlink()
    assert store.path_of(song).exists()


def test_what_is_moved_from_another_disk_is_copied_first(store, song, monkeypatch):
    def no_link(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    taken = store.take_in(song, move=True)
    assert store.path_of(taken).read_bytes() == BYTES
    assert not store.path_of(song).exists()


def test_a_song_that_is_not_there_is_refused(store, song):
    store.path_of(song).unlink()
    for move in (False, True):
        with pytest.raises(UserError, match=r"no file .*My Song"):
            store.take_in(song, move=move)
    assert names(store) == []


def test_many_at_once(store, tmp_path, make_ref):
    taken = []

    def take(number):
        path = tmp_path / f"{number}.wav"
        path.write_bytes(b"%d" % (number % 3) * 100_000)
        taken.append(store.take_in(make_ref(str(path))))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(store)) == 3
    assert len({ref.path for ref in taken}) == 3


def test_nothing_comes_in_while_the_folder_changes(store, song):
    taken = []
    thread = threading.Thread(target=lambda: taken.append(store.take_in(song)))
    with store.standstill:
        thread.start()
        thread.join(0.3)
        assert not taken
        store.folder = store.folder.rename(store.folder.with_name("New"))
    thread.join()
    assert store.path_of(taken[0]).read_bytes() == BYTES


def test_a_full_disk_is_refused_before(store, song, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("U", (), {"free": 1000})())
    with pytest.raises(UserError, match="MB needed"):
        store.take_in(song)
    assert store.files() == set()


def test_what_is_missing_is_listed_with_names(store, song, mixture, make_stems):
    taken = store.take_in(song)
    track = edits.attach_stems(changed(mixture, mixture=taken), make_stems("vocals", "other"))
    project = edits.add_track(Project(), track)
    (store.folder / "media" / "other.wav").write_bytes(b"")
    (missing,) = store.missing(project)
    assert (missing.track_id, missing.track_name, missing.lane) == (track.id, "Song", "vocals")
    assert missing.ref.path == "media/vocals.wav"
    store.path_of(taken).unlink()
    assert [each.lane for each in store.missing(project)] == ["mixture", "vocals"]


def test_the_folder_may_move(store, song, tmp_path):
    project = holding(store.take_in(song))
    elsewhere = store.folder.rename(tmp_path / "elsewhere")
    store.path_of(song).unlink()
    assert MediaStore(elsewhere).missing(project) == ()
    assert len(store.missing(project)) == 1


def test_a_path_of_another_machine_is_missing_not_ours(store, make_ref):
    for path in ("C:/songs/x.wav", "\\\\server\\x.wav", "/no/such/x.wav"):
        assert len(store.missing(holding(make_ref(path)))) == 1


def test_a_missing_file_is_brought_back(store, song, tmp_path):
    taken = store.take_in(song)
    store.path_of(taken).unlink()
    assert store.relink(taken, tmp_path / "My Song.WAV") is taken
    assert store.missing(holding(taken)) == ()
    outside = changed(taken, path=str(tmp_path / "was here once.wav"))
    assert store.relink(outside, tmp_path / "My Song.WAV") == taken


def test_a_file_of_another_machine_comes_into_the_folder(store, song, tmp_path):
    taken = store.take_in(song)
    for path in ("C:/songs/x.wav", "/songs/x.wav"):
        assert store.relink(changed(taken, path=path), tmp_path / "My Song.WAV") == taken
    assert names(store) == [store.path_of(taken).name]


def test_another_file_is_not_taken_for_it(store, song, tmp_path):
    taken = store.take_in(song)
    store.path_of(taken).unlink()
    (tmp_path / "other.wav").write_bytes(BYTES[:-1])
    for ref in (taken, changed(taken, path="/gone.wav")):
        with pytest.raises(UserError, match=r"other\.wav is another file"):
            store.relink(ref, tmp_path / "other.wav")
    assert names(store) == []


def test_without_a_hash_the_form_decides(store, tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((500, 2)), 44_100)
    ref = MediaRef(path="/gone.wav", frames=500, sample_rate=44_100, channels=2)
    found = store.relink(ref, tmp_path / "a.wav")
    assert found.sha256 == sha256((tmp_path / "a.wav").read_bytes())
    for wrong in ({"frames": 501}, {"sample_rate": 48_000}, {"channels": 1}):
        with pytest.raises(UserError, match=r"a\.wav has 500 frames"):
            store.relink(changed(ref, **wrong), tmp_path / "a.wav")


def test_collect_keeps_what_any_snapshot_needs(store, song, tmp_path, make_ref):
    refs = []
    for letter in "abc":
        (tmp_path / letter).write_bytes(letter.encode())
        refs.append(store.take_in(make_ref(str(tmp_path / letter))))
    (store.folder / "media" / "notes.txt").write_text("mine")
    removed = store.collect([holding(refs[0]), holding(refs[1], song)])
    assert removed == (store.path_of(refs[2]),)
    assert len(names(store)) == 3
    assert store.path_of(song).exists()
    assert store.collect([holding(refs[0], refs[1])]) == ()


def test_what_was_half_copied_is_swept(store, song):
    taken = store.take_in(song)
    (store.folder / "media" / ".incoming-12345678.partial").write_bytes(b"half")
    store.sweep()
    assert names(store) == [store.path_of(taken).name]
