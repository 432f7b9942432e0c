from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.separation.spool import Layout, Spool

KEY = {"version": 1, "model": "toy", "frames": 1000}
STEMS, CHANNELS = 3, 2
STATE = {"device": "cpu", "batch": 1, "chunk_steps": 64}
FRAME_BYTES = 4 * STEMS * CHANNELS
EDGES = (0, 50, 101, 153, 206, 260)  # chunks of 50, 51, 52, 53 and 54 frames


def spool_in(folder, key=KEY):
    return Spool(folder / "work", key, Layout(STEMS, CHANNELS, EDGES))


def chunk(index):
    generator = np.random.default_rng(index)
    return generator.standard_normal((STEMS, CHANNELS, 50 + index)).astype(np.float32)


def fill(folder, count, key=KEY, order=sorted):
    """Bring the spool to ``count`` chunks; returns how many were there already."""
    with spool_in(folder, key) as spool:
        found = len(spool.done)
        for index in order(set(range(count)) - spool.done):
            spool.append(index, chunk(index), STATE)
        return found


def contents(folder):
    return (folder / "work" / "estimates.f32").read_bytes()


@pytest.fixture
def whole(tmp_path):
    """The bytes of five chunks that nobody interrupted."""
    folder = tmp_path / "whole"
    folder.mkdir()
    fill(folder, 5)
    return contents(folder)


def test_what_went_in_comes_out_in_any_portions(tmp_path):
    fill(tmp_path, 3)
    wanted = np.concatenate([chunk(index) for index in range(3)], axis=-1)
    with spool_in(tmp_path) as spool:
        assert (spool.done, spool.frames_done) == ({0, 1, 2}, wanted.shape[-1])
        for portion in (1, 37, 1000):
            with spool.open_samples() as file:
                blocks = [spool.read_estimates(file, portion)]
                while blocks[-1].shape[-1]:
                    blocks.append(spool.read_estimates(file, portion))
            assert np.array_equal(np.concatenate(blocks, axis=-1), wanted)


@pytest.mark.parametrize("cut_bytes", [1, 4, 23, 24, 24 * 54 - 1])
def test_lost_samples_cost_one_chunk(tmp_path, whole, cut_bytes):
    fill(tmp_path, 4)
    path = tmp_path / "work" / "estimates.f32"
    os.truncate(path, path.stat().st_size - cut_bytes)
    # Bytes 24 * 53 and more reach into the chunk before.
    assert fill(tmp_path, 5) == (3 if cut_bytes <= 24 * 53 else 2)
    assert contents(tmp_path) == whole


def test_samples_without_their_journal_line_are_cut_off(tmp_path, whole):
    fill(tmp_path, 3)
    with (tmp_path / "work" / "estimates.f32").open("ab") as file:
        file.write(b"half a chunk")
    assert fill(tmp_path, 5) == 3
    assert contents(tmp_path) == whole


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b'{"chunk": 2, "crc',
        b"\xff\xfe\x00",
        b"\x00\x00\x00\x00",
        b"7",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"chunk": 2}',
        b'{"chunk": 2, "crc32": 1, "engine": {}}',
        b'{"chunk": "2", "crc32": 1, "engine": {}}',
        b'{"chunk": 2.0, "crc32": 1, "engine": {}}',
        b'{"chunk": true, "crc32": 1, "engine": {}}',
        b'{"chunk": [2], "crc32": 1, "engine": {}}',
        b'{"chunk": -1, "crc32": 0, "engine": {}}',
        b'{"chunk": 5, "crc32": 0, "engine": {}}',
        b'{"chunk": 1e999, "crc32": 0, "engine": {}}',
        b'{"chunk": 99999999999999999999999, "crc32": 0, "engine": {}}',
    ],
)
@pytest.mark.parametrize("rest", [False, True])
def test_a_damaged_journal_line_costs_its_chunk(tmp_path, whole, damaged, rest):
    fill(tmp_path, 4)
    journal = tmp_path / "work" / "journal.jsonl"
    lines = journal.read_bytes().splitlines()
    lines = [*lines[:2], damaged, *(lines[3:] if rest else [])]
    journal.write_bytes(b"\n".join(lines))
    assert fill(tmp_path, 5) == (3 if rest else 2)
    assert contents(tmp_path) == whole


