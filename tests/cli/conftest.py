from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stemdesk.cli import main
from tests.app.tiny import music, save_song, save_tiny_model
from tests.cli.terminal import Terminal


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def events(self):
        """The JSON lines of ``--json``."""
        return [json.loads(line) for line in self.out.splitlines()]

    def refused(self, *fragments, status=1):
        """The one line on stderr, which holds all the fragments."""
        assert self.status == status, self
        assert "Traceback" not in self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        for fragment in fragments:
            assert fragment in lines[0]
        assert lines[0].startswith("stemdesk")
        assert ": " in lines[0]
        assert lines[0].endswith(".")
        return lines[0]


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def loud_model(tmp_path_factory):
    """A model whose stems rise far above full scale."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "loud", loudness=20.0)


@pytest.fixture
def song(tmp_path):
    """1.5 s of 16-bit stereo: two chunks of the tiny model."""
    return save_song(tmp_path / "song.wav", music(66_150))


@pytest.fixture
def stemdesk(capsys):
    """Runs a command in this process."""

    def run(*arguments):
        try:
            status = main.run([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return run


@pytest.fixture
def separate(stemdesk, model, tmp_path):
    """Runs ``stemdesk separate`` with the tiny model, into ``tmp_path / "out"``."""

    def run(*arguments, model=model):
        return stemdesk(
            *("separate", "--model", model, "--threads", 1, "--device", "cpu"),
            *("--output", tmp_path / "out", *arguments),
        )

    return run


@pytest.fixture
def out(tmp_path):
    """Where `separate` delivers."""
    return tmp_path / "out"


@pytest.fixture
def program():
    """The command line of the installed program."""
    found = Path(sys.executable).with_name("stemdesk")
    return [str(found)] if found.exists() else [sys.executable, "-m", "stemdesk"]


def _heed_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start(program):
    """Starts the real program as a child process, in a folder."""
    children = []

    def begin(*arguments, **settings):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        child = subprocess.Popen(
            [*program, *map(str, arguments)],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            text=True,
            # A suite that a shell runs in the background has SIGINT ignored, and children inherit
            # that; a person at a terminal has not.
            preexec_fn=_heed_interrupts if os.name == "posix" else None,
            **{**pipes, **settings},
        )
        children.append(child)
        return child

    yield begin
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()


@pytest.fixture
def files_below():
    """All files below a folder, as relative paths."""

    def listed(folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    return listed


@pytest.fixture
def terminal(start, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *arguments, **settings: Terminal(start, arguments, **settings)
