"""What lies on the disk, and what is said of it."""

import shutil

import pytest

from stemdesk.app.bench.workbench import Workbench
from stemdesk.errors import UserError
from stemdesk.project.document import MediaRef, changed
from stemdesk.project.edits.tracks import new_track
from stemdesk.project.lock import ProjectLocked
from stemdesk.project.project_file import ProjectFile
from stemdesk.settings import Preferences
from tests.app.bench_songs import opened, save_noise, separated, stems_of, until

FOUR = ("vocals", "drums", "bass", "other")


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("stemdesk.app.bench.papers.AUTOSAVE_SECONDS", 0.0)
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    yield bench
    bench.close()


def saved(bench, tmp_path):
    opened(bench, save_noise(tmp_path / "Song.wav"))
    bench.files.save_as(tmp_path / "Mine")
    until(bench, lambda: not bench.papers.file.is_unsaved and not bench.is_modified)
    return bench.papers.file.folder


def test_an_autosave_that_fails_is_told_once_and_does_not_count(bench, monkeypatch):
    def full(_project):
        raise UserError("The disk is full", "free some space")

    papers = bench.papers
    well = papers.file.autosave
    monkeypatch.setattr(papers.file, "autosave", full)
    until(bench, lambda: papers.autosave_problem is not None)
    assert papers.seconds_since_autosave is None
    for _ in range(20):
        bench.pump()
    assert [each.problem for each in bench.problems] == ["The disk is full"]
    bench.problems.clear()
    monkeypatch.setattr(papers.file, "autosave", well)
    until(bench, lambda: papers.autosave_problem is None)
    assert papers.seconds_since_autosave < 10


def test_a_mistake_of_ours_in_an_autosave_surfaces(bench, monkeypatch):
    def wrong(_project):
        raise ZeroDivisionError

    with monkeypatch.context() as mistaken:
        mistaken.setattr(bench.papers.file, "autosave", wrong)
        with pytest.raises(ZeroDivisionError):
            until(bench, lambda: False)


def test_a_damaged_autosave_is_told(bench, tmp_path):
    folder = saved(bench, tmp_path)
    bench.files.new()
    (folder / "project.autosave.json").write_text("{ not whole")
    bench.files.open(folder)
    (problem,) = bench.problems
    assert "The autosave was left out" in problem.problem
    assert "project.autosave.json is damaged" in problem.problem
    bench.problems.clear()


def test_a_damaged_project_is_told(bench, tmp_path):
    folder = saved(bench, tmp_path)
    bench.files.new()
    shutil.move(folder / "project.json", folder / "project.autosave.json")
    (folder / "project.json").write_text("{ not whole")
    bench.files.open(folder)
    (problem,) = bench.problems
    assert "The last autosave was opened in its place" in problem.problem
    bench.problems.clear()


def test_the_project_that_is_open_is_no_other_stemdesk(bench, tmp_path):
    folder = saved(bench, tmp_path)
    papers = bench.papers
    for path in (folder, folder / "project.json", tmp_path / "." / folder.name):
        assert bench.files.is_open(path)
        bench.files.open(path)
    assert bench.papers is papers
    bench.files.new()
    assert not bench.files.is_open(folder)
    with ProjectFile.open(folder), pytest.raises(ProjectLocked):
        bench.files.open(folder)


def test_stems_that_nothing_leads_to_go_with_a_save_and_those_of_undo_stay(bench, tmp_path):
    folder = saved(bench, tmp_path)
    until(bench, lambda: not bench.errands.is_busy)
    lost = stems_of(bench, tmp_path, FOUR, seed=3)  # of a separation whose song was removed
    old = stems_of(bench, tmp_path, FOUR, seed=4)
    separated(bench, old)
    new = stems_of(bench, tmp_path, FOUR, seed=5)
    separated(bench, new)
    until(bench, lambda: not bench.errands.is_busy)

    def are_there(stems):
        return [(folder / ref.path).exists() for ref in stems.stems.values()]

    bench.files.save()
    assert (are_there(lost), are_there(old), are_there(new)) == (
        [False] * 4,
        [True] * 4,
        [True] * 4,
    )
    bench.undo()
    assert set(bench.stage._stems.values()) == set(bench.papers.files_of(old).values())
    bench.redo()
    bench.files.save()
    bench.files.new()
    assert (are_there(old), are_there(new)) == ([False] * 4, [True] * 4)
    assert len(list((folder / "media").iterdir())) == 5


def test_nothing_is_cleared_away_while_a_separation_is_to_be_taken_over(bench, tmp_path):
    folder = saved(bench, tmp_path)
    until(bench, lambda: not bench.errands.is_busy)
    made = []
    bench.errands.start("Song", "separate", lambda _: stems_of(bench, tmp_path, FOUR), made.append)
    bench.jobs.pump()
    until_ended(bench)
    assert bench.jobs.is_busy is False
    bench.files.save()  # it is done, and nobody has taken what came of it
    assert len(list((folder / "media").iterdir())) == 5
    bench.pump()
    assert len(made) == 1


def until_ended(bench):
    import time

    end = time.monotonic() + 20
    while not bench.jobs.entries[-1].state.has_ended and time.monotonic() < end:
        time.sleep(0.01)


def test_a_song_keeps_the_name_that_the_user_knows(bench, tmp_path):
    folder = saved(bench, tmp_path)
    mixture = bench.track.mixture
    assert mixture.name == "Song.wav"
    assert mixture.path.startswith("media/")
    bench.files.new()
    bench.files.open(folder)
    assert bench.track.mixture == mixture


def test_a_project_whose_changes_cannot_be_kept_is_left_only_when_told_so(
    bench, tmp_path, monkeypatch
):
    opened(bench, save_noise(tmp_path / "Song.wav"))
    papers, stage, others = bench.papers, bench.stage, []

    def full(_project):
        raise UserError("The disk is full", "free some space")

    bench.controls.set("mixture.level_db", -3.0)
    monkeypatch.setattr(papers.file, "autosave", full)
    create = ProjectFile.create
    monkeypatch.setattr(ProjectFile, "create", lambda: others.append(create()) or others[-1])
    with pytest.raises(UserError, match="disk is full"):
        bench.files.new()
    assert bench.papers is papers
    assert bench.stage is stage
    stage.listening.player.play()
    until(bench, lambda: stage.is_playing)  # nothing of it was closed
    assert others[0]._lock is None
    bench.problems.clear()
    with pytest.raises(UserError, match="disk is full"):
        bench.secure()
    papers.leave_behind()
    bench.files.new()
    assert bench.papers is not papers
    assert papers.file._lock is None


def test_a_workbench_that_cannot_keep_everything_ends_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    bench = Workbench(Preferences(audio_device="silent", separate_on_open=False))
    bench.edit("Name", changed(bench.project, tracks=(a_track(),)))

    def full(_project):
        raise UserError("The disk is full", "free some space")

    monkeypatch.setattr(bench.papers.file, "autosave", full)
    with pytest.raises(UserError, match="disk is full"):
        bench.close()
    assert bench.papers.file._lock is None


def a_track():
    ref = MediaRef(path="/nowhere/Song.wav", frames=10, sample_rate=44_100, channels=2)
    return new_track("Song", ref)
