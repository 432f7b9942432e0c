"""Freed memory that is kept for the next step: on processors with glibc, as long as a run lasts."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import torch

from stemdesk_training import trainer
from stemdesk_training.run.memory import keeping_freed_memory
from tests.training.small_run import kind

pytestmark = pytest.mark.usefixtures("_one_thread")
BLOCKS, BLOCK_BYTES = 4, 100 * 2**20
RESIDENT = Path("/proc/self/statm")


def resident_bytes():
    return int(RESIDENT.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def use_blocks():
    blocks = [torch.empty(BLOCK_BYTES, dtype=torch.uint8).fill_(1) for _ in range(BLOCKS)]
    del blocks


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone can be told")
def test_freed_blocks_stay_and_go_back_at_the_end():
    ctypes.CDLL(None).malloc_trim(0)  # what tests before have left would be used again
    before = resident_bytes()
    with keeping_freed_memory():
        use_blocks()
        kept = resident_bytes() - before
    given_back = resident_bytes() - before
    use_blocks()
    usual = resident_bytes() - before
    assert kept > 0.9 * BLOCKS * BLOCK_BYTES
    assert given_back < 0.1 * BLOCKS * BLOCK_BYTES
    # Of what it had from the system meanwhile the C library may keep a block or two.
    assert usual < 0.9 * BLOCKS * BLOCK_BYTES


def test_other_systems_go_on_as_they_do(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("ctypes.CDLL", lambda name: pytest.fail(f"{name} was asked"))
    with keeping_freed_memory():
        pass


@pytest.mark.parametrize(("preset", "keeps"), [("auto", True), ("high", False), ("low", False)])
def test_a_run_keeps_it_where_there_is_room(tiny, noise_pool, tmp_path, monkeypatch, preset, keeps):
    now, while_training = [False], []

    @contextmanager
    def recorded():
        now[0] = True
        yield
        now[0] = False

    def listen(event):
        if kind(event) == "step":
            while_training.append(now[0])

    monkeypatch.setattr(trainer, "keeping_freed_memory", recorded)
    small = msgspec.structs.replace(
        tiny, memory=preset, optimiser=msgspec.structs.replace(tiny.optimiser, steps=1)
    )
    trainer.Trainer(small, noise_pool, tmp_path / "run", listen).run()
    assert while_training == [keeps]
    assert now == [False]
