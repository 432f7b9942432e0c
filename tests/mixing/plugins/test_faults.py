"""The plug-in at its worst: whatever it does, the song goes on, and nothing is left behind."""

from __future__ import annotations

import errno
import gc
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from stemdesk.errors import UserError
from stemdesk.mixing.plugins.client import Patience, PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from tests.mixing.plugins.processes import ROOT, is_running

RATE, BLOCK = 48_000, 512
CRASH, HANG, NAN, INFINITE, THROW, CHATTER, HANG_WHEN_SAVED = (each / 10 for each in range(1, 8))
HASTY = Patience(block=1.0, request=1.0)


def tone(block_count):
    """Two low sines, for which a click is easily seen; they begin softly."""
    time_seconds = np.arange(block_count * BLOCK) / RATE
    sines = [np.sin(2 * np.pi * hz * time_seconds + hz) for hz in (200, 310)]
    return (0.5 * np.minimum(1.0, time_seconds / 0.02) * np.stack(sines)).astype(np.float32)


def played(effect, sound):
    outputs = [
        effect.process(sound[:, first : first + BLOCK], None)
        for first in range(0, sound.shape[1], BLOCK)
    ]
    return np.concatenate(outputs, axis=1)


def delayed(sound, frames):
    return np.pad(sound, ((0, 0), (frames, 0)))[:, : sound.shape[1]]


def steepest(sound):
    return float(np.abs(np.diff(sound, axis=1)).max())


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("crash-on-load", "crash-on-load crashed while it was loading (SIGSEGV)"),
        ("hang-on-load", "hang-on-load did not finish loading within 2 s"),
        ("throw-on-load", "throw-on-load could not be loaded (no licence was found)"),
        ("not-there", "not-there is not on this computer"),
    ],
)
def test_a_plug_in_that_does_not_load_is_passed_by(built, behaviour, sentence):
    choice = PluginChoice(str(built / f"{behaviour}.vst3"))
    load_seconds = 2.0 if behaviour == "hang-on-load" else 30.0
    effect = PluginEffect(choice, RATE, 2, Patience(load=load_seconds))
    assert effect.fault.startswith(f"The plug-in {sentence}")
    assert effect.fault.endswith(".")
    assert "\n" not in effect.fault
    assert effect.process_id is None
    assert (effect.latency_frames, effect.tail_seconds, effect.parameters) == (0, 0.0, ())
    effect.set({"gain": 0.5})
    assert np.array_equal(played(effect, tone(3)), tone(3))
    effect.reset()
    assert effect.text("gain", 0.25) == "0.250"
    assert effect.state == ""
    assert effect.poll().values == {}
    with pytest.raises(UserError, match="is not running"):
        effect.show_editor()
    effect.close()


def test_files_that_are_no_plug_ins_are_passed_by(built, tmp_path):
    text = tmp_path / "text.vst3"
    text.write_text("no library")
    cut = tmp_path / "cut.vst3" / "Contents" / "x86_64-linux" / "cut.so"
    cut.parent.mkdir(parents=True)
    cut.write_bytes((built / "stereo.so").read_bytes()[:40_000])
    for path in (text, tmp_path / "cut.vst3"):
        effect = PluginEffect(PluginChoice(str(path)), RATE, 2)
        assert f"The plug-in {path.stem} " in effect.fault
        assert np.array_equal(played(effect, tone(2)), tone(2))


