"""Fixtures for every test: private user folders, and the folder of shared material."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vst3 import built  # noqa: F401 - a fixture for all

# What waits long for other programs, or trains: begun first, it does not make all others wait.
LONGEST = (
    *("plugins/ardour", "plugins/audacity", "daw/test_ardour.py", "ui/test_story.py"),
    *("ui/test_reach.py", "ui/test_midi_learn.py", "mixing/plugins", "training/test_tuning_run.py"),
    *("training/test_papers_results.py", "training/test_catalogue.py", "training/test_run_"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; otherwise as collected."""
    here = Path(__file__).parent
    items.sort(key=lambda item: not item.path.relative_to(here).as_posix().startswith(LONGEST))


@pytest.fixture(autouse=True)
def _private_home(tmp_path_factory, monkeypatch):
    """No test reads or writes the folders of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("LOCALAPPDATA", str(home / "local"))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.delenv("STEMDESK_HOME", raising=False)


@pytest.fixture
def shared() -> Path:
    """The folder `shared` beside the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder `shared` beside the repository, which is not here")
    return folder
