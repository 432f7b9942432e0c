from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest

from stemdesk import paths
from stemdesk.errors import Cancelled, UserError
from stemdesk.project import edits
from stemdesk.project.document import Project, changed
from stemdesk.project.history import History
from stemdesk.project.lock import ProjectLocked, is_locked
from stemdesk.project.migrations import NewerFormat
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.references import with_media
from stemdesk.project.store import AUTOSAVE_FILE, PROJECT_FILE, write

BYTES = np.random.default_rng(0).bytes(2_000_000)


@pytest.fixture
def song(tmp_path, make_ref):
    (tmp_path / "songs").mkdir()
    path = tmp_path / "songs" / "song.wav"
    path.write_bytes(BYTES)
    return make_ref(str(path))


@pytest.fixture
def one(song):
    """A project of one song that lies elsewhere."""
    return edits.add_track(Project(), edits.new_track("Song", song))


@pytest.fixture
def saved(tmp_path, one):
    """A saved project, closed; and what it holds."""
    with ProjectFile.create() as file:
        places = file.save_as(tmp_path / "Saved", one)
    return tmp_path / "Saved.stemdesk", with_media(one, places)


def renamed(project, name):
    return edits.rename_track(project, project.tracks[0].id, name)


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_was_saved_is_opened(saved):
    folder, project = saved
    assert files(folder)[1:] == [PROJECT_FILE]
    with ProjectFile.open(folder / PROJECT_FILE) as file:
        assert file.folder == folder
        assert (file.name, file.is_unsaved, file.read_only) == ("Saved", False, False)
        assert file.loaded.project == project
        assert file.loaded.recovery is None
        assert file.loaded.remarks == ()
        assert file.media.missing(project) == ()
        file.save(renamed(project, "Later"))
    with ProjectFile.open(folder) as file:
        assert file.loaded.project.tracks[0].name == "Later"


def test_a_fresh_project_has_no_place(one):
    with ProjectFile.create() as file:
        assert (file.name, file.is_unsaved) == ("", True)
        assert file.folder.parent == paths.data_dir() / "unsaved"
        assert is_locked(file.folder)
        with pytest.raises(UserError, match="no place yet"):
            file.save(one)
    assert not file.folder.exists()


def test_an_unsaved_project_outlives_its_program(one):
    with ProjectFile.create() as file:
        places = {one.tracks[0].mixture: file.media.take_in(one.tracks[0].mixture)}
        project = with_media(one, places)
        assert file.autosave(project)
    with ProjectFile.open(file.folder) as again:
        assert again.is_unsaved
        assert again.loaded.recovery == project
        assert again.media.missing(project) == ()
        again.close(discard=True)
    assert not file.folder.exists()


def test_autosave_writes_only_what_is_new(saved):
    folder, project = saved
    autosave = folder / AUTOSAVE_FILE
    with ProjectFile.open(folder) as file:
        assert not file.autosave(file.loaded.project)
        assert not file.autosave(with_media(project, {}))
        assert not autosave.exists()
        edited = renamed(project, "Edited")
        assert file.autosave(edited)
        first = autosave.stat().st_mtime_ns, autosave.stat().st_ino
        assert not file.autosave(edited)
        assert (autosave.stat().st_mtime_ns, autosave.stat().st_ino) == first
        assert file.autosave(renamed(project, "More"))
        assert file.autosave(file.loaded.project)  # undone: nothing to recover
        assert not autosave.exists()
        assert not file.autosave(file.loaded.project)


def test_a_save_ends_the_autosave(saved):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        edited = renamed(project, "Edited")
        file.autosave(edited)
        file.save(edited)
        assert not (folder / AUTOSAVE_FILE).exists()
        assert not file.autosave(edited)


@pytest.mark.parametrize("clock", [-1e6, 1e6])
def test_recovery_is_offered_whatever_the_clocks_say(saved, clock):
    folder, project = saved
    edited = renamed(project, "Edited")
    with ProjectFile.open(folder) as file:
        file.autosave(edited)
    time = (folder / PROJECT_FILE).stat().st_mtime + clock
    os.utime(folder / AUTOSAVE_FILE, (time, time))
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == project
        assert file.loaded.recovery == edited


