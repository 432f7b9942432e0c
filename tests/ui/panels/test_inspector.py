import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from stemdesk.app.bench.analysis import SongMeasures
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import (
    Marker,
    MediaRef,
    Region,
    StemSet,
    Tempo,
    Track,
    changed,
)
from stemdesk.ui.panels.inspector import Inspector

STEMS = ("vocals", "drums", "bass", "other")


def media(path):
    return MediaRef(path=path, frames=5_292_000, sample_rate=44_100, channels=2)


TRACK = Track(
    id="1",
    name="Blue Monday",
    mixture=media("/home/me/Music/07 - Blue Monday.flac"),
    separated=StemSet(model="small", stems={stem: media(f"media/{stem}.wav") for stem in STEMS}),
    mix=neutral(list(STEMS)),
    regions=(
        Region(stem="drums", first_frame=0, end_frame=100, mute=True),
        Region(stem="vocals", first_frame=441_000, end_frame=882_000, gain_db=-3.0),
    ),
    markers=(Marker(frame=44_100, name="Intro"), Marker(frame=88_200, name="Verse")),
    tempo=Tempo(bpm=130.0),
)
MEASURES = SongMeasures(-14.23, -0.31, None)


@pytest.fixture
def inspector(qtbot):
    inspector = Inspector()
    qtbot.addWidget(inspector)
    inspector.resize(340, 640)
    inspector.show()
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    return inspector


def line(inspector, name):
    return inspector.findChild(QLineEdit, name)


def press(qtbot, inspector, name):
    qtbot.mouseClick(inspector.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def retype(qtbot, edit, text):
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def test_the_facts_of_a_song(inspector):
    inspector.show_track(TRACK, MEASURES, "mixture")
    assert dict(inspector.facts) == {
        "File": "07 - Blue Monday.flac",
        "Folder": "/home/me/Music",
        "Format": "FLAC",
        "Sample rate": "44.1 kHz",
        "Channels": "stereo",
        "Length": "2:00.000 (5\u202f292\u202f000 frames)",
        "Loudness": "\N{MINUS SIGN}14.2 LUFS",
        "True peak": "\N{MINUS SIGN}0.3 dBTP",
        "Tempo": "130.0 bpm, 4/4",
    }


def test_the_facts_of_a_stem(inspector):
    inspector.show_track(TRACK, None, "vocals")
    facts = dict(inspector.facts)
    assert facts["File"] == "vocals.wav"
    assert facts["Folder"] == "in the project, media"
    assert facts["Model"] == "small"
    assert "More or less" not in facts
    assert "Loudness" not in facts  # a stem is not measured
    claiming = changed(TRACK.separated, claims={"vocals": 6.0, "other": -2.5})
    inspector.show_track(changed(TRACK, separated=claiming), None, "bass")
    told = dict(inspector.facts)["More or less"]
    assert told == "Vocals +6.0 dB, Other \N{MINUS SIGN}2.5 dB"
    assert "Tempo" not in facts
    adapted = changed(TRACK.separated, adapted=True)
    inspector.show_track(changed(TRACK, separated=adapted), None, "bass")
    assert dict(inspector.facts)["Model"] == "small, adapted to the song"


def test_a_windows_path_is_read_as_one(inspector):
    track = changed(TRACK, mixture=media("C:\\Music\\a.wav"), separated=None)
    inspector.show_track(track, None, "mixture")
    assert dict(inspector.facts)["File"] == "a.wav"


def test_without_a_song_it_says_so(inspector):
    inspector.show_track(TRACK, None, "vocals")
    inspector.show_track(None, None, "")
    assert inspector.findChild(QLabel, "nosong").isVisible()
    assert not line(inspector, "name:marker0").isVisible()


def test_markers_are_jumped_to_renamed_and_deleted(inspector, qtbot):
    inspector.show_track(TRACK, None, "mixture")
    with qtbot.waitSignal(inspector.jump_requested, timeout=500) as caught:
        press(qtbot, inspector, "go:marker1")
    assert caught.args == [88_200]
    with qtbot.waitSignal(inspector.marker_renamed, timeout=500) as caught:
        retype(qtbot, line(inspector, "name:marker0"), "Opening")
    assert caught.args == [TRACK.markers[0], "Opening"]
    with qtbot.waitSignal(inspector.marker_removed, timeout=500) as caught:
        press(qtbot, inspector, "remove:marker1")
    assert caught.args == [TRACK.markers[1]]


def test_a_marker_keeps_its_name_if_none_is_typed_or_escape_pressed(inspector, qtbot):
    inspector.show_track(TRACK, None, "mixture")
    told = []
    inspector.marker_renamed.connect(lambda *args: told.append(args))
    edit = line(inspector, "name:marker0")
    retype(qtbot, edit, " ")
    assert edit.text() == "Intro"
    edit.selectAll()
    qtbot.keyClicks(edit, "Other")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "Intro"
    assert told == []


def test_another_edit_does_not_disturb_what_is_being_typed(inspector, qtbot):
    inspector.show_track(TRACK, None, "mixture")
    edit = line(inspector, "name:marker1")
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "Cho")
    inspector.show_track(changed(TRACK, looping=True), None, "mixture")
    assert edit.text() == "Cho"
    assert edit.hasFocus()


