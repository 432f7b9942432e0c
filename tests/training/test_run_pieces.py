"""Batches in pieces: accumulation, and what the memory allows for."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk_models.ensemble import Ensemble
from stemdesk_training.losses.objective import Objective
from stemdesk_training.run.initial import initial_network
from stemdesk_training.run.memory import free_bytes, highest_bytes
from stemdesk_training.run.memory_probe import Choice, Need, even_pieces, measure, piece_for
from stemdesk_training.run.pieces import caution, is_out_of_memory
from stemdesk_training.run.state import CHECKPOINT_NAME
from tests.training.small_run import Stop, of_kind, train

pytestmark = pytest.mark.usefixtures("_one_thread")
CPU = torch.device("cpu")
GIB = 2**30


def sized(recipe, batch, accumulate, steps=4):
    return msgspec.structs.replace(
        recipe,
        data=msgspec.structs.replace(recipe.data, batch=batch),
        optimiser=msgspec.structs.replace(
            recipe.optimiser, steps=steps, accumulate=accumulate, algorithm="sgd"
        ),
    )


def losses(told):
    return [event.loss for event in of_kind(told, "step")]


def distance(first, second):
    """Largest difference of two models' weights, relative to the largest weight."""
    one, other = (safetensors.torch.load_file(each / "weights.safetensors") for each in
                  (first, second))  # fmt: skip
    largest = max(float(value.abs().max()) for value in one.values())
    return max(float((one[name] - other[name]).abs().max()) for name in one) / largest


def test_batches_that_are_accumulated_equal_one_large_batch(tiny, noise_pool, tmp_path):
    large, told = train(sized(tiny, 4, 1), noise_pool, tmp_path / "large")
    small, later = train(sized(tiny, 1, 4), noise_pool, tmp_path / "small")
    assert losses(later) == pytest.approx(losses(told), rel=1e-5)
    assert distance(large, small) < 1e-3  # half precision in the folder
    for folder, piece in (("large", 4), ("small", 1)):
        with safetensors.safe_open(tmp_path / folder / CHECKPOINT_NAME, framework="pt") as file:
            assert json.loads(file.metadata()["state"])["piece"] == piece
    _, other = train(sized(tiny, 1, 1), noise_pool, tmp_path / "single")
    assert losses(other) != pytest.approx(losses(told), rel=1e-3)


def test_pieces_that_the_memory_wants_change_nothing(tiny, noise_pool, tmp_path, monkeypatch):
    recipe = sized(tiny, 5, 1)
    whole, told = train(recipe, noise_pool, tmp_path / "whole")
    monkeypatch.setattr("stemdesk_training.run.memory_probe.free_bytes", lambda _: 1)
    cut, later = train(recipe, noise_pool, tmp_path / "cut")
    assert "pieces of 1 of its 5" in of_kind(later, "note")[0].text
    assert losses(later) == pytest.approx(losses(told), rel=1e-5)
    assert distance(whole, cut) < 1e-3


def test_out_of_memory_halves_the_pieces_and_goes_on(tiny, noise_pool, tmp_path, monkeypatch):
    """With the error that torch itself makes where there is no memory."""
    recipe = sized(tiny, 4, 1)
    whole, told = train(recipe, noise_pool, tmp_path / "whole")
    before = Objective.__call__

    def hungry(self, network, stems):
        if len(stems) > 1 and probed:
            torch.empty(2**60, dtype=torch.uint8)
        probed.append(len(stems))
        return before(self, network, stems)

    monkeypatch.setattr(Objective, "__call__", hungry)
    monkeypatch.setattr("stemdesk_training.run.stepper.chosen_piece", uncut)
    probed = [4]
    cut, later = train(recipe, noise_pool, tmp_path / "cut")
    texts = [event.text for event in of_kind(later, "note")]
    assert any("pieces of 2 items" in text for text in texts)
    assert any("pieces of 1 items" in text for text in texts)
    assert losses(later) == pytest.approx(losses(told), rel=1e-5)
    assert distance(whole, cut) < 1e-3


def uncut(recipe, *_):
    return Choice(recipe.data.batch, "")


