"""A converted model against the original computation: the same network, the same shares."""

from __future__ import annotations

import pytest
import torch

from stemdesk.app.model_store.adding import add_model
from stemdesk.separation.checkpoint import load_network
from tests.app.model_store.checkpoints import save_folder
from tests.app.model_store.reference import BLOCK, magnitudes, shares

NEAR = 1e-5


@pytest.fixture
def converted(tmp_path):
    both = save_folder(tmp_path / "2stems")
    _, network = load_network(add_model(tmp_path / "2stems", lambda *_: None))
    return both, network


def test_magnitudes_and_shares_are_those_of_the_original(converted):
    both, network = converted
    torch.manual_seed(1)
    mixture = torch.randn(1, 2, 2049, BLOCK, dtype=torch.complex64) * 3
    with torch.inference_mode():
        read = mixture.abs()[:, :, :1024].transpose(2, 3)
        for arrays, own in zip(both, network.networks, strict=True):
            assert (own.magnitudes(read) - magnitudes(arrays, read)).abs().max() < NEAR
        found = network(mixture)[:, 0]
        wanted = shares(both, mixture)
    assert wanted.std() > 0.01, "shares that differ from bin to bin"
    assert (found - wanted).abs().max() < NEAR
