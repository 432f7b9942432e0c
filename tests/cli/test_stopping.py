"""Runs that are killed or stopped, and what the next run makes of them: real processes."""

from __future__ import annotations

import signal
import sys
import time

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


def test_a_stop_while_the_model_loads_is_quiet(start, command, tmp_path):
    child = start(*command("out", "--json"), stdout=None)
    time.sleep(0.6)
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
