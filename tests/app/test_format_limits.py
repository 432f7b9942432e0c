"""What a format cannot hold is said before any work is done."""

from __future__ import annotations

import pytest

from stemdesk.app.daw import export as daw_export
from stemdesk.app.daw.export import SongExport, export_songs
from stemdesk.app.daw.sessions import SessionOptions
from stemdesk.app.daw.stem_folder import song_of_folder
from stemdesk.app.exporting.request import ExportRequest
from stemdesk.app.exporting.source import ExportSource, spec_for
from stemdesk.app.remixing import remix as remixing
from stemdesk.app.remixing.remix import RemixOptions, remix_song
from stemdesk.app.remixing.stems import Models
from stemdesk.audio.reading import open_audio
from stemdesk.daw.targets import TARGETS
from stemdesk.errors import UserError
from stemdesk.mixing.recipe import Recipe
from tests.app.tiny import music, save_song

ODD_RATE = 66_151


@pytest.fixture
def stems(tmp_path):
    for seed, name in enumerate(("vocals", "other")):
        save_song(tmp_path / "Song" / f"{name}.wav", music(4000, seed=seed, level=0.1), ODD_RATE)
    return tmp_path / "Song"


def never(*_arguments, **_options):
    raise AssertionError("work has begun")


@pytest.mark.parametrize("from_stems", [True, False])
@pytest.mark.parametrize(("name", "remedy"), [("m.flac", "choose wav."), ("m.mp3", "choose wav.")])
def test_a_remix_is_refused_before_it_is_mixed(
    tmp_path, stems, monkeypatch, from_stems, name, remedy
):
    monkeypatch.setattr(remixing, "stems_of", never)
    song = stems if from_stems else stems / "vocals.wav"
    with pytest.raises(UserError, match=f"{ODD_RATE} Hz") as refusal:
        remix_song(song, Recipe(), RemixOptions(tmp_path / name), Models(), never, never)
    assert str(refusal.value).endswith(remedy)
    assert not (tmp_path / name).exists()


def test_an_export_of_the_window_is_refused_with_another_format(stems, tmp_path):
    with open_audio(stems / "vocals.wav") as reader:
        source = ExportSource(reader.info, {})
    with pytest.raises(UserError, match=r"66151 Hz.*: choose wav\.$"):
        spec_for(source, ExportRequest("stems", tmp_path, format="flac"), 2)


def test_a_daw_export_is_refused_before_a_session_is_built(stems, tmp_path, monkeypatch):
    plan = SongExport(song_of_folder(stems), {TARGETS["ni-stem"]: tmp_path / "x.stem.mp4"}, {})
    monkeypatch.setattr(daw_export, "build_session", never)
    [came] = export_songs([plan], SessionOptions(), lambda *_: None, leave_out=False)
    assert came.path is None
    assert "44100 or 48000 Hz" in str(came.error)
    assert "dawproject" in str(came.error)


def test_formats_that_hold_the_song_are_written_beside_one_that_does_not(stems, tmp_path):
    names = {"dawproject": "x.dawproject", "ni-stem": "x.stem.mp4"}
    places = {TARGETS[name]: tmp_path / file for name, file in names.items()}
    plan = SongExport(song_of_folder(stems), places, {})
    came = list(export_songs([plan], SessionOptions(), lambda *_: None, leave_out=True))
    assert {each.format: each.error is None for each in came} == {
        "dawproject": True,
        "ni-stem": False,
    }
    assert (tmp_path / "x.dawproject").exists()