def test_changed_samples_are_found_by_their_checksum(tmp_path, whole):
    fill(tmp_path, 4)
    path = tmp_path / "work" / "estimates.f32"
    data = bytearray(path.read_bytes())
    data[24 * 60] ^= 1
    path.write_bytes(data)
    with spool_in(tmp_path) as spool:
        assert spool.done == {0, 2, 3}
    assert fill(tmp_path, 5) == 3
    assert contents(tmp_path) == whole


def test_a_wrong_checksum_in_the_journal_is_not_believed(tmp_path):
    fill(tmp_path, 2)
    journal = tmp_path / "work" / "journal.jsonl"
    first, second = [json.loads(line) for line in journal.read_text().splitlines()]
    second["crc32"] ^= 1
    journal.write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n")
    assert fill(tmp_path, 2) == 1


@pytest.mark.parametrize("name", ["journal.jsonl", "estimates.f32"])
def test_a_missing_file_starts_afresh(tmp_path, whole, name):
    fill(tmp_path, 4)
    (tmp_path / "work" / name).unlink()
    assert fill(tmp_path, 5) == 0
    assert contents(tmp_path) == whole


@pytest.mark.parametrize("changed", [{"model": "other"}, {"frames": 1001}, {"more": 1}])
def test_another_key_starts_afresh(tmp_path, whole, changed):
    fill(tmp_path, 4, KEY | changed)
    assert fill(tmp_path, 5) == 0
    assert contents(tmp_path) == whole


def test_a_damaged_key_starts_afresh(tmp_path):
    fill(tmp_path, 4)
    (tmp_path / "work" / "key.json").write_bytes(b"\xff{")
    assert fill(tmp_path, 5) == 0


