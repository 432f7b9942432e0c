import itertools
import json
import shutil

import msgspec
import numpy as np
import pytest
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import load_card
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.mask_losses import (
    LOSSES,
    bin_weights,
    complex_l1,
    share_cross_entropy,
    stem_error,
)
from stemdesk.separation.masks import normalise
from stemdesk.separation.stft import stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.__main__ import main
from stemdesk_training.recipe import Data, Optimiser, load_recipe
from stemdesk_training.run.folder import RECIPE_NAME
from stemdesk_training.run.schedule import learning_rate
from stemdesk_training.trainer import Trainer
from tests.training.small_run import RECIPE, Stop, kind, logged, of_kind, steps, train, weights

pytestmark = pytest.mark.usefixtures("_one_thread")


def test_an_interrupted_run_ends_with_the_same_weights(tiny_beside, noise_pool, tmp_path):
    whole, told = train(tiny_beside, noise_pool, tmp_path / "whole")
    with pytest.raises(Stop):
        train(tiny_beside, noise_pool, tmp_path / "cut", stop_after=3)
    resumed, later = train(tiny_beside, noise_pool, tmp_path / "cut")
    assert steps(later) == [3, 4]
    assert weights(whole) == weights(resumed)
    assert [event.step for event in of_kind(told, "validation")] == [3, 4]


def test_a_stop_leaves_a_checkpoint_to_go_on_from(tiny_beside, noise_pool, tmp_path):
    whole, _ = train(tiny_beside, noise_pool, tmp_path / "whole")

    def stop_at_once(event):
        if kind(event) == "step":
            trainer.stop()

    trainer = Trainer(tiny_beside, noise_pool, tmp_path / "cut", stop_at_once)
    assert trainer.run() is None
    resumed, later = train(tiny_beside, noise_pool, tmp_path / "cut")
    assert steps(later) == [2, 3, 4]
    assert weights(whole) == weights(resumed)


def test_the_finished_model_loads_with_its_card(tiny, noise_pool, tmp_path):
    folder, told = train(tiny, noise_pool, tmp_path / "run")
    card, network = load_network(folder)
    assert card.id == "tiny"
    assert card.credits == ["a made-up noise"]
    assert card.training["steps"] == 4
    assert card.scores["held-out synthetic mixes, uSDR"]["mean"] == told[-1].scores["mean"]
    assert network(torch.randn(1, 2, 2049, 5, dtype=torch.complex64)).shape == (1, 4, 2, 2049, 5)


def test_another_recipe_in_the_same_folder_is_refused(tiny, noise_pool, tmp_path):
    Trainer(tiny, noise_pool, tmp_path / "run", print)
    other = msgspec.structs.replace(tiny, seed=2)
    with pytest.raises(UserError, match="another recipe"):
        Trainer(other, noise_pool, tmp_path / "run", print)


def test_a_run_from_before_a_field_was_added_goes_on(tiny, noise_pool, tmp_path):
    Trainer(tiny, noise_pool, tmp_path / "run", print)
    path = tmp_path / "run" / RECIPE_NAME
    older = {key: value for key, value in json.loads(path.read_text()).items() if key != "init"}
    path.write_text(json.dumps(older))
    Trainer(tiny, noise_pool, tmp_path / "run", print)


def test_there_is_a_model_from_the_first_validation_on(tiny, noise_pool, tmp_path):
    with pytest.raises(Stop):
        train(tiny, noise_pool, tmp_path / "run", stop_after=4)
    card, _ = load_network(tmp_path / "run" / "tiny")
    assert card.training["steps"] == 3
    assert "mean" in card.scores["held-out synthetic mixes, uSDR"]


def other_pool(noise_pool, tmp_path):
    """The same sound, with notes of its own."""
    folder = tmp_path / "other pool"
    shutil.copytree(noise_pool, folder)
    (folder / "pool.json").write_text(json.dumps({"seed": 8, "credits": {"drums": "a rattle"}}))
    return folder


