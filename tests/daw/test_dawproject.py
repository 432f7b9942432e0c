from __future__ import annotations

import copy
import math
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from lxml import etree

from stemdesk.daw.dawproject import write_dawproject
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.errors import UserError
from tests.daw.dawproject_player import Player
from tests.daw.songs import make_song

RICH = {
    "origin_seconds": 1.25,
    "markers": (SessionMarker(0, "In <tro>"), SessionMarker(22_050, "Vers & Strophe")),
    "tempo": (TempoChange(0, 97.3), TempoChange(8, 180, 7, 8), TempoChange(15, 60, 3, 4)),
    "first_beat_seconds": 0.35,
    "artist": "Someone",
    "tags": {"album": "Lieder", "date": "2025"},
}


@pytest.fixture
def rich(tmp_path):
    return make_song(tmp_path, frames=44_100 * 2, **RICH)


@pytest.fixture
def written(rich, tmp_path):
    path = tmp_path / "Ein Lied (日本).dawproject"
    write_dawproject(rich.session, path)
    return path


def document(path, name="project.xml"):
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def strip(session, number, **settings):
    tracks = list(session.tracks)
    tracks[number] = replace(tracks[number], **settings)
    return replace(session, tracks=tuple(tracks))


def test_neutral_it_plays_the_song_at_its_place(rich, written):
    player = Player(written)
    heard = player.play()
    origin = round(1.25 * 44_100)
    assert not heard[:origin].any()
    np.testing.assert_array_equal(heard[origin:], rich.mixture)


def test_the_strips_go_along(rich, tmp_path):
    session = strip(rich.session, 0, level_db=-6.0, pan=0.5)
    session = strip(session, 1, mute=True)
    session = strip(session, 2, level_db=-math.inf)
    write_dawproject(session, tmp_path / "mix.dawproject")
    heard = Player(tmp_path / "mix.dawproject").play()[round(1.25 * 44_100) :]
    wanted = rich.stems["vocals"] * 10 ** (-6 / 20) * [0.5, 1.0] + rich.stems["other"]
    np.testing.assert_allclose(heard, wanted, atol=1e-12)


def test_a_fader_above_two_is_within_the_range_that_is_stated(rich, tmp_path):
    write_dawproject(strip(rich.session, 0, level_db=12.0), tmp_path / "loud.dawproject")
    volume = document(tmp_path / "loud.dawproject").find(".//Track/Channel/Volume")
    assert float(volume.get("value")) == pytest.approx(3.981, abs=1e-3)
    assert float(volume.get("max")) >= float(volume.get("value"))


def test_tracks_are_named_and_coloured_in_their_order(rich, written):
    tracks = document(written).findall("Structure/Track")
    assert [track.get("name") for track in tracks[:-1]] == list(rich.stems)
    assert [track.get("color") for track in tracks[:-1]] == [
        track.colour for track in rich.session.tracks
    ]
    assert tracks[-1].find("Channel").get("role") == "master"


def test_markers_and_tempo_lie_where_they_are_heard(written):
    player = Player(written)
    markers = player.root.findall("Arrangement/Markers/Marker")
    places = {each.get("name"): player.seconds(float(each.get("time"))) for each in markers}
    assert places == pytest.approx({"In <tro>": 1.25, "Vers & Strophe": 1.75}, abs=1e-9)
    metres = player.root.findall("Arrangement/TimeSignatureAutomation/TimeSignaturePoint")
    told = [
        (player.seconds(float(each.get("time"))), each.get("numerator"), each.get("denominator"))
        for each in metres
    ]
    first = 1.25 + 0.35
    second = first + 8 * 60 / 97.3
    assert told[1:] == [
        (pytest.approx(first, abs=1e-9), "4", "4"),
        (pytest.approx(second, abs=1e-9), "7", "8"),
        (pytest.approx(second + 7 * 60 / 180, abs=1e-9), "3", "4"),
    ]
    assert [bpm for _, bpm in player.tempo[1:]] == [97.3, 180, 60]
    assert float(player.root.find("Transport/Tempo").get("value")) == 97.3


def test_without_a_tempo_there_is_one_and_no_automation(tmp_path):
    song = make_song(tmp_path, origin_seconds=0.5)
    write_dawproject(song.session, tmp_path / "plain.dawproject")
    player = Player(tmp_path / "plain.dawproject")
    assert player.root.find("Arrangement/TempoAutomation") is None
    np.testing.assert_array_equal(player.play()[22_050:], song.mixture)


def test_audio_is_stored_byte_for_byte(rich, written):
    with zipfile.ZipFile(written) as archive:
        for track in rich.session.tracks:
            entry = archive.getinfo(f"audio/{track.name}.wav")
            assert entry.compress_type == zipfile.ZIP_STORED
            assert archive.read(entry) == track.path.read_bytes()


