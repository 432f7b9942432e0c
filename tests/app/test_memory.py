"""A song streams through: memory does not grow with its length."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.app.tiny import music, save_song

pytest.importorskip("resource", reason="needs POSIX resource limits")

CODE = """
import resource, sys
from stemdesk.cli.main import run
status = run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def peak_megabytes(song, model, out):
    command = [sys.executable, "-c", CODE, "separate", song, "--model", model, "--output", out]
    command += ["--threads", "1", "--device", "cpu"]
    ran = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    unit_bytes = 1 if sys.platform == "darwin" else 1024
    return int(ran.stderr) * unit_bytes / 1e6


@pytest.mark.slow
def test_three_minutes_need_hardly_more_than_twenty_seconds(tiny_folder, tmp_path, capsys):
    twenty = music(44_100 * 20)
    short = save_song(tmp_path / "short.wav", twenty)
    long = save_song(tmp_path / "long.wav", np.tile(twenty, 9))
    little = peak_megabytes(short, tiny_folder, tmp_path / "a")
    much = peak_megabytes(long, tiny_folder, tmp_path / "b")
    with capsys.disabled():
        print(f"\npeak memory {little:.0f} MB for 20 s, {much:.0f} MB for 180 s")
    # All of the song and its four stems in float32 would be 320 MB.
    assert much < little + 60
