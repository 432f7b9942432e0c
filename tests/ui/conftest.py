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


@pytest.fixture
def make_window():
    """Makes main windows on the null device: ``make_window(separate_on_open=False)``."""
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.settings import Preferences
    from stemdesk.ui.main_window import MainWindow

    made = []

    def make(*, file=None, **wishes):
        wishes = {"audio_device": "silent", "welcomed": True, **wishes}
        window = MainWindow(Workbench(Preferences(**wishes), file=file))
        made.append(window)
        window.resize(1440, 900)
        window.show()
        return window

    yield make
    for window in made:
        window.bench.papers.give_up()
        window.filing.may_leave = lambda _then: True
        window.close()
        window.deleteLater()
