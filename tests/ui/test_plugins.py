"""The user's own plug-ins in the window: loaded in the background, turned, undone, failing."""

import numpy as np
import pytest
import soundfile

from stemdesk.jobs.job import JobState
from stemdesk.mixing.plugins.scan import FoundPlugin

RATE = 44_100


@pytest.fixture
def window(make_window, qtbot, tmp_path):
    song = tmp_path / "Song.wav"
    soundfile.write(song, np.random.default_rng(0).normal(0, 0.1, (RATE, 2)), RATE)
    window = make_window(separate_on_open=False)
    window.filing.open([song])
    qtbot.waitUntil(lambda: window.bench.track is not None, timeout=60_000)
    return window


def chain(window):
    return window.bench.track.mix.strip("mixture").effects


def ended(window, kind):
    return any(e.kind == kind and e.state.has_ended for e in window.bench.jobs.entries)


def test_a_plugin_is_loaded_turned_and_undone(window, qtbot, built):
    window.plugins.add("mixture", FoundPlugin(path=str(built / "plain.vst3"), name=""))
    qtbot.waitUntil(lambda: bool(chain(window)), timeout=60_000)
    assert chain(window)[0].name == "plain"
    assert window.bench.stage.listening.plugin("mixture", "plain").fault is None
    window.mixing.set_parameter("mixture.plain.gain_db", 0.25)
    window.bench.end_gesture()
    assert chain(window)[0].values == {"gain_db": 0.25}
    window.commands["undo"].trigger()
    window.commands["undo"].trigger()
    assert chain(window) == ()
    window.commands["redo"].trigger()
    assert chain(window)[0].name == "plain"


def test_a_plugin_that_does_not_load_is_told_and_not_added(window, qtbot, built):
    window.plugins.add("mixture", FoundPlugin(path=str(built / "throw-on-load.vst3"), name=""))
    qtbot.waitUntil(lambda: ended(window, "load"), timeout=60_000)
    qtbot.waitUntil(lambda: bool(window.problem_bar.problems), timeout=10_000)
    assert "throw-on-load" in str(window.problem_bar.problems[0])
    assert chain(window) == ()
    assert window.bench.jobs.entries[-1].state is JobState.FAILED


def test_its_window_where_there_is_no_screen_is_a_problem_said(window, qtbot, built, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    window.plugins.add("mixture", FoundPlugin(path=str(built / "plain.vst3"), name=""))
    qtbot.waitUntil(lambda: bool(chain(window)), timeout=60_000)
    window.plugins.show_window("mixture", "plain")
    qtbot.waitUntil(lambda: bool(window.problem_bar.problems), timeout=20_000)
    assert "no display" in str(window.problem_bar.problems[0])
