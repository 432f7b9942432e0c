import sys
from pathlib import Path

import pytest

from stemdesk.app.training import blending, child, drafting, run
from stemdesk.app.training.runs import Record, new_run

STAND_IN = Path(__file__).with_name("stand_in.py")


@pytest.fixture(autouse=True)
def _as_quick_as_the_test(monkeypatch):
    monkeypatch.setattr(child, "_NICENESS", 0)


@pytest.fixture
def stand_in(monkeypatch):
    """Lets another program train, which does what is said."""

    def program(module, *words):
        return [sys.executable, str(STAND_IN), module, *words]

    for place in (run, drafting, blending):
        monkeypatch.setattr(place, "program", program)

    def choose(scene, **others):
        monkeypatch.setenv("STAND_IN", scene)
        for name, value in others.items():
            monkeypatch.setenv(f"STAND_IN_{name.upper()}", str(value))

    choose("")
    return choose


@pytest.fixture
def folder():
    recipe = STAND_IN.with_name("recipe.toml").read_text().replace("@BASE", "bandmask_small")
    return new_run(Record(title="Mine", base="bandmask_small", library="/songs"), recipe)
