"""The page for clients says what is so, and its program runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stemdesk.app.engine import connection, jobs, params, rpc, server
from stemdesk.app.engine.info import engine_folder, write_info
from stemdesk.app.engine.server import EngineSettings
from stemdesk.app.forecast import Choice
from tests.app.engine.rig import Running
from tests.app.tiny import STEMS, save_tiny_model

PAGE = Path(__file__).resolve().parents[3] / "plugins" / "ENGINE.md"


@pytest.fixture(scope="module")
def page():
    if not PAGE.is_file():
        pytest.skip("needs the folder `plugins` of the repository")
    return PAGE.read_text(encoding="utf-8")


def test_every_method_is_told_and_no_other(page, running):
    table = page.partition("### Methods")[2].partition("`separate` takes")[0]
    told = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert told == {"auth", *running.engine._methods._methods}


def test_every_parameter_of_separate_is_told(page):
    text = page.partition("`separate` takes")[2].partition("A **job**")[0]
    assert set(params.SeparateParams.__struct_fields__) <= set(re.findall(r"`(\w+)`", text))


def test_the_limits_are_those_of_the_program(page):
    for text in (
        f"at most {connection.MOST_LINE_BYTES // 1024} KiB",
        f"within {connection.AUTH_SECONDS:g} seconds",
        f"up to\n{rpc.MOST_IN_BATCH} requests",
        f"{server.MOST_CONNECTIONS} connections",
        f"{jobs.MOST_WAITING} waiting jobs; the last {jobs.MOST_ENDED} ended",
        f"for {connection.SLOW_SECONDS:g} seconds",
    ):
        assert text in page, text


def test_the_program_of_the_page_runs(page, song, tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    model = save_tiny_model(tmp_path / "tiny")
    running = Running(EngineSettings(Choice(str(model), "cpu", 1), is_warm=False))
    try:
        engine_folder().mkdir(parents=True)
        write_info(running.info)
        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            env={**os.environ, "SONG": str(song), "STEMS": str(tmp_path / "out")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        running.stop()
    assert done.returncode == 0, done.stderr
    assert "100%" in done.stdout
    for stem in STEMS:
        assert f"{stem} {tmp_path / 'out' / 'song' / f'{stem}.wav'}" in done.stdout
