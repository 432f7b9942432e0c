import itertools
import json

import msgspec
import numpy as np
import pytest
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.masks import normalise
from stemdesk.separation.stft import stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.__main__ import main
from stemdesk_training.losses import LOSSES, bin_weights, complex_l1, share_cross_entropy
from stemdesk_training.recipe import Optimiser, load_recipe
from stemdesk_training.trainer import Trainer, learning_rate

STEMS = ("vocals", "drums", "bass", "other")
RECIPE = """
checkpoint_steps = 2
validate_steps = 3
[model]
id = "tiny"
title = "Tiny"
network = "bandmask"
stems = ["vocals", "drums", "bass", "other"]
masks = "complex"
licence = "GPL-3.0-or-later"
options = { width = 16, depth = 1, feed_forward = 16, head = 8 }
chunk = { steps = 64, overlap_steps = 8 }
[data]
seconds = 0.5
batch = 1
validation_items = 1
validation_seconds = 0.5
[optimiser]
steps = 4
warm_up_steps = 2
"""


class Stop(Exception):
    """Stands for a power cut."""


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    rng = np.random.default_rng(3)
    for split in ("train", "valid"):
        (folder / split).mkdir()
        for stem in STEMS:
            noise = rng.normal(0, 4000, (2 * 44100, 2)).astype(np.int16)
            np.save(folder / split / f"{stem}_00.npy", noise)
    notes = {"seed": 3, "credits": {"voices": "a made-up noise"}}
    (folder / "pool.json").write_text(json.dumps(notes))
    return folder


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return load_recipe(path)


@pytest.fixture(autouse=True)
def _keep_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def train(recipe, pool, folder, stop_after=None):
    events = []

    def emit(event):
        events.append(event)
        if stop_after is not None and event["step"] == stop_after:
            raise Stop

    return Trainer(recipe, pool, folder, emit).run(), events


def test_an_interrupted_run_ends_with_the_same_weights(recipe, pool, tmp_path):
    whole, events = train(recipe, pool, tmp_path / "whole")
    with pytest.raises(Stop):
        train(recipe, pool, tmp_path / "cut", stop_after=3)
    resumed, later = train(recipe, pool, tmp_path / "cut")
    assert [event["step"] for event in later if "loss" in event] == [3, 4]
    assert (whole / "weights.safetensors").read_bytes() == (
        resumed / "weights.safetensors"
    ).read_bytes()
    assert [event["step"] for event in events if "validation" in event] == [3, 4]


def test_a_stop_leaves_a_checkpoint_to_go_on_from(recipe, pool, tmp_path):
    whole, _ = train(recipe, pool, tmp_path / "whole")
    trainer = Trainer(recipe, pool, tmp_path / "cut", lambda _: trainer.stop())
    assert trainer.run() is None
    resumed, later = train(recipe, pool, tmp_path / "cut")
    assert [event["step"] for event in later if "loss" in event] == [2, 3, 4]
    assert (whole / "weights.safetensors").read_bytes() == (
        resumed / "weights.safetensors"
    ).read_bytes()


def test_the_finished_model_loads_with_its_card(recipe, pool, tmp_path):
    folder, events = train(recipe, pool, tmp_path / "run")
    card, network = load_network(folder)
    assert card.id == "tiny"
    assert card.credits == ["a made-up noise"]
    assert card.training["steps"] == 4
    assert card.scores["held-out synthetic mixes, uSDR"]["mean"] == events[-1]["validation"]["mean"]
    assert network(torch.randn(1, 2, 2049, 5, dtype=torch.complex64)).shape == (1, 4, 2, 2049, 5)


def test_another_recipe_in_the_same_folder_is_refused(recipe, pool, tmp_path):
    Trainer(recipe, pool, tmp_path / "run", print)
    other = msgspec.structs.replace(recipe, seed=2)
    with pytest.raises(UserError, match="another recipe"):
        Trainer(other, pool, tmp_path / "run", print)


def test_training_lowers_the_loss(recipe, pool, tmp_path):
    longer = msgspec.structs.replace(
        recipe,
        optimiser=Optimiser(steps=25, learning_rate=3e-3, warm_up_steps=2),
        validate_steps=1000,
        checkpoint_steps=1000,
    )
    _, events = train(longer, pool, tmp_path / "run")
    losses = [event["loss"] for event in events if "loss" in event]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_a_loss_that_is_no_number_stops_with_the_remedy(recipe, pool, tmp_path, monkeypatch):
    monkeypatch.setitem(LOSSES, "complex_l1", lambda *_: torch.tensor(float("nan")))
    with pytest.raises(UserError, match="lower learning_rate"):
        train(recipe, pool, tmp_path / "run")
    assert not (tmp_path / "run" / "checkpoint.safetensors").exists()


