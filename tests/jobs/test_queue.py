from __future__ import annotations

import threading

import pytest

from stemdesk.errors import UserError
from stemdesk.jobs.job import Job, JobState
from stemdesk.jobs.queue import CPU, GPU, JobQueue


class Fake:
    """Work that ends when it is told to."""

    def __init__(self, title=""):
        self.title, self.state, self.did = title, JobState.QUEUED, []
        self.fraction, self.stage, self.seconds_left, self.speed = 0.0, "", None, None
        self.notes, self.result, self.error = [], None, None

    def start(self):
        self.state = JobState.RUNNING
        self.did.append("start")

    def pause(self):
        self.state = JobState.PAUSED

    def resume(self):
        self.state = JobState.RUNNING

    def cancel(self):
        self.did.append("cancel")

    def wait(self, timeout_seconds=None):  # noqa: ARG002 - as in Work
        self.did.append("wait")
        self.state = JobState.CANCELLED
        return True


@pytest.fixture
def queue():
    return JobQueue()


def add(queue, title, lane=CPU):
    made = []

    def begin():
        made.append(Fake(title))
        return made[-1]

    entry = queue.add(title, "separate", begin, lane)
    entry.made = made
    return entry


def states(queue):
    return {entry.title: entry.state.value for entry in queue.entries}


def end(entry, state=JobState.DONE):
    entry.work.state = state


def test_each_lane_runs_as_many_as_it_has_room_for(queue):
    first, second = add(queue, "a", GPU), add(queue, "b", GPU)
    for title in "cde":
        add(queue, title, CPU)
    assert set(states(queue).values()) == {"queued"}
    queue.pump()
    queue.pump()
    wanted = {"a": "running", "b": "queued", "c": "running", "d": "running", "e": "queued"}
    assert states(queue) == wanted
    end(first)
    queue.pump()
    assert states(queue)["b"] == "running"
    assert len(first.made) == len(second.made) == 1
    assert states(queue)["e"] == "queued"


def test_what_an_entry_shows_is_what_its_work_says(queue):
    entry = add(queue, "song.wav")
    assert (entry.fraction, entry.stage, entry.seconds_left, entry.notes) == (0.0, "", None, [])
    assert (entry.title, entry.kind, entry.speed, entry.result) == (
        "song.wav",
        "separate",
        None,
        None,
    )
    queue.pump()
    work = entry.work
    work.fraction, work.stage, work.seconds_left, work.speed = 0.4, "separating", 12.0, 3.5
    work.notes.append("A note.")
    assert (entry.fraction, entry.stage, entry.seconds_left, entry.speed) == (
        0.4,
        "separating",
        12.0,
        3.5,
    )
    assert entry.notes == ["A note."]
    work.result = "files"
    end(entry)
    assert (entry.state, entry.result, entry.seconds_left) == (JobState.DONE, "files", None)


def test_a_paused_entry_keeps_its_place_in_the_lane(queue):
    first, second = add(queue, "a", GPU), add(queue, "b", GPU)
    queue.pump()
    queue.pause(first.id)
    queue.pump()
    assert states(queue) == {"a": "paused", "b": "queued"}
    assert queue.is_busy
    queue.resume(first.id)
    assert states(queue)["a"] == "running"
    end(first)
    queue.pump()
    assert second.state is JobState.RUNNING


def test_an_entry_that_waits_can_be_held(queue):
    first, second = add(queue, "a", GPU), add(queue, "b", GPU)
    queue.pause(first.id)
    queue.pump()
    assert states(queue) == {"a": "paused", "b": "running"}
    queue.resume(first.id)
    assert first.state is JobState.QUEUED
    end(second)
    queue.pump()
    assert first.state is JobState.RUNNING