def test_an_autosave_older_than_the_save_is_no_recovery(saved):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        file.autosave(renamed(project, "Edited"))
        shutil.copy(folder / AUTOSAVE_FILE, folder / "kept")
        file.save(renamed(project, "Later"))
        shutil.copy(folder / "kept", folder / AUTOSAVE_FILE)  # as if killed before it was removed
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery is None
        assert file.autosave(renamed(project, "Latest"))
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery.tracks[0].name == "Latest"


def test_an_autosave_that_says_the_same_is_no_recovery(saved):
    folder, project = saved
    write(folder, AUTOSAVE_FILE, project, 1000)
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery is None


def test_a_save_after_a_recovery_is_later_than_all_that_was_autosaved(saved):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        for name in "abcde":
            file.autosave(renamed(project, name))
    shutil.copy(folder / AUTOSAVE_FILE, folder / "kept")
    with ProjectFile.open(folder) as file:
        file.save(renamed(file.take_recovery(), "Saved"))
    shutil.copy(folder / "kept", folder / AUTOSAVE_FILE)  # as if killed before it was removed
    with ProjectFile.open(folder) as file:
        assert file.loaded.project.tracks[0].name == "Saved"
        assert file.loaded.recovery is None


def test_nothing_is_written_over_an_undecided_recovery(saved):
    folder, project = saved
    edited = renamed(project, "Edited")
    with ProjectFile.open(folder) as file:
        file.autosave(edited)
    with ProjectFile.open(folder) as file:
        assert not file.autosave(file.loaded.project)
        assert not file.autosave(renamed(project, "Other"))
        with pytest.raises(UserError, match="take it or discard it"):
            file.save(project)
        file.save_as(folder.with_name("Elsewhere"), project)
        file.save(project)
    with ProjectFile.open(folder) as file:
        recovered = file.take_recovery()
        assert recovered == edited
        assert not file.autosave(recovered)
        assert file.autosave(renamed(recovered, "On from there"))
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery.tracks[0].name == "On from there"
        file.discard_recovery()
        assert not (folder / AUTOSAVE_FILE).exists()
        assert file.autosave(renamed(project, "Other"))


def test_close_keeps_or_discards(saved):
    folder, project = saved
    for discard in (False, True):
        file = ProjectFile.open(folder)
        file.take_recovery() if file.loaded.recovery else None
        file.autosave(renamed(project, "Edited"))
        file.close(discard=discard)
        file.close(discard=discard)
        assert (folder / AUTOSAVE_FILE).exists() != discard
        assert not is_locked(folder)
        assert not file.autosave(renamed(project, "Too late"))


def test_a_damaged_document_gives_way_to_its_autosave(saved):
    folder, project = saved
    edited = renamed(project, "Edited")
    with ProjectFile.open(folder) as file:
        file.autosave(edited)
    shutil.copy(folder / AUTOSAVE_FILE, folder / "kept")
    (folder / PROJECT_FILE).write_bytes(b'{"format": 1')
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == file.loaded.recovery == edited
        assert "damaged" in file.loaded.remarks[0]
        file.save(renamed(file.take_recovery(), "Saved"))
    shutil.copy(folder / "kept", folder / AUTOSAVE_FILE)  # as if killed before it was removed
    assert (folder / "project.damaged.json").read_bytes() == b'{"format": 1'
    with ProjectFile.open(folder) as file:
        assert file.loaded.project.tracks[0].name == "Saved"
        assert file.loaded.recovery is None
        assert file.loaded.remarks == ()


def test_a_damaged_autosave_is_left_out_and_said(saved):
    folder, project = saved
    (folder / AUTOSAVE_FILE).write_bytes(b"")
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == project
        assert file.loaded.recovery is None
        assert "autosave was left out" in file.loaded.remarks[0]


@pytest.mark.parametrize("name", [PROJECT_FILE, AUTOSAVE_FILE])
def test_a_newer_document_is_refused_and_stays(saved, name):
    folder, _ = saved
    newer = json.dumps({"format": 99, "written_by": "StemDesk 9"}).encode()
    (folder / name).write_bytes(newer)
    with pytest.raises(NewerFormat, match="StemDesk 9"):
        ProjectFile.open(folder)
    assert (folder / name).read_bytes() == newer
    assert not is_locked(folder)


def test_what_is_no_project_is_refused(tmp_path, saved):
    (tmp_path / "empty").mkdir()
    for path, what in ((tmp_path / "empty", "no StemDesk project"), (tmp_path / "x", "no project")):
        with pytest.raises(UserError, match=what):
            ProjectFile.open(path)
    folder, _ = saved
    (folder / PROJECT_FILE).write_bytes(b"")
    (folder / AUTOSAVE_FILE).write_bytes(b"")
    with pytest.raises(UserError, match=r"project\.json is damaged"):
        ProjectFile.open(folder)
    assert not is_locked(folder)


