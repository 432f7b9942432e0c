from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from stemdesk.errors import UserError
from stemdesk.project import lock as lock_module
from stemdesk.project.lock import FolderLock, ProjectLocked, is_locked, lock_if_writable

HOLD = """
import sys
from pathlib import Path
from stemdesk.errors import UserError
from stemdesk.project import lock as lock_module
from stemdesk.project.lock import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_opener_is_told_who_has_it(tmp_path, holder):
    assert is_locked(tmp_path)
    with pytest.raises(ProjectLocked) as refusal:
        FolderLock(tmp_path)
    who = refusal.value.holder
    assert (who.host, who.pid) == (socket.gethostname(), holder.pid)
    assert timedelta(0) <= datetime.now(UTC) - who.since < timedelta(minutes=2)
    for word in (tmp_path.stem, who.host, str(who.pid), f"{who.since:%H:%M}", "read-only", "copy"):
        assert word in str(refusal.value)


def test_what_a_killed_process_leaves_never_blocks(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "lock").exists()
    assert not is_locked(tmp_path)
    lock = FolderLock(tmp_path)
    assert json.loads((tmp_path / "lock").read_bytes())["pid"] == os.getpid()
    lock.release()


def test_a_lock_with_any_content_is_no_lock(tmp_path):
    live = {"host": socket.gethostname(), "pid": os.getpid(), "since": "2026-01-01T00:00:00+00:00"}
    for content in (b"", b"\xff garbage" * 500, json.dumps(live).encode()):
        (tmp_path / "lock").write_bytes(content)
        assert not is_locked(tmp_path)
        lock = FolderLock(tmp_path)
        assert json.loads((tmp_path / "lock").read_bytes())["since"] != live["since"]
        lock.release()


def test_one_process_does_not_open_it_twice(tmp_path):
    lock = FolderLock(tmp_path)
    with pytest.raises(ProjectLocked):
        FolderLock(tmp_path)
    lock.release()
    lock.release()
    assert not (tmp_path / "lock").exists()
    FolderLock(tmp_path).release()


def test_a_holder_that_has_not_signed_yet(tmp_path):
    lock = FolderLock(tmp_path)
    (tmp_path / "lock").write_bytes(b"")
    with pytest.raises(ProjectLocked, match="open in another StemDesk:") as refusal:
        FolderLock(tmp_path)
    assert refusal.value.holder is None
    lock.release()


def test_a_late_release_leaves_the_next_ones_lock_alone(tmp_path):
    first = FolderLock(tmp_path)
    (tmp_path / "lock").unlink()
    second = FolderLock(tmp_path)
    first.release()
    assert is_locked(tmp_path)
    second.release()


def test_a_lock_that_was_removed_before_it_was_had_is_no_lock(tmp_path, monkeypatch):
    real, calls = lock_module.try_lock, []

    def after_a_release(handle, byte):
        calls.append(handle)
        if len(calls) == 1:
            (tmp_path / "lock").unlink()  # its holder let go between our opening and locking
        return real(handle, byte)

    monkeypatch.setattr(lock_module, "try_lock", after_a_release)
    lock = FolderLock(tmp_path)
    assert is_locked(tmp_path)
    lock.release()


def test_a_file_system_without_locks_lets_everybody_in(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def unsupported(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.release()
    second.release()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_where_nothing_may_be_written_there_is_no_lock(tmp_path, monkeypatch, number):
    def refused(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("stemdesk.project.lock.os.open", refused)
    assert lock_if_writable(tmp_path) is None


def test_a_full_disk_is_no_disk_for_reading_only(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("stemdesk.project.lock.os.open", full)
    with pytest.raises(UserError, match="disk is full"):
        lock_if_writable(tmp_path)


def test_no_folder_no_lock(tmp_path):
    assert not is_locked(tmp_path / "gone")
    assert not is_locked(tmp_path)
    assert list(tmp_path.iterdir()) == []