def test_a_model_can_be_trained_further_on_another_pool(tiny, noise_pool, tmp_path):
    first, _ = train(tiny, noise_pool, tmp_path / "first")
    louder = msgspec.structs.replace(tiny.data, gains_db={"drums": 2.0}, speed=(0.8, 1.25))
    later = msgspec.structs.replace(tiny, init=str(first), data=louder)
    more = other_pool(noise_pool, tmp_path)
    begun = Trainer(later, more, tmp_path / "second", print)
    _, weights = load_network(first)
    for name, value in begun._network.state_dict().items():
        assert torch.equal(value, weights.state_dict()[name]), name
    card, _ = load_network(begun.run())
    assert card.credits == ["a made-up noise", "a rattle"]
    assert card.training["parents"] == ["tiny"]
    assert card.training["parent_sha256"] == load_card(first).sha256
    assert card.training["pool_seed"] == 8
    assert card.training["gains_db"] == {"drums": 2.0}
    assert card.training["speed"] == [0.8, 1.25]
    assert "augmentation" not in card.training


def test_the_card_tells_the_augmentations_that_were_done(tiny_beside, noise_pool, tmp_path):
    varied = msgspec.structs.replace(tiny_beside.data, augmentation="p5_loudness_15")
    recipe = msgspec.structs.replace(tiny_beside, data=varied)
    folder, _ = train(recipe, noise_pool, tmp_path / "run")
    done = {"loudness": {"probability": 0.5, "factor": [0.85, 1.15]}}
    assert load_card(folder).training["augmentation"] == done


@pytest.mark.parametrize(("field", "value"), [("hop", 512), ("masks", "softmax")])
def test_a_model_of_another_kind_is_not_trained_further(tiny, noise_pool, tmp_path, field, value):
    first, _ = train(tiny, noise_pool, tmp_path / "first")
    model = msgspec.structs.replace(tiny.model, **{field: value})
    later = msgspec.structs.replace(tiny, init=str(first), model=model)
    with pytest.raises(UserError, match=f"another {field}"):
        Trainer(later, noise_pool, tmp_path / "second", print)


def test_a_model_goes_on_with_options_that_change_nothing_at_first(tiny, noise_pool, tmp_path):
    first, _ = train(tiny, noise_pool, tmp_path / "first")
    depth = tiny.model.options["depth"]
    more = {**tiny.model.options, "detail": 4, "dropout": 0.1, "depth": depth + 1}
    later = with_options(tiny, first, more)
    folder, _ = train(later, noise_pool, tmp_path / "second")
    begun = Trainer(later, noise_pool, tmp_path / "third", print)._network.eval()
    mixture = torch.randn(1, 2, 2049, 5, dtype=torch.complex64)
    with torch.inference_mode():
        before = load_network(first)[1](mixture)
        assert torch.allclose(begun(mixture), before, atol=1e-6)
    card, trained = load_network(folder)
    assert card.options == more
    assert trained.head.detail.weigh.weight.abs().max() > 0
    others = {
        "write detail = 4,": {**more, "detail": 5},
        f"write width = {more.get('width')},": {**more, "width": 24, "causal": True},
        "write detail = 4 and write dropout = 0.1,": tiny.model.options,
        "leave bands out,": {**more, "bands": "coarse"},
        "write feed_forward = 8 and write head = 4 and ": {"width": 8, "depth": 1},
        f"options write depth = {depth + 1},": {**more, "depth": depth, "causal": True},
    }
    for number, (remedy, other) in enumerate(others.items()):
        with pytest.raises(UserError, match="other options than the recipe's: in .*" + remedy):
            Trainer(with_options(tiny, folder, other), noise_pool, tmp_path / str(number), print)
        assert not (tmp_path / str(number)).exists(), "the mended recipe may have it"