def test_the_second_opener_reads_only_or_copies(saved, tmp_path):
    folder, project = saved
    with ProjectFile.open(folder) as first:
        with pytest.raises(ProjectLocked):
            ProjectFile.open(folder)
        with ProjectFile.open(folder, read_only=True) as second:
            assert second.read_only
            assert second.loaded.project == project
            assert not second.autosave(renamed(project, "Edited"))
            with pytest.raises(UserError, match="read-only"):
                second.save(project)
            with pytest.raises(UserError, match="read-only"):
                second.collect(project)
            first.autosave(renamed(project, "First's"))
            second.save_as(tmp_path / "Mine", project)
            assert not second.read_only
            assert (folder / AUTOSAVE_FILE).exists()
            assert is_locked(folder)
        with ProjectFile.open_copy(folder) as copy:
            assert copy.is_unsaved
            assert copy.loaded.project == project
            assert copy.media.missing(project) == ()
            assert copy.media.path_of(project.tracks[0].mixture).parent.parent == copy.folder
        with ProjectFile.open(copy.folder) as copy:
            assert copy.loaded.recovery == project


def test_a_disk_for_reading_only(saved, monkeypatch):
    folder, project = saved

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("stemdesk.project.lock.os.open", refused)
    with ProjectFile.open(folder) as file:
        assert file.read_only
        assert file.loaded.project == project


def test_saved_elsewhere_the_folder_needs_nothing_else(tmp_path, one, song):
    told = []
    with ProjectFile.create() as file:
        unsaved = file.folder
        places = file.save_as(
            tmp_path / "New", one, report=lambda fraction, _: told.append(fraction)
        )
        project = with_media(one, places)
        assert file.folder == tmp_path / "New.stemdesk"
        assert not unsaved.exists()
        assert is_locked(file.folder)
        assert not file.autosave(project)
        file.save(project)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    shutil.rmtree(tmp_path / "songs")
    moved = file.folder.rename(tmp_path / "moved")
    with ProjectFile.open(moved) as file:
        assert file.loaded.project == project
        assert file.media.missing(project) == ()
        assert file.media.path_of(project.tracks[0].mixture).read_bytes() == BYTES


def test_a_saved_project_stays_as_it_was_saved(saved, tmp_path):
    folder, project = saved
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    with ProjectFile.open(folder) as file:
        file.autosave(renamed(project, "Edited"))
        file.save_as(tmp_path / "other" / "Second.stemdesk", renamed(project, "Second"))
        assert not is_locked(folder)
        path = file.media.path_of(project.tracks[0].mixture)
        path.write_bytes(b"changed by hand")
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery is None


def test_files_of_the_history_and_late_ones_come_along(tmp_path, saved, make_ref):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        refs = []
        for letter in "ab":
            (tmp_path / letter).write_bytes(letter.encode())
            refs.append(file.media.take_in(make_ref(str(tmp_path / letter))))
        history = History(edits.add_track(project, edits.new_track("a", refs[0])))
        history.edit("Remove", project)

        def meanwhile(fraction, stage):
            (tmp_path / "late").write_bytes(b"late")
            late.append(file.media.take_in(make_ref(str(tmp_path / "late"))))

        late = []
        file.save_as(tmp_path / "New", history.project, history.snapshots(), meanwhile)
        assert file.media.path_of(refs[0]).read_bytes() == b"a"
        assert file.media.path_of(late[0]).read_bytes() == b"late"
        assert file.media.path_of(late[0]).parent.parent == tmp_path / "New.stemdesk"
        assert not file.media.path_of(refs[1]).exists()


def test_the_same_bytes_from_outside_are_not_carried_twice(tmp_path, one, song):
    shutil.copy(tmp_path / "songs" / "song.wav", tmp_path / "songs" / "song.aiff")
    with ProjectFile.create() as file:
        inside = file.media.take_in(changed(song, path=str(tmp_path / "songs" / "song.aiff")))
        project = one
        for ref in (inside, changed(inside, sha256="")):
            project = edits.add_track(project, edits.new_track("Again", ref))
        places = file.save_as(tmp_path / "New", project)
        assert places[song].path == inside.path
        assert len(file.media.files()) == 1


