"""The engine looks after the slots of Bridge plug-ins, one queue with everything else."""

from __future__ import annotations

import struct
import time

import numpy as np
import pytest

from stemdesk.app.bridge.slots import (
    CAPTURE_SUFFIX,
    FAILED_SUFFIX,
    STEMS_SUFFIX,
    numbered_slot,
    slots_folder,
)
from stemdesk.app.engine.bridging import POLL_SECONDS, Bridging
from stemdesk.app.engine.server import EngineSettings
from stemdesk.app.forecast import Choice
from tests.app.engine.rig import Running, wait_until
from tests.app.tiny import RATE, music, save_tiny_model

CAPTURE_HEADER = struct.Struct("<8sIIIIqq24x")


@pytest.fixture
def slot():
    slot = numbered_slot(slots_folder(), 7)
    slot.mkdir(parents=True)
    return slot


@pytest.fixture
def bridged(tmp_path):
    """Starts an engine with a thread for the Bridge."""
    started = []

    def start():
        model = save_tiny_model(tmp_path / "short", steps=16, overlap_steps=4)
        running = Running(EngineSettings(Choice(str(model), "cpu", 1), is_warm=False))
        bridging = Bridging(running.engine)
        bridging.start()
        started.append((running, bridging))
        return running, bridging

    yield start
    for running, bridging in started:
        bridging.close()
        running.stop()


def capture(slot, seconds):
    """As a plug-in leaves it: whole, by a rename."""
    samples = music(round(RATE * seconds)).astype(np.float32)
    header = CAPTURE_HEADER.pack(b"SDCAPT01", 64, RATE, 2, 0, 48_000, samples.shape[1])
    path = slot / f"capture-1{CAPTURE_SUFFIX}"
    hidden = slot / ".part"
    hidden.write_bytes(header + samples.T.tobytes())
    hidden.rename(path)
    return path


def test_a_capture_becomes_stems(bridged, slot):
    running, _ = bridged()
    capture(slot, 2)
    wait_until(lambda: list(slot.glob(f"stems-*{STEMS_SUFFIX}")))
    (job,) = running.engine.jobs.all
    assert job.entry.result.null.verdict == "exact"
    wait_until(lambda: not list(slot.glob("capture-*")))
    assert running.engine.jobs.counts()["done"] == 1


def test_an_end_in_the_middle_leaves_the_capture_for_the_next_engine(bridged, slot):
    running, bridging = bridged()
    path = capture(slot, 20)
    wait_until(lambda: any(job.entry.fraction > 0 for job in running.engine.jobs.all))
    running.stop()
    time.sleep(4 * POLL_SECONDS)  # it looks again, and must not begin what nobody will end
    bridging.close()
    assert path.exists()
    assert not list(slot.glob(f"*{FAILED_SUFFIX}"))
    assert not list(slot.glob(f"*{STEMS_SUFFIX}"))
    assert running.engine.jobs.counts()["cancelled"] == 1


def test_a_capture_that_is_none_costs_the_others_nothing(bridged, slot, capfd):
    running, _ = bridged()
    (slot / f"capture-0{CAPTURE_SUFFIX}").write_bytes(b"nothing")
    wait_until(lambda: list(slot.glob(f"*{FAILED_SUFFIX}")))
    with running.known() as client:
        assert client.result("version")
    wait_until(lambda: "is damaged" in capfd.readouterr().err)
