from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

RATE = 44_100


@pytest.fixture
def music():
    """Two seconds of stereo noise bursts on the 16-bit grid, float64 [2, frames]."""
    rng = np.random.default_rng(1)
    envelope = 0.1 + 0.4 * np.abs(np.sin(np.linspace(0, 9, 2 * RATE)))
    return np.rint(rng.uniform(-1, 1, (2, 2 * RATE)) * envelope * 2**15) / 2**15


@pytest.fixture
def song(tmp_path, music):
    """The music as a 16-bit WAV."""
    path = tmp_path / "song.wav"
    soundfile.write(path, music.T, RATE, "PCM_16")
    return path


@pytest.fixture
def ffmpeg():
    """Runs ffmpeg with arguments; skips by name where it is not installed."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs the program ffmpeg")

    def run(*arguments):
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True
        )

    return run
