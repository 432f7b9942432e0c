"""Budgets of time: of a run, and of its validations; and the time that is left."""

from __future__ import annotations

import msgspec
import pytest

from stemdesk.errors import UserError
from stemdesk_training.recipe import Optimiser, load_recipe
from stemdesk_training.run.initial import initial_network
from stemdesk_training.run.pace import Pace
from stemdesk_training.run.schedule import learning_rate
from stemdesk_training.run.state import Progress
from stemdesk_training.trainer import CLOCKS
from stemdesk_training.validation import Validation
from tests.training.small_run import RECIPE, Stop, kind, of_kind, steps, train

pytestmark = pytest.mark.usefixtures("_one_thread")


class Clock:
    """A second for every look at it."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        self.seconds += 1.0
        return self.seconds


@pytest.fixture
def slow(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("stemdesk_training.trainer.time.perf_counter", clock)
    monkeypatch.setitem(CLOCKS, "wall", clock)
    return clock


def test_a_run_of_minutes_ends_at_the_first_step_after_them(tiny, noise_pool, tmp_path, slow):
    """From the first look at the clock to the last of a step there are three."""
    recipe = msgspec.structs.replace(
        tiny, optimiser=Optimiser(steps=1000, minutes=14 / 60, warm_up_steps=1)
    )
    _, told = train(recipe, noise_pool, tmp_path / "whole")
    assert [event.seconds for event in of_kind(told, "step")] == [3.0] * 5
    rates = [event.learning_rate for event in of_kind(told, "step")]
    assert rates[1:] == pytest.approx(
        [learning_rate(recipe.optimiser, 5, seconds) for seconds in (3, 6, 9, 12)]
    )
    assert [event.step for event in of_kind(told, "validation")] == [3, 5]
    with pytest.raises(Stop):
        train(recipe, noise_pool, tmp_path / "cut", stop_after=3)
    _, later = train(recipe, noise_pool, tmp_path / "cut")
    assert steps(later) == [3, 4, 5]  # two were in the checkpoint


def test_the_rate_falls_with_time_in_a_run_of_minutes():
    optimiser = Optimiser(steps=10**6, minutes=1.0, learning_rate=1.0, final=0.1, warm_up_steps=0)
    assert learning_rate(optimiser, 5, 0.0) == pytest.approx(1.0)
    assert learning_rate(optimiser, 5, 30.0) == pytest.approx(0.55)
    assert learning_rate(optimiser, 9, 90.0) == pytest.approx(0.1)


def test_a_constant_rate_stays_after_its_warm_up():
    optimiser = Optimiser(steps=100, learning_rate=0.5, schedule="constant", warm_up_steps=4)
    rates = [learning_rate(optimiser, step) for step in range(100)]
    assert rates[:4] == pytest.approx([0.125, 0.25, 0.375, 0.5])
    assert set(rates[4:]) == {0.5}


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("minutes = 0", "minutes"),
        ("minutes = 2\nrestart_steps = [2]", "restart_steps"),
        ("accumulate = 0", "accumulate"),
        ("momentum = 0.9", "momentum"),
        ("algorithm = 'lion'", "algorithm"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, line, named):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.replace("steps = 4", f"steps = 4\n{line}"))
    with pytest.raises(UserError, match=named):
        load_recipe(path)


@pytest.mark.parametrize(
    ("algorithm", "decay", "momentum"),
    [
        ("adamw", 0.01, None),
        ("muon", 0.01, 0.95),
        ("adam", 0.0, None),
        ("sgd", 0.0, 0.9),
        ("rmsprop", 0.0, 0.0),
    ],
)
def test_a_recipe_says_the_usual_where_it_says_nothing(algorithm, decay, momentum):
    optimiser = Optimiser(steps=4, algorithm=algorithm)
    assert (optimiser.weight_decay, optimiser.momentum) == (decay, momentum)
    assert optimiser == msgspec.structs.replace(optimiser, weight_decay=decay)


def test_validation_keeps_to_its_time_and_to_the_items_it_took(
    tiny, noise_pool, tmp_path, monkeypatch
):
    """Of six mixes of a second each three fit into three and a half."""
    clock, asked = Clock(), []
    monkeypatch.setattr("stemdesk_training.scoring.time.perf_counter", clock)

    def score(self, network, items=None):
        asked.append(items)
        clock.seconds += (items or 6) - 1
        return {"mean": 1.0}

    monkeypatch.setattr(Validation, "score", score)
    recipe = msgspec.structs.replace(
        tiny,
        validation_seconds_limit=3.5,
        data=msgspec.structs.replace(tiny.data, validation_items=6),
    )
    with pytest.raises(Stop):
        train(recipe, noise_pool, tmp_path / "run", stop_after=4)
    assert asked == [1, 1, 3]
    asked.clear()
    _, told = train(recipe, noise_pool, tmp_path / "run")
    assert asked == [3]
    assert of_kind(told, "validation")[0].seconds == 3.0


def test_validation_of_fewer_items_scores_the_first(tiny, noise_pool):
    data = msgspec.structs.replace(tiny.data, validation_items=3, validation_seconds=0.3)
    validation = Validation(msgspec.structs.replace(tiny, data=data), noise_pool)
    network = initial_network(tiny, noise_pool)[0].eval()
    fewer = Validation(
        msgspec.structs.replace(tiny, data=msgspec.structs.replace(data, validation_items=2)),
        noise_pool,
    )
    assert validation.score(network, 2) == fewer.score(network)
    assert validation.score(network) != fewer.score(network)


def test_the_time_left_counts_steps_and_validations(tiny):
    recipe = msgspec.structs.replace(tiny, optimiser=Optimiser(steps=100), validate_steps=30)
    pace = Pace()
    assert pace.waiting_share is None
    for seconds in (9.0, 2.0, 2.0, 2.0, 2.0):
        pace.add(seconds, seconds / 4, seconds / 2)
    assert pace.waiting_share == pytest.approx(0.25)
    progress = Progress(step=50, validation_seconds=7.0)
    assert pace.seconds_left(recipe, progress) == pytest.approx(50 * 2 + 3 * 7)  # 60, 90, 100
    progress.step = 60  # of which the validation is still to come
    assert pace.seconds_left(recipe, progress) == pytest.approx(40 * 2 + 3 * 7)
    short = msgspec.structs.replace(recipe, optimiser=Optimiser(steps=100, minutes=1))
    progress = Progress(step=50, trained_seconds=40.0)
    assert pace.seconds_left(short, progress) == pytest.approx(40)  # of 20 by the run's clock


def test_a_run_tells_the_time_left_and_its_wait_for_data(tiny, noise_pool, tmp_path):
    _, told = train(tiny, noise_pool, tmp_path / "run")
    left = [event.seconds_left for event in of_kind(told, "step")]
    first, _ = of_kind(told, "validation")
    assert left[-1] == pytest.approx(first.seconds)  # of the last validation
    assert min(left) > 0
    assert "waiting for data" in told[-2].text
    assert kind(told[-1]) == "finished"
