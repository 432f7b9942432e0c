"""A model is checked by its hash, its card, and a short run."""

from __future__ import annotations

import msgspec
import pytest
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk.separation.card import CARD_NAME, card_text, load_card
from stemdesk.separation.checking import check_model
from stemdesk.separation.checkpoint import WEIGHTS_NAME
from tests.app.tiny import save_tiny_model


@pytest.fixture
def folder(tmp_path):
    return save_tiny_model(tmp_path / "tiny")


def test_a_sound_model_passes(folder):
    assert check_model(folder).id == "tiny"


def test_other_weights_are_told_by_their_hash(folder):
    weights = safetensors.torch.load_file(folder / WEIGHTS_NAME)
    name = next(iter(weights))
    weights[name] = weights[name] + 1
    safetensors.torch.save_file(weights, folder / WEIGHTS_NAME)
    with pytest.raises(UserError, match="not the ones the card describes"):
        check_model(folder)


def test_masks_that_are_no_numbers_are_told(folder):
    weights = safetensors.torch.load_file(folder / WEIGHTS_NAME)
    spoilt = {
        name: torch.full_like(value, torch.nan) if value.is_floating_point() else value
        for name, value in weights.items()
    }
    safetensors.torch.save_file(spoilt, folder / WEIGHTS_NAME)
    card = msgspec.structs.replace(load_card(folder), sha256="")
    (folder / CARD_NAME).write_text(card_text(card), encoding="utf-8")
    with pytest.raises(UserError, match="do not sum to one"):
        check_model(folder)


def test_a_missing_model_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        check_model(tmp_path)