def test_a_model_goes_on_as_one_that_hears_no_step_to_come(tiny, noise_pool, tmp_path):
    first, _ = train(tiny, noise_pool, tmp_path / "first")
    causal = {**tiny.model.options, "causal": True}
    folder, _ = train(with_options(tiny, first, causal), noise_pool, tmp_path / "second")
    card, network = load_network(folder)
    assert card.options["causal"]
    assert network.causal
    back = with_options(tiny, folder, tiny.model.options)
    with pytest.raises(UserError, match="write causal = true,"):
        Trainer(back, noise_pool, tmp_path / "third", print)


def with_options(recipe, init, options):
    model = msgspec.structs.replace(recipe.model, options=options)
    return msgspec.structs.replace(recipe, init=init and str(init), model=model)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"colour": 3}, "has no option colour: in the recipe's options use stems, complex_masks, "),
        ({"width": "wide"}, "cannot have the recipe's options .TypeError: .*mend the recipe's"),
        ({"bands": "none"}, "cannot have the recipe's options .KeyError: 'none'"),
        ({"cells": 3, "blocks": "lstm"}, "cells are an LSTM's"),
    ],
)
def test_options_that_a_network_cannot_have_are_refused(tiny, noise_pool, tmp_path, options, told):
    recipe = with_options(tiny, None, {**tiny.model.options, **options})
    with pytest.raises(UserError, match=told):
        Trainer(recipe, noise_pool, tmp_path / "run", print)
    assert not (tmp_path / "run").exists(), "the mended recipe may have it"


def test_a_model_that_is_not_there_is_named(tiny, noise_pool, tmp_path):
    with pytest.raises(UserError, match="no-such"):
        Trainer(msgspec.structs.replace(tiny, init="no-such"), noise_pool, tmp_path / "run", print)


def test_an_interrupted_run_that_mixes_on_its_device_ends_with_the_same_weights(
    tiny, noise_pool, tmp_path
):
    tiny = msgspec.structs.replace(
        tiny,
        data=Data(
            seconds=0.2, batch=1, mixing="device", validation_items=1, validation_seconds=0.5
        ),
        losses={"waveform_l1": 1.0, "multiresolution_l1": 1.0, "complex_l1": 1.0},
    )
    whole, _ = train(tiny, noise_pool, tmp_path / "whole")
    with pytest.raises(Stop):
        train(tiny, noise_pool, tmp_path / "cut", stop_after=3)
    resumed, _ = train(tiny, noise_pool, tmp_path / "cut")
    assert weights(whole) == weights(resumed)


def test_in_bf16_the_network_computes_so_and_everything_else_in_float32(tiny, noise_pool, tmp_path):
    """Its answer is coarser; losses, weights and averages are float32."""
    seen = []

    def look(masks, mixture, targets, weights):
        seen.append(masks.detach())
        return complex_l1(masks, mixture, targets, weights)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LOSSES, "complex_l1", look)
        for precision in ("float32", "bf16"):
            chosen = msgspec.structs.replace(tiny, precision=precision)
            with pytest.raises(Stop):
                train(chosen, noise_pool, tmp_path / precision, stop_after=3)
    full, coarse = seen[0], seen[3]
    assert full.dtype == coarse.dtype == torch.complex64
    assert 1e-5 < (full - coarse).abs().max() < 0.1
    assert (coarse.sum(dim=1) - 1).abs().max() < 1e-5
    tensors = safetensors.torch.load_file(tmp_path / "bf16" / "checkpoint.safetensors")
    assert {value.dtype for value in tensors.values()} == {torch.float32}


