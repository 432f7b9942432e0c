"""What ``stemdesk train`` shows to people, and that minutes are those of a clock on the wall."""

from __future__ import annotations

import json
import subprocess

import msgspec
import pytest

from stemdesk import processes
from stemdesk_training.recipe import Optimiser
from stemdesk_training.tuning.display import Display
from stemdesk_training.tuning.plan import Cost, with_minutes
from tests.training.small_run import RECIPE, Stop, train
from tests.training.two_studios import recipe_of

pytestmark = pytest.mark.usefixtures("_one_thread")


def of_kind(told, kind):
    return [event for event in told if json.loads(event.line())["event"] == kind]


@pytest.fixture
def trained(noise_pool, tmp_path):
    """Runs the command, with standard error no terminal."""
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE)

    def run(*more):
        return subprocess.run(
            [*processes.stemdesk_command(), "train", str(recipe), f"--pool={noise_pool}",
             f"--run={tmp_path / 'run'}", "--threads=1", "--device=cpu", *more],
            env={**processes.environment(), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )  # fmt: skip

    return run


def test_sentences_and_plain_lines_where_there_is_no_terminal(trained, tmp_path):
    ran = trained()
    assert ran.returncode == 0, ran.stderr
    assert "{" not in ran.stdout
    assert "Step 3: held-out mixes " in ran.stdout
    assert f"Tiny: --model tiny ({tmp_path / 'run' / 'tiny'})" in ran.stdout
    lines = ran.stderr.splitlines()
    assert lines[-1].startswith("100 %  step 4, loss ")
    assert all(" %  step " in line for line in lines)


def test_json_where_it_is_wanted(trained):
    ran = trained("--json")
    assert ran.returncode == 0, ran.stderr
    events = [json.loads(line)["event"] for line in ran.stdout.splitlines()]
    assert events[0] == "started"
    assert events[-1] == "finished"
    assert ran.stderr == ""


def test_a_second_stretch_of_work_has_lines_of_its_own(capsys):
    display = Display(as_json=False)
    for percent in range(0, 101, 10):
        display.preparing(percent / 100, "song")
    told = [{"event": "started", "step": 0, "steps": 10}]
    told += [{"event": "step", "step": n + 1, "loss": 1.0, "seconds_left": 9.0} for n in range(10)]
    for event in told:
        display.take(json.dumps(event).encode())
    lines = capsys.readouterr().err.splitlines()
    assert sum("Reading song" in line for line in lines) == 10
    assert sum("loss 1.000" in line for line in lines) == 10


class WallClock:
    """Each look at it is a second later."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 1.0
        return self.now


@pytest.fixture
def wall(monkeypatch):
    clock = WallClock()
    monkeypatch.setattr("stemdesk_training.trainer.time.time", clock)
    return clock


@pytest.fixture
def endless(tiny):
    return msgspec.structs.replace(
        tiny, optimiser=Optimiser(steps=1000, minutes=1.0, warm_up_steps=1)
    )


def test_a_run_ends_with_its_wall_time_whatever_the_steps_took(endless, noise_pool, tmp_path, wall):
    _, told = train(endless, noise_pool, tmp_path / "run", wall_seconds=13.0, began=wall.now - 5.0)
    steps = of_kind(told, "step")
    assert 7 <= len(steps) <= 8, "5 s went by before, a step is a second"
    assert steps[0].seconds_left == pytest.approx(7.0)
    assert of_kind(told, "validation")[-1].step == steps[-1].step


def test_what_earlier_starts_took_counts(endless, noise_pool, tmp_path, wall):
    with pytest.raises(Stop):
        train(endless, noise_pool, tmp_path / "run", stop_after=4, wall_seconds=13.0,
            began=wall.now)  # fmt: skip
    _, told = train(endless, noise_pool, tmp_path / "run", wall_seconds=13.0, began=wall.now)
    steps = of_kind(told, "step")
    assert steps[0].step == 4, "the last checkpoint is of step 3"
    assert 9 <= len(steps) <= 10


def test_minutes_leave_room_for_what_comes_before_and_after():
    cost = Cost(step_seconds=0.5, item_seconds=1.0)
    early = with_minutes(recipe_of(), 10, cost)
    late = with_minutes(recipe_of(), 10, cost, spent_seconds=120)
    assert 60 * (early.optimiser.minutes - late.optimiser.minutes) == pytest.approx(120)
    assert with_minutes(recipe_of(), 0.1, cost, spent_seconds=60).optimiser.minutes > 0
