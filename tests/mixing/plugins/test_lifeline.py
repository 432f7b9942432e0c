"""A plug-in's process ends soon after the mixer, and not before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.plugins.starter import Starter
from stemdesk.mixing.plugins.wire import Frame, Kind, Wire, pack_block
from tests.mixing.plugins.processes import ROOT, ends, is_running

HANG, HANG_WHEN_SAVED = 0.2, 0.7
SILENCE = Frame(Kind.BLOCK, {}, pack_block(np.zeros((2, 512), np.float32)), 0.5)

MIXER = """
import sys, threading, time
import numpy as np
from stemdesk.mixing.plugins.sandbox import Sandbox
from stemdesk.mixing.plugins.wire import Frame, Kind, pack_block

path, trouble = sys.argv[1], float(sys.argv[2])
sandbox = Sandbox("plain")
sandbox.request(30.0, "load", path=path, name="", rate_hz=48000, channels=2, values={})
def trigger():
    sandbox.tell(Frame(Kind.SET, {"trouble": trouble}), 600.0)
    sandbox.ask(Frame(Kind.BLOCK, {}, pack_block(np.zeros((2, 512), np.float32))), 600.0)
    sandbox.ask(Frame(Kind.REQUEST, {"do": "state"}), 600.0)
if trouble:
    threading.Thread(target=trigger, daemon=True).start()
    time.sleep(0.3)
print(sandbox.process_id, flush=True)
time.sleep(60.0)
"""


@pytest.mark.parametrize(
    "trouble", [0.0, HANG, HANG_WHEN_SAVED], ids=["idle", "hanging", "hanging with Python's lock"]
)
def test_the_child_ends_when_the_mixer_is_killed(built, trouble):
    mixer = subprocess.Popen(
        [sys.executable, "-c", MIXER, str(built / "plain.vst3"), str(trouble)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    with mixer:
        child = int(mixer.stdout.readline())
        assert is_running(child)
        mixer.kill()
    assert ends(child)


UNAIDED = """
from stemdesk.mixing.plugins import host, lifeline
lifeline._SET_PARENT_DEATH_SIGNAL = 0  # no such request: the kernel does nothing
host.main()
"""
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=int(sys.argv[2]),
                         stdout=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
child.stdout.read(1)
print(flush=True)
time.sleep(60.0)
"""


@pytest.fixture
def unaided():
    """A child without the kernel's help, whose input stays open; its parent, its number, a wire."""
    incoming, outgoing = os.pipe()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, UNAIDED, str(incoming)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        pass_fds=[incoming],
    )
    os.close(incoming)
    with parent, os.fdopen(outgoing, "wb") as stream:
        child = int(parent.stdout.readline())
        yield parent, child, Wire(parent.stdout, stream)
        parent.kill()
        if is_running(child):
            os.kill(child, signal.SIGKILL)


def loaded(built, wire):
    facts = {"path": str(built / "plain.vst3"), "name": "", "rate_hz": 48_000, "channels": 2}
    wire.send(Frame(Kind.REQUEST, {"do": "load", **facts, "values": {}}, b"", 30.0))


def test_an_input_that_somebody_else_holds_open_keeps_no_child_alive(built, unaided):
    parent, child, wire = unaided
    loaded(built, wire)
    assert parent.stdout.readline() == b"\n"
    parent.kill()
    parent.wait()
    assert ends(child)


def test_a_child_that_hangs_with_python_s_lock_ends_without_the_kernel_s_help(built, unaided):
    parent, child, wire = unaided
    loaded(built, wire)
    assert parent.stdout.readline() == b"\n"
    wire.send(Frame(Kind.SET, {"trouble": HANG_WHEN_SAVED}, b"", 0.5))
    wire.send(SILENCE)
    wire.send(Frame(Kind.REQUEST, {"do": "state"}, b"", 0.5))
    time.sleep(0.5)  # it hangs now, and has given all the answers it ever will
    parent.kill()
    parent.wait()
    assert ends(child)


def test_the_timer_strikes_in_native_code_and_only_where_it_is_too_slow():
    code = """
import ctypes, time
from stemdesk.mixing.plugins import lifeline
lifeline.MARGIN_SECONDS = 0.0
for patience_seconds in (0.05, 0.0):
    with lifeline.within(patience_seconds):
        pass
    time.sleep(0.1)
with lifeline.within(0.0):
    time.sleep(0.1)
print("alive", flush=True)
with lifeline.within(0.05):
    ctypes.PyDLL(None).sleep(60)
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert ended.stdout == b"alive\n", ended.stderr
    assert ended.returncode == -signal.SIGALRM


def test_a_plug_in_outlives_the_thread_that_loaded_it(built):
    made = []

    def load():
        made.append(PluginEffect(PluginChoice(str(built / "plain.vst3")), 48_000, 2))

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    effect = made[0]
    try:
        sound = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 512)).astype(np.float32)
        for _ in range(20):
            assert np.array_equal(effect.process(sound), sound)
        assert effect.fault is None
    finally:
        effect.close()


def test_what_cannot_be_started_is_told_where_it_was_asked_for():
    def refuse():
        raise OSError("no more processes")

    starter = Starter()
    with pytest.raises(OSError, match="no more processes"):
        starter.start(refuse)
    assert starter.start(lambda: threading.current_thread()) is not threading.current_thread()
    assert starter.start(lambda: threading.current_thread()).is_alive()
    starter.renew()
    assert starter.start(threading.get_ident) != threading.get_ident()
