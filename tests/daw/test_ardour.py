from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from stemdesk.daw.ardour import write_ardour
from stemdesk.daw.ardour_document import bar_places
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.daw.tempo_grid import GridPoint
from stemdesk.errors import UserError
from tests.daw import ardour_host
from tests.daw.songs import make_song

ORIGIN = 55_125  # of 44.1 kHz
PLACE = {
    "origin_seconds": 1.25,
    "markers": (SessionMarker(0, "In <tro>"), SessionMarker(22_050, "Vers & Strophe")),
    "tempo": (TempoChange(0, 97.3), TempoChange(8, 180, 7, 8)),
    "first_beat_seconds": 0.35,
}


def peak_db(samples):
    return 20 * np.log10(max(1e-12, np.abs(samples).max()))


def strip(session, number, **settings):
    tracks = list(session.tracks)
    tracks[number] = replace(tracks[number], **settings)
    return replace(session, tracks=tuple(tracks))


def document(folder):
    return ET.parse(folder / f"{folder.name}.ardour").getroot()


def test_ardour_plays_the_song_at_its_place(tmp_path):
    song = make_song(tmp_path, names=("vocals", "a/b: c", "Master", 'B"ß" & 日本'), **PLACE)
    write_ardour(song.session, tmp_path / "Ein Lied (日本)")
    played = ardour_host.play(tmp_path / "Ein Lied (日本)")
    assert not played[:ORIGIN].any()
    assert peak_db(song.mixture) > -10
    assert peak_db(played[ORIGIN:] - song.mixture) < -130


def test_what_is_moved_is_heard_as_it_was_moved(tmp_path):
    song = make_song(tmp_path, frames=9_000)
    session = strip(song.session, 0, level_db=-6.0)
    session = strip(session, 1, mute=True)
    session = strip(session, 2, pan=-0.5)
    session = strip(session, 3, level_db=10.0, pan=0.75)
    write_ardour(session, tmp_path / "mix")
    played = ardour_host.play(tmp_path / "mix")
    assert peak_db(played - song.mixture) > -30
    stems = song.stems
    wanted = stems["vocals"] * 10 ** (-6 / 20) + stems["bass"] * [1.0, 0.5]
    wanted += stems["other"] * 10 ** (10 / 20) * [0.25, 1.0]
    assert peak_db(played - wanted) < -130


@pytest.mark.parametrize(("channels", "rate"), [(1, 48_000), (6, 96_000)])
def test_other_channels_and_rates(channels, rate, tmp_path):
    song = make_song(tmp_path, channels=channels, sample_rate=rate, frames=9_000)
    write_ardour(song.session, tmp_path / "song")
    assert peak_db(ardour_host.play(tmp_path / "song") - song.mixture) < -130


def test_a_mono_song_that_is_panned_is_stereo(tmp_path):
    song = make_song(tmp_path, channels=1, frames=9_000)
    write_ardour(strip(song.session, 0, pan=1.0), tmp_path / "song")
    played = ardour_host.play(tmp_path / "song")
    assert peak_db(played[:, :1] - (song.mixture - song.stems["vocals"])) < -130
    assert peak_db(played[:, 1:] - song.mixture) < -130


def test_ardour_knows_tempo_markers_and_colours(tmp_path):
    song = make_song(tmp_path, frames=44_100 * 8, **PLACE)
    write_ardour(song.session, tmp_path / "song")
    first, change = 1.6, 1.6 + 8 * 60 / 97.3
    told, saved = ardour_host.ask(tmp_path / "song", first + 0.001, change - 0.001, change + 0.001)
    tempo = [(float(bpm), bbt.rpartition("|")[0], metre) for _, bpm, bbt, metre in told["at"]]
    assert tempo == [
        (pytest.approx(97.3, abs=1e-5), "2|1", "4/4"),
        (pytest.approx(97.3, abs=1e-5), "3|4", "4/4"),
        (pytest.approx(180, abs=1e-5), "4|1", "7/8"),
    ]
    assert told["place"] == [
        ["0", "range", "session"],
        [str(ORIGIN), "mark", "In <tro>"],
        [str(ORIGIN + 22_050), "mark", "Vers & Strophe"],
    ]
    colours = {name: f"#{int(colour) >> 8:06x}" for colour, name in told["route"]}
    del colours["Master"]
    assert colours == {track.name: track.colour for track in song.session.tracks}
    regions = saved.findall("Playlists/Playlist/Region")
    assert {region.get("fade-in-active") for region in regions} == {"0"}
    assert {region.get("fade-out-active") for region in regions} == {"0"}


def test_the_folder_holds_all_that_it_names(tmp_path):
    song = make_song(tmp_path)
    write_ardour(song.session, tmp_path / "out" / "song")
    root = document(tmp_path / "out" / "song")
    audio = tmp_path / "out" / "song" / "interchange" / "song" / "audiofiles"
    for source, track in zip(root.findall("Sources/Source")[::2], song.session.tracks, strict=True):
        assert (audio / source.get("name")).read_bytes() == track.path.read_bytes()
    assert str(tmp_path) not in (tmp_path / "out" / "song" / "song.ardour").read_text()
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)
    assert int(root.get("id-counter")) > max(map(int, ids))


def test_tracks_with_one_name_are_told_apart(tmp_path):
    song = make_song(tmp_path, names=("vox", "Vox ", "master", "monitor"))
    write_ardour(song.session, tmp_path / "song")
    names = [route.get("name") for route in document(tmp_path / "song").iter("Route")]
    assert len({name.casefold() for name in names}) == 5


def test_what_ardour_cannot_is_refused(tmp_path):
    low = make_song(tmp_path, sample_rate=22_050)
    with pytest.raises(UserError, match="22050 Hz"):
        write_ardour(low.session, tmp_path / "low")
    song = make_song(tmp_path)
    with pytest.raises(UserError, match="colon"):
        write_ardour(song.session, tmp_path / "a:b")
    with pytest.raises(UserError, match="before the timeline"):
        write_ardour(replace(song.session, origin_seconds=-1), tmp_path / "early")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "take.wav").write_text("a take")
    with pytest.raises(UserError, match="there already"):
        write_ardour(song.session, tmp_path / "there")
    assert (tmp_path / "there" / "take.wav").read_text() == "a take"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_bars_are_counted_in_their_own_metre():
    points = (
        GridPoint(0.0, 0.0, 100, 1, 8),
        GridPoint(0.5, 0.3, 100, 4, 4),
        GridPoint(9.5, 5.7, 90, 4, 4),
        GridPoint(11.5, 8.0, 90, 7, 8),
        GridPoint(15.5, 9.0, 60, 7, 8),
    )
    assert bar_places(points) == ["1|1|0", "2|1|0", "4|2|0", "5|1|0", "6|2|0"]