def test_an_unsaved_project_with_songs_in_its_document_stays(one):
    with ProjectFile.create() as file:
        folder = file.folder
    folder.mkdir()
    write(folder, PROJECT_FILE, one, 5)
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == one
    assert folder.exists()


def test_what_only_undo_needs_from_outside_stays_there(tmp_path, saved, song):
    folder, project = saved
    (tmp_path / "songs" / "b.wav").write_bytes(b"b")
    outside = changed(song, path=str(tmp_path / "songs" / "b.wav"))
    before = edits.add_track(project, edits.new_track("b", outside))
    with ProjectFile.open(folder) as file:
        assert file.save_as(tmp_path / "New", project, [before]) == {}
        assert len(file.media.files()) == 1
        assert file.media.missing(before) == ()


@pytest.mark.parametrize("when", [0.0, 0.9])
def test_a_stopped_save_elsewhere_changes_nothing(tmp_path, one, when):
    def stop(fraction, _):
        if fraction >= when:
            raise Cancelled

    with ProjectFile.create() as file:
        folder = file.folder
        taken = file.media.take_in(one.tracks[0].mixture)
        project = with_media(one, {one.tracks[0].mixture: taken})
        file.autosave(project)
        with pytest.raises(Cancelled):
            file.save_as(tmp_path / "New", project, report=stop)
        assert file.folder == folder
        assert file.media.missing(project) == ()
        assert is_locked(folder)
        assert [path.name for path in tmp_path.iterdir() if "songs" not in path.name] in (
            [],
            ["home"],
        )
        assert file.autosave(renamed(project, "Edited"))


def test_nothing_is_overwritten(tmp_path, saved, one):
    folder, _ = saved
    before = files(folder)
    with ProjectFile.create() as file:
        for taken in (folder, tmp_path / "Saved"):
            with pytest.raises(UserError, match="there already"):
                file.save_as(taken, one)
        (tmp_path / "empty.stemdesk").mkdir()
        file.save_as(tmp_path / "empty", one)
    assert files(folder) == before


def test_saved_elsewhere_in_its_own_folder_is_a_save(saved):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        assert file.save_as(folder, renamed(project, "Edited")) == {}
    with ProjectFile.open(folder) as file:
        assert file.loaded.project.tracks[0].name == "Edited"


def test_missing_files_do_not_keep_from_saving_elsewhere(tmp_path, saved, make_ref):
    folder, project = saved
    project = edits.add_track(project, edits.new_track("gone", make_ref("/gone/x.wav")))
    (folder / project.tracks[0].mixture.path).unlink()
    with ProjectFile.open(folder) as file:
        assert file.save_as(tmp_path / "New", project) == {}
        assert len(file.media.missing(project)) == 2


def test_collect_keeps_what_disk_and_undo_need(saved, tmp_path, make_ref):
    folder, project = saved
    with ProjectFile.open(folder) as file:
        refs = []
        for letter in "abc":
            (tmp_path / letter).write_bytes(letter.encode())
            refs.append(file.media.take_in(make_ref(str(tmp_path / letter))))
        with_a, with_b = (edits.add_track(project, edits.new_track("x", ref)) for ref in refs[:2])
        file.autosave(with_a)
        bare = changed(project, tracks=(), current="")
        assert file.collect(bare, [with_b]) == (file.media.path_of(refs[2]),)
        assert file.media.missing(with_a) == file.media.missing(with_b) == ()


def test_opening_sweeps_what_a_killed_copy_left(saved):
    folder, _ = saved
    half = folder / "media" / ".incoming-0.partial"
    half.write_bytes(b"half")
    with ProjectFile.open(folder, read_only=True):
        assert half.exists()
    with ProjectFile.open(folder):
        assert not half.exists()


def test_a_disk_that_takes_nothing_leaves_the_old_document(saved, monkeypatch):
    folder, project = saved

    def full(*_):
        raise OSError(28, "No space left on device")

    with ProjectFile.open(folder) as file:
        monkeypatch.setattr(os, "fsync", full)
        for method in (file.save, file.autosave):
            with pytest.raises(UserError, match="disk is full"):
                method(renamed(project, "Edited"))
        monkeypatch.undo()
        assert files(folder)[-1] == PROJECT_FILE
        assert file.autosave(renamed(project, "Edited"))
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == project
        assert file.loaded.recovery is not None
