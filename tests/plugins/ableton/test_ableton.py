"""The remote script, as installed, in a strict stand-in for Live, with the real client."""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import soundfile

from stemdesk.errors import UserError
from stemdesk_plugins.ableton.selection import connection_file, selected
from stemdesk_plugins.installing import install
from stemdesk_plugins.separation import separate
from tests.plugins.ableton.live_stub import ControlSurface, Song, View, imported
from tests.plugins.conftest import write_music

STEMS = ["vocals", "drums", "bass", "other"]


@pytest.fixture
def live(machine, tmp_path, monkeypatch):
    """Live with the script chosen as its control surface; `pump` is its main thread."""
    library = tmp_path / "User Library"
    written = install("ableton", machine, library).report.written
    assert all(path.parent == library / "Remote Scripts" / "StemDesk" for path in written)
    for name in ("ableton", "ableton.v2"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    framework = ModuleType("ableton.v2.control_surface")
    framework.ControlSurface = ControlSurface
    monkeypatch.setitem(sys.modules, framework.__name__, framework)
    monkeypatch.syspath_prepend(str(library / "Remote Scripts"))
    script = importlib.import_module("StemDesk")
    assert Path(script.__file__).parent == library / "Remote Scripts" / "StemDesk"

    song = Song(tracks=[], view=View(detail_clip=None), steps=[], tempo=120.0)
    song.add_track(0, "Mix")
    song.add_track(1, "Below")
    instance = SimpleNamespace(song=song, scheduled=[], shown=[])
    surface = script.create_instance(instance)
    over = threading.Event()

    def run():
        while not over.wait(0.005):
            now, instance.scheduled[:] = list(instance.scheduled), []
            for callback in now:
                callback()

    thread = threading.Thread(target=run)
    thread.start()
    yield instance
    over.set()
    thread.join()
    surface.disconnect()
    assert surface.ended
    assert not (library / "Remote Scripts" / "StemDesk" / "connection.json").exists()
    for name in [name for name in sys.modules if name.partition(".")[0] == "StemDesk"]:
        del sys.modules[name]


def put_clip(instance, path, position=8.0, **values):
    """A clip of a file on the first track, selected."""
    track = instance.song.tracks[0]
    if position is None:
        clip = track.clip_slots[1].create_audio_clip(str(path))
    else:
        clip = imported(path, track, instance.song, position)
    for name, value in values.items():
        object.__setattr__(clip, name, value)
    object.__setattr__(instance.song.view, "detail_clip", clip)
    return clip


@pytest.mark.slow
def test_an_arrangement_clip_comes_back_as_stems_at_its_place(live, tmp_path):
    path = write_music(tmp_path / "Süß & lang.wav", seconds=2.0)
    clip = put_clip(
        live, path, warping=False, loop_start=0.25, loop_end=1.5, pitch_coarse=-2, gain=0.7
    )
    chosen = selected()
    stems = separate(chosen.passage(tmp_path / "out", ""), lambda *_: None)
    chosen.put_back(stems)
    chosen.close()
    tracks = live.song.tracks
    assert [t.name for t in tracks] == ["Mix", *(f"Mix {stem}" for stem in STEMS), "Below"]
    clips = [track.arrangement_clips[0] for track in tracks[1:5]]
    assert [each.file_path for each in clips] == [str(stem.path) for stem in stems]
    assert {each.start_time for each in clips} == {8.0}
    assert {(c.warping, c.pitch_coarse, c.gain) for c in clips} == {(False, -2, 0.7)}
    assert len({each.color for each in clips}) == 4
    assert clip.muted
    assert live.song.steps == ["begin", "end"]
    assert live.shown
    total = sum(soundfile.read(stem.path)[0] for stem in stems)
    original = soundfile.read(path)[0][12_000:72_000]
    assert np.count_nonzero(total - original) == 0


def fake_stems(tmp_path, names=STEMS):
    return [
        SimpleNamespace(name=name, path=write_music(tmp_path / f"{name}.wav", 0.1), colour=number)
        for number, name in enumerate(names)
    ]


def test_a_session_clip_goes_back_to_its_scene(live, music, tmp_path):
    put_clip(live, music, position=None, warping=True, looping=True)
    chosen = selected()
    passage = chosen.passage(tmp_path, "")
    assert (passage.start_seconds, passage.duration_seconds) == (0.0, pytest.approx(2.0))
    chosen.put_back(fake_stems(tmp_path))
    chosen.close()
    for track in live.song.tracks[1:5]:
        assert [slot.clip is not None for slot in track.clip_slots] == [False, True, False]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"warped_beats_per_second": 1.9}, "warped to another speed"),
        ({"looping": True, "end_time": 100.0}, "repeats its loop"),
        ({"is_audio_clip": False}, "No audio clip is selected"),
    ],
)
def test_what_would_not_fit_is_refused(live, music, values, sentence):
    put_clip(live, music, **values)
    with pytest.raises(UserError, match=sentence):
        selected()
    assert len(live.song.tracks) == 2


def test_another_selection_meanwhile_gets_nothing(live, music, tmp_path):
    put_clip(live, music)
    chosen = selected()
    put_clip(live, write_music(tmp_path / "other song.wav", 0.5))
    with pytest.raises(UserError, match="Another clip"):
        chosen.put_back(fake_stems(tmp_path))
    chosen.close()
    assert len(live.song.tracks) == 2


def test_what_live_refuses_is_said_and_the_undo_step_ends(live, music, tmp_path):
    put_clip(live, music)
    chosen = selected()
    stems = fake_stems(tmp_path)
    stems[1].path.unlink()
    with pytest.raises(UserError, match="valid audio file"):
        chosen.put_back(stems)
    chosen.close()
    assert live.song.steps == ["begin", "end"]


def test_only_who_knows_the_token_is_answered(live, music):
    put_clip(live, music)
    place = connection_file()
    if os.name == "posix":
        assert place.stat().st_mode & 0o777 == 0o600
    told = json.loads(place.read_bytes())
    call = {"jsonrpc": "2.0", "id": 1, "method": "selection"}
    lines = [
        json.dumps({**call, "token": "0" * 32}),
        json.dumps({**call, "token": None}),
        json.dumps(call),
        json.dumps({**call, "token": told["token"], "params": [1]}),
        "POST / HTTP/1.1",
        "[]",
        "\xff\x00",
    ]
    for line in lines:
        with socket.create_connection(("127.0.0.1", told["port"]), 5) as link:
            link.sendall(line.encode("latin-1") + b"\n")
            assert link.recv(100) == b""
    with socket.create_connection(("127.0.0.1", told["port"]), 5) as link:
        with suppress(OSError):
            link.sendall(b"x" * (3 << 20))
        time.sleep(0.1)
    chosen = selected()
    assert chosen.passage(Path(), "").source == music
    with pytest.raises(UserError, match="does not know"):
        chosen._call("quit")
    chosen.close()


def test_without_live_one_sentence(machine, tmp_path):
    with pytest.raises(UserError, match="does not run in Live"):
        selected()
    gone = tmp_path / "connection.json"
    gone.write_text('{"port": 1, "token": "x"}')
    with pytest.raises(UserError, match="does not answer"):
        selected(gone)
