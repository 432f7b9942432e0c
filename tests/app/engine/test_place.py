"""One engine for each user, found by a file that only its user can read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import pytest

from stemdesk.app.engine.client import EngineClient, running_engine
from stemdesk.app.engine.info import (
    EngineInfo,
    engine_folder,
    info_path,
    read_info,
    remove_info,
    write_info,
)
from stemdesk.app.engine.place import claimed_place
from stemdesk.errors import UserError


def info(**more):
    told = {"port": 9, "token": "secret", "pid": os.getpid(), "version": "1"}
    return EngineInfo(**(told | more))


def dead_process():
    """The number of a process that was."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_only_the_user_can_read_it(monkeypatch):
    old = os.umask(0)
    try:
        with claimed_place() as place:
            place.publish(info())
            assert info_path().stat().st_mode & 0o777 == 0o600
            assert engine_folder().stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(old)


def test_it_goes_with_the_engine():
    with claimed_place() as place:
        assert not place.is_stale
        place.publish(info())
        assert read_info() == info()
    assert not info_path().exists()


def test_the_file_of_another_engine_stays():
    engine_folder().mkdir(parents=True)
    write_info(info(token="other"))
    remove_info(info())
    assert read_info() == info(token="other")


def test_the_second_is_told_of_the_first(running):
    with claimed_place() as place:
        place.publish(running.info)
        with pytest.raises(UserError, match=f"already at {running.info.address}"), claimed_place():
            pass
        assert read_info() == running.info, "the first is still found"
    with claimed_place():
        pass


def test_where_a_disk_has_no_locks_an_engine_that_answers_is_the_first(running):
    engine_folder().mkdir(parents=True)
    write_info(running.info)
    with pytest.raises(UserError, match="already at"), claimed_place():
        pass


def test_one_that_only_begins_is_named():
    with claimed_place(), pytest.raises(UserError, match=f"process {os.getpid()} on"):
        claimed_place().__enter__()


def test_the_file_of_a_killed_engine_does_no_harm():
    engine_folder().mkdir(parents=True)
    write_info(info(pid=dead_process()))
    with pytest.raises(UserError, match="does not answer"):
        EngineClient.connect()
    with claimed_place() as place:
        assert place.is_stale


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"port": "x"}', b"\xff\xfe"])
def test_a_damaged_file_is_none(text):
    engine_folder().mkdir(parents=True)
    info_path().write_bytes(text)
    assert read_info() is None
    with pytest.raises(UserError, match="No engine runs"):
        EngineClient.connect()


def test_a_process_that_has_taken_the_number_is_seen_through(running):
    """The port may be another engine's, and the number of the process anybody's."""
    engine_folder().mkdir(parents=True)
    for told in (info(port=running.info.port), info(port=free_port())):
        write_info(told)
        assert running_engine() is None
    wrong = {"port": running.info.port, "token": running.info.token, "pid": os.getppid()}
    write_info(info(**wrong))
    assert running_engine() is None, "it is another process that answers"
    write_info(running.info)
    assert running_engine() == running.info


@pytest.mark.parametrize(
    "answer",
    [b"", b"220 mail.example.org ESMTP\r\n", b"[]\n", b'{"id": 1}\n', b'{"id": 1, "result": []}\n'],
)
def test_somebody_else_at_the_port_is_seen_through(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_once, args=(server, answer))
        thread.start()
        with pytest.raises(UserError, match="does not answer"):
            EngineClient(info(port=server.getsockname()[1]))
        thread.join()


def _answer_once(server, answer):
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(answer)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
