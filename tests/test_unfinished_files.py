"""What a killed process was writing goes at the next start; what a living one writes stays."""

import os
import subprocess
import sys

import pytest

from stemdesk import unfinished_files
from stemdesk.files import atomic_path
from stemdesk.unfinished_files import sweep_unfinished, unfinished, unfinished_dir

WRITER = r"""
import sys, time
from contextlib import ExitStack
from pathlib import Path
from stemdesk.daw.new_folder import new_folder
from stemdesk.files import atomic_path
from stemdesk.project.staging import staging_folder

folder = Path(sys.argv[1])
with ExitStack() as stack:
    with atomic_path(folder / "done.wav") as partial:
        partial.write_bytes(b"whole")
    stack.enter_context(atomic_path(folder / "mix.wav")).write_bytes(b"half")
    (stack.enter_context(new_folder(folder / "session")) / "a.wav").write_bytes(b"half")
    (stack.enter_context(staging_folder(folder / "Song.stemdesk")) / "a.wav").write_bytes(b"half")
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "home"))


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def writer(out):
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "ready\n"
    yield child
    child.kill()
    child.wait()
    child.stdout.close()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_was_writing_goes_at_the_next_start(writer, out):
    (out / ".mine.partial").write_bytes(b"nobody noted it")
    before = names(out)
    assert len(before) == 5
    assert sweep_unfinished() == []
    assert names(out) == before  # it lives
    writer.kill()
    writer.wait()
    assert len(sweep_unfinished()) == 3
    assert names(out) == [".mine.partial", "done.wav"]
    assert list(unfinished_dir().iterdir()) == []
    assert sweep_unfinished() == []


def test_a_start_of_the_command_line_sweeps(writer, out):
    writer.kill()
    writer.wait()
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-m", "stemdesk", "cache"], check=True, capture_output=True,
        env=environment,
    )  # fmt: skip
    assert names(out) == ["done.wav"]


def test_ones_own_files_stay(out):
    with atomic_path(out / "a.wav") as partial:
        partial.write_bytes(b"half")
        assert sweep_unfinished() == []
        assert partial.exists()
    assert names(out) == ["a.wav"]


@pytest.mark.parametrize("name", ["song.wav", ".hidden.wav", "song.partial"])
def test_a_journal_never_leads_to_the_users_files(name, out):
    (out / name).write_bytes(b"mine")
    unfinished_dir().mkdir(parents=True)
    journal = unfinished_dir() / "999999999-0.jsonl"
    journal.write_text(f'["+", "{(out / name).as_posix()}"]\nnot a line\n[[[\n["+"]\n')
    assert sweep_unfinished() == []
    assert (out / name).read_bytes() == b"mine"
    assert not journal.exists()


def test_a_disk_that_is_away_is_looked_at_again(tmp_path):
    away = tmp_path / "stick" / ".a.wav.12345678.partial"
    unfinished_dir().mkdir(parents=True)
    journal = unfinished_dir() / "999999999-0.jsonl"
    journal.write_text(f'["+", "{away.as_posix()}"]\n')
    assert sweep_unfinished() == []
    away.parent.mkdir()
    away.write_bytes(b"half")
    assert sweep_unfinished() == [away]
    assert not journal.exists()


def test_a_disk_without_locks_asks_for_the_process(writer, out, monkeypatch):
    monkeypatch.setattr(unfinished_files, "try_lock", lambda *_: True)
    before = names(out)
    sweep_unfinished()
    assert names(out) == before
    writer.kill()
    writer.wait()
    sweep_unfinished()
    assert names(out) == ["done.wav"]


def test_writing_works_where_nothing_can_be_noted(out, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("STEMDESK_HOME", str(tmp_path / "file"))
    with unfinished(out / ".x.partial"), atomic_path(out / "a.wav") as partial:
        partial.write_bytes(b"whole")
    assert names(out) == ["a.wav"]
    assert sweep_unfinished() == []