def test_metadata_say_whose_song_it_is(written):
    found = {each.tag: each.text for each in document(written, "metadata.xml")}
    assert found == {
        "Title": "Häuser am See",
        "Artist": "Someone",
        "Album": "Lieder",
        "Year": "2025",
    }


@pytest.mark.parametrize("channels", [1, 6])
def test_any_number_of_channels(channels, tmp_path):
    song = make_song(tmp_path, channels=channels)
    write_dawproject(song.session, tmp_path / "x.dawproject")
    np.testing.assert_array_equal(Player(tmp_path / "x.dawproject").play(), song.mixture)


def test_names_that_are_no_file_names_or_no_xml_or_alike(tmp_path):
    song = make_song(tmp_path, names=("a/b", "A_b", "tab\x01\udcff", "con"))
    write_dawproject(song.session, tmp_path / "x.dawproject")
    np.testing.assert_array_equal(Player(tmp_path / "x.dawproject").play(), song.mixture)
    names = [track.get("name") for track in document(tmp_path / "x.dawproject").iter("Track")]
    assert names[:2] == ["a/b", "A_b"]
    assert "\x01" not in names[2]


def test_a_file_that_cannot_be_written_leaves_nothing(rich, tmp_path):
    lost = strip(rich.session, 3, path=tmp_path / "gone.wav")
    (tmp_path / "out").mkdir()
    with pytest.raises(UserError):
        write_dawproject(lost, tmp_path / "out" / "x.dawproject")
    assert not list((tmp_path / "out").iterdir())


def _broken(root):
    """Mutants of a document, each with one fault, by what is wrong with it."""

    def mutant(change):
        copied = copy.deepcopy(root)
        change(copied)
        return copied

    def swap(element, first, second):
        parent = element.find(first)
        parent.insert(0, parent.find(second))

    return {
        "unit": mutant(lambda r: r.find(".//Volume").set("unit", "dB")),
        "order": mutant(lambda r: swap(r, ".//Track/Channel", "Volume")),
        "no time": mutant(lambda r: r.find(".//Clip").attrib.pop("time")),
        "lost track": mutant(lambda r: r.find(".//Lanes/Lanes").set("track", "id999")),
        "lost target": mutant(lambda r: r.find(".//Target").set("parameter", "nothing")),
        "same id twice": mutant(
            lambda r: r.find(".//Pan").set("id", r.find(".//Volume").get("id"))
        ),
        "no file": mutant(lambda r: r.find(".//Audio").remove(r.find(".//Audio/File"))),
        "no sample rate": mutant(lambda r: r.find(".//Audio").attrib.pop("sampleRate")),
    }


def test_it_is_valid_against_the_schema_and_mutants_are_not(written, shared):
    for name, schema in (("project.xml", "Project.xsd"), ("metadata.xml", "MetaData.xsd")):
        xsd = etree.XMLSchema(etree.parse(shared / "schemas" / "dawproject" / schema))
        xsd.assertValid(document(written, name))
    xsd = etree.XMLSchema(etree.parse(shared / "schemas" / "dawproject" / "Project.xsd"))
    mutants = _broken(document(written))
    for fault in ("unit", "order", "no time", "no file", "no sample rate"):
        assert not xsd.validate(mutants[fault]), fault


def faults(root):
    """What our own eyes find, where the schema is not at hand."""
    found = []
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    if len(set(ids)) < len(ids):
        found.append("an id twice")
    for each in root.iter():
        links = [each.get(name) for name in ("track", "parameter", "destination")]
        found += [f"no {link}" for link in links if link is not None and link not in ids]
        if each.get("unit", "bpm") not in ("bpm", "linear", "normalized"):
            found.append(f"unit {each.get('unit')}")
    order = {
        "Project": ["Application", "Transport", "Structure", "Arrangement", "Scenes"],
        "Channel": ["Mute", "Pan", "Volume"],
        "Arrangement": ["Lanes", "Markers", "TempoAutomation", "TimeSignatureAutomation"],
        "Audio": ["File"],
    }
    needed = {"Clip": "time duration", "Audio": "channels sampleRate duration", "File": "path"}
    for tag, children in order.items():
        found += [f"in {tag}" for each in root.iter(tag) if [c.tag for c in each] != children]
    for tag, names in needed.items():
        for each in root.iter(tag):
            found += [f"no {name}" for name in names.split() if each.get(name) is None]
    return found


def test_its_structure_is_sound_and_that_of_mutants_is_not(written):
    assert faults(document(written)) == []
    for fault, mutant in _broken(document(written)).items():
        assert faults(mutant), fault
