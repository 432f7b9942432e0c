"""The engine's socket: strangers, nonsense and slow clients do it no harm."""

from __future__ import annotations

import json
import os
import socket
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.app.engine import connection, server
from stemdesk.app.engine.connection import MOST_LINE_BYTES
from stemdesk.app.engine.rpc import MOST_IN_BATCH
from stemdesk.app.engine.server import EngineSettings
from tests.app.engine.rig import Running, flood, wait_until
from tests.app.engine.test_rpc import ALMOST, JSON

UNAUTHORISED = -32001
METHODS = ("version", "status", "jobs", "progress", "watch", "cancel", "separate", "load", "auth")

quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def client(running):
    with running.known() as client:
        yield client


def lives(running):
    """Whether it still answers somebody who comes now."""
    with running.known() as client:
        return client.result("version")["pid"] == os.getpid()


def test_who_shows_the_token_is_told_who_answers(running):
    with running.raw() as client:
        told = client.result("auth", token=running.info.token)
        assert told["pid"] == running.info.pid == os.getpid()
        assert told["protocol"] == 1
        assert client.result("status")["address"] == running.info.address
    assert running.info.host == "127.0.0.1"


@pytest.mark.parametrize("token", ["", "x", 5, None, ["x"], "\ud800", "é" * 50])
def test_a_bad_token_is_refused_and_hung_up_on(running, token):
    with running.raw() as client:
        assert client.error("auth", token=token)["code"] in (UNAUTHORISED, -32602)
        assert client.is_hung_up()
    assert lives(running)


def test_half_a_token_and_more_than_a_token_are_none(running):
    for token in (running.info.token[:-1], running.info.token + "x", running.info.token.upper()):
        with running.raw() as client:
            assert client.error("auth", token=token)["code"] == UNAUTHORISED
            assert client.is_hung_up()


@pytest.mark.parametrize("method", [*METHODS[:-1], "shutdown", "devices", "no such"])
def test_nothing_is_done_for_strangers(running, method):
    with running.raw() as client:
        assert client.error(method)["code"] == UNAUTHORISED
        assert client.is_hung_up()
    assert not running.has_ended


def test_a_browser_is_hung_up_on(running):
    """A page may send to any port; what it cannot do is begin with our token."""
    with running.raw() as client:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "shutdown"})
        client.send(f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n{body}\n".encode())
        assert client.read()["error"]["code"] == -32700
        assert client.is_hung_up()
    assert lives(running)


def test_the_token_may_come_in_a_batch_but_first(running):
    auth = {"jsonrpc": "2.0", "method": "auth", "params": [running.info.token]}
    version = {"jsonrpc": "2.0", "method": "version", "id": 1}
    with running.raw() as client:
        client.send(json.dumps([auth, version]).encode() + b"\n")
        assert client.read()[0]["result"]["pid"] == os.getpid()
        assert client.result("jobs") == []
    with running.raw() as client:
        client.send(json.dumps([version, auth]).encode() + b"\n")
        assert client.read()[0]["error"]["code"] == UNAUTHORISED


def test_a_known_client_may_say_nonsense(client):
    client.send(b"\xff\x00 nonsense\r\n\n{}\n" + b"[" * 50_000 + b'\n{"id": NaN}\n')
    codes = [client.read()["error"]["code"] for _ in range(5)]
    assert codes == [-32700, -32700, -32600, -32700, -32700]
    assert client.result("version")["protocol"] == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_a_line_without_end_is_hung_up_on(running, is_known):
    client = running.known() if is_known else running.raw()
    with client, pytest.raises(OSError, match=r"reset|pipe|abort"):
        flood(client, b"x" * 65_536, 20_000)  # more than any buffers hold
    assert lives(running)


def test_the_longest_line_is_taken(client):
    padding = "x" * (MOST_LINE_BYTES - 200)
    assert client.error("version", why=padding)["code"] == -32602


def test_half_a_line_and_a_client_that_leaves(running):
    with running.raw() as client:
        client.send(b'{"jsonrpc": "2.0", "method": "au')
    with running.known() as client:
        client.send(b'{"jsonrpc": "2.0", "method": "shutdown"}')  # never sent off
    assert lives(running)
    assert not running.has_ended


def test_a_line_may_come_byte_by_byte(client):
    for byte in b'{"jsonrpc": "2.0", "method": "version", "id": 1}\n':
        client.send(bytes([byte]))
    assert client.read()["result"]["protocol"] == 1


def test_who_shows_nothing_has_little_time(monkeypatch):
    monkeypatch.setattr(connection, "AUTH_SECONDS", 0.1)
    running = Running()
    try:
        with running.raw() as client:
            client.send(b"{")
            assert client.is_hung_up()
        with running.known() as client:
            time.sleep(0.2)
            assert client.result("version")
    finally:
        running.stop()


def test_strangers_give_way_and_clients_do_not(running, monkeypatch):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 8)
    strangers = [running.raw() for _ in range(30)]
    known = [running.known() for _ in range(8)]
    assert all(each.result("version") for each in known)
    assert all(each.is_hung_up() for each in strangers)
    with running.raw() as late:
        assert late.read()["error"]["message"] == "Too many clients"
        assert late.is_hung_up()
    for each in (*strangers, *known):
        each.close()
    wait_until(lambda: not running.engine._connections)
    assert lives(running)


