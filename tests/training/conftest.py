"""Fixtures for training: a pool of noise, and a recipe for it."""

from __future__ import annotations

import msgspec
import pytest
import torch

from stemdesk_training.recipe import load_recipe
from tests.training.small_run import RECIPE, write_pool


@pytest.fixture(scope="session")
def noise_pool(tmp_path_factory):
    return write_pool(tmp_path_factory.mktemp("noise pool"))


@pytest.fixture
def tiny_beside(tmp_path):
    """A recipe of four steps, with mixes from a process beside the trainer."""
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return load_recipe(path)


@pytest.fixture
def tiny(tiny_beside):
    """The same with mixes from the trainer itself: a process takes seconds to start."""
    data = msgspec.structs.replace(tiny_beside.data, mixing="device")
    return msgspec.structs.replace(tiny_beside, data=data)


@pytest.fixture
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
