"""The separating process as the app sees it: real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from stemdesk.app.bench.processor import Processor
from stemdesk.app.forecast import Choice, has_pace
from stemdesk.app.live.order import Focus
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.separate import separate_song
from stemdesk.app.worker import program
from stemdesk.app.worker.client import Worker
from stemdesk.app.worker.job import Request
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy
from stemdesk.jobs.job import JobState
from stemdesk.jobs.queue import GPU, JobQueue
from stemdesk.separation.devices import list_devices
from stemdesk.settings import Preferences
from tests.app.tiny import STEMS, music, save_song, save_tiny_model

RATE = 44_100
SONG_SECONDS = 20
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    """A model with many short chunks."""
    folder = tmp_path_factory.mktemp("models") / "short"
    return save_tiny_model(folder, steps=16, overlap_steps=4)


@pytest.fixture(scope="module")
def choice(model_folder):
    return Choice(str(model_folder), "cpu", 1)


@pytest.fixture(scope="module")
def long_song(tmp_path_factory):
    return save_song(tmp_path_factory.mktemp("songs") / "long.wav", music(RATE * SONG_SECONDS))


@pytest.fixture(scope="module")
def worker(choice):
    """One process for all tests that do it no harm."""
    worker = Worker()
    worker.load(choice)
    yield worker
    worker.close()


@pytest.fixture
def own_worker():
    worker = Worker()
    yield worker
    worker.close()


def wait_until(holds, what="it does not come to pass"):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def request(song, output, choice, seconds=SONG_SECONDS, **more):
    options = SeparateOptions(output=output, overwrite=OverwritePolicy.YES)
    return Request(song, seconds, options, choice, **more)


def started(worker, wanted):
    job = worker.separate(wanted)
    job.start()
    return job


def finished(job):
    assert job.wait(PATIENCE_SECONDS)
    return job


def covered_frames(job):
    return sum(end - first for first, end in job.coverage.spans) if job.coverage else 0


def covered_at_rest(job):
    """How much is there once nothing comes any more; the chunk at hand is finished first."""
    found = -1
    while found != covered_frames(job):
        found = covered_frames(job)
        time.sleep(0.3)
    return found


def test_a_loaded_model_tells_the_device_and_why(worker, choice):
    wait_until(lambda: worker.loaded)
    assert worker.loaded["key"] == choice.key
    assert worker.loaded["device"] == "cpu"
    assert "cores" in worker.loaded["description"]
    assert worker.loaded["why"] == "", "it was asked for"


def test_all_devices_are_told_whichever_was_asked_for(worker):
    wait_until(lambda: worker.loaded)
    reports = [(each.name, each.usable, each.description) for each in list_devices()]
    assert list(worker.devices) == reports
    assert Processor(worker, Preferences, print).devices == worker.devices


def test_devices_are_not_known_before_and_known_where_the_one_asked_for_is_not_there(
    own_worker, model_folder
):
    processor = Processor(own_worker, Preferences, print)
    assert [usable for _, usable, _ in processor.devices] == [None, None, True]
    missing = next(each for each in list_devices() if not each.usable)
    own_worker.load(Choice(str(model_folder), missing.name, 1))
    wait_until(lambda: own_worker.load_error)
    assert own_worker.loaded is None
    assert (missing.name, False, missing.description) in processor.devices
    assert ("cpu", True) in {each[:2] for each in processor.devices}


def test_a_song_comes_out_as_from_this_process(worker, choice, tmp_path):
    song = save_song(tmp_path / "song.wav", music(RATE * 3))
    job = started(worker, request(song, tmp_path / "out", choice, 3.0))
    assert finished(job).state is JobState.DONE
    assert (job.error, job.fraction, job.device) == (None, 1.0, "cpu")
    assert job.coverage.spans == ((0, RATE * 3),)
    assert job.result.null.verdict == "exact"
    assert job.result.null.nonzero_samples == 0
    here = separate_song(
        song,
        SeparateOptions(output=tmp_path / "here"),
        load_model(choice.model, device="cpu", threads=1),
        lambda *_: None,
        lambda _: False,
    )
    assert list(job.result.files) == list(STEMS)
    for stem, path in job.result.files.items():
        assert path.read_bytes() == here.files[stem].read_bytes()
    assert job.result.source == song


def test_stems_of_a_song_may_claim_more_or_less(worker, choice, tmp_path):
    song = save_song(tmp_path / "song.wav", music(2 * RATE))
    asked = replace(choice, claims=(("vocals", 12.0), ("drums", -6.0)))
    results = {}
    for name, wanted in (("plain", choice), ("claimed", asked), ("again", choice)):
        job = finished(started(worker, request(song, tmp_path / name, wanted, 2)))
        assert job.result.null.verdict == "exact"
        results[name] = job.result.files["vocals"].read_bytes()
    assert results["plain"] == results["again"] != results["claimed"]
    here = load_model(choice.model, device="cpu", threads=1, post=["vocals=12", "drums=-6"])
    options = SeparateOptions(output=tmp_path / "here")
    alone = separate_song(song, options, here, lambda *_: None, lambda _: False)
    assert alone.files["vocals"].read_bytes() == results["claimed"]


def test_claims_come_behind_what_the_models_card_asks_for(worker, model_folder, tmp_path):
    folder = shutil.copytree(model_folder, tmp_path / "sharper")
    card = folder / "card.toml"
    assert "post = []" in card.read_text()
    card.write_text(card.read_text().replace("post = []", 'post = ["sharpen=4"]'))
    song = save_song(tmp_path / "song.wav", music(2 * RATE))
    found = {}
    for name, claims in (("plain", ()), ("claimed", (("vocals", 12.0),))):
        asked = Choice(str(folder), "cpu", 1, claims)
        job = finished(started(worker, request(song, tmp_path / name, asked, 2)))
        unmarked = str(model_folder)
        post = ["sharpen=4", *(f"{stem}={level_db:g}" for stem, level_db in claims)]
        here = load_model(unmarked, device="cpu", threads=1, post=post)
        options = SeparateOptions(output=tmp_path / f"{name} here")
        alone = separate_song(song, options, here, lambda *_: None, lambda _: False)
        found[name] = job.result.files["vocals"].read_bytes()
        assert found[name] == alone.files["vocals"].read_bytes()
    assert found["plain"] != found["claimed"]


def test_where_somebody_listens_comes_first_and_may_change(worker, choice, long_song, tmp_path):
    frame = 12 * RATE
    job = started(worker, request(long_song, tmp_path, choice, focus=Focus(frame)))
    wait_until(lambda: covered_frames(job))
    (span,) = job.coverage.spans
    assert span[0] <= frame < span[1]
    job.listen(Focus(RATE, (RATE, 2 * RATE)))
    wait_until(lambda: any(first <= RATE < end for first, end in job.coverage.spans))
    assert covered_frames(job) < SONG_SECONDS * RATE
    assert job.coverage.path.is_file()
    job.cancel()
    assert finished(job).state is JobState.CANCELLED


def test_progress_pause_and_going_on(worker, choice, long_song, tmp_path):
    job = started(worker, request(long_song, tmp_path, choice))
    wait_until(lambda: covered_frames(job))
    job.pause()
    assert job.state is JobState.PAUSED
    assert covered_at_rest(job) < SONG_SECONDS * RATE, "it went on to the end"
    left = job.seconds_left
    assert left is None or left > 0
    job.resume()
    assert job.state is JobState.RUNNING
    wait_until(lambda: job.seconds_left is not None or job.state is JobState.DONE)
    assert finished(job).state is JobState.DONE
    assert job.speed > 0


def test_what_cannot_be_done_is_a_sentence_and_the_next_song_is_done(worker, choice, tmp_path):
    job = finished(started(worker, request(tmp_path / "none.wav", tmp_path, choice)))
    assert job.state is JobState.FAILED
    assert isinstance(job.error, UserError)
    assert "none.wav does not exist" in job.error.problem
    assert job.error.remedy == "check the name and the folder"
    wrong = Choice("no such model", "cpu", 1)
    song = save_song(tmp_path / "song.wav", music(RATE))
    job = finished(started(worker, request(song, tmp_path / "a", wrong, 1.0)))
    assert "no such model" in job.error.problem
    job = finished(started(worker, request(song, tmp_path / "b", choice, 1.0)))
    assert job.state is JobState.DONE


def test_a_model_that_cannot_be_loaded_is_a_sentence(worker):
    worker.load(Choice("no such model", "cpu", 1))
    wait_until(lambda: worker.load_error)
    assert "no such model" in worker.load_error.problem


def test_a_file_name_that_is_no_utf8(worker, choice, tmp_path):
    name = os.fsdecode(b"caf\xe9.wav")
    try:
        song = save_song(tmp_path / "song.wav", music(RATE)).rename(tmp_path / name)
    except OSError:
        pytest.skip("needs a file system that takes any bytes")
    job = finished(started(worker, request(song, tmp_path / "out", choice, 1.0)))
    assert job.error is None
    assert job.result.source == song


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX priorities")
def test_it_gives_way_to_the_app_and_is_out_of_reach_of_its_terminal(worker, choice):
    wait_until(lambda: worker.loaded)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    wanted = min(19, own + program.NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, worker.process_id) == wanted
    assert os.getpgid(worker.process_id) != os.getpgid(0), "Ctrl-C is for the app alone"
    # Linux weighs niceness within a session alone where it groups by sessions (sched_autogroup).
    assert os.getsid(worker.process_id) == os.getsid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_process_that_is_killed_costs_nothing_done(own_worker, choice, long_song, tmp_path):
    wanted = request(long_song, tmp_path / "out", choice)
    job = started(own_worker, wanted)
    wait_until(lambda: covered_frames(job) > 3 * RATE)
    before, dead = covered_frames(job), own_worker.process_id
    os.kill(dead, signal.SIGKILL)
    assert finished(job).state is JobState.FAILED
    assert "memory" in job.error.problem
    assert "long.wav" in job.error.problem
    assert "goes on where it was" in job.error.remedy

    again = finished(started(own_worker, wanted))
    assert own_worker.process_id != dead
    assert again.state is JobState.DONE
    assert again.result.resumed_seconds * RATE >= before
    assert again.result.null.verdict == "exact"


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_song_that_comes_before_the_dead_process_is_buried(own_worker, choice, tmp_path):
    own_worker.load(choice)
    wait_until(lambda: own_worker.loaded)
    song = save_song(tmp_path / "song.wav", music(RATE))
    with own_worker._lock:  # what buries it waits for this
        os.kill(own_worker.process_id, signal.SIGKILL)
        own_worker._process.wait()
        job = started(own_worker, request(song, tmp_path / "out", choice, 1.0))
    assert finished(job).error is None
    assert job.state is JobState.DONE


def test_the_queue_retries_what_the_system_has_ended(own_worker, choice, long_song, tmp_path):
    queue = JobQueue()
    wanted = request(long_song, tmp_path, choice)
    entry = queue.add("long.wav", "separate", lambda: own_worker.separate(wanted), GPU)
    queue.pump()
    wait_until(lambda: covered_frames(entry.work) > RATE)
    os.kill(own_worker.process_id, signal.SIGTERM)
    wait_until(lambda: entry.state is JobState.FAILED)
    assert isinstance(entry.error, UserError)
    queue.retry(entry.id)
    queue.pump()
    wait_until(lambda: entry.state is JobState.DONE)
    assert entry.result.resumed_seconds > 1
    assert not queue.is_busy


NOISY = """
import os, sys
from stemdesk.app.worker import models as worker_models
from stemdesk.app.worker import program as worker
load = worker_models.load_model
def noisy(*args, **options):
    print("a greeting", flush=True)
    os.write(1, b"one more\\n")
    os.system("echo and another")
    return load(*args, **options)
