"""The VST3 in hosts that we did not write."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from tests.plugins.bridge.rig import at, expected, noise_track, publish

RATE = 48_000


@pytest.fixture
def vst3(bundles):
    return str(bundles / "stemdesk-bridge.vst3")


def run_python(code, *arguments):
    """In a process of its own: a host that crashes fails one test."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


PEDALBOARD = """
    import sys, time
    import numpy as np
    import pedalboard
    path, song, out, rate = sys.argv[1:5]
    plugin = pedalboard.load_plugin(path)
    mixture = np.load(song)
    print(sorted(plugin.parameters))
    settings = [setting.split("=") for setting in sys.argv[5:]]
    for name, value in settings:
        setattr(plugin, name, float(value) if name.endswith("_db") else value)
    if plugin.clock.startswith("Free"):  # until the stems have come
        plugin.stem_1_level_db = -84.0
        for turn in range(400):
            if not np.array_equal(plugin(mixture, float(rate), reset=True), mixture):
                break
            time.sleep(0.05)
        else:
            sys.exit("no stems came")
        plugin.stem_1_level_db = float(dict(settings).get("stem_1_level_db", 0))
        plugin(mixture[:, :64], float(rate), reset=True)
    np.save(out, plugin(mixture, float(rate), reset=True))
"""


def pedalboard_plays(vst3, track, tmp_path, *settings):
    song, out = tmp_path / "song.npy", tmp_path / "out.npy"
    np.save(song, track.mixture.T)
    said = run_python(PEDALBOARD, vst3, song, out, track.rate, *settings)
    return np.load(out).T, said


def test_pedalboard_without_a_timeline_passes_every_bit(vst3, tmp_path):
    track = noise_track()
    publish(track, tmp_path)
    out, said = pedalboard_plays(vst3, track, tmp_path, "slot=1", "stem_1_level_db=-84")
    assert np.array_equal(out, track.mixture)
    assert "'capture'" in said
    assert "'stem_8_level_db'" in said


@pytest.mark.parametrize("off", [(), ("vocals",), ("vocals", "drums", "bass", "other")])
def test_pedalboard_on_the_free_clock_nulls(vst3, tmp_path, off):
    track = noise_track()
    publish(track, tmp_path)
    names = list(track.stems)
    levels = [f"stem_{names.index(name) + 1}_level_db=-84" for name in off]
    clock = "clock=Free: from the first block"
    out, _ = pedalboard_plays(vst3, track, tmp_path, "slot=1", clock, *levels)
    wanted = expected(track, dict.fromkeys(off, 0.0), 0, len(track.mixture))
    assert np.count_nonzero(out != wanted) == 0


STATE = """
    import sys
    import numpy as np
    import pedalboard
    path, song, out, rate, state, deed = sys.argv[1:]
    plugin = pedalboard.load_plugin(path)
    mixture = np.load(song)
    if deed == "save":
        plugin.slot = "23"
        plugin.stem_2_level_db = -84.0
        plugin.clock = "Free: from the first block"
        plugin(mixture[:, :64], float(rate))
        open(state, "wb").write(plugin.raw_state)
    else:
        plugin.raw_state = open(state, "rb").read()
        np.save(out, plugin(mixture, float(rate)))
"""


def test_a_session_comes_back_with_its_stems_from_the_first_sample(vst3, tmp_path):
    track = noise_track()
    publish(track, tmp_path, slot=23)
    song, out, state = tmp_path / "song.npy", tmp_path / "out.npy", tmp_path / "state"
    np.save(song, track.mixture.T)
    for deed in ("save", "load"):
        run_python(STATE, vst3, song, out, track.rate, state, deed)
    wanted = expected(track, {"drums": 0.0}, 0, len(track.mixture))
    assert np.count_nonzero(wanted != np.load(out).T) == 0


DAWDREAMER = """
    import sys, time
    import numpy as np
    import dawdreamer
    path, song, out, rate, block, seconds = sys.argv[1:7]
    mixture = np.load(song)
    engine = dawdreamer.RenderEngine(int(rate), int(block))
    track = engine.make_playback_processor("track", mixture)
    bridge = engine.make_plugin_processor("bridge", path)
    names = {each["name"]: each["index"] for each in bridge.get_parameters_description()}
    bridge.set_parameter(names["Slot"], 1 / 99)
    engine.load_graph([(track, []), (bridge, ["track"])])
    bridge.set_parameter(names["Stem 1 level"], 0.0)
    for turn in range(400):
        engine.render(0.5)
        heard = engine.get_audio()
        if not np.array_equal(heard, mixture[:, : heard.shape[1]]):
            break
        time.sleep(0.05)
    else:
        sys.exit("no stems came")
    bridge.set_parameter(names["Stem 1 level"], 0.875)
    for setting in sys.argv[7:]:
        name, value = setting.split("=")
        if value == "glide":
            curve = np.linspace(0.875, 0, len(mixture[0]))
            bridge.set_automation(names[name], curve.astype(np.float32))
        else:
            bridge.set_parameter(names[name], float(value))
    engine.render(float(seconds))
    np.save(out, engine.get_audio())
"""


@pytest.fixture
def dawdreamer_plays(vst3, tmp_path):
    pytest.importorskip("dawdreamer", reason="needs dawdreamer, which is not installed")

    def play(track, *settings, block=512):
        song, out = tmp_path / "song.npy", tmp_path / "out.npy"
        np.save(song, track.mixture.T)
        seconds = len(track.mixture) / track.rate
        run_python(DAWDREAMER, vst3, song, out, track.rate, block, seconds, *settings)
        return np.load(out).T

    return play


@pytest.mark.parametrize("block", [32, 512, 1000])
def test_dawdreamer_nulls_along_its_timeline(dawdreamer_plays, tmp_path, block):
    track = noise_track()
    publish(track, tmp_path, origin_frame=5000)
    neutral = dawdreamer_plays(track, block=block)
    assert np.count_nonzero(neutral != at(track.mixture, 0, len(neutral))) == 0
    off = dawdreamer_plays(track, "Stem 1 level=0", block=block)
    wanted = expected(track, {"vocals": 0.0}, 0, len(off), origin_frame=5000)
    assert np.count_nonzero(off != wanted) == 0


def test_dawdreamer_automates_without_clicks(dawdreamer_plays, tmp_path):
    track = noise_track()
    for name, stem in track.stems.items():
        stem[:] = 0.5 if name == "vocals" else 0.0
    publish(track, tmp_path)
    heard = dawdreamer_plays(track, "Stem 1 level=glide")
    assert heard[0, 0] == 0.5
    assert heard[-1, 0] < 0.001
    assert np.abs(np.diff(heard[:, 0])).max() <= 0.5 / (0.02 * RATE) * 1.01