def test_training_lowers_the_loss(tiny, noise_pool, tmp_path):
    longer = msgspec.structs.replace(
        tiny,
        optimiser=Optimiser(steps=25, learning_rate=3e-3, warm_up_steps=2),
        validate_steps=1000,
        checkpoint_steps=1000,
    )
    _, told = train(longer, noise_pool, tmp_path / "run")
    losses = [event.loss for event in of_kind(told, "step")]
    assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_the_program_reports_json_and_refuses_in_one_line(noise_pool, tmp_path, capsys):
    assert (
        main([str(tmp_path / "none.toml"), "--pool", str(noise_pool), "--run", str(tmp_path)]) == 1
    )
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "none.toml" in told.err
    (tmp_path / "recipe.toml").write_text(RECIPE)
    run = tmp_path / "run"
    assert main([str(tmp_path / "recipe.toml"), "--pool", str(noise_pool), "--run", str(run)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["event"] == "finished"
    assert lines[-1]["model"] == str(run / "tiny")
    assert [line["step"] for line in lines if line["event"] == "step"] == [1, 2, 3, 4]
    assert lines == logged(run)


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


def test_the_error_of_a_stem_counts_relative_to_its_own_level():
    settings = StftSettings(512, 128, 512)
    targets = stft(torch.randn(1, 2, 1, 2048) * torch.tensor([1.0, 0.4])[:, None, None], settings)
    mixture, weights = targets.sum(dim=1), torch.ones(settings.bins)
    perfect = targets / mixture[:, None]

    def of(loud, quiet):
        scale = torch.tensor([loud, quiet])[:, None, None, None]
        return float(stem_error(perfect * scale, mixture, targets, weights))

    assert of(0.5, 0.0) == pytest.approx(of(0.0, 0.5), abs=0.05), "8 dB apart, they count alike"
    assert of(0.0, 0.0) == pytest.approx(0, abs=0.01), "silence scores nothing"
    assert of(1.0, 1.0) > -2.1, "what is nearly right rules nothing"
    assert of(1.0, 1.0) < of(0.9, 0.9) < of(0.5, 0.5) < of(0.0, 0.0)
    quiet = stem_error(perfect * 0.7, mixture * 0.01, targets * 0.01, weights)
    assert quiet == pytest.approx(of(0.7, 0.7), abs=1e-3)


def test_the_error_is_bounded_where_a_stem_is_silent():
    settings = StftSettings(512, 128, 512)
    targets = stft(torch.randn(1, 2, 1, 2048), settings)
    targets[:, 0] = 0
    mixture, weights = targets.sum(dim=1), torch.ones(settings.bins)
    masks = normalise(torch.zeros(1, 2, *mixture.shape[1:]), "softmax", stems=2)
    masks.requires_grad_()
    stem_error(masks, mixture, targets, weights).backward()
    assert masks.grad.isfinite().all()
    silent = stem_error(masks, mixture * 0, targets * 0, weights)
    assert silent.isfinite()


def test_the_weights_follow_the_square_root_of_frequency_within_bounds():
    weights = bin_weights(2049, 44100)
    at = {hz: float(weights[round(hz * 4096 / 44100)]) for hz in (20, 1000, 2000, 16000)}
    assert at[1000] == pytest.approx(1, rel=0.01)
    assert at[2000] == pytest.approx(2**0.5, rel=0.01)
    assert (at[20], at[16000]) == (0.25, 2.0)


def test_the_checkpoint_is_plain_tensors(tiny, noise_pool, tmp_path):
    train(tiny, noise_pool, tmp_path / "run")
    tensors = safetensors.torch.load_file(tmp_path / "run" / "checkpoint.safetensors")
    assert any(name.startswith("optimiser.") for name in tensors)
    assert any(name.startswith("average.") for name in tensors)


@pytest.mark.parametrize(
    ("model", "data"),
    [
        ({"stems": ["vocals", "accompaniment"]}, {}),
        ({"sample_rate": 22050}, {}),
        ({"channels": 1}, {}),
        ({}, {"varied": False}),
        ({}, {"balance": "peak"}),
        ({}, {"augmentation": "p5_channel_swap"}),
    ],
)
def test_mixes_that_a_device_does_not_make_are_refused(tiny, model, data):
    """They would be other mixes than the recipe says."""
    model = msgspec.structs.replace(tiny.model, **model)
    data = msgspec.structs.replace(tiny.data, **data)
    with pytest.raises(ValueError, match="'host'"):
        msgspec.structs.replace(tiny, model=model, data=data)


def test_gains_of_stems_that_the_pool_lacks_are_refused(tiny):
    with pytest.raises(ValueError, match="piano"):
        msgspec.structs.replace(tiny.data, gains_db={"piano": 3.0})