worker_models.load_model = noisy
worker.main()
"""


def test_what_libraries_print_does_not_get_among_the_events(choice, tmp_path):
    worker = Worker([sys.executable, "-c", NOISY])
    song = save_song(tmp_path / "song.wav", music(RATE))
    job = finished(started(worker, request(song, tmp_path / "out", choice, 1.0)))
    worker.close()
    assert job.state is JobState.DONE
    for text in ("a greeting", "one more", "and another"):
        assert text in worker.log


FAULTY = """
from stemdesk.app.worker import program as worker
from stemdesk.app.worker import service as worker_service
def separate(path, *_):
    raise {error}
worker_service.separate_song = separate
worker.main()
"""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [("MemoryError", "not enough memory"), ("ZeroDivisionError('7')", "a fault of its own")],
)
def test_faults_are_told_and_kept(choice, tmp_path, error, sentence):
    worker = Worker([sys.executable, "-c", FAULTY.format(error=error)])
    song = save_song(tmp_path / "song.wav", music(RATE))
    job = finished(started(worker, request(song, tmp_path / "out", choice, 1.0)))
    worker.close()
    assert sentence in job.error.problem
    assert ("ZeroDivisionError: 7" in worker.log) == ("Zero" in error)


@pytest.mark.parametrize(
    "last_words",
    ["print('{\"event\": \"prog', end='')", "print(5); wait(60)", "print(); wait(60)"],
    ids=["half a line", "no object", "nothing"],
)
def test_a_process_that_talks_nonsense_is_given_up(choice, tmp_path, last_words):
    code = "import sys; from time import sleep as wait; sys.stdin.readline(); " + last_words
    worker = Worker([sys.executable, "-u", "-c", code])
    job = finished(started(worker, request(tmp_path / "song.wav", tmp_path, choice)))
    assert job.state is JobState.FAILED
    worker.close()


def test_what_is_said_before_the_start_counts(worker, choice, long_song, tmp_path):
    job = worker.separate(request(long_song, tmp_path, choice))
    job.listen(Focus(12 * RATE))
    job.pause()
    job.start()
    time.sleep(0.3)
    assert (job.state, covered_frames(job)) == (JobState.PAUSED, 0)
    job.resume()
    wait_until(lambda: covered_frames(job))
    assert job.coverage.spans[0][0] > 10 * RATE
    job.cancel()
    assert finished(job).state is JobState.CANCELLED


def test_a_program_that_cannot_be_started_is_a_sentence(choice, tmp_path):
    worker = Worker([str(tmp_path / "nothing")])
    with pytest.raises(UserError, match="cannot be started"):
        worker.load(choice)
    queue = JobQueue()
    wanted = request(tmp_path / "song.wav", tmp_path, choice)
    entry = queue.add("song.wav", "separate", lambda: worker.separate(wanted))
    queue.pump()
    assert entry.state is JobState.FAILED
    worker.close()


def test_closing_ends_it_in_the_middle_of_a_song(choice, long_song, tmp_path):
    worker = Worker()
    job = started(worker, request(long_song, tmp_path, choice))
    wait_until(lambda: covered_frames(job))
    number = worker.process_id
    worker.close()
    assert finished(job).state in (JobState.CANCELLED, JobState.FAILED)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    with pytest.raises(UserError, match="is closing"):
        worker.load(choice)


PARENT = """
import sys, time
from stemdesk.app.worker.client import Worker
from stemdesk.app.forecast import Choice
assert "torch" not in sys.modules
worker = Worker()
worker.load(Choice({model!r}, "cpu", 1))
while worker.loaded is None:
    time.sleep(0.01)
assert "torch" not in sys.modules
print(worker.process_id, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_dies_with_an_app_that_is_killed(model_folder):
    """And the app itself never imports torch."""
    code = PARENT.format(model=str(model_folder))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as app:
        number = int(app.stdout.readline())
        app.kill()
    wait_until(lambda: not _runs(number), "it lives on")


def _runs(number):
    try:
        with open(f"/proc/{number}/stat", "rb") as file:  # noqa: PTH123 - it may be gone
            return file.read().rsplit(b")", 1)[1].split()[0] != b"Z"
    except OSError:
        return False


def test_a_calm_moment_is_used_to_measure_the_pace(own_worker, choice):
    assert not has_pace(choice)
    own_worker.load(choice)
    wait_until(lambda: has_pace(choice))


def test_a_frozen_application_starts_itself_once_more(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program.worker_command() == [sys.executable, program.WORKER_FLAG]
