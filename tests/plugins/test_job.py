"""The two text files through which scripts in hosts talk to StemDesk."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import example, given
from hypothesis import strategies as st

from stemdesk.errors import Cancelled, UserError
from stemdesk_plugins import separation
from stemdesk_plugins.channels import one_file
from stemdesk_plugins.job import run_job
from stemdesk_plugins.request import (
    Request,
    escaped,
    lines_text,
    read_lines,
    read_request,
    unescaped,
)
from stemdesk_plugins.separation import Passage, separate
from tests.plugins.conftest import write_music


def ask(folder: Path, *lines) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "request.txt").write_bytes(lines_text(lines))


def told(folder: Path) -> dict[str, list[str]]:
    return {key: values for key, *values in read_lines(folder / "status.txt")}


@example("100%09")
@given(st.text("%0259AD\t\n\ré"))
def test_any_value_comes_back(text):
    assert unescaped(escaped(text)) == text
    assert not set(escaped(text)) & set("\t\n\r")


def test_paths_of_any_bytes_come_back(tmp_path):
    path = b"/music/\xff\xfe 100%09\t.wav".decode("utf-8", "surrogateescape")
    ask(tmp_path, ("input", path), ("output", "/out"), ("start_seconds", "1.5"))
    assert read_request(tmp_path) == Request((Path(path),), 1.5, None, Path("/out"), "")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([("input", "x")], "is damaged"),
        ([("input", "x"), ("output", "y"), ("start_seconds", "soon")], "is damaged"),
        ([("output", "y")], "names no file"),
        ([("input",), ("output", "y")], "is damaged"),
    ],
)
def test_a_bad_request_fails_with_a_sentence(tmp_path, lines, sentence):
    ask(tmp_path, *lines)
    assert not run_job(tmp_path)
    assert told(tmp_path)["state"] == ["failed"]
    assert sentence in told(tmp_path)["error"][0]


@pytest.mark.slow
def test_mono_channels_together_are_separated_as_one_sound(tmp_path):
    song = soundfile.read(write_music(tmp_path / "song.wav", 1.5))[0]
    lines = [("output", str(tmp_path / "stems")), ("start_seconds", "0.25")]
    for number, name in enumerate("LR"):
        path = tmp_path / f"song%{name}.wav"
        soundfile.write(path, song[:, number], 48_000, subtype="PCM_24")
        lines.append(("input", str(path)))
    ask(tmp_path / "job", *lines, ("duration_seconds", "1.0"))
    assert run_job(tmp_path / "job")
    rows = [row for row in read_lines(tmp_path / "job" / "status.txt") if row[0] == "stem"]
    assert [row[1] for row in rows] == ["vocals", "drums", "bass", "other"]
    assert rows[0][2] == "E69F00"
    total = sum(soundfile.read(row[3])[0] for row in rows)
    assert np.count_nonzero(total - song[12_000:60_000]) == 0
    assert soundfile.info(rows[0][3]).subtype == "PCM_24"
    assert [path.name for path in (tmp_path / "job").glob("*.wav")] == []


def test_channels_that_do_not_fit_are_refused(tmp_path):
    mono = write_music(tmp_path / "mono.wav", 0.5, channels=1)
    stereo = write_music(tmp_path / "stereo.wav", 0.5)
    for inputs, start, sentence in [
        ((mono, stereo), 0.0, "has 2 channels"),
        ((mono, mono), 1.0, "ends before"),
        ((mono, tmp_path / "gone.wav"), 0.0, "cannot be read"),
    ]:
        request = Request(inputs, start, None, tmp_path, "")
        with pytest.raises(UserError, match=sentence), one_file(request, tmp_path):
            pass
    assert not (tmp_path / "channels.wav").exists()


def program(tmp_path, monkeypatch, code: str) -> Passage:
    """A passage, and in place of StemDesk a program that does something else."""
    script = tmp_path / "program.py"
    script.write_text(code)
    command = separation.stemdesk_command()[:1]
    monkeypatch.setattr(separation, "stemdesk_command", lambda: [*command, str(script)])
    return Passage(tmp_path / "song.wav", tmp_path / "stems")


def test_a_program_that_dies_is_told_with_its_last_words(tmp_path, monkeypatch):
    passage = program(tmp_path, monkeypatch, "raise SystemExit('out of memory')")
    with pytest.raises(UserError, match=r"status 1 before .*out of memory"):
        separate(passage, lambda *_: None)


def test_a_stop_ends_the_program(tmp_path, monkeypatch):
    code = """
import json, time
print(json.dumps({"event": "progress", "fraction": 0.5, "stage": "separating"}), flush=True)
time.sleep(600)
"""
    passage = program(tmp_path, monkeypatch, code)
    stop, heard = threading.Event(), []

    def report(fraction, stage):
        heard.append((fraction, stage))
        stop.set()

    with pytest.raises(Cancelled):
        separate(passage, report, stop)
    assert heard == [(0.5, "separating")]


def test_a_host_that_asks_for_a_stop_gets_one(tmp_path, monkeypatch):
    program(tmp_path, monkeypatch, "import time; time.sleep(600)")
    ask(tmp_path / "job", ("input", "/x.wav"), ("output", str(tmp_path / "stems")))
    (tmp_path / "job" / "cancel.txt").touch()
    assert not run_job(tmp_path / "job")
    assert told(tmp_path / "job") == {"state": ["cancelled"]}


def test_a_refusal_is_the_programs_own_sentence(tmp_path):
    missing = tmp_path / "kein Lied.wav"
    ask(tmp_path / "job", ("input", str(missing)), ("output", str(tmp_path / "stems")))
    assert not run_job(tmp_path / "job")
    sentence = told(tmp_path / "job")["error"][0]
    assert "kein Lied.wav" in sentence
    assert sentence.endswith(".")
