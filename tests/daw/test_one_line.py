"""Names with control characters, line ends and quotes in every format that is made of text."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import mido
import pytest

from stemdesk.daw.ardour import write_ardour
from stemdesk.daw.broadcast_wave import write_broadcast_waves
from stemdesk.daw.labels import read_labels, write_labels
from stemdesk.daw.one_line import one_line
from stemdesk.daw.reaper import write_reaper
from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.daw.tempo_map_midi import write_tempo_map
from tests.daw.songs import make_song

NASTY = "a\x1b[1m\r\n>\n  <TRACK\x00\x07\x85\x9b\u2028\"'`b"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@pytest.fixture
def session(tmp_path):
    session = make_song(
        tmp_path,
        names=("vocals", "other"),
        title=NASTY,
        artist=f"{NASTY}\n>",
        markers=(SessionMarker(0, NASTY), SessionMarker(9, "\n\n")),
        tempo=(TempoChange(0, 120),),
    ).session
    return replace(session, tracks=tuple(replace(each, name=NASTY) for each in session.tracks))


@pytest.mark.parametrize("code", [*range(32), *range(127, 160), 0x2028, 0x2029])
def test_every_control_character_becomes_a_space(code):
    assert one_line(f"a{chr(code)}b") == "a b"


def test_a_reaper_project_holds_no_control_characters(session, tmp_path):
    write_reaper(session, tmp_path / "x")
    text = (tmp_path / "x" / "x.rpp").read_text(encoding="utf-8")
    assert CONTROL.search(text) is None
    lines = text.splitlines()
    assert sum(line.strip().startswith("<TRACK") for line in lines) == 2
    opened = sum(line.strip().startswith("<") for line in lines)
    assert opened == sum(line.strip() == ">" for line in lines)


def test_labels_and_a_tempo_map_hold_them_on_one_line(session, tmp_path):
    write_labels(session, tmp_path / "x.txt")
    assert [label.text for label in read_labels(tmp_path / "x.txt")] == [one_line(NASTY), " "]
    write_tempo_map(session, tmp_path / "x.mid")
    for track in mido.MidiFile(tmp_path / "x.mid", charset="utf-8").tracks:
        for message in track:
            texts = [getattr(message, "name", ""), getattr(message, "text", "")]
            assert not any(CONTROL.search(text) or "\n" in text for text in texts)


def test_broadcast_waves_hold_valid_text(session, tmp_path):
    write_broadcast_waves(session, tmp_path / "x")
    for path in (tmp_path / "x").glob("*.wav"):
        content = path.read_bytes()
        start = content.index(b"bext") + 8
        assert re.search(rb"[\x01-\x1f]", content[start : start + 256]) is None
        place = content.index(b"<?xml")
        document = content[place : content.index(b"</BWFXML>") + len(b"</BWFXML>")]
        assert ET.fromstring(document).findtext("PROJECT")


def test_an_ardour_session_is_valid_xml(session, tmp_path):
    write_ardour(session, tmp_path / "x")
    [path] = (tmp_path / "x").glob("*.ardour")
    ET.parse(path)
