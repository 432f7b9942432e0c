from __future__ import annotations

import math

import numpy as np
import pytest

from stemdesk.app.daw.export import separated_songs
from stemdesk.app.daw.sessions import SessionOptions, build_session
from stemdesk.app.daw.song import NamedPlace, SongTempo
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.errors import UserError
from stemdesk.mixing.settings import EffectSettings, Point, StripSettings, changed
from stemdesk.project.document import Marker, Project, Region, Tempo
from stemdesk.project.document import changed as replaced
from stemdesk.project.store import AUTOSAVE_FILE, PROJECT_FILE, write
from tests.app.export_songs import SongOnDisk, residual_db
from tests.app.tiny import RATE, STEMS, read_exactly, save_song


@pytest.fixture
def song(tmp_path):
    return SongOnDisk(tmp_path / "disk", title="Tagged", artist="Someone")


def project(folder, *tracks):
    folder.mkdir()
    write(folder, PROJECT_FILE, Project(tracks=tracks, current=tracks[0].id), 1)
    return folder


def strips(track, **settings):
    mix = changed(
        track.mix, strips=tuple(settings.get(strip.name, strip) for strip in track.mix.strips)
    )
    return replaced(track, mix=mix)


def built(song, folder, **options):
    folder.mkdir(exist_ok=True)
    return build_session(song, SessionOptions(**options), folder, lambda *_: None)


def test_levels_pan_and_mute_go_along(song, tmp_path):
    track = strips(
        song.track,
        vocals=StripSettings(name="vocals", level_db=-6.0, pan=-0.5),
        drums=StripSettings(name="drums", mute=True),
        bass=StripSettings(name="bass", level_db=-math.inf),
    )
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", track))
    assert (found.title, found.artist, found.notes) == ("Song", "Someone", ())
    told = {stem.name: (stem.level_db, stem.pan, stem.mute) for stem in found.stems}
    assert told == {
        "vocals": (-6.0, -0.5, False),
        "drums": (0.0, 0.0, True),
        "bass": (-math.inf, 0.0, False),
        "other": (0.0, 0.0, False),
    }
    session = built(found, tmp_path / "work")
    assert [(each.name, each.level_db, each.mute) for each in session.tracks] == [
        (name, told[name][0], told[name][2]) for name in STEMS
    ]
    assert (session.sample_rate, session.frames) == (RATE, song.track.mixture.frames)


def test_a_solo_mutes_the_others(song, tmp_path):
    track = strips(
        song.track,
        vocals=StripSettings(name="vocals", solo=True),
        drums=StripSettings(name="drums", solo_safe=True),
    )
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", track))
    assert {stem.name: stem.mute for stem in found.stems} == {
        "vocals": False,
        "drums": False,
        "bass": True,
        "other": True,
    }


def test_stems_that_were_lowered_are_raised_again(song, tmp_path):
    lowered = replaced(song.track.separated, gain=0.5)
    track = replaced(song.track, separated=lowered)
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", track))
    assert [stem.level_db for stem in found.stems] == pytest.approx([20 * math.log10(2)] * 4)


