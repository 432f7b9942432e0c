"""The ReaScript in a strict stand-in for REAPER, with the real program behind it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stemdesk_plugins.installing import install
from tests.plugins.conftest import write_music

STUB = Path(__file__).with_name("stub.lua")
STEMS = ["vocals", "drums", "bass", "other"]


@pytest.fixture
def script(machine):
    """The script as it is installed."""
    (machine.home / ".config" / "REAPER").mkdir(parents=True)
    return install("reaper", machine).report.written[0]


@pytest.fixture
def reaper(script, tmp_path):
    """Runs the script on a scenario; what the project is afterwards."""
    lua = shutil.which("lua5.4") or shutil.which("lua")
    if lua is None:
        pytest.skip("needs Lua 5.4")

    def run(tracks, **more):
        scenario = {"project_path": str(tmp_path / "Mein 'Projekt' ü"), "tracks": tracks, **more}
        path = tmp_path / "scenario.lua"
        path.write_text("return " + lua_value(scenario), encoding="utf-8")
        done = subprocess.run(
            [lua, STUB, script, path], capture_output=True, text=True, timeout=280, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


class Code(str):
    """Lua code in a scenario."""

    __slots__ = ()


def lua_value(value) -> str:
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"[ {lua_value(k)} ] = {lua_value(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "{" + ", ".join(map(lua_value, value)) + "}"
    if isinstance(value, str):
        long = "]=]" in value or "\n" in value
        assert not long
        return f"[=[{value}]=]"
    return repr(value)


def item(path: Path, seconds=2.0, rate_hz=48_000, **more):
    return {
        "selected": True,
        "name": path.stem,
        "numbers": {"D_POSITION": 12.5, "D_LENGTH": seconds, "B_LOOPSRC": 0},
        "take": {},
        "source": {"file": str(path), "seconds": seconds, "rate_hz": rate_hz},
        **more,
    }


def heard(told, samples, rate_hz=48_000):
    """What an item plays of its file, without fades: whole samples from its start offset."""
    first = told["take"]["D_STARTOFFS"] * rate_hz
    assert abs(first - round(first)) < 1e-3
    frames = round(told["numbers"]["D_LENGTH"] * told["take"]["D_PLAYRATE"] * rate_hz)
    return samples[round(first) : round(first) + frames]


@pytest.mark.slow
def test_an_item_comes_back_as_stems_that_sum_to_it(reaper, tmp_path):
    path = write_music(tmp_path / 'Mein Lied "live" - Süß & 100%.wav', seconds=6.0)
    numbers = {
        "D_POSITION": 12.5,
        "D_LENGTH": 1.25,
        "B_LOOPSRC": 0,
        "D_VOL": 0.5,
        "D_FADEINLEN": 0.25,
        "C_FADEOUTSHAPE": 3,
    }
    take = {"D_STARTOFFS": 2.5, "D_PLAYRATE": 1.2, "D_PAN": -0.25, "B_PPITCH": 0}
    told = item(path, 6.0, numbers=numbers, take=take)
    after = reaper(
        [
            {"name": "drums bus", "depth": 1},
            {"name": "mix", "depth": -1, "items": [told]},
            {"name": "below"},
        ]
    )
    assert after["messages"] == []
    assert after["undo"] == ["StemDesk: separate item"]
    assert after["window"] == "closed"
    tracks = after["tracks"]
    assert [track["name"] for track in tracks] == ["drums bus", "mix", *STEMS, "below"]
    assert [track["parent"] for track in tracks] == ["", "drums bus", *["mix"] * 4, ""]
    assert tracks[1]["items"][0]["numbers"]["B_MUTE"] == 1
    colours = {track["colour"] for track in tracks[2:6]}
    assert len(colours) == 4
    assert all(int(colour) & 0x1000000 for colour in colours)

    stems = [track["items"][0] for track in tracks[2:6]]
    for stem in stems:
        assert stem["numbers"] == {**tracks[1]["items"][0]["numbers"], "B_MUTE": 0}
        assert {**stem["take"], "D_STARTOFFS": 2.5} == tracks[1]["items"][0]["take"]
        assert stem["take"]["D_STARTOFFS"] == pytest.approx(1.0)  # the handle before it
        assert not list(Path(stem["file"]).parent.glob("*.txt"))
    mix = soundfile.read(path, dtype="float64")[0]
    original = heard(tracks[1]["items"][0], mix)
    total = sum(heard(stem, soundfile.read(stem["file"], dtype="float64")[0]) for stem in stems)
    assert np.count_nonzero(total - original) == 0
    assert np.abs(original).max() > 0.1
    # From 1.5 s to 5 s: an item of 1.25 s that plays 1.2 times as fast, with a second at both ends.
    assert soundfile.info(stems[0]["file"]).frames == round(3.5 * 48_000)


@pytest.mark.slow
def test_items_of_a_track_share_the_tracks_of_their_stems(reaper, tmp_path):
    path = write_music(tmp_path / "loop.wav", seconds=1.0)
    looped = item(path, 1.0, numbers={"D_POSITION": 0, "D_LENGTH": 2.5, "B_LOOPSRC": 1})
    looped["take"] = {"D_STARTOFFS": 0.25}
    midi = item(path, 1.0, midi=True, name="notes")
    missing = item(tmp_path / "gone.wav", 1.0, name="gone")
    after = reaper([{"name": "mix", "items": [looped, item(path, 1.0), midi, missing]}])
    tracks = after["tracks"]
    assert [track["name"] for track in tracks] == ["mix", *STEMS]
    assert [track["depth"] for track in tracks] == [1, 0, 0, 0, -1]
    assert [len(track["items"]) for track in tracks] == [4, 2, 2, 2, 2]
    first = tracks[1]["items"][0]
    assert (first["take"]["D_STARTOFFS"], first["numbers"]["B_LOOPSRC"]) == (0.25, 1)
    assert soundfile.info(first["file"]).frames == 48_000
    assert after["undo"] == ["StemDesk: separate items"]
    assert [each["numbers"]["B_MUTE"] for each in tracks[0]["items"]] == [1, 1, 0, 0]
    (message,) = after["messages"]
    assert "notes is MIDI" in message
    assert "gone.wav" in message


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"source": {"file": "x", "seconds": 1, "rate_hz": 48_000, "type": "SECTION"}}, "glue"),
        ({"stretch_markers": 2}, "glue"),
        ({"effects": 1}, "glue"),
        ({"envelopes": 1}, "glue"),
        ({"source": {"file": "", "seconds": 1, "rate_hz": 48_000}}, "has no file"),
        ({"take": {"D_STARTOFFS": 3.5}}, "has no sound in it"),
    ],
)
def test_what_would_not_sum_is_refused_before_anything_starts(reaper, tmp_path, more, sentence):
    after = reaper([{"name": "mix", "items": [item(tmp_path / "song.wav", **more)]}])
    assert sentence in after["messages"][0]
    assert "song" in after["messages"][0]
    assert after["commands"] == after["undo"] == []
    assert len(after["tracks"]) == 1


def test_nothing_selected_says_so(reaper):
    after = reaper([{"name": "mix"}])
    assert "Nothing is selected" in after["messages"][0]


def test_a_program_that_never_answers_is_given_up(reaper, tmp_path):
    after = reaper([{"name": "mix", "items": [item(tmp_path / "song.wav")]}], dead=True, haste=100)
    assert "does not answer" in after["messages"][0]
    assert after["undo"] == []
    assert after["window"] == "closed"


@pytest.mark.slow
def test_closing_the_window_stops_the_program(reaper, tmp_path):
    path = write_music(tmp_path / "long.wav", seconds=60.0)
    after = reaper([{"name": "mix", "items": [item(path, 60.0)]}], close_after=3)
    assert after["messages"] == after["undo"] == []
    assert len(after["tracks"]) == 1
    project = tmp_path / "Mein 'Projekt' ü"
    assert not list(project.rglob("*.wav"))


def test_stems_wait_for_their_project_and_outlive_their_item(reaper, tmp_path):
    path = write_music(tmp_path / "short.wav", seconds=0.5)
    code = f"""function(tick, app)
      app.switch(tick < 40)
      if tick == 2 then app.delete(app.tracks[1].items[1]) end
      if tick == 5 then
        for _, command in ipairs(app.commands) do
          local file = io.open(command:match("job (.*)$"):sub(2, -2) .. "/status.txt", "wb")
          file:write("state\\tdone\\nstem\\tvocals\\tE69F00\\t", {lua_value(str(path))}, "\\n")
          file:close()
        end
      end
    end"""
    items = [item(path, 0.5), item(path, 0.5, name="kept")]
    after = reaper([{"name": "mix", "items": items}], before_tick=Code(code), dead=True)
    assert after["ticks"] >= 40
    (message,) = after["messages"]
    assert "short is gone: its stems are in" in message
    assert [track["name"] for track in after["tracks"]] == ["mix", "vocals"]
    assert after["tracks"][1]["items"][0]["name"] == "kept - vocals"
    assert after["undo"] == ["StemDesk: separate items"]
