from __future__ import annotations

import threading
import time

import pytest

from stemdesk.errors import Cancelled
from stemdesk.jobs import time_left
from stemdesk.jobs.job import Job, JobState, Leap, TimeLeft, is_any_unfinished
from stemdesk.jobs.time_left import StopWatch


def finished(job):
    job.start()
    assert job.wait(10)
    return job


def test_a_job_hands_out_its_result():
    job = Job(lambda report: report(0.5, "half") or "done")
    assert (job.state, job.fraction) == (JobState.QUEUED, 0.0)
    finished(job)
    assert (job.state, job.result, job.error) == (JobState.DONE, "done", None)
    assert (job.fraction, job.stage) == (1.0, "half")


def test_progress_can_be_seen_while_it_runs():
    reported, go_on = threading.Event(), threading.Event()

    def work(report):
        report(0.25, "separating")
        reported.set()
        go_on.wait(10)

    job = Job(work)
    job.start()
    assert reported.wait(10)
    assert (job.state, job.fraction, job.stage) == (JobState.RUNNING, 0.25, "separating")
    assert not job.wait(0)
    go_on.set()
    assert job.wait(10)
    assert job.state is JobState.DONE


def test_cancelling_stops_at_the_next_report():
    started, cancelled, steps = threading.Event(), threading.Event(), []

    def work(report):
        report(0.1, "a")
        started.set()
        cancelled.wait(10)
        steps.append("before")
        report(0.2, "b")
        steps.append("after")

    job = Job(work)
    job.start()
    assert started.wait(10)
    job.cancel()
    cancelled.set()
    assert job.wait(10)
    assert (job.state, job.error, job.result) == (JobState.CANCELLED, None, None)
    assert steps == ["before"]
    assert job.fraction == pytest.approx(0.1)


def test_a_job_cancelled_in_the_queue_never_begins():
    calls = []
    job = Job(lambda report: calls.append(report))
    job.cancel()
    finished(job)
    assert job.state is JobState.CANCELLED
    assert calls == []


def test_work_can_clean_up_when_cancelled():
    seen = []

    def work(report):
        job.cancel()
        try:
            report(0.5, "x")
        except Cancelled:
            seen.append("cleaned")
            raise

    job = Job(work)
    finished(job)
    assert seen == ["cleaned"]
    assert job.state is JobState.CANCELLED


@pytest.mark.parametrize("error", [ValueError("broken"), MemoryError(), SystemExit(3)])
def test_an_error_is_kept_for_whoever_waits(error):
    def work(report):
        report(0.3, "breaking")
        raise error

    job = finished(Job(work))
    assert (job.state, job.error, job.result) == (JobState.FAILED, error, None)
    assert job.fraction == pytest.approx(0.3)


def test_jobs_do_not_keep_the_program_alive():
    threads = []
    finished(Job(lambda _: threads.append(threading.current_thread())))
    assert threads[0].daemon


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def run(clock, left, fractions, seconds):
    """Report each fraction after so many seconds; yields (fraction, estimate, truth)."""
    total = sum(seconds)
    passed = 0.0
    for fraction, wait in zip(fractions, seconds, strict=True):
        clock.now += wait
        passed += wait
        left.update(fraction)
        yield fraction, left.seconds_left, total - passed


@pytest.mark.parametrize("start_seconds", [0, 5, 120])
@pytest.mark.parametrize("first_chunk_seconds", [2, 60])
def test_the_estimate_is_right_on_a_steady_pace(start_seconds, first_chunk_seconds):
    clock = Clock()
    left = TimeLeft(clock)
    left.update(0.0)
    fractions = [0.0, *(0.96 * (chunk + 1) / 80 for chunk in range(80))]
    seconds = [start_seconds, first_chunk_seconds, *[2] * 79]
    judged = 0
    for fraction, estimate, truth in run(clock, left, fractions, seconds):
        if fraction > 0.04 and truth > 0:
            judged += 1
            # 4 % of the work (writing, checking) are still to come at the truth's end.
            assert estimate == pytest.approx(truth + 2 * 80 / 24, rel=0.2)
    assert judged > 70


def test_nothing_is_claimed_too_early():
    clock = Clock()
    left = TimeLeft(clock)
    assert left.seconds_left is None
    left.update(0.0)
    clock.now += 60
    assert left.seconds_left is None
    left.update(0.02)
    assert left.seconds_left is None, "the first chunk is not the pace"
    clock.now += 1
    left.update(0.025)
    assert left.seconds_left is None, "half a percent is too little to go by"
    clock.now += 2
    left.update(0.035)
    assert left.seconds_left == pytest.approx(0.965 * 3 / 0.015)