def test_a_damaged_state_from_a_project_is_told(built):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3"), state="%%%"), RATE, 2)
    assert "saved settings of the plug-in plain are damaged" in effect.fault
    assert np.array_equal(played(effect, tone(2)), tone(2))


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (CRASH, "Troublemaker crashed (SIGSEGV)"),
        (HANG, "Troublemaker did not answer within 1 s"),
        (NAN, "Troublemaker gave out invalid sound"),
        (INFINITE, "Troublemaker gave out invalid sound"),
        (THROW, "Troublemaker failed (out of luck)"),
    ],
    ids=["crash", "hang", "NaN", "infinite", "throw"],
)
def test_the_song_goes_on_and_the_plug_in_can_come_back(built, trouble, sentence):
    effect = PluginEffect(PluginChoice(str(built / "honest.vst3")), RATE, 2, HASTY)
    softer = {"gain_db": 54 / 72}  # -6 dB, to tell the plug-in from the dry sound
    effect.set(softer)
    effect.reset()
    sound = tone(60)
    late = delayed(sound, 1000)
    steps = iter(np.split(sound, 60, axis=1))
    heard = [effect.process(next(steps), None) for _ in range(10)]
    child = effect.process_id
    effect.set({**softer, "trouble": trouble})
    heard += [effect.process(next(steps), None) for _ in range(10)]
    assert effect.fault.startswith(f"The plug-in {sentence}")
    assert effect.latency_frames == 1000
    assert effect.process_id is None
    assert not is_running(child)
    effect.set(softer)
    effect.restart()
    assert effect.fault is None
    heard += [effect.process(next(steps), None) for _ in range(40)]
    heard = np.concatenate(heard, axis=1)
    assert effect.fault is None
    assert np.isfinite(heard).all()
    assert steepest(heard) < 1.5 * steepest(sound)
    failed, back = 10 * BLOCK, 20 * BLOCK
    assert np.allclose(heard[:, :failed], late[:, :failed] * 10 ** (-6 / 20), atol=1e-4)
    dry = slice(failed + BLOCK, back)
    assert np.allclose(heard[:, dry], late[:, dry], atol=1e-6)
    wet = slice(back + 4 * BLOCK, None)
    assert np.allclose(heard[:, wet], late[:, wet] * 10 ** (-6 / 20), atol=1e-4)
    effect.close()


def test_a_plug_in_that_hangs_when_it_is_saved_leaves_what_it_last_saved(built):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2, HASTY)
    effect.set({"gain_db": 0.5})
    saved = effect.state
    effect.set({"trouble": HANG_WHEN_SAVED})
    played(effect, tone(2))
    assert effect.state == saved != ""
    assert "did not answer within 1 s" in effect.fault
    assert np.allclose(played(effect, tone(4))[:, BLOCK:], tone(4)[:, BLOCK:], atol=1e-6)


def test_a_plug_in_that_still_crashes_when_it_is_restarted_stays_out(built):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2)
    effect.set({"trouble": CRASH})
    sound = tone(6)
    heard = played(effect, sound)
    effect.restart()
    assert "crashed while it was loading" in effect.fault
    assert np.array_equal(played(effect, sound), sound)
    assert np.allclose(heard[:, 2 * BLOCK :], sound[:, 2 * BLOCK :], atol=1e-6)


def test_what_a_plug_in_prints_harms_nothing_and_is_kept_within_bounds(built):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2)
    effect.set({"trouble": CHATTER})
    sound = tone(40)
    assert np.allclose(played(effect, sound), sound, atol=1e-7)
    effect.close()
    assert effect.fault is None
    assert "chatter chatter chatter\n" in effect.log
    assert len(effect.log) <= 16_384


def test_a_crash_leaves_its_trace_in_the_log(built):
    effect = PluginEffect(PluginChoice(str(built / "crash-on-load.vst3")), RATE, 2)
    assert "Segmentation fault" in effect.log


def test_a_plug_in_killed_from_outside_is_told_from_one_that_hangs(built):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2)
    os.kill(effect.process_id, signal.SIGKILL)
    assert np.array_equal(played(effect, tone(2)), tone(2))
    assert "crashed (SIGKILL)" in effect.fault


def test_a_system_that_starts_no_processes_is_told(built, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2)
    assert "plain could not be loaded (Resource temporarily unavailable)" in effect.fault
    assert np.array_equal(played(effect, tone(2)), tone(2))


def test_an_interrupted_answer_does_not_pass_for_the_next_one(built, monkeypatch):
    effect = PluginEffect(PluginChoice(str(built / "plain.vst3")), RATE, 2)

    def interrupt():
        time.sleep(0.3)  # the answer is there, and is not read
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(effect._client.sandbox._wire, "receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            effect.process(np.ones((2, BLOCK), np.float32))
    sound = tone(3)
    heard = played(effect, sound)
    assert effect.fault is not None
    assert np.array_equal(heard, sound)


def test_nothing_runs_on_after_closing_or_forgetting(built):
    choice = PluginChoice(str(built / "plain.vst3"))
    closed, forgotten = PluginEffect(choice, RATE, 2), PluginEffect(choice, RATE, 2)
    processes = closed.process_id, forgotten.process_id
    closed.close()
    closed.close()
    del forgotten
    gc.collect()
    assert not any(is_running(each) for each in processes)
    assert np.array_equal(played(closed, tone(2)), tone(2))


def test_the_child_begins_with_little():
    code = "import stemdesk.mixing.plugins.service, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "pedalboard" in loaded
    assert not {"torch", "scipy", "msgspec", "soundfile", "PySide6", "appdirs"} & set(loaded)
