"""An interrupted run and one that was not end with the same weights, bit for bit."""

from __future__ import annotations

import msgspec
import pytest
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import Chunking
from stemdesk_training.recipe import Optimiser
from stemdesk_training.run.control import PAUSE, RESUME, STOP, Control
from stemdesk_training.run.options import RunOptions
from stemdesk_training.run.state import CHECKPOINT_NAME, TrainingState
from stemdesk_training.trainer import Trainer
from tests.training.small_run import Stop, kind, logged, of_kind, steps, train, weights

pytestmark = pytest.mark.usefixtures("_one_thread")


@pytest.fixture(autouse=True)
def _few_statistics(monkeypatch):
    monkeypatch.setattr("stemdesk_training.mixes.input_statistics.ITEMS", 2)


def with_dropout(recipe):
    """Open-Unmix: dropout between LSTMs, batch normalisation, statistics of the pool."""
    model = msgspec.structs.replace(
        recipe.model,
        network="open_unmix",
        masks="ratio",
        one_per_stem=True,
        options={"hidden": 8},
        chunk=Chunking(64, 8),
    )
    return msgspec.structs.replace(
        recipe,
        model=model,
        data=msgspec.structs.replace(recipe.data, batch=2),
        optimiser=Optimiser(steps=5, warm_up_steps=2, accumulate=2),
        losses={"magnitude_l1": 1.0},
    )


def with_speeds(recipe):
    """An ensemble that draws at which speed each of its networks hears a batch."""
    member = {"width": 8, "depth": 1, "head": 4, "bands": "coarse", "blocks": "lstm"}
    model = msgspec.structs.replace(
        recipe.model,
        network="ensemble",
        masks="softmax",
        n_fft=4096,
        hop=2048,
        options={
            "stems": 4,
            "members": [member, member],
            "weights": [0.5, 0.5],
            "speeds": [[0.5, 1.0, 2.0], [0.75, 1.5]],
        },
    )
    return msgspec.structs.replace(recipe, model=model, optimiser=Optimiser(steps=5))


@pytest.mark.parametrize("draws", [with_dropout, with_speeds])
@pytest.mark.parametrize(("cut", "first"), [(1, 1), (4, 4)])  # checkpoints: 0, 2, 3, 4
def test_a_network_that_draws_goes_on_as_if_nothing_had_been(
    tiny, noise_pool, tmp_path, draws, cut, first
):
    recipe = draws(tiny)
    whole, told = train(recipe, noise_pool, tmp_path / "whole")
    with pytest.raises(Stop):
        train(recipe, noise_pool, tmp_path / "cut", stop_after=cut)
    torch.manual_seed(99)  # what the program did meanwhile is none of the run's business
    resumed, later = train(recipe, noise_pool, tmp_path / "cut")
    assert steps(later) == list(range(first, 6))
    losses = {event.step: event.loss for event in of_kind(told, "step")}
    for event in of_kind(later, "step"):
        assert event.loss == losses[event.step]
    assert weights(whole) == weights(resumed)


def test_dropout_is_drawn_anew_in_every_step(tiny, noise_pool, tmp_path, monkeypatch):
    """Else equal weights above would prove little."""
    recipe = with_dropout(tiny)
    drawn = []
    seed = torch.manual_seed
    monkeypatch.setattr(torch, "manual_seed", lambda value: (drawn.append(value), seed(value))[1])
    train(recipe, noise_pool, tmp_path / "run")
    keys = drawn[1:]  # the first draws the weights
    assert len(keys) >= 5
    assert len(set(keys[-5:])) == 5


def test_a_pause_changes_nothing(tiny, noise_pool, tmp_path):
    whole, _ = train(tiny, noise_pool, tmp_path / "whole")
    told, control = [], Control()

    def emit(event):
        told.append(kind(event))
        if kind(event) == "step" and event.step in (1, 3):
            control.tell(PAUSE)
        if kind(event) == "paused":
            assert (tmp_path / "paused" / CHECKPOINT_NAME).exists()
            control.tell(RESUME)

    options = RunOptions(control=control)
    paused = Trainer(tiny, noise_pool, tmp_path / "paused", emit, options).run()
    assert told.count("paused") == told.count("resumed") == 2
    assert told[told.index("paused") - 1] == "checkpoint"
    assert weights(whole) == weights(paused)