CHILD = """
import sys, time
from pathlib import Path
sys.path[:0] = [{root!r}]
from tests.separation.test_spool import STATE, chunk, spool_in
with spool_in(Path({folder!r})) as spool:
    for index in range(len(spool.done), 3):
        spool.append(index, chunk(index), STATE)
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def busy_process(tmp_path, request):
    """Another process that has written three chunks and holds the spool."""
    child = subprocess.Popen(  # our own text, our own interpreter
        [
            sys.executable,
            "-c",
            CHILD.format(root=str(request.config.rootpath), folder=str(tmp_path)),
        ],
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.kill()


def test_a_live_process_keeps_its_spool_and_a_dead_one_leaves_it(tmp_path, whole, busy_process):
    before = contents(tmp_path)
    with pytest.raises(UserError, match="Another StemDesk is at work in"):
        fill(tmp_path, 5)
    with pytest.raises(UserError, match="Another StemDesk"):
        spool_in(tmp_path).discard()
    assert contents(tmp_path) == before, "nothing was touched"
    busy_process.send_signal(signal.SIGKILL)
    busy_process.wait()
    assert fill(tmp_path, 5) == 3
    assert contents(tmp_path) == whole


def test_two_spools_of_one_process_keep_apart(tmp_path):
    with spool_in(tmp_path) as first:
        first.append(0, chunk(0), STATE)
        with pytest.raises(UserError, match="Another StemDesk"), spool_in(tmp_path):
            pass
        first.append(1, chunk(1), STATE)
    assert fill(tmp_path, 2) == 2


def test_a_lock_file_that_was_left_behind_holds_nobody(tmp_path):
    fill(tmp_path, 2)
    (tmp_path / "work" / "lock").write_text(str(os.getppid()))
    assert fill(tmp_path, 2) == 2


def test_a_file_system_without_locks_works(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def refuse(*_):
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert fill(tmp_path, 2) == 0
    assert fill(tmp_path, 2) == 2


def test_a_full_disk_is_a_sentence_and_costs_nothing_done(tmp_path, whole, monkeypatch):
    fill(tmp_path, 2)
    with spool_in(tmp_path) as spool:

        def full(_handle):
            raise OSError(errno.ENOSPC, "no space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(UserError, match="disk is full"):
                spool.append(2, chunk(2), STATE)
        assert spool.done == {0, 1}
    assert fill(tmp_path, 5) == 2
    assert contents(tmp_path) == whole


def test_a_really_full_device_is_a_sentence_too(tmp_path):
    try:
        device = open("/dev/full", "ab")  # noqa: SIM115, PTH123 - handed to the spool
    except OSError:
        pytest.skip("needs /dev/full, which is not here")
    with spool_in(tmp_path) as spool:
        spool._samples.close()
        spool._samples = device
        with pytest.raises(UserError, match="disk is full"):
            spool.append(0, chunk(0), STATE)


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 3, 4, 0, 1), (1, 4, 0, 3, 2)])
def test_chunks_may_come_in_any_order(tmp_path, whole, order):
    with spool_in(tmp_path) as spool:
        for count, index in enumerate(order):
            assert not spool.is_complete
            spool.append(index, chunk(index), STATE | {"batch": index})
            assert spool.done == set(order[: count + 1])
        assert spool.is_complete
    assert contents(tmp_path) == whole
    with spool_in(tmp_path) as spool:
        assert spool.is_complete
        assert spool.engine_state["batch"] == order[-1], "the last that came, not the last in place"


def test_what_is_missing_is_silent_and_its_neighbours_are_not(tmp_path):
    with spool_in(tmp_path) as spool:
        spool.append(3, chunk(3), STATE)
        spool.append(1, chunk(1), STATE)
        assert spool.layout.spans(spool.done) == [(50, 101), (153, 206)]
    with spool_in(tmp_path) as spool, spool.open_samples() as file:
        assert spool.done == {1, 3}
        found = spool.read_estimates(file, 1000)
    holes = [np.zeros((STEMS, CHANNELS, count), np.float32) for count in (50, 52)]
    wanted = np.concatenate([holes[0], chunk(1), holes[1], chunk(3)], axis=-1)
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("order", [(3, 1), (1, 3)])
def test_a_kill_at_any_moment_costs_the_chunk_at_hand(tmp_path, whole, order):
    """Whatever was on its way to the disk: samples in part, or a part of the line."""
    work = tmp_path / "work"
    with spool_in(tmp_path) as spool:
        spool.append(order[0], chunk(order[0]), STATE)
        samples, journal = contents(tmp_path), (work / "journal.jsonl").read_bytes()
        spool.append(order[1], chunk(order[1]), STATE)
    later, line = contents(tmp_path), (work / "journal.jsonl").read_bytes()
    first = EDGES[order[1]] * FRAME_BYTES
    for written in (0, 1, FRAME_BYTES * 20 + 3):
        torn = bytearray(max(samples, later[: first + written], key=len))
        torn[: len(samples)] = samples
        torn[first : first + written] = later[first : first + written]
        (work / "estimates.f32").write_bytes(torn)
        (work / "journal.jsonl").write_bytes(journal)
        with spool_in(tmp_path) as spool:
            assert spool.done == {order[0]}
    for cut in (1, 5, len(line) - len(journal) - 1):
        (work / "estimates.f32").write_bytes(later)
        (work / "journal.jsonl").write_bytes(line[:-cut])
        with spool_in(tmp_path) as spool:
            # Without its newline alone the line is still whole.
            assert spool.done == ({*order} if cut == 1 else {order[0]})
    fill(tmp_path, 5)
    assert contents(tmp_path) == whole


def test_a_line_that_stands_twice_counts_once(tmp_path):
    fill(tmp_path, 2)
    journal = tmp_path / "work" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() * 2)
    assert discarded(tmp_path) == 2
    assert len(journal_lines(tmp_path)) == 2


def test_estimates_of_the_wrong_length_are_refused(tmp_path):
    with spool_in(tmp_path) as spool, pytest.raises(ValueError, match="chunk 1 has 50 frames"):
        spool.append(1, chunk(0), STATE)


def test_discarding_leaves_nothing(tmp_path):
    with spool_in(tmp_path) as spool:
        spool.append(0, chunk(0), STATE)
        spool.discard()
        assert not (tmp_path / "work").exists()
    assert not (tmp_path / "work").exists()
    spool_in(tmp_path).discard()
    fill(tmp_path, 1)
    spool_in(tmp_path).discard()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_spool_takes_nothing(tmp_path):
    with pytest.raises(ValueError, match="not open"):
        spool_in(tmp_path).append(0, chunk(0), STATE)


def journal_lines(folder):
    return (folder / "work" / "journal.jsonl").read_text().splitlines()


def test_the_engines_state_comes_back_with_the_last_whole_chunk(tmp_path):
    with spool_in(tmp_path) as spool:
        assert spool.engine_state == {}
        for index in range(3):
            spool.append(index, chunk(index), STATE | {"batch": 3 - index})
            assert spool.engine_state["batch"] == 3 - index
    with spool_in(tmp_path) as spool:
        assert spool.engine_state == STATE
    path = tmp_path / "work" / "estimates.f32"
    os.truncate(path, path.stat().st_size - 1)
    with spool_in(tmp_path) as spool:
        assert spool.engine_state == STATE | {"batch": 2}


@pytest.mark.parametrize("engine", ["", ', "engine": 5', ', "engine": [1]'])
def test_a_line_without_the_engines_state_does_not_count(tmp_path, engine):
    fill(tmp_path, 2)
    first, second = journal_lines(tmp_path)
    second = second.split(', "engine"')[0] + engine + "}"
    (tmp_path / "work" / "journal.jsonl").write_text(f"{first}\n{second}\n")
    assert fill(tmp_path, 2) == 1


def discarded(folder, key=KEY):
    with spool_in(folder, key) as spool:
        return spool.discarded_chunks


def test_chunks_thrown_away_are_counted(tmp_path):
    assert discarded(tmp_path) == 0
    fill(tmp_path, 4)
    assert discarded(tmp_path) == 0
    other = KEY | {"frames": 7}
    assert discarded(tmp_path, other) == 4
    assert discarded(tmp_path, other) == 0
    fill(tmp_path, 4, other)
    (tmp_path / "work" / "estimates.f32").unlink()
    assert discarded(tmp_path, other) == 4
    fill(tmp_path, 3, other)
    path = tmp_path / "work" / "estimates.f32"
    os.truncate(path, path.stat().st_size - 1)
    assert discarded(tmp_path, other) == 1


def test_a_chunk_that_was_not_finished_is_not_counted_as_thrown_away(tmp_path):
    fill(tmp_path, 2)
    with (tmp_path / "work" / "journal.jsonl").open("a") as journal:
        journal.write('{"chunk": 2')
    assert discarded(tmp_path) == 0


def refuse_with(number):
    def refuse(*_args, **_options):
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "may not be written"),
        (errno.EIO, "could not"),
    ],
)
@pytest.mark.parametrize("place", ["mkdir", "open", "touch", "read_bytes", "write_bytes", "unlink"])
def test_a_disk_that_refuses_at_the_start_is_a_sentence(
    tmp_path, monkeypatch, place, number, sentence
):
    fill(tmp_path, 2)
    kind = type(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(kind, place, refuse_with(number))
        with pytest.raises(UserError, match=sentence):
            discarded(tmp_path, KEY | {"frames": 7})
    with spool_in(tmp_path) as spool:
        assert not spool._samples.closed, "the lock was given back"


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path):
    (tmp_path / "work").write_text("")
    with pytest.raises(UserError, match="could not be written"):
        fill(tmp_path, 1)
