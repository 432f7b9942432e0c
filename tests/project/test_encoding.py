from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import with_value
from stemdesk.project import edits
from stemdesk.project.document import FORMAT, Marker, Project, changed
from stemdesk.project.encoding import decoded, encoded
from stemdesk.project.migrations import MIGRATIONS, NewerFormat, migrate
from tests.project.rich import RICH, SEPARATED

FORMATS = Path(__file__).parent / "formats"


def document(**fields):
    return {**json.loads(encoded(RICH, 1)), **fields}


def reread(given_document):
    return decoded(json.dumps(given_document).encode(), "Song")


def test_everything_survives():
    read = decoded(encoded(RICH, 7), "Song")
    assert read.project == RICH
    assert read.revision == 7
    assert read.written_by.startswith("StemDesk")
    assert read.remarks == ()


def test_the_file_is_json_for_people():
    text = encoded(RICH, 1).decode()
    assert text.count("\n") > 50
    assert text.endswith("}\n")
    assert json.loads(text, parse_constant=pytest.fail)["format"] == FORMAT
    assert list(json.loads(text))[:2] == ["format", "written_by"]
    # Readable names too, unless some other name cannot be UTF-8.
    assert "日本" in encoded(changed(RICH, tracks=(SEPARATED,)), 1).decode()


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.just(-math.inf), st.floats(-120.0, 12.0)))
def test_any_level_survives_to_the_last_bit(level_db):
    track = changed(SEPARATED, mix=with_value(SEPARATED.mix, "vocals.level_db", level_db))
    project = Project(tracks=(track,), current=track.id)
    read = decoded(encoded(project, 1), "Song").project.tracks[0]
    assert read.mix.strips[0].level_db == level_db


@pytest.mark.parametrize("name", ["-inf", "null", "true", "1", "\x00\n", "é́🎵", "x\udc80"])
def test_any_name_stays_a_name(name):
    track = changed(SEPARATED, name=name, markers=(Marker(frame=1, name=f"m{name}m"),))
    project = Project(tracks=(track,), current=track.id)
    assert decoded(encoded(project, 1), "Song").project == project


@pytest.mark.parametrize("level", [math.inf, math.nan])
def test_no_file_holds_what_is_no_level(level):
    tempo = changed(SEPARATED.tempo, bpm=level)
    with pytest.raises(ValueError, match="cannot hold"):
        encoded(Project(tracks=(changed(SEPARATED, tempo=tempo),)), 1)


DAMAGED = {
    "empty": b"",
    "zeros": bytes(4096),
    "cut": encoded(RICH, 1)[:-40],
    "no UTF-8": encoded(RICH, 1).replace(b"Not", b"\xff\xfe"),
    "a list": b"[]",
    "too deep": b'{"a":' * 100_000,
    "NaN": encoded(RICH, 1).replace(b"97.3", b"NaN"),
    "a text for a number": encoded(RICH, 1).replace(b"8000", b'"8000"'),
    "silence for frames": encoded(RICH, 1).replace(b"8000", b'"-inf"'),
    "without tracks' names": encoded(RICH, 1).replace(b'"name": "Not', b'"nome": "Not'),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_refused_by_name(data):
    with pytest.raises(UserError, match="Song is damaged"):
        decoded(data, "Song")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(encoded(RICH, 1)) - 1), st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused(place, byte):
    data = bytearray(encoded(RICH, 1))
    data[place] = byte
    with contextlib.suppress(UserError):
        decoded(bytes(data), "Song")


def test_unknown_fields_are_left_out_and_said():
    given_document = document(colour="red")
    given_document["tracks"][0]["mood"] = {"level_db": 1}
    given_document["tracks"][0]["mix"]["strips"][1]["width"] = 2
    read = reread(given_document)
    assert read.project == RICH
    (remark,) = read.remarks
    for place in ("colour", "tracks[0].mood", "tracks[0].mix.strips[1].width"):
        assert place in remark


def test_a_newer_format_is_refused_with_its_author():
    with pytest.raises(NewerFormat, match=r"written by StemDesk 9\.1 in format 2") as refusal:
        reread({"format": 2, "written_by": "StemDesk 9.1", "songs": "of another kind"})
    assert f"up to {FORMAT}" in str(refusal.value)


@pytest.mark.parametrize("written", [None, 0, -1, "1", 1.5, True, [1]])
def test_without_a_format_it_is_no_project(written):
    with pytest.raises(UserError, match="does not say in which format"):
        reread(document(format=written))


def test_there_is_a_step_from_every_format():
    assert set(MIGRATIONS) == set(range(1, FORMAT))


