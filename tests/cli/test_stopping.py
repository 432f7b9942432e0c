"""Runs that are killed or stopped, and what the next run makes of them: real processes."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.app.tiny import STEMS, music, save_song, save_tiny_model

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")

# 16 steps a chunk, 12 ahead: 0.28 s of music each.
CHUNK_SECONDS = 0.28
SONG_SECONDS = 24
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def patient_model(tmp_path_factory):
    """A model with many short chunks."""
    folder = tmp_path_factory.mktemp("models") / "patient"
    return save_tiny_model(folder, steps=16, overlap_steps=4)


@pytest.fixture(scope="module")
def long_song(tmp_path_factory):
    return save_song(tmp_path_factory.mktemp("songs") / "long.wav", music(44_100 * SONG_SECONDS))


@pytest.fixture
def command(patient_model, long_song, tmp_path):
    """Arguments of a run into a folder below `tmp_path`."""

    def arguments(folder="out", *more, song=long_song):
        return [
            *("separate", song, "--model", patient_model, "--threads", 1, "--device", "cpu"),
            *("--output", tmp_path / folder, *more),
        ]

    return arguments


def journal_lines(folder):
    return sum(path.read_bytes().count(b"\n") for path in folder.glob(".stemdesk-*/journal.jsonl"))


def wait_for_lines(child, folder, lines):
    end = time.monotonic() + PATIENCE_SECONDS
    while journal_lines(folder) < lines:
        assert child.poll() is None, child.communicate()
        assert time.monotonic() < end, "the run does not get on"
        time.sleep(0.005)


def finish(child):
    out, err = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 0, err
    return out


def stem_bytes(folder):
    return {stem: (folder / "long" / f"{stem}.wav").read_bytes() for stem in STEMS}


def final_files(folder):
    return [path for path in folder.rglob("*.wav") if not path.name.startswith(".")]


def test_a_killed_run_goes_on(start, command, tmp_path):
    out = tmp_path / "out"
    child = start(*command())
    wait_for_lines(child, out, 3)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert final_files(out) == []
    (journal,) = out.glob(".stemdesk-*/journal.jsonl")
    whole = journal.read_bytes()
    done = whole[: whole.rfind(b"\n") + 1]
    samples = journal.with_name("estimates.f32")
    before = samples.stat().st_ino

    child = start(*command())
    wait_for_lines(child, out, done.count(b"\n") + 2)
    # The journal only grew, and the samples are the same file: nothing was computed again.
    assert journal.read_bytes().startswith(done)
    assert samples.stat().st_ino == before
    told = finish(child)
    assert "went on at " in told
    assert "0 samples differ" in told

    finish(start(*command("straight")))
    assert stem_bytes(out) == stem_bytes(tmp_path / "straight")
    assert list(out.glob(".*")) == []


def test_a_killed_run_can_be_left_behind(start, command, tmp_path, patient_model, stemdesk):
    out = tmp_path / "out"
    song = save_song(tmp_path / "long.wav", music(44_100 * SONG_SECONDS))
    child = start(*command(song=song))
    wait_for_lines(child, out, 3)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    ran = stemdesk(*command("out", "--no-resume", "--json", song=song)).events[-1]
    assert ran["resumed_seconds"] == 0

    child = start(*command("again", song=song))
    wait_for_lines(child, tmp_path / "again", 3)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    save_song(song, music(44_100 * SONG_SECONDS, seed=5))
    ran = stemdesk(*command("again", "--json", song=song)).events[-1]
    assert ran["resumed_seconds"] == 0
    assert ran["null"]["verdict"] == "exact"


def test_other_formats_go_on_from_the_same_estimates(start, command, tmp_path, stemdesk):
    out = tmp_path / "out"
    child = start(*command())
    wait_for_lines(child, out, 5)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    lines = journal_lines(out)
    ran = stemdesk(*command("out", "--format", "flac", "--karaoke", "--json")).events[-1]
    assert ran["resumed_seconds"] > (lines - 2) * CHUNK_SECONDS
    assert ran["null"]["verdict"] == "exact"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_at_once_and_goes_on_later(start, command, tmp_path, number, capsys):
    out = tmp_path / "out"
    child = start(*command())
    wait_for_lines(child, out, 3)
    began = time.monotonic()
    child.send_signal(number)
    _, err = child.communicate(timeout=PATIENCE_SECONDS)
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(f"\n{number.name} ended the run in {seconds:.2f} s")  # noqa: T201
    assert seconds < 3
    assert child.returncode == 130
    assert err == "Stopped. The same command goes on from here.\n"
    assert final_files(out) == []
    assert [path for path in out.rglob("*.partial") if path.is_file()] == []
    assert "0 samples differ" in finish(start(*command()))


def wait_for_torch(child):
    """Until torch is being loaded, the longest part of loading a model."""
    maps = Path(f"/proc/{child.pid}/maps")
    end = time.monotonic() + PATIENCE_SECONDS
    while maps.exists() and "libtorch" not in maps.read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    if not maps.exists():
        time.sleep(1.5)


def test_a_stop_while_the_model_loads_is_quiet(start, command, tmp_path):
    child = start(*command("out", "--json"), stdout=None)
    wait_for_torch(child)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 130
    assert "Traceback" not in err


def test_a_kill_while_stems_are_written_leaves_nothing_for_long(command, tmp_path, stemdesk):
    folder = tmp_path / "out" / "long"
    folder.mkdir(parents=True)
    stray = folder / ".vocals.wav.0123abcd.partial"
    stray.write_bytes(b"half")
    foreign = folder / ".solo.wav.0123abcd.partial"
    foreign.write_bytes(b"half")
    assert stemdesk(*command("out", "--duration", "1")).status == 0
    assert not stray.exists()
    assert foreign.exists()


def test_two_runs_do_not_share_a_work_folder(start, command, tmp_path, stemdesk):
    child = start(*command())
    wait_for_lines(child, tmp_path / "out", 3)
    stemdesk(*command()).refused("Another StemDesk is at work", "wait for it")
    stemdesk(*command("out", "--no-resume")).refused("Another StemDesk is at work")
    assert "0 samples differ" in finish(child)


@pytest.fixture
def stopped_while_checking(command, tmp_path, stemdesk, monkeypatch):
    """A run whose stems all have their names, and which nobody has checked."""
    from stemdesk.app import separate as use_case
    from stemdesk.errors import Cancelled

    def verify(*_):
        raise Cancelled

    with monkeypatch.context() as patched:
        patched.setattr(use_case, "verify", verify)
        assert stemdesk(*command("out", "--duration", "2")).status == 130
    assert len(final_files(tmp_path / "out")) == len(STEMS)
    return tmp_path / "out"


@pytest.mark.parametrize("policy", ["ask", "skip", "rename", "yes"])
@pytest.mark.parametrize("renamed", [2, 4])
def test_the_same_command_goes_on_after_a_stop_at_the_end(
    stopped_while_checking, command, stemdesk, policy, renamed
):
    out = stopped_while_checking
    for path in final_files(out)[renamed:]:
        path.unlink()  # stopped before it got its name
    ran = stemdesk(*command("out", "--duration", "2", "--overwrite", policy, "--json"))
    assert (ran.status, ran.err) == (0, "")
    assert ran.events[-1]["resumed_seconds"] == pytest.approx(2, abs=0.01)
    assert ran.events[-1]["null"]["verdict"] == "exact"
    assert {path.stem for path in final_files(out)} == set(STEMS)
    assert list(out.glob(".*")) == []


def test_what_was_touched_since_is_the_users(stopped_while_checking, command, stemdesk):
    bass = stopped_while_checking / "long" / "bass.wav"
    bass.write_bytes(b"a mix of my own")
    stemdesk(*command("out", "--duration", "2")).refused("bass.wav", "exists already")
    assert bass.read_bytes() == b"a mix of my own"


def test_without_resume_nothing_is_taken_for_ones_own(stopped_while_checking, command, stemdesk):
    ran = stemdesk(*command("out", "--duration", "2", "--no-resume"))
    ran.refused("exists already", "--overwrite")


def test_left_work_goes_when_the_song_is_there(command, tmp_path, stemdesk, monkeypatch):
    from stemdesk.app import separate as use_case

    out = tmp_path / "out"
    assert stemdesk(*command("out", "--duration", "2")).status == 0
    left = []

    def render(*_):
        left.extend(out.glob(".stemdesk-*"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(use_case, "render", render)
        ran = stemdesk(*command("out", "--duration", "2", "--overwrite", "yes"))
    assert ran.status == 130
    assert len(left) == 1
    assert left[0].is_dir()
    ran = stemdesk(*command("out", "--duration", "2", "--overwrite", "skip"))
    assert "left as they are" in ran.out
    assert list(out.glob(".*")) == []


def test_work_that_is_thrown_away_is_said(start, command, tmp_path, stemdesk):
    out = tmp_path / "out"
    child = start(*command())
    wait_for_lines(child, out, 3)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    ran = stemdesk(*command("out", "--post", "sharpen=2", "--json")).events[-1]
    assert ran["resumed_seconds"] == 0
    (note,) = [note for note in ran["notes"] if "thrown away" in note]
    assert "chunks of an earlier run" in note