def test_where_not_one_item_fits_the_remedy_is_named(tiny, noise_pool, tmp_path, monkeypatch):
    monkeypatch.setattr(Objective, "__call__", lambda *_: torch.empty(2**60, dtype=torch.uint8))
    with pytest.raises(UserError, match=r"data\.seconds"):
        train(tiny, noise_pool, tmp_path / "run")


def test_torch_says_so_where_there_is_no_memory():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)
    with pytest.raises(RuntimeError) as caught:
        torch.zeros(2) @ torch.zeros(3)
    assert not is_out_of_memory(caught.value)


def test_the_prediction_holds_against_the_memory_it_takes(tiny, noise_pool):
    """Four items, predicted from one and two."""
    recipe = msgspec.structs.replace(
        tiny, data=msgspec.structs.replace(tiny.data, batch=4, seconds=3.0)
    )
    network, _ = initial_network(recipe, noise_pool)
    weights = [value.clone() for value in network.state_dict().values()]
    objective = Objective(recipe, CPU)
    need = measure(recipe, network, objective, CPU)
    for value, kept in zip(network.state_dict().values(), weights, strict=True):
        assert torch.equal(value, kept)
    before = highest_bytes(lambda: None, CPU)
    stems = 0.1 * torch.randn(4, 4, 2, 3 * 44100)

    def step():
        torch.autograd.backward(objective(network, stems))

    taken = highest_bytes(step, CPU) - before
    assert need.item > stems.nbytes // 4
    assert 0.7 * taken < need.fixed + 4 * need.item < 2 * taken


def test_a_megabyte_is_measured_as_one():
    before = highest_bytes(lambda: None, CPU)
    after = highest_bytes(lambda: torch.ones(200 * 2**20, dtype=torch.uint8), CPU)
    assert after - before == pytest.approx(200 * 2**20, rel=0.1)
    assert free_bytes(CPU) > 2**20


@pytest.mark.parametrize(
    ("free_gib", "preset", "piece"),
    [(100, "auto", 8), (8, "high", 6), (8, "auto", 5), (8, "low", 1), (0.5, "high", 1)],
)
def test_a_preset_takes_its_share_of_what_is_free(free_gib, preset, piece):
    """One GiB fixed, one for each item; pieces are even: five of eight are two of four."""
    choice = piece_for(Need(GIB, GIB), round(free_gib * GIB), 8, preset)
    assert choice.piece == even_pieces(8, piece)
    assert ("cut" in choice.note) == (piece < 8)


def test_pieces_differ_by_as_little_as_can_be():
    assert [even_pieces(8, most) for most in (8, 7, 5, 3, 2, 1)] == [8, 4, 4, 3, 2, 1]


def test_what_minds_pieces_is_named():
    assert "batch normalisation" in caution(torch.nn.Sequential(torch.nn.BatchNorm1d(2)))
    assert "dropout" in caution(torch.nn.Sequential(torch.nn.Dropout(0.1)))
    assert "dropout" in caution(torch.nn.LSTM(2, 2, 2, dropout=0.1))
    small = {"width": 4, "depth": 1, "head": 4, "bands": "coarse", "blocks": "lstm"}
    assert "speeds" in caution(Ensemble(4, [small], [1.0], [[0.75, 1.0]]))
    assert caution(Ensemble(4, [small], [1.0], [[0.75]])) == ""
    assert caution(torch.nn.Sequential(torch.nn.Dropout(0.0), torch.nn.Linear(1, 1))) == ""


def test_the_size_of_pieces_is_kept_for_the_next_start(tiny, noise_pool, tmp_path, monkeypatch):
    """Else rounding would differ after a stop."""
    recipe = sized(tiny, 2, 1)
    with pytest.raises(Stop):
        train(recipe, noise_pool, tmp_path / "run", stop_after=3)
    monkeypatch.setattr("stemdesk_training.run.memory_probe.free_bytes", lambda _: 1)
    _, told = train(recipe, noise_pool, tmp_path / "run")
    assert not any("cut" in event.text for event in of_kind(told, "note"))
    assert np.isfinite(losses(told)).all()
