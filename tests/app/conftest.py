from __future__ import annotations

import pytest

from stemdesk.app.model import load_model
from tests.app.tiny import music, save_song, save_tiny_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny(tiny_folder):
    return load_model(str(tiny_folder), device="cpu", threads=1)


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "song.wav", music(66_150))
