from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from stemdesk.daw.reaper import write_reaper
from stemdesk.daw.reaper_text import quoted
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.errors import UserError
from tests.daw.songs import make_song

rpp = pytest.importorskip("rpp", reason="needs rpp to read REAPER's projects")

PLACE = {
    "origin_seconds": 1.25,
    "markers": (SessionMarker(0, 'In "tro"'), SessionMarker(22_050, "Vers & Strophe")),
    "tempo": (TempoChange(0, 97.3), TempoChange(8, 180, 7, 8)),
    "first_beat_seconds": 0.35,
    "artist": "Someone",
}


def strip(session, number, **settings):
    tracks = list(session.tracks)
    tracks[number] = replace(tracks[number], **settings)
    return replace(session, tracks=tuple(tracks))


def read(folder):
    with (folder / f"{folder.name}.rpp").open(encoding="utf-8") as file:
        return rpp.load(file)


def value(element, name):
    """The words of a line."""
    words = element.find(name)[1:]
    return words[0] if len(words) == 1 else words


def play(folder):
    """What the project plays where all pan is central: REAPER's master `[frames, channels]`."""
    project = read(folder)
    assert value(project, "PANLAW") == "1"
    assert value(project, "MASTER_VOLUME")[:2] == ["1", "0"]
    rate = int(value(project, "SAMPLERATE")[0])
    parts = []
    for track in project.findall("TRACK"):
        volume, pan, law = map(float, value(track, "VOLPAN")[:3])
        assert law == -1, "the project's"
        item = track.find("ITEM")
        assert value(item, "VOLPAN") == ["1", "0", "1", "-1"]
        assert value(item, "PLAYRATE")[:3] == ["1", "1", "0"]
        assert (value(item, "SOFFS"), value(item, "CHANMODE")) == ("0", "0")
        assert {value(item, name)[1] for name in ("FADEIN", "FADEOUT")} == {"0"}
        if value(track, "MUTESOLO")[0] == "1":
            continue
        samples, _ = soundfile.read(folder / value(item.find("SOURCE"), "FILE"), always_2d=True)
        assert round(float(value(item, "LENGTH")) * rate) == len(samples)
        gains = np.array([min(1, 1 - pan), min(1, 1 + pan)]) if pan else 1.0
        parts.append((round(float(value(item, "POSITION")) * rate), volume * gains * samples))
    out = np.zeros((max(at + len(audio) for at, audio in parts), parts[0][1].shape[1]))
    for at, audio in parts:
        out[at : at + len(audio)] += audio
    return out


def test_neutral_it_plays_the_song_at_its_place(tmp_path):
    names = ("lead vox", 'a "b"', 'it\'s "c"', '`it\'s "d"')
    song = make_song(tmp_path, names=names, **PLACE)
    write_reaper(song.session, tmp_path / "Ein Lied (日本)")
    played = play(tmp_path / "Ein Lied (日本)")
    assert not played[:55_125].any()
    np.testing.assert_array_equal(played[55_125:], song.mixture)


def test_the_strips_go_along(tmp_path):
    song = make_song(tmp_path)
    session = strip(song.session, 0, level_db=-6.0, pan=0.5)
    session = strip(session, 1, mute=True)
    session = strip(session, 2, level_db=-math.inf)
    write_reaper(session, tmp_path / "mix")
    wanted = song.stems["vocals"] * 10 ** (-6 / 20) * [0.5, 1.0] + song.stems["other"]
    np.testing.assert_allclose(play(tmp_path / "mix"), wanted, atol=1e-12)


def test_names_colours_markers_and_tempo(tmp_path):
    song = make_song(tmp_path, names=("lead vox", 'a "b"', 'it\'s "c"', "other"), **PLACE)
    write_reaper(song.session, tmp_path / "song")
    project = read(tmp_path / "song")
    tracks = project.findall("TRACK")
    assert [value(track, "NAME") for track in tracks] == list(song.stems)
    for track, wanted in zip(tracks, song.session.tracks, strict=True):
        native = int(value(track, "PEAKCOL"))
        assert native >> 24 == 1, "a colour of its own"
        red, green, blue = native & 0xFF, native >> 8 & 0xFF, native >> 16 & 0xFF
        assert f"#{red:02x}{green:02x}{blue:02x}" == wanted.colour
    places = [(float(seconds), name) for _, seconds, name, *_ in markers(project)]
    assert places == [
        (pytest.approx(1.25, abs=1e-9), 'In "tro"'),
        (pytest.approx(1.75, abs=1e-9), "Vers & Strophe"),
    ]
    points = project.find("TEMPOENVEX").findall("PT")
    told = [(float(p[1]), float(p[2]), int(p[3]), divmod(int(p[4]), 1 << 16)) for p in points]
    change = 1.6 + 8 * 60 / 97.3
    assert told == [
        (0.0, pytest.approx(3 * 60 / 1.6), 1, (4, 3)),
        (pytest.approx(1.6, abs=1e-9), pytest.approx(97.3), 1, (4, 4)),
        (pytest.approx(change, abs=1e-9), 180.0, 1, (8, 7)),
    ]
    assert float(value(project, "TEMPO")[0]) == pytest.approx(3 * 60 / 1.6)
    assert value(project, "AUTHOR") == "Someone"
    ids = [track.attrib[0] for track in tracks]
    assert len(set(ids)) == len(ids)


def markers(project):
    return [words[1:] for words in project.findall("MARKER")]


def test_a_steady_tempo_needs_no_envelope(tmp_path):
    song = make_song(tmp_path, tempo=(TempoChange(0, 88.5, 3, 4),))
    write_reaper(song.session, tmp_path / "song")
    project = read(tmp_path / "song")
    assert value(project, "TEMPO")[:3] == ["88.5", "3", "4"]
    assert project.find("TEMPOENVEX") is None


def test_audio_goes_along_and_what_is_there_stays(tmp_path):
    song = make_song(tmp_path, names=("Vox", "vox"))
    write_reaper(song.session, tmp_path / "song")
    files = sorted((tmp_path / "song" / "Media").iterdir())
    assert len(files) == 2
    assert {file.read_bytes() for file in files} == {
        track.path.read_bytes() for track in song.session.tracks
    }
    assert str(tmp_path) not in (tmp_path / "song" / "song.rpp").read_text(encoding="utf-8")
    with pytest.raises(UserError, match="there already"):
        write_reaper(song.session, tmp_path / "song")


def test_what_holds_all_quotes_loses_one_kind():
    assert quoted("plain") == "plain"
    assert quoted("") == '""'
    assert quoted("two\nlines") == '"two lines"'
    assert quoted("a \"b\" 'c'") == "`a \"b\" 'c'`"
    assert quoted("a \"b\" 'c' `d`") == "`a \"b\" 'c' 'd'`"
