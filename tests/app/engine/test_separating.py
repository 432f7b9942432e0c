"""Jobs of the engine: real separations, in the app's own separating process."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
import soundfile

from stemdesk.app.engine.client import EngineClient
from stemdesk.app.engine.info import engine_folder, write_info
from stemdesk.app.engine.server import EngineSettings
from stemdesk.app.forecast import Choice
from stemdesk.app.model import load_model
from stemdesk.app.options import SeparateOptions
from stemdesk.app.separate import separate_song
from stemdesk.app.worker.client import Worker
from stemdesk.errors import Cancelled, UserError
from tests.app.engine.rig import Running, runs, wait_until
from tests.app.tiny import RATE, STEMS, music, save_song, save_tiny_model

LOGGING = """
import sys
from stemdesk.app.worker import models, program, service
def logged(word, function):
    def call(*args, **options):
        with open(sys.argv[1], "a") as file:
            print(word, file=file)
        return function(*args, **options)
    return call
models.load_model = logged("loaded", models.load_model)
service.separate_song = logged("separated", service.separate_song)
program.main()
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model with many short chunks."""
    return save_tiny_model(tmp_path_factory.mktemp("models") / "short", steps=16, overlap_steps=4)


@pytest.fixture(scope="module")
def long_song(tmp_path_factory):
    return save_song(tmp_path_factory.mktemp("songs") / "long song.wav", music(RATE * 16))


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Where the separating process notes what it does."""
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def busy(model, log):
    """An engine with a warm model."""
    running = Running(
        EngineSettings(Choice(str(model), "cpu", 1)),
        lambda: Worker([sys.executable, "-c", LOGGING, str(log)]),
    )
    yield running
    running.stop()


@pytest.fixture
def client(busy):
    with busy.known() as client:
        yield client


@pytest.fixture
def song(tmp_path):
    return save_song(tmp_path / "Lied Ü.wav", music(RATE * 2))


def begin(client, song, out, **more):
    return client.result("separate", input=str(song), output=str(out), **more)["job"]


def ended(client, job):
    told = {}

    def has_ended():
        nonlocal told
        told = client.result("progress", job=job)
        return told["state"] in ("done", "failed", "cancelled")

    wait_until(has_ended)
    return told


def test_the_second_job_loads_no_model_and_gives_the_bytes_of_the_command_line(
    busy, client, song, model, log, tmp_path
):
    first = ended(client, begin(client, song, tmp_path / "a"))
    process = busy.engine.jobs.worker.process_id
    second = ended(client, begin(client, song, tmp_path / "b", model=str(model), device="cpu"))
    assert (first["state"], second["state"]) == ("done", "done"), (first, second)
    assert busy.engine.jobs.worker.process_id == process
    assert log.read_text().split() == ["loaded", "separated", "separated"]
    here = separate_song(
        song,
        SeparateOptions(output=tmp_path / "here"),
        load_model(str(model), device="cpu", threads=1),
        lambda *_: None,
        lambda _: False,
    )
    for told in (first, second):
        assert list(told["result"]["stems"]) == list(STEMS)
        assert told["result"]["null"]["nonzero_samples"] == 0
        assert told["fraction"] == 1.0
        assert told["device"] == "cpu"
        for stem, path in told["result"]["stems"].items():
            assert Path(path).read_bytes() == here.files[stem].read_bytes()


def test_options_reach_the_separation(client, song, tmp_path):
    job = begin(
        client, song, tmp_path, start_seconds=0.5, duration_seconds=1, stems=["vocals", "rest"],
        format="flac", subtype="pcm24", name="{stem} of {file}",
    )  # fmt: skip
    told = ended(client, job)
    assert sorted(told["result"]["stems"]) == ["rest", "vocals"]
    assert told["result"]["stems"]["vocals"] == str(tmp_path / "vocals of Lied Ü.flac")
    info = soundfile.info(told["result"]["stems"]["rest"])
    assert (info.frames, info.subtype, info.format) == (RATE, "PCM_24", "FLAC")


def test_a_file_name_that_is_no_utf8(client, song, tmp_path):
    try:
        odd = song.rename(tmp_path / os.fsdecode(b"caf\xe9.wav"))
    except OSError:
        pytest.skip("needs a file system that takes any bytes")
    told = ended(client, begin(client, odd, tmp_path / "out", duration_seconds=0.5))
    assert told["input"] == str(odd)
    assert Path(told["result"]["stems"]["vocals"]).is_file()


def test_nothing_is_replaced_unasked(client, song, tmp_path):
    precious = tmp_path / "out" / "Lied Ü" / "vocals.wav"
    precious.parent.mkdir(parents=True)
    precious.write_bytes(b"mine")
    told = ended(client, begin(client, song, tmp_path / "out"))
    assert told["result"]["stems"]["vocals"].endswith("vocals (2).wav")
    told = ended(client, begin(client, song, tmp_path / "out", overwrite="skip"))
    assert told["result"]["kept"]["vocals"] == str(precious)
    assert precious.read_bytes() == b"mine"
    told = ended(client, begin(client, song, tmp_path / "out", overwrite="yes"))
    assert told["result"]["stems"]["vocals"] == str(precious)
    assert soundfile.info(precious).frames == 2 * RATE


