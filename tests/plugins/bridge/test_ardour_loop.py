"""The whole loop in the real Ardour 7: capture, separate, play without the vocals."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import soundfile

from stemdesk.app.bridge.service import BridgeService
from stemdesk.app.bridge.slots import files_in, slots, slots_folder
from stemdesk.app.demo import demo_song
from stemdesk.app.library import separate
from stemdesk.daw.ardour import write_ardour
from stemdesk.daw.session import Session, SessionTrack
from tests.daw import ardour_host
from tests.plugins.bridge.rig import CAPTURE

LATE_FRAMES = 24_000
INSERT = """
AudioEngine:set_backend("None (Dummy)", "", "")
local session = load_session(arg[1], arg[2])
local track = session:route_by_name("mix")
local bridge = ARDOUR.LuaAPI.new_plugin(session, "urn:stemdesk:bridge", ARDOUR.PluginType.LV2, "")
assert(not bridge:isnil(), "Ardour does not find the Bridge")
assert(track:add_processor_by_index(bridge, 0, nil, true) == 0)
session:save_state("")
print("done")
os.exit(0)
"""
SET = """
AudioEngine:set_backend("None (Dummy)", "", "")
local session = load_session(arg[1], arg[2])
local bridge = session:route_by_name("mix"):nth_plugin(0)
for i = 3, #arg do
  local id, value = arg[i]:match("(%d+)=(.+)")
  assert(ARDOUR.LuaAPI.set_processor_param(bridge, tonumber(id), tonumber(value)))
end
session:save_state("")
print("done")
os.exit(0)
"""


@pytest.fixture
def ardour(bundles, tmp_path, monkeypatch):
    """Runs a Lua script on the session."""
    ardour_host.need(ardour_host.LUA)
    ardour_host.need(ardour_host.EXPORT)
    monkeypatch.setenv("LV2_PATH", f"{bundles}{os.pathsep}/usr/lib/lv2")

    def run(code, session, *arguments):
        script = tmp_path / "script.lua"
        script.write_text(code)
        command = [ardour_host.LUA, script, session, session.name, *map(str, arguments)]
        for _ in range(3):
            ran = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
            if "done" in ran.stdout.splitlines():
                return
        raise AssertionError(ran.stdout + ran.stderr)

    return run


def write_session(tmp_path):
    """One track that plays eight seconds of the demo song, late; the session and the samples."""
    samples, rate = soundfile.read(demo_song(), frames=8 * 44_100, always_2d=True, dtype="float32")
    path = tmp_path / "mix.wav"
    soundfile.write(path, samples, rate, "FLOAT")
    track = SessionTrack("mix", path, "#56b4e9")
    session = tmp_path / "Lied"
    write_ardour(
        Session(
            title="Lied",
            sample_rate=rate,
            frames=len(samples),
            channels=2,
            tracks=(track,),
            origin_seconds=LATE_FRAMES / rate,
        ),
        session,
    )
    return session, np.concatenate([np.zeros((LATE_FRAMES, 2), np.float32), samples])


def differing(played, wanted):
    frames = min(len(played), len(wanted))
    assert frames > 300_000
    return np.count_nonzero(played[:frames].astype(np.float32) != wanted[:frames])


@pytest.mark.slow
def test_capture_separate_play(ardour, tmp_path):
    session, mixture = write_session(tmp_path)
    ardour(INSERT, session)
    assert differing(ardour_host.play(session), mixture) == 0

    ardour(SET, session, f"{CAPTURE}=1")
    assert differing(ardour_host.play(session), mixture) == 0
    (slot,) = slots(slots_folder())
    assert re.search(f">?{slot.name.removeprefix('own-')}", saved_states(session))
    assert files_in(slot, ".sdcapture")

    stems = {}

    def separated(song, output, report):
        result = separate(song, output, report=report)
        stems.update({name: soundfile.read(file)[0] for name, file in result.files.items()})
        return result.files

    service = BridgeService(separated, slots_folder())
    assert service.poll()
    assert not service.poll()
    service.close()
    assert len(files_in(slot, ".sdstems")) == 1

    ardour(SET, session, f"{CAPTURE}=0")
    assert differing(ardour_host.play(session), mixture) == 0
    ardour(SET, session, f"{list(stems).index('vocals')}=-84")
    played = ardour_host.play(session)
    vocals = np.zeros((len(mixture) + 10_000, 2))
    vocals[: len(stems["vocals"])] = stems["vocals"]
    assert np.abs(vocals).max() > 0.05
    wanted = (mixture.astype(np.float64) - vocals[: len(mixture)]).astype(np.float32)
    assert differing(played, mixture) > 100_000
    assert differing(played, wanted) == 0


def saved_states(session):
    """What the plug-in saved with the session."""
    return "".join(path.read_text() for path in (session / "plugins").rglob("*.ttl"))


def test_ardour_shows_what_the_bridge_offers(ardour, tmp_path):
    session, _ = write_session(tmp_path)
    ardour(INSERT, session)
    saved = ET.parse(session / f"{session.name}.ardour").getroot()
    symbols = {port.get("symbol") for port in saved.iter("Port") if port.get("symbol")}
    assert {"stem1", "stem8", "slot", "capture", "clock"} <= symbols


def test_lilv_reads_the_description(bundles):
    if shutil.which("lv2info") is None:
        pytest.skip("needs lv2info of lilv-utils, which is not installed")
    told = functools.partial(
        subprocess.run,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LV2_PATH": f"{bundles}{os.pathsep}/usr/lib/lv2"},
    )
    for uri, channels in (("urn:stemdesk:bridge", 2), ("urn:stemdesk:bridge-mono", 1)):
        said = told(["lv2info", uri]).stdout
        assert said.count("AudioPort") == 2 * channels
        assert "Scale Points" in said
        assert "hardRTCapable" in said