def test_a_stop_while_paused_ends_the_run(tiny, noise_pool, tmp_path):
    control = Control()
    control.tell(PAUSE)

    def emit(event):
        if kind(event) == "paused":
            control.tell("louder")
            control.tell(STOP)

    trainer = Trainer(tiny, noise_pool, tmp_path / "run", emit, RunOptions(control=control))
    assert trainer.run() is None
    told = logged(tmp_path / "run")
    assert told[-1] == {"event": "stopped", "step": 0}
    assert any("'louder' is no command" in line.get("text", "") for line in told)


@pytest.mark.parametrize("algorithm", ["adamw", "muon", "adam", "sgd", "rmsprop"])
def test_every_optimiser_goes_on_exactly(tiny, noise_pool, tmp_path, algorithm):
    optimiser = Optimiser(steps=4, warm_up_steps=2, algorithm=algorithm, schedule="constant")
    recipe = msgspec.structs.replace(tiny, optimiser=optimiser)
    whole, _ = train(recipe, noise_pool, tmp_path / "whole")
    with pytest.raises(Stop):
        train(recipe, noise_pool, tmp_path / "cut", stop_after=3)
    resumed, _ = train(recipe, noise_pool, tmp_path / "cut")
    assert weights(whole) == weights(resumed)


def test_a_checkpoint_of_the_first_format_goes_on(tiny, noise_pool, tmp_path):
    """It knew only its step."""
    with pytest.raises(Stop):
        train(tiny, noise_pool, tmp_path / "run", stop_after=3)
    path = tmp_path / "run" / CHECKPOINT_NAME
    tensors = safetensors.torch.load_file(path)
    safetensors.torch.save_file(tensors, path, metadata={"state": '{"step": 2}'})
    (tmp_path / "run" / "log.jsonl").write_text('{"step": 1, "loss": 1.5}\n{"step": 2, "lo')
    resumed, later = train(tiny, noise_pool, tmp_path / "run")
    assert steps(later) == [3, 4]
    whole, _ = train(tiny, noise_pool, tmp_path / "whole")
    assert weights(whole) == weights(resumed)
    assert logged(tmp_path / "run")[0] == {"step": 1, "loss": 1.5}


def test_a_damaged_checkpoint_is_refused_by_name(tiny, noise_pool, tmp_path):
    with pytest.raises(Stop):
        train(tiny, noise_pool, tmp_path / "run", stop_after=3)
    path = tmp_path / "run" / CHECKPOINT_NAME
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UserError, match="checkpoint"):
        train(tiny, noise_pool, tmp_path / "run")


def test_a_state_from_before_the_first_step_has_no_momentum(tmp_path):
    """A return to it must not keep that of the steps that came to nothing."""
    network = torch.nn.Linear(2, 2)
    state = TrainingState(network, torch.optim.AdamW(network.parameters()), 0.9)
    state.save(tmp_path)
    network(torch.ones(1, 2)).sum().backward()
    state.optimiser.step()
    state.load(tmp_path)
    assert not state.optimiser.state


def test_a_finished_run_says_so_again(tiny, noise_pool, tmp_path):
    first, told = train(tiny, noise_pool, tmp_path / "run")
    again, later = train(tiny, noise_pool, tmp_path / "run")
    assert again == first
    assert [kind(event) for event in later] == ["started", "finished"]
    assert later[-1] == told[-1]


def test_two_programs_do_not_train_in_one_folder(tiny, noise_pool, tmp_path):
    def emit(event):
        if kind(event) == "step":
            with pytest.raises(UserError, match="Another program"):
                train(tiny, noise_pool, tmp_path / "run")

    Trainer(tiny, noise_pool, tmp_path / "run", emit).run()
