"""A run in a child process, through the protocol: its ends, and what it can be interrupted by."""

import os
import signal

import pytest

from stemdesk.app.training.run import TrainingRun
from stemdesk.app.training.runs import Standing, interrupted_runs, known_runs
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState

WAIT_SECONDS = 60


def begun(folder, tmp_path):
    run = TrainingRun(folder, lambda: tmp_path)
    run.start()
    return run


def until_step(run, step):
    while run.progress.step < step:
        assert not run.wait(0.01), (run.state, run.error)


def test_a_run_to_its_end(stand_in, folder, tmp_path):
    run = begun(folder, tmp_path)
    assert run.state is JobState.RUNNING
    assert run.wait(WAIT_SECONDS)
    assert (run.state, run.error) == (JobState.DONE, None)
    assert run.result == folder.work / "mine"
    assert run.fraction == 1.0
    progress = run.progress
    assert [step for step, _ in progress.losses] == [1, 2, 3, 4, 5, 6]
    assert [each.step for each in progress.scored] == [3, 6]
    assert progress.baseline.reference == {"mean": 3.0}
    assert progress.waiting_share == pytest.approx(0.2)
    # What is said of each song that is read is no note: there may be a hundred of them.
    assert progress.remarks == [(0, "Freezing: all but heads.")]
    assert folder.record.standing is Standing.FINISHED
    command = run.child._command
    assert f"--songs={tmp_path}" in command
    assert "--install" in command
    assert "--control=stdin" in command


def test_lines_that_are_no_events_and_events_that_nobody_knows_do_no_harm(
    stand_in, folder, tmp_path
):
    stand_in("odd lines")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.DONE
    assert len(run.progress.losses) == 6


def test_a_pause_and_a_stop_and_on_it_goes_from_the_checkpoint(stand_in, folder, tmp_path):
    stand_in("", pace=0.05)
    run = begun(folder, tmp_path)
    until_step(run, 2)
    run.pause()
    assert run.state is JobState.PAUSED
    while "paused" not in (folder.work / "log.jsonl").read_text():
        assert not run.wait(0.01)
    step = run.progress.step
    assert not run.wait(0.3)
    assert run.progress.step == step
    run.resume()
    until_step(run, step + 1)
    run.cancel()
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.CANCELLED
    assert run.progress.is_stopped
    stopped_at = run.progress.step
    assert 0 < stopped_at < 6
    assert folder.record.standing is Standing.STOPPED
    assert interrupted_runs() == ()
    again = begun(folder, tmp_path)
    assert [step for step, _ in again.progress.losses] == list(range(1, stopped_at + 1))
    assert again.wait(WAIT_SECONDS)
    assert again.state is JobState.DONE
    assert [step for step, _ in again.progress.losses] == [1, 2, 3, 4, 5, 6]


def test_a_crash_is_told_with_its_details_and_can_be_gone_on_from(stand_in, folder, tmp_path):
    stand_in("crash")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.FAILED
    assert isinstance(run.error, UserError)
    assert "The training of Mine broke off (exit status 1)" in str(run.error)
    assert "out of its mind" in str(run.error.__cause__)
    stand_in("")
    again = begun(folder, tmp_path)
    assert again.wait(WAIT_SECONDS)
    assert again.state is JobState.DONE


def test_a_refusal_of_the_trainer_is_its_own_sentence(stand_in, folder, tmp_path):
    stand_in("no such base")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert run.error.problem == "There is no model 'gone'"
    assert run.error.remedy == "choose one of: bandmask_small"


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_memory_that_runs_out_is_said_to_have(stand_in, folder, tmp_path):
    stand_in("killed")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert "memory" in str(run.error)


def test_the_guards_refusal_fails_the_run_and_keeps_its_figures(stand_in, folder, tmp_path):
    stand_in("refused")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.FAILED
    assert "1.00 dB worse than base, and 0.3 dB are allowed" in run.error.problem
    assert "add songs" not in str(run.error)  # the remedy of the command line
    assert "Tools > Train a model" in run.error.remedy
    assert folder.record.standing is Standing.REFUSED


def test_an_end_without_a_word_is_no_success(stand_in, folder, tmp_path):
    stand_in("silent end")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.FAILED


def test_a_rollback_takes_the_losses_back_and_says_why(stand_in, folder, tmp_path):
    stand_in("rolls back")
    run = begun(folder, tmp_path)
    assert run.wait(WAIT_SECONDS)
    assert (4, "The loss was no number") in run.progress.remarks
    assert [step for step, _ in run.progress.losses] == [1, 2, 4, 5, 6]


def test_a_run_that_the_program_left_is_offered_again(stand_in, folder, tmp_path):
    stand_in("", pace=0.2)
    run = begun(folder, tmp_path)
    until_step(run, 1)
    assert interrupted_runs() == ()  # it goes on, here
    with pytest.raises(UserError, match="another StemDesk"):
        TrainingRun(folder, lambda: tmp_path).start()
    run.interrupt()
    assert run.wait(WAIT_SECONDS)
    (left,) = interrupted_runs()
    assert left.path == folder.path
    left.keep(Standing.DISMISSED)
    assert interrupted_runs() == ()
    assert [each.path for each in known_runs()] == [folder.path]


def test_when_the_app_is_gone_the_trainer_stops_with_a_checkpoint(stand_in, folder, tmp_path):
    stand_in("", pace=0.2)
    run = begun(folder, tmp_path)
    until_step(run, 1)
    run.child.hang_up()  # as the system does with the pipe of a dead process
    assert run.wait(WAIT_SECONDS)
    assert '"stopped"' in (folder.work / "log.jsonl").read_text()


def test_a_trainer_that_does_not_listen_is_ended(stand_in, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("stemdesk.app.training.run.PATIENCE_SECONDS", 0.2)
    stand_in("hangs")
    run = begun(folder, tmp_path)
    until_step(run, 3)
    run.cancel()
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.CANCELLED


def test_songs_that_cannot_be_linked_fail_the_run_before_it_begins(stand_in, folder):
    def refused():
        raise UserError("No song is chosen to train on", "tick at least one song")

    run = TrainingRun(folder, refused)
    run.start()
    assert run.wait(WAIT_SECONDS)
    assert run.state is JobState.FAILED
    assert run.child is None


def test_an_earlier_run_is_looked_at_as_it_was_left(stand_in, folder, tmp_path):
    assert begun(folder, tmp_path).wait(WAIT_SECONDS)
    (kept,) = known_runs()
    run = TrainingRun.resting(kept)
    assert run.state is JobState.DONE
    assert run.progress.model == folder.work / "mine"
    assert len(run.progress.losses) == 6


def test_signals_of_the_terminal_do_not_reach_it(stand_in, folder, tmp_path):
    if os.name != "posix":
        pytest.skip("process groups are POSIX's")
    stand_in("", pace=0.2)
    run = begun(folder, tmp_path)
    until_step(run, 1)
    assert os.getpgid(run.child.process_id) != os.getpgid(0)
    os.kill(run.child.process_id, signal.SIGKILL)
    assert run.wait(WAIT_SECONDS)