def test_who_does_not_read_is_given_up(monkeypatch):
    monkeypatch.setattr(connection, "SLOW_SECONDS", 0.2)
    running = Running()
    try:
        with running.known() as client, running.known() as other:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one = {"jsonrpc": "2.0", "method": "status", "id": 1}
            ask = json.dumps([one] * MOST_IN_BATCH).encode() + b"\n"
            with pytest.raises(OSError, match=r"reset|pipe|abort"):
                flood(client, ask, 20_000)  # more than any buffers hold
            assert other.result("version")["protocol"] == 1
    finally:
        running.stop()


def test_unknown_methods_and_parameters(client):
    assert client.error("rpc.discover")["code"] == -32601
    assert client.error("version", more=1)["code"] == -32602
    assert client.error("progress")["code"] == -32602
    assert client.error("progress", job="1")["code"] == -32602
    assert client.error("progress", job=True)["code"] == -32602
    assert client.ask("progress", [1, 2])["error"]["code"] == -32602
    error = client.error("progress", job=999)
    assert error["code"] == -32000
    assert "999" in error["data"]["problem"]


@pytest.mark.parametrize(
    ("params", "fragment"),
    [
        ({"input": "song.wav"}, "input"),
        ({"input": "/a\0b"}, "input"),
        ({"input": "/\ud800"}, "input"),
        ({"output": "stems"}, "output"),
        ({"start_seconds": -1}, "start_seconds"),
        ({"start_seconds": 1e300}, "start_seconds"),
        ({"start_seconds": "0"}, "start_seconds"),
        ({"duration_seconds": 0}, "duration_seconds"),
        ({"duration_seconds": 10**400}, "parameters are not right"),
        ({"threads": 0}, "threads"),
        ({"threads": 2**70}, "threads"),
        ({"device": "abacus"}, "device"),
        ({"overwrite": "ask"}, "overwrite"),
        ({"format": "exe"}, "format"),
        ({"stems": "vocals"}, "stems"),
        ({"stems": ["x"] * 1000}, "stems"),
        ({"karaoke": 1}, "karaoke"),
        ({"adapt": "yes"}, "adapt"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_parameters_are_checked(client, tmp_path, params, fragment):
    whole = {"input": str(tmp_path / "a.wav"), "output": str(tmp_path / "out")}
    told = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "separate", "params": whole | params})
    client.send(told.encode() + b"\n")
    error = client.read()["error"]
    assert error["code"] == -32602
    assert fragment in error["message"]


@pytest.mark.parametrize(
    ("params", "fragment"),
    [
        ({}, "a.wav does not exist"),
        ({"model": "no such model"}, "There is no model"),
        ({"stems": ["guitar"]}, "guitar"),
        ({"name": "all"}, "all stems get one file"),
    ],
)
def test_what_cannot_be_separated_is_told_at_once(client, tmp_path, params, fragment):
    whole = {"input": str(tmp_path / "a.wav"), "output": str(tmp_path / "out"), **params}
    error = client.error("separate", **whole)
    assert error["code"] == -32000
    assert fragment in error["data"]["problem"]
    assert error["data"]["remedy"]
    assert not (tmp_path / "out").exists()


def test_models_and_devices(client):
    (default,) = [each for each in client.result("models") if each["is_default"]]
    assert {"id", "title", "stems", "sample_rate", "licence"} <= default.keys()
    devices = client.result("devices")
    assert [each["name"] for each in devices] == ["cuda", "mps", "cpu"]
    assert devices[-1]["usable"]


@quick
@given(data=st.binary(max_size=2000))
def test_random_bytes_from_strangers(running, data):
    with running.raw() as client:
        client.send(data + b"\n")
        answer = client.read()
        assert answer is None or "error" in str(answer)


LINES = st.one_of(
    st.binary(max_size=200).map(lambda line: line.replace(b"\n", b"")),
    st.builds(
        lambda message, method: json.dumps({**message, "method": method}).encode(),
        ALMOST,
        st.sampled_from(METHODS),
    ),
    JSON.map(lambda message: json.dumps(message).encode()),
)


@quick
@given(lines=st.lists(LINES, max_size=12), cut=st.integers(0, 40))
def test_random_lines_from_a_client_that_hangs_up(running, lines, cut):
    with running.known() as client:
        data = b"\n".join(lines)
        client.send(data[: max(0, len(data) - cut)])
    assert not running.has_ended


SEPARATE = st.fixed_dictionaries(
    {"input": st.text(max_size=20) | JSON, "output": st.text(max_size=20) | JSON},
    optional=dict.fromkeys(("start_seconds", "stems", "model", "threads", "name"), JSON),
)


@quick
@given(params=SEPARATE, method=st.sampled_from(["separate", "load", "cancel", "watch"]))
def test_random_parameters(running, params, method):
    with running.known() as client:
        line = json.dumps({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
        client.send(line.encode() + b"\n")
        assert client.read()["error"]["code"] in (-32602, -32700)


def test_it_lives_after_all_that(running):
    assert lives(running)
    assert running.engine.jobs.all == ()


def test_shutdown_is_answered_before_the_end():
    running = Running()
    with running.known() as client, running.known() as other:
        assert client.result("shutdown") == {"ending": True}
        assert client.is_hung_up()
        assert other.is_hung_up()
        running.stop()


def test_an_engine_that_nobody_uses_ends():
    running = Running(EngineSettings(is_warm=False, exit_seconds=0.3))
    with running.known():
        time.sleep(1.2)
        assert not running.has_ended, "somebody is there"
    wait_until(lambda: running.has_ended)
    running.stop()
