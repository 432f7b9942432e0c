"""Windows without a screen, in a home of their own."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _private_home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("STEMDESK_HOME", str(home / "stemdesk"))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True, params=["dark"])
def _theme(qapp, request):
    from stemdesk.ui.theme import apply_theme

    apply_theme(qapp, request.param)


@pytest.fixture(autouse=True)
def _widgets_go():
    """What a test showed is gone before the next: a change of theme would restyle it all."""
    yield
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
