"""``stemdesk`` alone, and ``stemdesk app``: the window, or what it lacks."""

import subprocess

import pytest

from stemdesk.cli import desktop
from stemdesk.cli.main import run
from stemdesk.errors import UserError


@pytest.fixture
def opened():
    return []


@pytest.fixture
def on_screen(monkeypatch):
    monkeypatch.setattr(desktop.sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(desktop, "_loads", lambda _: True)


def test_alone_it_opens_the_window_and_with_songs_those(on_screen, opened, tmp_path):
    def window(paths):
        opened.append([str(path) for path in paths])
        return 0

    assert run([], window) == 0
    assert run(["app", "one.wav", "two.wav"], window) == 0
    assert opened == [[], ["one.wav", "two.wav"]]


def test_without_a_screen_it_says_so(on_screen, monkeypatch, capsys):
    monkeypatch.delenv("DISPLAY")
    assert run([], lambda _: 0) == 1
    assert "There is no screen" in capsys.readouterr().err


def test_libraries_that_are_missing_are_named_by_their_packages(on_screen, monkeypatch):
    missing = ("libEGL.so.1", "libxcb-cursor.so.0")
    monkeypatch.setattr(desktop, "_loads", lambda library: library not in missing)
    with pytest.raises(UserError, match=r"apt install libegl1 libxcb-cursor0"):
        desktop.run([], lambda _: 0)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(UserError, match=r"apt install libegl1\."):
        desktop.run([], lambda _: 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ImportError("No module named 'PySide6'", name="PySide6"), "pip install PySide6"),
        (ImportError("libGL.so.1: cannot open shared object file"), "apt install libgl1"),
    ],
)
def test_qt_that_cannot_be_imported_is_a_sentence(on_screen, error, said):
    def window(paths):
        raise error

    with pytest.raises(UserError, match=said):
        desktop.run([], window)


def test_a_mistake_of_ours_is_not_taken_for_a_missing_library(on_screen):
    def window(paths):
        raise ImportError("cannot import name 'Windo' from 'stemdesk.ui'", name="stemdesk.ui")

    with pytest.raises(ImportError, match="Windo"):
        desktop.run([], window)


def test_the_real_program_names_the_remedy(program, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ran = subprocess.run([*program], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "no screen" in ran.stderr
