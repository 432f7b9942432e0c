"""``stemdesk engine`` as real processes: found, asked, stopped, killed."""

from __future__ import annotations

import json
import signal
import sys

import pytest

from stemdesk.app.engine.client import EngineClient, running_engine
from stemdesk.app.engine.info import info_path, read_info
from tests.app.engine.rig import PATIENCE_SECONDS, runs, wait_until
from tests.app.tiny import RATE, music, save_song, save_tiny_model


@pytest.fixture(scope="module")
def patient_model(tmp_path_factory):
    """A model with many short chunks."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "p", steps=16, overlap_steps=4)


@pytest.fixture
def engine(start, patient_model):
    """Starts an engine and waits until it can be asked."""

    def begin(*options):
        before = read_info()
        child = start(
            "engine", "--model", patient_model, "--device", "cpu", "--threads", 1, *options
        )
        wait_until(lambda: child.poll() is not None or read_info() not in (None, before))
        assert child.poll() is None, child.communicate()
        return child

    return begin


@pytest.fixture
def long_song(tmp_path):
    return save_song(tmp_path / "long.wav", music(RATE * 30))


def test_a_song_is_separated_from_the_command_line(engine, stemdesk, song, tmp_path):
    child = engine()
    stemdesk("engine").refused("An engine runs already at 127.0.0.1:", "engine stop")
    told = json.loads(stemdesk("engine", "status").out)
    assert told["pid"] == child.pid
    ran = stemdesk(
        *("engine", "call", "separate", f"input={song}", f"output={tmp_path / 'out'}"),
        *("duration_seconds=1", 'stems=["vocals"]', "--follow"),
    )
    assert ran.status == 0, ran
    assert ran.events[-1]["state"] == "done"
    assert list(ran.events[-1]["result"]["stems"]) == ["vocals"]
    assert (tmp_path / "out" / "song" / "vocals.wav").is_file()
    stemdesk("engine", "call", "separate", "input=/none.wav", f"output={tmp_path}").refused(
        "none.wav does not exist"
    )
    stemdesk("engine", "call", "separate", "input").refused("has no value", status=2)
    stemdesk("engine", "call", "sing").refused("no such method")
    assert stemdesk("engine", "stop").status == 0
    assert child.wait(PATIENCE_SECONDS) == 0
    assert not info_path().exists()
    out, err = child.communicate()
    assert f"(process {child.pid})" in out
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_signal_in_the_middle_of_a_job_ends_it_in_good_order(engine, long_song, tmp_path):
    child = engine("--cold")
    with EngineClient.connect() as client:
        out = tmp_path / "out"
        job = client.call("separate", input=str(long_song), output=str(out))["job"]
        wait_until(lambda: client.call("progress", job=job)["fraction"] > 0)
        worker = client.call("status")["worker_pid"]
        child.send_signal(signal.SIGTERM)
        child.send_signal(signal.SIGTERM)  # as those do who are in a hurry
        assert child.wait(PATIENCE_SECONDS) == 0
    assert not runs(worker)
    assert not info_path().exists()
    assert [path for path in out.rglob("*.wav") if not path.name.startswith(".")] == []
    assert child.communicate()[1] == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_killed_engine_takes_its_child_along_and_blocks_nobody(engine, stemdesk):
    child = engine()
    with EngineClient.connect() as client:
        wait_until(lambda: client.call("status")["loaded"])
        worker = client.call("status")["worker_pid"]
    child.kill()
    child.wait()
    wait_until(lambda: not runs(worker), "its child lives on")
    assert info_path().exists()
    stemdesk("engine", "status").refused(f"(process {child.pid}) does not answer")
    assert running_engine() is None
    second = engine("--cold")
    with EngineClient.connect() as client:
        assert client.call("version")["pid"] == second.pid
        client.call("shutdown")
    assert second.wait(PATIENCE_SECONDS) == 0
    assert "was killed" in second.communicate()[1]


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_other_signals_end_it_too(engine, number):
    child = engine("--cold")
    child.send_signal(number)
    assert child.wait(PATIENCE_SECONDS) == 0
    assert not info_path().exists()


def test_it_ends_when_nobody_uses_it(engine):
    child = engine("--cold", "--idle-exit", "0.2")
    assert child.wait(PATIENCE_SECONDS) == 0
    assert not info_path().exists()


def test_what_cannot_be_is_refused(stemdesk):
    stemdesk("engine", "--model", "nonesuch").refused("There is no model 'nonesuch'")
    stemdesk("engine", "--idle-exit", "soon").refused("is not a time", status=2)
    for action in ("status", "stop"):
        stemdesk("engine", action).refused("No engine runs", "stemdesk engine")
    stemdesk("engine", "dance").refused("dance", status=2)
    assert not info_path().exists()