def test_it_counts_down_between_reports_and_never_below_zero():
    clock = Clock()
    left = TimeLeft(clock)
    for fraction in (0.0, 0.1, 0.3, 0.5):
        left.update(fraction)
        clock.now += 10
    assert left.seconds_left == pytest.approx(15.0)
    clock.now += 5
    assert left.seconds_left == pytest.approx(10.0)
    clock.now += 1000
    assert left.seconds_left == 0.0


def test_going_backwards_is_ignored():
    clock = Clock()
    left = TimeLeft(clock)
    for fraction in (0.0, 0.1, 0.5):
        left.update(fraction)
        clock.now += 10
    before = left.seconds_left
    left.update(0.2)
    left.update(0.5)
    assert left.seconds_left == before


def test_a_job_knows_its_time_left():
    seen = []

    def work(report):
        for step in range(1, 5):
            report(step / 4, "working")
            seen.append(job.seconds_left)

    job = Job(work)
    finished(job)
    assert seen[0] is None
    assert seen[-1] == 0.0


def test_leaps_do_not_change_the_pace():
    clock = Clock()
    left = TimeLeft(clock)
    left.update(0.0)
    clock.now += 7
    left.update(0.2, worked=False)
    assert left.seconds_left is None
    for fraction in (0.25, 0.3):
        clock.now += 10
        left.update(fraction)
    assert left.seconds_left == pytest.approx(140)
    clock.now += 50
    left.update(0.8, worked=False)
    assert left.seconds_left == pytest.approx(40)
    clock.now += 10
    left.update(0.85)
    assert left.seconds_left == pytest.approx(30)


def test_a_job_takes_leaps_for_leaps(monkeypatch):
    seen = []
    monkeypatch.setattr(TimeLeft, "update", lambda _, done, worked: seen.append((done, worked)))

    def work(report):
        report(0.5, Leap("reading"))
        report(0.6, "reading")

    job = finished(Job(work))
    assert seen == [(0.0, True), (0.5, False), (0.6, True)]
    assert job.stage == "reading"


def test_a_job_that_still_works_is_known():
    assert not is_any_unfinished()
    go_on = threading.Event()
    job = Job(lambda _: go_on.wait(10))
    job.start()
    assert is_any_unfinished()
    go_on.set()
    assert job.wait(10)


def paused_at(job, stage):
    """Wait until the work has reached a stage."""
    for _ in range(1000):
        if job.stage == stage:
            return
        time.sleep(0.005)
    raise AssertionError(job.stage)


def test_a_paused_job_rests_at_its_next_report_and_goes_on():
    gate, passed = threading.Semaphore(0), []

    def work(report):
        for step in range(1, 7):
            gate.acquire()
            time.sleep(0.02)
            report(step / 8, str(step))
            passed.append(step)

    job = Job(work)
    job.start()
    for _ in range(4):
        gate.release()
    paused_at(job, "4")
    job.pause()
    assert job.state is JobState.PAUSED
    gate.release()
    gate.release()
    time.sleep(0.1)
    assert passed == [1, 2, 3, 4]
    assert not job.wait(0)
    left = job.seconds_left
    time.sleep(0.05)
    assert job.seconds_left == left > 0
    job.resume()
    assert job.wait(10)
    assert job.state is JobState.DONE
    assert passed == [1, 2, 3, 4, 5, 6]


def test_a_paused_job_can_be_cancelled():
    gate = threading.Semaphore(0)

    def work(report):
        for _ in range(100):
            gate.acquire()
            report(0.5, "on")

    job = Job(work)
    job.start()
    gate.release()
    paused_at(job, "on")
    job.pause()
    gate.release()
    job.cancel()
    assert job.wait(10)
    assert job.state is JobState.CANCELLED


def test_a_job_paused_before_it_begins_does_nothing_until_it_may():
    done = []
    job = Job(lambda _: done.append(1))
    job.pause()
    job.start()
    assert not job.wait(0.05)
    assert done == []
    job.resume()
    assert job.wait(10)
    assert done == [1]


def test_a_stopped_watch_stands_still(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time_left.time, "monotonic", clock)
    watch = StopWatch()
    left = TimeLeft(watch)
    for fraction in (0.0, 0.1, 0.3, 0.5):
        left.update(fraction)
        clock.now += 10
    assert left.seconds_left == pytest.approx(15.0)
    assert left.pace == pytest.approx(0.02)
    watch.stop()
    watch.stop()
    clock.now += 1000
    assert left.seconds_left == pytest.approx(15.0)
    watch.start()
    watch.start()
    clock.now += 5
    assert left.seconds_left == pytest.approx(10.0)
    left.update(0.7)
    assert left.pace == pytest.approx(0.6 / 35)
