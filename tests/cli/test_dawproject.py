from __future__ import annotations

import numpy as np
import pytest

from tests.daw.dawproject_player import Player
from tests.daw.foreign_projects import beats_project, save_project, seconds_project


@pytest.fixture
def separate_clips(stemdesk, model):
    options = ("--model", model, "--threads", 1, "--device", "cpu")
    return lambda *arguments: stemdesk("dawproject", "separate", *options, *arguments)


def test_clips_are_listed_with_their_places(stemdesk, tmp_path):
    ran = stemdesk("dawproject", "list", beats_project(tmp_path))
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "  1  0:02.000 to 0:05.000  Mix: 'Take 1' plays mix.wav",
        "  2  0:06.000 to 0:08.000  Mix: plays mix.wav, off",
    ]
    ran = stemdesk("dawproject", "list", "--json", seconds_project(tmp_path))
    first, second = ran.events
    assert (first["number"], first["track"], first["name"]) == (1, "Mix", "A")
    assert (first["start_seconds"], first["end_seconds"], first["enabled"]) == (1.0, 1.5, True)
    (audio,) = first["audio"]
    assert (audio["file"], audio["file_start_seconds"]) == ("audio/mix.wav", 0.25)
    assert second["number"] == 2


def test_a_project_without_clips(stemdesk, tmp_path):
    path = save_project(tmp_path / "e.dawproject", "<Project version='1.0'/>")
    ran = stemdesk("dawproject", "list", path)
    assert (ran.status, ran.out) == (0, f"{path} has no audio clips\n")
    assert stemdesk("dawproject", "list", "--json", path).out == ""


def test_a_clip_is_separated_beside_it(separate_clips, tmp_path):
    path = seconds_project(tmp_path)
    before = path.read_bytes()
    ran = separate_clips(path, "--clip", 1)
    assert (ran.status, ran.err) == (0, "")
    new = tmp_path / "seconds (stems).dawproject"
    assert ran.out.splitlines() == [str(new), "  vocals, drums, bass, other beside 1 clip"]
    assert path.read_bytes() == before
    np.testing.assert_allclose(Player(new).play(), Player(path).play(), atol=2**-24, rtol=0)


def test_all_clips_as_json(separate_clips, tmp_path):
    new = tmp_path / "new.dawproject"
    ran = separate_clips(seconds_project(tmp_path), "--all-clips", "--karaoke", "-o", new, "--json")
    assert ran.status == 0
    told = ran.events[-1]
    assert told["event"] == "separated"
    assert (told["clips"], told["stems"]) == ([1, 2], ["vocals", "instrumental"])
    assert (told["file"], told["null_broken"]) == (str(new), False)


def test_what_is_there_is_not_lost(separate_clips, tmp_path):
    path = seconds_project(tmp_path)
    before = path.read_bytes()
    new = tmp_path / "seconds (stems).dawproject"
    new.write_text("mine")
    separate_clips(path, "--clip", 1).refused("exists", "--overwrite")
    ran = separate_clips(path, "--clip", 1, "--overwrite", "skip")
    assert (ran.status, ran.out) == (0, f"{new}: there already, left as it is\n")
    assert new.read_text() == "mine"
    for policy in ("ask", "yes"):
        ran = separate_clips(path, "--clip", 1, "-o", path, "--overwrite", policy)
        ran.refused("is the project itself")
    assert path.read_bytes() == before


def test_refusals(stemdesk, separate_clips, song, tmp_path):
    path = seconds_project(tmp_path)
    separate_clips(path, "--clip", 7).refused("no clip 7")
    separate_clips(path, "--clip", 1, "--karaoke", "--stems", "bass").refused("--karaoke", status=2)
    separate_clips(path, "--clip", 1, "--stems", "flute").refused("flute")
    separate_clips(path).refused("--clip", status=2)
    stemdesk("dawproject", "list", song).refused("no DAWproject")
    stemdesk("dawproject", "list", tmp_path / "gone.dawproject").refused("cannot be read")
    stemdesk("dawproject").refused("ACTION", status=2)
    assert sorted(each.name for each in tmp_path.glob("*.dawproject")) == ["seconds.dawproject"]