def test_markers_and_tempo_are_the_songs_unless_others_are_given(song, tmp_path):
    track = replaced(
        song.track,
        markers=(Marker(frame=10, name="A"), Marker(frame=RATE, name="B")),
        tempo=Tempo(bpm=97.3, first_beat_seconds=0.125, beats_per_bar=7, beat_unit=8),
    )
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", track))
    session = built(found, tmp_path / "work", origin_seconds=2.0)
    assert session.markers == (SessionMarker(10, "A"), SessionMarker(RATE, "B"))
    assert session.tempo == (TempoChange(0.0, 97.3, 7, 8),)
    assert (session.first_beat_seconds, session.origin_seconds) == (0.125, 2.0)
    other = built(
        found,
        tmp_path / "work",
        tempo=SongTempo((TempoChange(0, 100),), 0.5),
        markers=(NamedPlace(0.5, "C"),),
    )
    assert (other.tempo[0].bpm, other.first_beat_seconds) == (100, 0.5)
    assert other.markers == (SessionMarker(RATE // 2, "C"),)


def rich(track):
    track = strips(
        track,
        vocals=StripSettings(
            name="vocals",
            level_db=-6.0,
            effects=(EffectSettings(kind="equaliser"), EffectSettings(kind="reverb", bypass=True)),
        ),
        drums=StripSettings(name="drums", invert=True),
        bass=StripSettings(name="bass", mute=True),
    )
    mix = changed(
        track.mix,
        master=StripSettings(name="master", level_db=-1.0),
        automation={"other.level_db": (Point(0.0, 0.0), Point(1.0, -12.0))},
    )
    return replaced(
        track,
        mix=mix,
        regions=(Region(stem="other", first_frame=0, end_frame=RATE, gain_db=-3.0),),
    )


def test_what_no_session_holds_is_told(song, tmp_path):
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", rich(song.track)))
    assert found.notes == (
        "Not in the session: the effects of vocals, the turned polarity of drums, regions,"
        " automation; --with-effects has them in the audio.",
        "The settings of the master are not in the session.",
    )


def test_with_effects_the_stems_sound_as_they_are_heard(song, tmp_path):
    track = rich(song.track)
    (found,) = separated_songs(project(tmp_path / "P.stemdesk", track))
    session = built(found, tmp_path / "work", with_effects=True)
    assert {(each.level_db, each.pan, each.mute) for each in session.tracks} == {(0.0, 0.0, False)}
    heard = sum(read_exactly(each.path) for each in session.tracks)
    flat = changed(track.mix, master=StripSettings(name="master"))
    mix = song.export("mix", track=replaced(track, mix=flat), subtype="float")
    wanted = read_exactly(mix.files[0].path)
    frames = min(heard.shape[1], wanted.shape[1])
    assert residual_db(heard[:, :frames], song.samples["mixture"][:, :frames]) > -30
    assert residual_db(heard[:, :frames], wanted[:, :frames]) < -120


def test_a_folder_of_stems_has_no_effects(tmp_path):
    song = SongOnDisk(tmp_path / "disk")
    (found,) = separated_songs(song.folder / "media")
    with pytest.raises(UserError, match="no effects"):
        built(found, tmp_path / "work", with_effects=True)


def test_songs_are_found_by_their_titles(song, tmp_path):
    second = replaced(song.track, id="2", name="Zweites Lied")
    raw = replaced(SongOnDisk(tmp_path / "raw", separated=False).track, id="3", name="Raw")
    folder = project(tmp_path / "P.stemdesk", song.track, second, raw)
    assert [each.title for each in separated_songs(folder)] == ["Song", "Zweites Lied"]
    assert [each.title for each in separated_songs(folder / PROJECT_FILE, "zweites-lied")] == [
        "Zweites Lied"
    ]
    with pytest.raises(UserError, match="no separated song 'Raw'"):
        separated_songs(folder, "Raw")


def test_a_project_that_cannot_be_exported_says_why(song, tmp_path):
    raw = SongOnDisk(tmp_path / "not separated", separated=False).track
    with pytest.raises(UserError, match="is separated"):
        separated_songs(project(tmp_path / "raw.stemdesk", raw))
    folder = project(tmp_path / "P.stemdesk", song.track)
    song.files["bass"].unlink()
    with pytest.raises(UserError, match=r"bass\.wav is missing"):
        separated_songs(folder)


def test_it_is_exported_as_it_was_saved(song, tmp_path):
    folder = project(tmp_path / "P.stemdesk", song.track)
    other = replaced(song.track, name="Not saved")
    write(folder, AUTOSAVE_FILE, Project(tracks=(other,), current=other.id), 2)
    (found,) = separated_songs(folder)
    assert found.title == "Song"
    assert "not saved" in found.notes[0]


def test_a_tempo_is_heard_where_it_is_asked_for(tmp_path):
    folder = tmp_path / "clicks"
    folder.mkdir()
    rng = np.random.default_rng(0)
    clicks = np.zeros((2, 10 * RATE))
    for beat in range(19):
        at = round((0.25 + beat * 0.5) * RATE)
        clicks[:, at : at + 400] = rng.uniform(-0.5, 0.5, (2, 400)) * np.linspace(1, 0, 400)
    save_song(folder / "drums.wav", clicks)
    save_song(folder / "other.wav", 0 * clicks)
    (found,) = separated_songs(folder)
    session = built(found, tmp_path / "work", seek_tempo=True)
    assert session.tempo[0].bpm == pytest.approx(120, abs=0.1)
    assert session.first_beat_seconds % 0.5 == pytest.approx(0.25, abs=0.03)
    save_song(folder / "drums.wav", 0 * clicks)
    with pytest.raises(UserError, match="No steady tempo"):
        built(found, tmp_path / "work", seek_tempo=True)