def test_progress_is_told_unasked_where_that_was_asked_for(client, long_song, tmp_path):
    job = begin(client, long_song, tmp_path, notify=True)
    told = []
    while not told or told[-1]["state"] not in ("done", "failed", "cancelled"):
        message = client.read()
        assert message["method"] == "progress"
        assert "id" not in message
        told.append(message["params"])
    assert {each["job"] for each in told} == {job}
    fractions = [each["fraction"] for each in told]
    assert fractions == sorted(fractions)
    assert len([each for each in fractions if 0 < each < 1]) > 2
    assert told[-1]["result"]["stems"].keys() == set(STEMS)
    assert any(each["seconds_left"] for each in told)
    assert client.result("version")["protocol"] == 1, "and no more of it"


def test_a_cancelled_job_leaves_no_stem_and_the_next_one_goes_on(client, long_song, tmp_path):
    job = begin(client, long_song, tmp_path)
    waiting = begin(client, long_song, tmp_path / "other")
    wait_until(lambda: client.result("progress", job=job)["fraction"] > 0.1)
    assert client.result("progress", job=waiting)["state"] == "queued"
    client.result("cancel", job=waiting)
    client.result("cancel", job=job)
    assert ended(client, job)["state"] == "cancelled"
    assert ended(client, waiting)["state"] == "cancelled"
    assert [path for path in tmp_path.rglob("*.wav") if not path.name.startswith(".")] == []
    again = ended(client, begin(client, long_song, tmp_path))
    assert again["result"]["resumed_seconds"] > 1
    assert client.result("cancel", job=job)["state"] == "cancelled", "once more does no harm"
    states = {each["job"]: each["state"] for each in client.result("jobs")}
    assert (states[job], states[again["job"]]) == ("cancelled", "done")
    assert client.result("status")["jobs"]["cancelled"] >= 2


def test_a_job_goes_on_without_its_client_unless_it_was_bound(
    busy, client, song, long_song, tmp_path
):
    with busy.known() as second:
        with busy.known() as first:
            job = begin(first, song, tmp_path / "a", notify=True)
            bound = begin(second, long_song, tmp_path / "b", stop_on_disconnect=True)
        assert ended(client, job)["state"] == "done"
        wait_until(lambda: client.result("progress", job=bound)["fraction"] > 0)
    assert ended(client, bound)["state"] == "cancelled"


def test_a_separating_process_that_dies_is_a_sentence(busy, client, long_song, tmp_path):
    job = begin(client, long_song, tmp_path)
    wait_until(lambda: client.result("progress", job=job)["fraction"] > 0.1)
    os.kill(client.result("status")["worker_pid"], signal.SIGTERM)
    error = ended(client, job)["error"]
    assert "long song.wav" in error["problem"]
    assert "goes on where it was" in error["remedy"]
    assert ended(client, begin(client, long_song, tmp_path))["result"]["resumed_seconds"] > 1


def test_the_client_class_waits_and_refuses(busy, song, long_song, tmp_path):
    engine_folder().mkdir(parents=True)
    write_info(busy.info)
    with EngineClient.connect() as client:
        told = []
        job = client.call("separate", input=str(song), output=str(tmp_path / "a"))["job"]
        result = client.wait(job, told.append)
        assert result["stems"].keys() == set(STEMS)
        assert told[-1]["state"] == "done"
        with pytest.raises(UserError, match=r"none\.wav does not exist") as refusal:
            client.call("separate", input=str(tmp_path / "none.wav"), output=str(tmp_path))
        assert refusal.value.remedy == "check the name and the folder"
        with pytest.raises(UserError, match="no such method"):
            client.call("sing")
        job = client.call("separate", input=str(long_song), output=str(tmp_path / "b"))["job"]
        client.call("cancel", job=job)
        with pytest.raises(Cancelled):
            client.wait(job)


def test_memory_is_given_back_and_taken_again(model, song, tmp_path):
    running = Running(EngineSettings(Choice(str(model), "cpu", 1), unload_seconds=0.3))
    try:
        with running.known() as client:
            wait_until(lambda: client.result("status")["loaded"])
            number = client.result("status")["worker_pid"]
            wait_until(lambda: client.result("status")["worker_pid"] is None)
            wait_until(lambda: not runs(number), "its memory is still in use")
            assert client.result("status")["loaded"] is None
            assert ended(client, begin(client, song, tmp_path))["state"] == "done"
    finally:
        running.stop()


def test_a_model_that_cannot_be_loaded_is_told(capfd, tmp_path):
    broken = save_tiny_model(tmp_path / "broken")
    (broken / "weights.safetensors").write_bytes(b"nothing")
    running = Running(EngineSettings(Choice(str(broken), "cpu", 1)))
    try:
        with running.known() as client:
            wait_until(lambda: client.result("status")["load_error"])
    finally:
        running.stop()
    assert "stemdesk: " in capfd.readouterr().err


def test_the_end_cancels_what_runs_and_leaves_nothing_half_written(model, long_song, tmp_path):
    running = Running(EngineSettings(Choice(str(model), "cpu", 1)))
    with running.known() as client:
        job = begin(client, long_song, tmp_path, notify=True)
        wait_until(lambda: client.result("progress", job=job)["fraction"] > 0.05)
        number = client.result("status")["worker_pid"]
        running.stop()
        told = [each["params"] for each in iter(client.read, None)]
        assert told[-1]["state"] == "cancelled"
    assert not runs(number)
    assert [path for path in tmp_path.rglob("*.wav") if not path.name.startswith(".")] == []
