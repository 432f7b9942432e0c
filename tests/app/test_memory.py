"""A song streams through: memory does not grow with its length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.app.tiny import music, save_song

if not Path("/proc/self/status").exists():
    pytest.skip("needs the memory report of Linux", allow_module_level=True)

# Not ru_maxrss: that begins with what the parent of the process had.
CODE = """
import re, sys
from pathlib import Path
from stemdesk.cli.main import run
status = run(sys.argv[1:])
kilobytes = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(kilobytes, file=sys.stderr)
sys.exit(status)
"""


def peak_megabytes(song, model, out):
    command = [sys.executable, "-c", CODE, "separate", song, "--model", model, "--output", out]
    command += ["--threads", "1", "--device", "cpu"]
    ran = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    return int(ran.stderr) * 1024 / 1e6


@pytest.mark.slow
def test_three_minutes_need_hardly_more_than_twenty_seconds(tiny_folder, tmp_path, capsys):
    twenty = music(44_100 * 20)
    short = save_song(tmp_path / "short.wav", twenty)
    long = save_song(tmp_path / "long.wav", np.tile(twenty, 9))
    little = peak_megabytes(short, tiny_folder, tmp_path / "a")
    much = peak_megabytes(long, tiny_folder, tmp_path / "b")
    with capsys.disabled():
        print(f"\npeak memory {little:.0f} MB for 20 s, {much:.0f} MB for 180 s")  # noqa: T201
    # The song and its four stems in float32 would take 320 MB.
    assert much < little + 60
