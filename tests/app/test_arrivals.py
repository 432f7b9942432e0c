"""Several songs at once: which is shown, and which is separated first."""

import threading
import time

import numpy as np
import pytest
import soundfile

from stemdesk.app.bench import separating
from stemdesk.app.bench.arrivals import Arrivals
from stemdesk.app.bench.workbench import Workbench
from stemdesk.jobs.job import Job, JobState
from stemdesk.project.document import MediaRef, Project
from stemdesk.project.edits.tracks import new_track
from stemdesk.settings import Preferences

RATE = 8000


@pytest.fixture
def begun(monkeypatch):
    """The songs whose separation has begun, in order; none ever ends by itself."""
    names = []

    class Endless(Job):
        def __init__(self, worker, track, *_, adapt):  # noqa: ARG002 - as SongSeparation
            super().__init__(self._run_on)
            names.append(track.name)

        def _run_on(self, report):
            while True:
                report(0.5, "separating")
                threading.Event().wait(0.005)

    monkeypatch.setattr(separating, "SongSeparation", Endless)
    return names


@pytest.fixture
def make_bench(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    made = []

    def make(**wishes):
        made.append(Workbench(Preferences(audio_device="silent", **wishes)))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def write(folder, *names, seconds=2):
    paths = []
    for seed, name in enumerate(names):
        samples = np.random.default_rng(seed).normal(0, 0.05, (seconds * RATE, 2))
        paths.append(folder / f"{name}.wav")
        soundfile.write(paths[-1], samples, RATE, subtype="PCM_16")
    return paths


def until(bench, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert not bench.problems, list(bench.problems)
        assert time.monotonic() < end
        bench.pump()
        time.sleep(0.01)


def names(bench):
    return [track.name for track in bench.project.tracks]


def test_a_song_that_plays_goes_on_while_others_come_in(make_bench, tmp_path):
    bench = make_bench(separate_on_open=False)
    bench.open(write(tmp_path, "Mine", seconds=20))
    until(bench, lambda: bench.track)
    stage = bench.stage
    stage.listening.player.play()
    until(bench, lambda: stage.position_frames > RATE // 10)
    bench.open(write(tmp_path, "A", "B", "C"))
    until(bench, lambda: len(bench.project.tracks) == 4)
    assert (bench.track.name, bench.stage) == ("Mine", stage)
    assert stage.is_playing
    assert names(bench) == ["Mine", "A", "B", "C"]


def test_into_an_empty_project_the_first_is_shown_and_separated_first(make_bench, tmp_path, begun):
    bench = make_bench()
    bench.open(write(tmp_path, "A", "B", "C"))
    until(bench, lambda: len(bench.project.tracks) == 3 and begun)
    assert (bench.track.name, names(bench)) == ("A", ["A", "B", "C"])
    waiting = [entry.title for entry in bench.jobs.entries
               if entry.kind == "separate" and entry.state is JobState.QUEUED]  # fmt: skip
    assert len(waiting) == 2


def test_the_song_that_is_shown_is_separated_next(make_bench, tmp_path, begun):
    bench = make_bench(separate_on_open=False)
    bench.open(write(tmp_path, "A", "B", "C"))
    until(bench, lambda: len(bench.project.tracks) == 3)
    a, b, c = bench.project.tracks
    for track in (a, b, c):
        bench.separating.separate(track.id)
    until(bench, lambda: begun == ["A"])
    bench.choose(c.id)
    (first,) = [entry for entry in bench.jobs.entries if entry.title == "A"
                and entry.kind == "separate"]  # fmt: skip
    bench.jobs.cancel(first.id)
    until(bench, lambda: len(begun) == 2)
    assert begun == ["A", "C"]


def test_a_separation_that_rests_lets_the_next_song_go_first(make_bench, tmp_path, begun):
    bench = make_bench(separate_on_open=False)
    bench.open(write(tmp_path, "A", "B"))
    until(bench, lambda: len(bench.project.tracks) == 2)
    for track in bench.project.tracks:
        bench.separating.separate(track.id)
    until(bench, lambda: begun == ["A"])
    first, second = [entry for entry in bench.jobs.entries if entry.kind == "separate"]
    bench.jobs.pause(first.id)
    until(bench, lambda: begun == ["A", "B"])
    assert (first.state, second.state) == (JobState.PAUSED, JobState.RUNNING)
    assert bench.separating.is_separating(bench.project.tracks[0].id)
    bench.jobs.resume(first.id)
    bench.jobs.cancel(second.id)
    until(bench, lambda: begun == ["A", "B", "A"])


def track(name):
    return new_track(name, MediaRef(path=name, frames=9, sample_rate=RATE, channels=1))


def test_songs_stand_as_they_were_named_in_whatever_order_they_come():
    project, arrivals = Project(), Arrivals()
    for place, name in ((2, "c"), (0, "a"), (3, "d"), (1, "b")):
        project = arrivals.added(project, track(name), place, is_playing=False)
    assert [each.name for each in project.tracks] == ["a", "b", "c", "d"]
    assert project.track(project.current).name == "a"


def test_what_is_played_meanwhile_stays():
    project, arrivals = Project(), Arrivals()
    project = arrivals.added(project, track("b"), 1, is_playing=False)
    project = arrivals.added(project, track("a"), 0, is_playing=True)
    assert [each.name for each in project.tracks] == ["a", "b"]
    assert project.track(project.current).name == "b"
