"""A loss that is no number: back to the checkpoint, past what did it, at half the speed."""

from __future__ import annotations

import shutil

import msgspec
import numpy as np
import pytest
import safetensors.torch

from stemdesk.errors import UserError
from stemdesk_training.recipe import Optimiser
from stemdesk_training.run.stepper import MOST_ROLLBACKS
from stemdesk_training.trainer import Trainer
from tests.training.small_run import Stop, kind, logged, of_kind, steps, train, weights

pytestmark = pytest.mark.usefixtures("_one_thread")


@pytest.fixture
def spoilt_pool(noise_pool, tmp_path):
    """A file of floats in which half a second is not a number."""
    folder = tmp_path / "spoilt pool"
    shutil.copytree(noise_pool, folder)
    path = folder / "train" / "drums_00.npy"
    samples = np.load(path).astype(np.float32)
    samples[44100:66150] = np.nan
    np.save(path, samples)
    return folder


@pytest.fixture
def longer(tiny):
    return msgspec.structs.replace(
        tiny,
        optimiser=Optimiser(steps=12, warm_up_steps=2, schedule="constant"),
        data=msgspec.structs.replace(tiny.data, seconds=0.2, seed=5),
        validate_steps=12,
    )


def test_damaged_audio_is_passed_over(longer, spoilt_pool, tmp_path):
    folder, told = train(longer, spoilt_pool, tmp_path / "run")
    back = of_kind(told, "rollback")
    assert 1 <= len(back) <= MOST_ROLLBACKS
    for event in back:
        assert event.to <= event.step - 1
        assert event.to % longer.checkpoint_steps == 0
    tensors = safetensors.torch.load_file(folder / "weights.safetensors")
    assert all(np.isfinite(value.numpy()).all() for value in tensors.values())
    first = told.index(back[0])
    before = [event.learning_rate for event in of_kind(told[:first], "step")]
    after = [event.learning_rate for event in of_kind(told[first:], "step")]
    assert after[-1] == pytest.approx(1e-3 * 0.5 ** len(back))
    assert not before or max(before) <= 1e-3
    assert steps(told)[-1] == 12


def test_a_run_cut_after_a_rollback_ends_with_the_same_weights(longer, spoilt_pool, tmp_path):
    whole, told = train(longer, spoilt_pool, tmp_path / "whole")
    first = next(index for index, event in enumerate(told) if kind(event) == "rollback")
    cut = steps(told[first:])[0]
    seen = []

    def stops(event):
        seen.append(kind(event))
        if kind(event) == "step" and event.step == cut and "rollback" in seen:
            raise Stop

    with pytest.raises(Stop):
        Trainer(longer, spoilt_pool, tmp_path / "cut", stops).run()
    resumed, _ = train(longer, spoilt_pool, tmp_path / "cut")
    assert weights(whole) == weights(resumed)


def test_an_exploding_run_gives_up_after_a_few_tries(tiny, noise_pool, tmp_path):
    """A step of any size is taken while it is finite; the next one is not."""
    wild = msgspec.structs.replace(
        tiny, optimiser=Optimiser(steps=50, learning_rate=1e30, warm_up_steps=0)
    )
    with pytest.raises(UserError, match="lower learning_rate"):
        train(wild, noise_pool, tmp_path / "run")
    back = [line for line in logged(tmp_path / "run") if line["event"] == "rollback"]
    assert len(back) == MOST_ROLLBACKS
    assert all("no longer a number" in line["reason"] for line in back)
    with pytest.raises(UserError, match="lower learning_rate"):
        train(wild, noise_pool, tmp_path / "run")  # it counts on across starts
