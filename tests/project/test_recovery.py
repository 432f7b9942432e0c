from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stemdesk import paths
from stemdesk.project import edits
from stemdesk.project.document import Project
from stemdesk.project.lock import ProjectLocked
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.recovery import discard_recovery, recoverable
from stemdesk.project.store import AUTOSAVE_FILE, load


def named(*names, make_ref):
    project = Project()
    for name in names:
        project = edits.add_track(project, edits.new_track(name, make_ref()))
    return project


@pytest.fixture
def project(make_ref):
    return named("First", "Second", make_ref=make_ref)


@pytest.fixture
def unsaved(project):
    """Folder of an unsaved project whose program is gone."""
    with ProjectFile.create() as file:
        file.autosave(project)
    return file.folder


@pytest.fixture
def crashed(tmp_path, project):
    """Folder of a saved project whose program died with an edit in the autosave."""
    with ProjectFile.create() as file:
        file.save_as(tmp_path / "Album", project)
        file.autosave(edits.remove_track(project, project.tracks[0].id))
    return file.folder


def folders():
    return [each.folder for each in recoverable()]


def test_an_unsaved_project_is_listed(unsaved):
    (found,) = recoverable()
    assert found.folder == unsaved
    assert (found.name, found.tracks) == ("First", ("First", "Second"))
    assert found.is_unsaved
    assert found.problem == ""
    assert timedelta(0) <= datetime.now(UTC) - found.changed < timedelta(minutes=2)


def test_a_crashed_project_is_listed_wherever_it_lies(crashed):
    (found,) = recoverable()
    assert found.folder == crashed
    assert (found.name, found.tracks, found.is_unsaved) == ("Album", ("Second",), False)


def test_the_latest_comes_first(unsaved, crashed):
    os.utime(unsaved / AUTOSAVE_FILE, (2e9, 2e9))
    assert folders() == [unsaved, crashed]
    for path in unsaved.iterdir():
        os.utime(path, (1e9, 1e9))
    assert folders() == [crashed, unsaved]


def test_what_is_open_is_not_listed(unsaved, crashed):
    with ProjectFile.open(unsaved), ProjectFile.open(crashed):
        assert recoverable() == ()
        for folder in (unsaved, crashed):
            with pytest.raises(ProjectLocked):
                discard_recovery(folder)
    assert set(folders()) == {unsaved, crashed}


def test_what_was_saved_and_closed_is_not_listed(crashed):
    with ProjectFile.open(crashed) as file:
        file.save(file.take_recovery())
    assert list((paths.data_dir() / "open").iterdir()) == []
    assert recoverable() == ()


def test_what_is_opened_again_and_crashes_is_listed_again(crashed, project):
    with ProjectFile.open(crashed) as file:
        file.save(file.take_recovery())
    with ProjectFile.open(crashed) as file:
        file.autosave(project)
    assert folders() == [crashed]


def test_an_autosave_older_than_the_save_is_not_listed(crashed):
    kept = (crashed / AUTOSAVE_FILE).read_bytes()
    with ProjectFile.open(crashed) as file:
        file.save(file.take_recovery())
        (crashed / AUTOSAVE_FILE).write_bytes(kept)  # as if killed before it was removed
    assert recoverable() == ()


def test_a_note_of_a_project_without_autosave_is_forgotten(crashed):
    (crashed / AUTOSAVE_FILE).unlink()
    assert recoverable() == ()
    assert list((paths.data_dir() / "open").iterdir()) == []


def test_a_note_of_a_disk_that_is_not_there_is_kept(crashed, tmp_path):
    away = crashed.rename(tmp_path / "away")
    assert recoverable() == ()
    away.rename(crashed)
    assert folders() == [crashed]


def test_discarding(unsaved, crashed):
    discard_recovery(unsaved)
    discard_recovery(crashed)
    assert recoverable() == ()
    assert not unsaved.exists()
    assert [track.name for track in load(crashed).project.tracks] == ["First", "Second"]
    assert load(crashed).recovery is None


def test_a_damaged_one_is_listed_with_its_problem(unsaved, crashed):
    for folder in (unsaved, crashed):
        (folder / AUTOSAVE_FILE).write_bytes(b"{")
        (folder / "project.json").write_bytes(b"{")
    assert all("damaged" in each.problem for each in recoverable())
    assert set(folders()) == {unsaved, crashed}


def test_empty_unsaved_projects_are_cleared_away_once_old():
    with ProjectFile.create() as file:
        pass
    file.folder.mkdir()
    (file.folder / "media").mkdir()
    assert recoverable() == ()
    assert file.folder.exists()  # perhaps another program makes it this instant
    os.utime(file.folder, (1e9, 1e9))
    assert recoverable() == ()
    assert not file.folder.exists()


def test_without_a_data_folder_there_is_nothing():
    assert recoverable() == ()


EDIT = """
import sys, time
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import Marker, MediaRef, Project, Track, changed
from stemdesk.project.history import History
from stemdesk.project.project_file import ProjectFile

media = MediaRef(path="/song.wav", frames=10**9, sample_rate=44100, channels=2)
song = Track(id="a", name="Song", mixture=media, mix=neutral(["mixture"]))
file = ProjectFile.create()
history = History(Project(tracks=(song,), current="a"))
print(file.folder, flush=True)
while True:
    markers = (*song.markers, Marker(frame=len(song.markers), name="marker " * 50))
    song = changed(song, markers=markers)
    history.edit("Add marker", changed(history.project, tracks=(song,)))
    file.autosave(history.project)
    print(len(markers), flush=True)
    time.sleep(float(sys.argv[1]))
"""


@pytest.mark.parametrize("pause_seconds", [0.1, 0.0])
def test_killed_at_any_time_the_last_edit_at_most_is_lost(pause_seconds):
    """Ten programs that edit and autosave, every one killed at a random moment."""
    chance = random.Random(1)
    command = [sys.executable, "-c", EDIT, str(pause_seconds)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(10)]
    opened = [Path(program.stdout.readline().strip()) for program in programs]
    for program in programs:
        time.sleep(chance.uniform(0.0, 0.1))
        program.kill()
    written = set()
    for program, folder in zip(programs, opened, strict=True):
        told, _ = program.communicate()
        # The last line may be cut.
        finished = [0, *(int(line) for line in told.split("\n")[:-1])][-1]
        with ProjectFile.open(folder) as file:
            assert file.loaded.remarks == ()
            recovery = file.loaded.recovery
            there = len(recovery.tracks[0].markers) if recovery else 0
            assert finished <= there <= finished + 1
        if there:
            written.add(folder)
    assert {each.folder for each in recoverable()} == written
