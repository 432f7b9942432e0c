from __future__ import annotations

import numpy as np
import pytest

from stemdesk.app.daw import clips
from stemdesk.app.daw.clips import ClipRequest, clips_of, default_output, separate_clips
from stemdesk.app.separate import separate_song
from stemdesk.daw.dawproject_reading import DawProject
from stemdesk.errors import Cancelled, UserError
from tests.daw.dawproject_player import Player
from tests.daw.foreign_projects import beats_project, save_project, seconds_project


def separated(project, model, folder, *numbers, report=None, **options):
    request = ClipRequest(numbers, folder / "new.dawproject", **options)
    return separate_clips(DawProject(project), request, model, report or (lambda *_: None))


def test_clips_are_separated_and_the_project_plays_as_before(tiny, tmp_path):
    path = seconds_project(tmp_path)
    before = path.read_bytes()
    told = []
    came = separated(path, tiny, tmp_path, 2, 1, report=lambda done, _: told.append(done))
    assert came.stems == ("vocals", "drums", "bass", "other")
    assert [clip.number for clip in came.clips] == [1, 2]
    assert not came.broken
    assert told == sorted(told)
    assert path.read_bytes() == before
    np.testing.assert_allclose(Player(came.output).play(), Player(path).play(), atol=2**-24, rtol=0)
    names = [track.get("name") for track in Player(came.output).root.iter("Track")]
    assert names[:3] == ["Mix", "vocals (Mix)", "drums (Mix)"]
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_a_file_that_several_clips_play_is_separated_once(tiny, tmp_path, monkeypatch):
    done = []

    def counted(song, *others):
        done.append(song.name)
        return separate_song(song, *others)

    monkeypatch.setattr(clips, "separate_song", counted)
    came = separated(beats_project(tmp_path), tiny, tmp_path, 1, 2)
    assert done == ["mix.wav"]
    project = DawProject(came.output)
    files = {piece.file for clip in project.clips for piece in clip.pieces}
    assert files == {"audio/mix.wav", *(f"audio/mix - {name}.wav" for name in came.stems)}
    assert any("devices" in note for note in came.notes)


def test_karaoke(tiny, tmp_path):
    came = separated(seconds_project(tmp_path), tiny, tmp_path, 1, karaoke=True)
    assert came.stems == ("vocals", "instrumental")


def test_a_stop_leaves_nothing(tiny, tmp_path):
    path = seconds_project(tmp_path)
    there = set(tmp_path.iterdir())

    def stop(done, stage):
        if done > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        separated(path, tiny, tmp_path, 1, report=stop)
    assert set(tmp_path.iterdir()) == there


def test_clips_that_are_not_there_are_refused(tmp_path):
    project = DawProject(seconds_project(tmp_path))
    with pytest.raises(UserError, match="no clip 3: choose from 1 to 2"):
        clips_of(project, [1, 3])
    empty = DawProject(save_project(tmp_path / "e.dawproject", "<Project version='1.0'/>"))
    with pytest.raises(UserError, match="no audio clips"):
        clips_of(empty, [1])


def test_the_new_project_lies_beside_the_old(tmp_path):
    assert default_output(tmp_path / "a.b.dawproject") == tmp_path / "a.b (stems).dawproject"
