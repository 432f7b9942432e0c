"""A screen for hosts, short music, and a folder that stands for a user's home."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from stemdesk_plugins.machine import Machine, Platform

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def screen(tmp_path_factory) -> str:
    """The name of a virtual screen, for programs with windows."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("needs Xvfb")
    read_end, write_end = os.pipe()
    log = (tmp_path_factory.mktemp("screen") / "log").open("wb")
    command = [server, "-displayfd", str(write_end), "-screen", "0", "1280x800x24", "-nolisten"]
    with log, subprocess.Popen([*command, "tcp"], pass_fds=[write_end], stderr=log) as program:
        os.close(write_end)
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        if not number:
            pytest.skip("Xvfb does not start here")
        yield f":{number}"
        program.terminate()


@pytest.fixture
def host_environment(screen, tmp_path) -> dict[str, str]:
    """An environment in which a host finds a private home and the virtual screen."""
    home = tmp_path / "host home"
    told = {name: value for name, value in os.environ.items() if name not in {"WAYLAND_DISPLAY"}}
    told.update(HOME=str(home), DISPLAY=screen, TMPDIR=str(home / "tmp"))
    for name, folder in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
        ("TMPDIR", "tmp"),
    ):
        (home / folder).mkdir(parents=True)
        told[name] = str(home / folder)
    return told


@pytest.fixture
def music(tmp_path) -> Path:
    """Two seconds of 24-bit stereo at 48 kHz, with a name that is hard on quotes."""
    return write_music(tmp_path / 'Mein Lied "live" - Süß & 100%.wav')


def write_music(path: Path, seconds: float = 2.0, channels: int = 2, subtype="PCM_24") -> Path:
    """Noise and tones that come and go, each channel its own."""
    rate_hz = 48_000
    random = np.random.default_rng(7)
    frames = round(seconds * rate_hz)
    times = np.arange(frames) / rate_hz
    tone = np.sin(2 * np.pi * 220 * times) * (np.sin(2 * np.pi * 1.5 * times) > 0)
    samples = 0.2 * tone[:, None] + 0.05 * random.standard_normal((frames, channels))
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path


@pytest.fixture
def machine(tmp_path) -> Machine:
    """A Linux machine with a home of its own."""
    home = tmp_path / "home"
    home.mkdir()
    return Machine(Platform.LINUX, home, {})


def wait_for(condition, seconds: float = 60.0, what: str = "a host"):
    """What `condition` returns as soon as that is true; fails after so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    pytest.fail(f"waited {seconds} s for {what}")
