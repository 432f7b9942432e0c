import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QMessageBox

from stemdesk.app.bench.workbench import Workbench
from stemdesk.app.training import blending, child, drafting, run, songs
from stemdesk.app.training.songs import Finding, Part, Song, Source
from stemdesk.settings import Preferences
from stemdesk.ui.main_window import MainWindow

STAND_IN = Path(__file__).parents[2] / "app" / "training" / "stand_in.py"
DOCTOR = Path(__file__).with_name("stand_in_doctor.py")
RATE = 44_100


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    """Other programs train and look at songs, and do what is said."""

    def program(module, *words):
        other = DOCTOR if module == songs.DOCTOR else STAND_IN
        return [sys.executable, str(other), module, *words]

    monkeypatch.setattr(child, "_NICENESS", 0)
    for place in (run, drafting, blending, songs):
        monkeypatch.setattr(place, "program", program)

    def choose(scene, **others):
        monkeypatch.setenv("STAND_IN", scene)
        for name, value in others.items():
            monkeypatch.setenv(f"STAND_IN_{name.upper()}", str(value))

    choose("")
    return choose


@pytest.fixture
def make_window(qtbot):
    made = []

    def make():
        window = MainWindow(Workbench(Preferences(audio_device="silent", welcomed=True)))
        made.append(window)
        window.show()
        return window

    yield make
    for window in made:
        leave(window)


def leave(window):
    """Close a window without a question, a run in it being interrupted."""
    window.training.may_leave = lambda: True
    window.filing.may_leave = lambda _then: True
    window.bench.papers.give_up()
    window.close()
    window.deleteLater()


@pytest.fixture
def window(make_window):
    return make_window()


@pytest.fixture
def page(window):
    return window.training.open()


@pytest.fixture
def library(tmp_path):
    """Three songs as the stand-in of the doctor finds them: pass, fixable, reject."""
    root = tmp_path / "Meine Songs"
    for name in ("Ada - Gut", "Bo - Spät", "Cy - Halb"):
        for stem in ("vocals", "drums", "bass", "other"):
            path = root / name / f"{stem}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.zeros((100, 2)), RATE)
    return root


@pytest.fixture
def renderings(tmp_path):
    """Two stems by two models; the tuned one of twice the level."""
    folder = tmp_path / "step 3"
    seconds = np.arange(RATE) / RATE
    for name, level in (("base", 0.1), ("tuned", 0.2)):
        (folder / name).mkdir(parents=True)
        for stem in ("vocals", "drums"):
            sound = level * np.sin(2 * np.pi * 440 * seconds)[:, None] * np.ones(2)
            soundfile.write(folder / name / f"{stem}.flac", sound, RATE, subtype="PCM_24")
    return folder


@pytest.fixture
def answers(monkeypatch):
    """Presses the button whose role is said where a question is asked; keeps the questions."""
    asked = []

    def choose(role):
        def run(box):
            asked.append(box.text())
            pressed = next(each for each in box.buttons() if box.buttonRole(each) is role)
            monkeypatch.setattr(QMessageBox, "clickedButton", lambda _: pressed)
            return 0

        monkeypatch.setattr(QMessageBox, "exec", run)
        return asked

    return choose


def song(name, verdict="pass", findings=(), stems=("vocals", "drums")):
    parts = {
        stem: Part((Source(f"/songs/{name}/{stem}.wav"),), 4.0, RATE, (0.1, 0.5, 0.2))
        for stem in stems
    }
    return Song(name, verdict, tuple(findings), 4.0, "", parts)


@pytest.fixture
def three_songs():
    late = Finding("lag", "fixable", "drums", "The drums stem comes 333 frames (7.55 ms) late.")
    half = Finding("incomplete", "reject", "", "Something of the mixture is in none of the stems:"
        " it lies 14 dB below it.")  # fmt: skip
    return (
        song("Ada - Gut"),
        song("Bo - Spät", "fixable", [late]),
        song("Cy - Halb", "reject", [half]),
    )


def renamed(each, **fields):
    return msgspec.structs.replace(each, **fields)