def test_only_the_regions_of_the_lane_are_listed(inspector, qtbot):
    inspector.show_track(TRACK, None, "vocals")
    assert line(inspector, "gain:region0").text() == "\N{MINUS SIGN}3.0 dB"
    assert line(inspector, "gain:region1") is None
    with qtbot.waitSignal(inspector.jump_requested, timeout=500) as caught:
        press(qtbot, inspector, "go:region0")
    assert caught.args == [441_000]
    inspector.show_track(TRACK, None, "mixture")
    assert not line(inspector, "gain:region0").isVisible()


@pytest.mark.parametrize(
    ("typed", "gain_db"), [("-6", -6.0), ("1,5 dB", 1.5), ("-inf", -math.inf), ("+12", 12.0)]
)
def test_a_regions_gain_is_typed(inspector, qtbot, typed, gain_db):
    inspector.show_track(TRACK, None, "vocals")
    before = TRACK.regions[1]
    with qtbot.waitSignal(inspector.region_changed, timeout=500) as caught:
        retype(qtbot, line(inspector, "gain:region0"), typed)
    assert caught.args == [before, changed(before, gain_db=gain_db)]


@pytest.mark.parametrize("typed", ["loud", "13", ""])
def test_what_is_no_gain_is_put_back(inspector, qtbot, typed):
    inspector.show_track(TRACK, None, "vocals")
    told = []
    inspector.region_changed.connect(lambda *args: told.append(args))
    edit = line(inspector, "gain:region0")
    edit.setFocus()
    edit.clear()
    qtbot.keyClicks(edit, typed)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told == []
    assert edit.text() == "\N{MINUS SIGN}3.0 dB"


def test_a_regions_gain_goes_by_steps_and_it_is_muted_and_deleted(inspector, qtbot):
    inspector.show_track(TRACK, None, "vocals")
    before = TRACK.regions[1]
    with qtbot.waitSignal(inspector.region_changed, timeout=500) as caught:
        qtbot.keyClick(line(inspector, "gain:region0"), Qt.Key.Key_Up)
    assert caught.args[1].gain_db == -2.0
    with qtbot.waitSignal(inspector.region_changed, timeout=500) as caught:
        press(qtbot, inspector, "mute:region0")
    assert caught.args == [before, changed(before, mute=True)]
    with qtbot.waitSignal(inspector.region_removed, timeout=500) as caught:
        press(qtbot, inspector, "remove:region0")
    assert caught.args == [before]


def test_an_editor_lies_over_the_facts_until_one_goes_back(inspector, qtbot):
    inspector.show_track(TRACK, None, "vocals")
    editor = QLabel("threshold")
    qtbot.addWidget(editor)
    inspector.show_editor(editor, "Vocals: Compressor")
    assert editor.isVisible()
    assert not line(inspector, "name:marker0").isVisible()
    with qtbot.waitSignal(inspector.editor_closed, timeout=500):
        press(qtbot, inspector, "back")
    assert not editor.isVisible()
    assert line(inspector, "name:marker0").isVisible()
    assert inspector.editor is None


def test_another_editor_takes_the_place_of_the_first(inspector, qtbot):
    first, second = QLabel("1"), QLabel("2")
    for each in (first, second):
        qtbot.addWidget(each)
    inspector.show_editor(first, "One")
    inspector.show_editor(second, "Two")
    assert inspector.editor is second
    assert not first.isVisible()
    assert second.isVisible()