def test_the_program_reports_json_and_refuses_in_one_line(pool, tmp_path, capsys):
    assert main([str(tmp_path / "none.toml"), "--pool", str(pool), "--run", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "none.toml" in told.err
    (tmp_path / "recipe.toml").write_text(RECIPE)
    run = tmp_path / "run"
    assert main([str(tmp_path / "recipe.toml"), "--pool", str(pool), "--run", str(run)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["model"] == str(run / "tiny")
    assert [line["step"] for line in lines if "loss" in line] == [1, 2, 3, 4]


@pytest.mark.parametrize("change", ["steps = 4\nstep = 5", "steps = 'many'"])
def test_a_recipe_with_a_mistake_is_refused_naming_the_file(tmp_path, change):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.replace("steps = 4", change))
    with pytest.raises(UserError, match=r"recipe\.toml"):
        load_recipe(path)


def test_learning_rate_rises_then_falls_to_its_end():
    optimiser = Optimiser(steps=100, learning_rate=1.0, final=0.1, warm_up_steps=10)
    rates = [learning_rate(optimiser, step) for step in range(101)]
    assert rates[:10] == pytest.approx([0.1 * step for step in range(1, 11)])
    assert max(rates) == pytest.approx(1.0)
    assert all(later <= earlier for earlier, later in itertools.pairwise(rates[10:]))
    assert rates[55] == pytest.approx(0.55)
    assert rates[100] == pytest.approx(0.1)


def test_a_run_made_longer_keeps_its_first_cycle_and_starts_again_lower():
    short = Optimiser(steps=100, learning_rate=1.0, final=0.1, warm_up_steps=10)
    longer = msgspec.structs.replace(short, steps=300, restart_steps=[100], restart=0.5)
    assert [learning_rate(longer, step) for step in range(100)] == [
        learning_rate(short, step) for step in range(100)
    ]
    rates = [learning_rate(longer, step) for step in range(100, 301)]
    assert rates[:10] == pytest.approx([0.05 * step for step in range(1, 11)])
    assert max(rates) == pytest.approx(0.5)
    assert rates[-1] == pytest.approx(0.05)


@pytest.mark.parametrize("restarts", ["[4]", "[3, 2]", "[0]"])
def test_restarts_lie_in_order_within_the_run(tmp_path, restarts):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE.replace("steps = 4", f"steps = 4\nrestart_steps = {restarts}"))
    with pytest.raises(UserError, match="restart_steps"):
        load_recipe(path)


def test_the_loss_is_zero_for_perfect_masks_and_free_of_level():
    settings = StftSettings(512, 128, 512)
    targets = stft(torch.randn(2, 2, 1, 2048), settings)
    mixture = targets.sum(dim=1)
    perfect = targets / mixture[:, None]
    weights = bin_weights(settings.bins, 44100)
    assert complex_l1(perfect, mixture, targets, weights) < 1e-5
    even = normalise(torch.zeros(2, 2, *mixture.shape[1:]), "softmax", stems=2)
    loud = complex_l1(even, mixture, targets, weights)
    assert loud > 0.1
    quiet = complex_l1(even, mixture * 0.01, targets * 0.01, weights)
    assert quiet == pytest.approx(float(loud), rel=1e-4)


def test_cross_entropy_is_least_at_the_ideal_ratio_mask_and_free_of_level():
    settings = StftSettings(512, 128, 512)
    targets = stft(
        torch.randn(1, 3, 1, 2048) * torch.tensor([1.0, 0.3, 0.1])[:, None, None], settings
    )
    mixture, weights = targets.sum(dim=1), torch.ones(settings.bins)
    ideal = targets.abs() / targets.abs().sum(dim=1, keepdim=True)
    least = share_cross_entropy(ideal, mixture, targets, weights)
    for other in (torch.full_like(ideal, 1 / 3), 0.9 * ideal + 0.1 * ideal.flip(1)):
        assert share_cross_entropy(other, mixture, targets, weights) > least
    quiet = share_cross_entropy(ideal, mixture * 0.01, targets * 0.01, weights)
    assert quiet == pytest.approx(float(least), rel=1e-4)


def test_the_weights_follow_the_square_root_of_frequency_within_bounds():
    weights = bin_weights(2049, 44100)
    at = {hz: float(weights[round(hz * 4096 / 44100)]) for hz in (20, 1000, 2000, 16000)}
    assert at[1000] == pytest.approx(1, rel=0.01)
    assert at[2000] == pytest.approx(2**0.5, rel=0.01)
    assert (at[20], at[16000]) == (0.25, 2.0)


def test_the_checkpoint_is_plain_tensors(recipe, pool, tmp_path):
    train(recipe, pool, tmp_path / "run")
    tensors = safetensors.torch.load_file(tmp_path / "run" / "checkpoint.safetensors")
    assert any(name.startswith("optimiser.") for name in tensors)
    assert any(name.startswith("average.") for name in tensors)