def test_cancelling(queue):
    running, waiting = add(queue, "a", GPU), add(queue, "b", GPU)
    queue.pump()
    queue.cancel(waiting.id)
    queue.cancel(running.id)
    assert running.work.did == ["start", "cancel"]
    assert running.state is JobState.RUNNING, "until the work says so"
    end(running, JobState.CANCELLED)
    queue.pump()
    assert states(queue) == {"a": "cancelled", "b": "cancelled"}
    assert waiting.made == []
    assert not queue.is_busy


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_a_retry_is_a_new_work(queue, state):
    entry = add(queue, "a")
    queue.pump()
    entry.work.error = UserError("It broke", "mend it")
    end(entry, state)
    assert entry.error.remedy == "mend it"
    queue.retry(entry.id)
    assert (entry.state, entry.error) == (JobState.QUEUED, None)
    queue.pump()
    assert entry.state is JobState.RUNNING
    assert len(entry.made) == 2


def test_what_runs_or_is_done_is_not_retried(queue):
    entry = add(queue, "a")
    queue.pump()
    queue.retry(entry.id)
    end(entry)
    queue.retry(entry.id)
    queue.pump()
    assert len(entry.made) == 1
    assert entry.state is JobState.DONE


def test_one_that_was_given_up_before_it_began_can_be_retried(queue):
    entry = add(queue, "a")
    queue.pause(entry.id)
    queue.cancel(entry.id)
    assert entry.state is JobState.CANCELLED
    queue.retry(entry.id)
    queue.pump()
    assert entry.state is JobState.RUNNING


def test_a_refusal_at_the_start_is_a_failure_and_the_next_begins(queue):
    def refuse():
        raise UserError("No more processes", "close something")

    failed = queue.add("a", "separate", refuse, GPU)
    other = add(queue, "b", GPU)
    queue.pump()
    assert failed.state is JobState.FAILED
    assert failed.error.remedy == "close something"
    assert other.state is JobState.RUNNING


def test_the_order_can_be_changed(queue):
    entries = [add(queue, title, GPU) for title in "abc"]
    queue.move_up(entries[2].id)
    assert [entry.title for entry in queue.entries] == ["a", "c", "b"]
    queue.move_down(entries[0].id)
    assert [entry.title for entry in queue.entries] == ["c", "a", "b"]
    queue.move_up(entries[2].id)
    queue.move_down(entries[1].id)
    assert [entry.title for entry in queue.entries] == ["c", "a", "b"], "the ends hold"
    queue.pump()
    assert states(queue)["c"] == "running"


def test_one_that_is_removed_holds_its_lane_until_it_has_stopped(queue):
    first, second = add(queue, "a", GPU), add(queue, "b", GPU)
    queue.pump()
    queue.remove(first.id)
    assert first.work.did == ["start", "cancel"]
    queue.pump()
    assert states(queue) == {"b": "queued"}
    end(first, JobState.CANCELLED)
    queue.pump()
    assert second.state is JobState.RUNNING
    queue.remove(second.id)
    waiting = add(queue, "c", GPU)
    queue.remove(waiting.id)
    assert queue.entries == ()
    assert queue.is_busy, "b has not stopped yet"
    assert waiting.made == []


def test_clearing_takes_what_has_ended(queue):
    entries = [add(queue, title) for title in "abcd"]
    queue.pump()
    end(entries[0])
    end(entries[1], JobState.FAILED)
    queue.pause(entries[3].id)
    queue.clear_finished()
    assert states(queue) == {"c": "queued", "d": "paused"}


def test_closing_stops_everything_and_waits(queue):
    running, waiting, done = add(queue, "a", GPU), add(queue, "b", GPU), add(queue, "c")
    queue.pump()
    end(done)
    queue.close()
    assert running.work.did == ["start", "cancel", "wait"]
    assert done.work.did == ["start"]
    assert waiting.state is JobState.CANCELLED
    assert not queue.is_busy


def test_unknown_lanes_and_entries_are_refused(queue):
    with pytest.raises(ValueError, match="no lane 'tpu'"):
        add(queue, "a", "tpu")
    with pytest.raises(KeyError):
        queue.pause(7)


