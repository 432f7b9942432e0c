"""What lies in the media folder and nothing leads to any more goes; all else stays."""

import pytest

from stemdesk.project.document import MediaRef, Project, StemSet, changed
from stemdesk.project.edits import add_track, new_track
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.store import AUTOSAVE_FILE, DAMAGED_FILE, PROJECT_FILE

SHAPE = {"frames": 8, "sample_rate": 44_100, "channels": 1}


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def files(tmp_path):
    """Makes a file of some bytes and its reference."""

    def make(text):
        path = tmp_path / f"{text}.wav"
        path.write_bytes(text.encode())
        return MediaRef(path=str(path), **SHAPE)

    return make


@pytest.fixture
def folder(tmp_path, files):
    """A saved project with a song, and an old stem that nothing refers to."""
    with ProjectFile.create() as file:
        track = new_track("Song", files("song"))
        file.save_as(tmp_path / "Mine", add_track(Project(), track))
        file.media.take_in(files("old"))
        (file.folder / "media" / "notes.txt").write_text("mine")
        return file.folder


def names(folder):
    return {path.read_bytes().decode() for path in (folder / "media").iterdir()}


def test_what_nothing_refers_to_goes_when_the_project_is_closed(folder):
    ProjectFile.open(folder).close()
    assert names(folder) == {"song", "old", "mine"}
    ProjectFile.open(folder).close(collect=True)
    assert names(folder) == {"song", "mine"}


def test_what_an_autosave_refers_to_stays(folder, files):
    file = ProjectFile.open(folder)
    project = file.loaded.project
    stem = file.media.take_in(files("stem"))
    track = changed(project.tracks[0], separated=StemSet(model="m", stems={"mixture": stem}))
    file.autosave(changed(project, tracks=(track,)))
    file.close(collect=True)
    assert names(folder) == {"song", "stem", "mine"}
    file = ProjectFile.open(folder)
    file.discard_recovery()
    file.close(collect=True)
    assert names(folder) == {"song", "mine"}


def test_what_is_given_up_goes_with_its_files(folder, files):
    file = ProjectFile.open(folder)
    track = new_track("Other", file.media.take_in(files("other")))
    file.autosave(add_track(file.loaded.project, track))
    file.close(discard=True, collect=True)
    assert names(folder) == {"song", "mine"}


@pytest.mark.parametrize("name", [PROJECT_FILE, AUTOSAVE_FILE, DAMAGED_FILE, "project (copy).json"])
def test_all_stays_beside_a_document_that_cannot_be_read_or_is_another(folder, name):
    if name == PROJECT_FILE:
        (folder / PROJECT_FILE).rename(folder / AUTOSAVE_FILE)
    (folder / name).write_text("{ not whole")
    file = ProjectFile.open(folder)
    assert file.collect(file.loaded.project) == ()
    file.close(collect=True)
    assert names(folder) == {"song", "old", "mine"}
    assert (folder / name).exists()


def test_a_project_in_the_middle_of_its_first_separation_can_be_opened(folder):
    """Its strips are there before its stems are."""
    from stemdesk.project.edits.stems import mix_for

    with ProjectFile.open(folder) as file:
        track = file.loaded.project.tracks[0]
        track = changed(track, mix=mix_for(track.mix, ("vocals", "other")))
        project = changed(file.loaded.project, tracks=(track,))
        file.autosave(project)
    with ProjectFile.open(folder) as file:
        assert file.loaded.recovery == project
        file.take_recovery()
        file.save(project)
    with ProjectFile.open(folder) as file:
        assert file.loaded.project == project
