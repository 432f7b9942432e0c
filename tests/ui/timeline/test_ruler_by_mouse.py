import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from stemdesk.project.document import Marker, Span
from tests.ui.timeline.hands import Heard, click, double_click, drag
from tests.ui.timeline.songs import RATE, song

PX = 882
MARKERS = (Marker(frame=100 * PX, name="Verse"), Marker(frame=500 * PX, name="Chorus"))


@pytest.fixture
def marked(view):
    view.show_track(song(markers=MARKERS, tempo=None))
    return view


def test_a_click_sets_the_playhead_and_a_drag_the_loop(marked):
    seeks, loops = Heard(marked.wishes.seek_requested), Heard(marked.wishes.loop_requested)
    click(marked.ruler, 300, 30)
    assert seeks.calls == [(300 * PX,)]
    drag(marked.ruler, (700, 30), (650, 30), (600, 30))
    assert loops.calls == [(Span(first_frame=600 * PX, end_frame=700 * PX),)]
    assert len(seeks.calls) == 1


def test_the_loop_catches_on_beats(view):
    loops = Heard(view.wishes.loop_requested)
    drag(view.ruler, (103, 45), (397, 45))
    assert loops.calls == [(Span(first_frame=2 * RATE, end_frame=8 * RATE),)]


def test_an_end_of_the_loop_is_dragged_alone(view):
    view.show_track(song(loop=Span(first_frame=100 * PX, end_frame=200 * PX), tempo=None))
    loops = Heard(view.wishes.loop_requested)
    bottom = view.ruler.height() - 5
    drag(view.ruler, (201, bottom), (301, bottom))
    assert loops.last == (Span(first_frame=100 * PX, end_frame=301 * PX),)
    drag(view.ruler, (99, bottom), (49, bottom))
    assert loops.last == (Span(first_frame=49 * PX, end_frame=200 * PX),)


def test_a_flag_is_dragged_or_gone_to(marked):
    moved, seeks = Heard(marked.wishes.marker_moved), Heard(marked.wishes.seek_requested)
    loops = Heard(marked.wishes.loop_requested)
    drag(marked.ruler, (104, 9), (150, 9), (250, 9))
    assert moved.calls == [(MARKERS[0], 250 * PX)]
    assert not loops.calls
    click(marked.ruler, 504, 9)
    assert seeks.calls == [(500 * PX,)]


def test_a_double_click_sets_a_marker(marked):
    added = Heard(marked.wishes.marker_added)
    double_click(marked.ruler, 300, 30)
    assert added.calls == [(300 * PX,)]


def test_a_double_click_on_a_flag_renames_it(marked, qtbot):
    renamed = Heard(marked.wishes.marker_renamed)
    double_click(marked.ruler, 104, 9)
    field = marked.ruler.findChild(QLineEdit)
    assert field.text() == "Verse"
    field.setText("Verse 1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed.calls == [(MARKERS[0], "Verse 1")]


def test_delete_removes_the_picked_marker(marked, qtbot):
    removed = Heard(marked.wishes.marker_removed)
    click(marked.ruler, 504, 9)
    qtbot.keyClick(marked.canvas, Qt.Key.Key_Delete)
    assert removed.calls == [(MARKERS[1],)]
    qtbot.keyClick(marked.canvas, Qt.Key.Key_Delete)
    assert len(removed.calls) == 1


def test_a_tempo_gives_the_ruler_a_line_more(view):
    with_bars = view.ruler.sizeHint().height()
    view.show_track(song(tempo=None))
    assert view.ruler.sizeHint().height() < with_bars
    assert view.ruler.lines() == ["markers", "time"]