def test_ids_are_not_used_again(queue):
    first = add(queue, "a")
    queue.remove(first.id)
    assert add(queue, "b").id != first.id


def test_threads_are_work_too(queue):
    """Two at a time, with progress, a pause and an end."""
    gate, steps = threading.Semaphore(0), []

    def work(report):
        for step in range(4):
            gate.acquire()
            steps.append(step)
            report((step + 1) / 4, "measuring")
        return "peaks"

    entry = queue.add("song.wav", "peaks", lambda: Job(work))
    queue.pump()
    assert entry.state in (JobState.QUEUED, JobState.RUNNING)
    for _ in range(4):
        gate.release()
    assert entry.work.wait(10)
    assert (entry.state, entry.result, entry.fraction) == (JobState.DONE, "peaks", 1.0)
    assert entry.stage == "measuring"


@pytest.fixture
def polite():
    return JobQueue(yielding=(GPU,))


def test_one_that_rests_makes_room_where_it_can_go_on_later(polite):
    first, second = add(polite, "a", GPU), add(polite, "b", GPU)
    polite.pump()
    first.work.fraction = 0.4
    polite.pause(first.id)
    polite.pump()
    old = first.made[0]
    assert old.did == ["start", "cancel"]
    assert (first.state, first.fraction) == (JobState.PAUSED, 0.4)
    polite.pump()
    assert second.state is JobState.QUEUED, "until the other has stopped"
    old.state = JobState.CANCELLED
    polite.pump()
    assert states(polite) == {"a": "paused", "b": "running"}
    polite.resume(first.id)
    polite.pump()
    assert states(polite) == {"a": "queued", "b": "running"}
    end(second)
    polite.pump()
    assert first.state is JobState.RUNNING
    assert len(first.made) == 2


def test_one_that_rests_stays_where_nobody_waits(polite):
    first = add(polite, "a", GPU)
    polite.pump()
    polite.pause(first.id)
    polite.pump()
    assert first.work.did == ["start"]
    polite.resume(first.id)
    assert first.state is JobState.RUNNING


def test_one_that_stepped_aside_is_waited_for_at_the_end(polite):
    first, _ = add(polite, "a", GPU), add(polite, "b", GPU)
    polite.pump()
    polite.pause(first.id)
    polite.pump()
    polite.remove(first.id)
    polite.pump()
    assert states(polite) == {"b": "queued"}, "it has not stopped yet"
    polite.close()
    assert first.made[0].did == ["start", "cancel", "wait"]
    assert not polite.is_busy


def test_a_move_is_past_one_that_waits_too(queue):
    entries = [add(queue, title) for title in "abcde"]
    queue.pump()
    end(entries[0])
    queue.move_up(entries[2].id)
    assert [entry.title for entry in queue.entries] == [*"abcde"], "nothing waits before it"
    queue.pause(entries[3].id)
    queue.move_up(entries[4].id)
    queue.move_up(entries[4].id)
    assert [entry.title for entry in queue.entries] == [*"abecd"]


def test_one_can_be_the_next(queue):
    entries = [add(queue, title, GPU) for title in "abc"]
    queue.pump()
    queue.move_first(entries[2].id)
    assert [entry.title for entry in queue.entries] == ["a", "c", "b"]
    queue.move_first(entries[2].id)
    queue.move_first(entries[0].id)
    assert [entry.title for entry in queue.entries] == ["a", "c", "b"]


def test_what_is_not_ready_waits_and_others_pass_it(queue):
    is_ready = False
    waiting = queue.add("waiting", "export", Fake, CPU, lambda: is_ready)
    others = [add(queue, title) for title in ("a", "b")]
    queue.pump()
    assert states(queue) == {"waiting": "queued", "a": "running", "b": "running"}
    is_ready = True
    queue.pump()
    assert waiting.state is JobState.QUEUED  # its lane is full
    end(others[0])
    queue.pump()
    assert waiting.state is JobState.RUNNING
    assert queue.is_busy