def test_steps_are_taken_in_order():
    def songs_to_tracks(given_document):
        return {"tracks": given_document["songs"], "trail": [1]}

    def titles_to_names(given_document):
        tracks = [{"name": track["title"]} for track in given_document["tracks"]]
        return {**given_document, "tracks": tracks, "trail": [*given_document["trail"], 2]}

    old = {"format": 1, "songs": [{"title": "a"}]}
    new = migrate(old, "Song", {1: songs_to_tracks, 2: titles_to_names}, newest=3)
    assert new == {"format": 3, "tracks": [{"name": "a"}], "trail": [1, 2]}
    assert old == {"format": 1, "songs": [{"title": "a"}]}
    with pytest.raises(NewerFormat, match="format 4"):
        migrate({"format": 4}, "Song", {}, newest=3)


@pytest.mark.parametrize("format_", range(1, FORMAT + 1))
def test_a_real_file_of_every_format_is_read(format_):
    data = (FORMATS / f"{format_}.json").read_bytes()
    assert json.loads(data)["format"] == format_
    read = decoded(data, "Song")
    assert read.project == RICH
    assert read.remarks == ()


def test_what_stems_claim_is_kept_and_left_out_where_they_claim_nothing():
    given_document = document()
    assert "claims" not in given_document["tracks"][0]["separated"]
    given_document["tracks"][0]["separated"]["claims"] = {"vocals": 6.0, "other": -2.5}
    read = reread(given_document).project
    assert read.tracks[0].separated.claims == {"vocals": 6.0, "other": -2.5}


def test_what_no_stem_can_have_claimed_is_left_out_and_told():
    given_document = document()
    given_document["tracks"][0]["separated"]["claims"] = {"vocals": 6.0, "other": 1, "bass": 3.0}
    text = json.dumps(given_document).replace('"other": 1', '"other": 1e999')
    read = decoded(text.encode(), "Song")
    assert read.project.tracks[0].separated.claims == {"vocals": 6.0}
    assert [remark for remark in read.remarks if "claimed" in remark] == list(read.remarks) != []
    encoded(read.project, 1)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda tracks: tracks[1].update(id=tracks[0]["id"]), "told apart"),
        (lambda tracks: tracks[1].update(id=""), "told apart"),
        (lambda tracks: tracks[0]["mixture"].update(frames=0), "0 frames"),
        (lambda tracks: tracks[0]["mixture"].update(channels=9), "9 channels"),
        (lambda tracks: tracks[0]["mixture"].update(sample_rate=7999), "7999 Hz"),
        (lambda tracks: tracks[0]["mixture"].update(path="media/../../x"), r"\.\./\.\./x"),
        (lambda tracks: tracks[0]["mixture"].update(path="..\\x"), "file that cannot be"),
        (lambda tracks: tracks[0]["separated"].update(gain=0.0), "gain 0"),
        (lambda tracks: tracks[0]["mix"]["strips"].pop(), "strips for vocals"),
        (lambda tracks: tracks[0]["mix"]["strips"][0].update(pan=1.5), r"vocals\.pan"),
        (lambda tracks: tracks[0]["mix"]["automation"].update({"x.y": [[0, 0]]}), r"x\.y"),
    ],
)
def test_what_would_sound_wrong_is_refused(change, what):
    given_document = document()
    change(given_document["tracks"])
    with pytest.raises(UserError, match=what):
        reread(given_document)


def test_a_plugin_that_changed_keeps_no_project_closed(monkeypatch):
    monkeypatch.setattr("stemdesk.mixing.plugins.known.parameters_of", lambda _: ())
    assert decoded(encoded(RICH, 1), "Song").project == RICH


def test_marks_that_cannot_be_are_mended_and_said():
    given_document = document(current="gone")
    song = given_document["tracks"][0]
    song["regions"].append({"stem": "kazoo", "first_frame": 0, "end_frame": 5})
    song["regions"].append({"stem": "vocals", "first_frame": 150, "end_frame": 160, "gain_db": 6})
    song["markers"].append({"frame": 500_000, "name": "far"})
    song["loop"] = {"first_frame": 9, "end_frame": 9}
    song["tempo"]["bpm"] = 1e6
    read = reread(given_document)
    assert len(read.remarks) == 4
    for remark, what in zip(read.remarks, ["region", "marker", "loop", "tempo"], strict=True):
        assert SEPARATED.name in remark
        assert what in remark
    track = read.project.tracks[0]
    assert read.project.current == track.id
    assert (track.loop, track.looping, track.tempo) == (None, False, None)
    assert track.markers == SEPARATED.markers
    vocals = [each for each in track.regions if each.stem == "vocals"]
    assert [(each.first_frame, each.end_frame) for each in vocals] == [
        (0, 100),
        (100, 150),
        (150, 160),
        (160, 200),
    ]


def test_what_edits_make_can_be_read(track):
    for frame in (0, 441_000):
        track = edits.add_marker(track, frame)
    track = edits.set_looping(track, looping=True)
    project = edits.add_track(Project(), track)
    read = decoded(encoded(project, 1), "Song")
    assert read.project == project
    assert read.remarks == ()
