"""The real Ardour 7 on the command line."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest
import soundfile

EXPORT, LUA = "ardour7-export", "ardour7-lua"
ATTEMPTS = 8
_ASK = r"""
AudioEngine:set_backend("None (Dummy)", "", "")
local session = load_session(arg[1], arg[2])
local rate = session:nominal_sample_rate()
local map = Temporal.TempoMap.read()
local function tell(...) print(table.concat({...}, "\t")) end
for i = 3, #arg do
  local at = Temporal.timepos_t(math.floor(rate * tonumber(arg[i]) + 0.5))
  local metre = map:meter_at(at)
  tell("at", arg[i], map:quarters_per_minute_at(at), map:bbt_at(at):str(),
    metre:divisions_per_bar() .. "/" .. metre:note_value())
end
for route in session:get_routes():iter() do
  tell("route", route:presentation_info_ptr():color(), route:name())
end
for place in session:locations():list():iter() do
  tell("place", place:start():samples(), place:is_mark() and "mark" or "range", place:name())
end
session:save_state("saved")
os.exit(0)
"""


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"needs {program} of Ardour 7, which is not installed here")


def play(session):
    """What the master of a session folder plays, `[frames, channels]`.

    `ardour7-export` 7.3 destroys its own heap in one run of ten, whatever the session: it aborts
    then, and what it wrote is not to be relied on.
    """
    need(EXPORT)
    out = session.parent / "played.wav"
    for _ in range(ATTEMPTS):
        out.unlink(missing_ok=True)
        ran = subprocess.run(
            [EXPORT, "-b", "float", "-o", out, session, session.name],
            capture_output=True,
            text=True,
            timeout=60,
        )
        if ran.returncode == 0:
            return soundfile.read(out, always_2d=True)[0]
    raise AssertionError(ran)


def ask(session, *seconds):
    """What Ardour says of a session: lines of words, by their first one; and as it saves it."""
    need(LUA)
    script = session.parent / "ask.lua"
    script.write_text(_ASK)
    ran = subprocess.run(
        [LUA, script, session, session.name, *map(str, seconds)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    told = {"at": [], "route": [], "place": []}
    for line in ran.stdout.splitlines():
        kind, *words = line.split("\t")
        if kind in told:
            told[kind].append(words)
    return told, ET.parse(session / "saved.ardour").getroot()
