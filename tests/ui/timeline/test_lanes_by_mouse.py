import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemdesk.project.document import Region, Span
from tests.ui.timeline.hands import (
    CTRL,
    SHIFT,
    Heard,
    click,
    double_click,
    drag,
    mouse,
    move,
    press,
    release,
    row_y,
    wheel,
)
from tests.ui.timeline.songs import RATE, song

PX = 882  # frames a pixel: 20 s over 1000 pixels
BEAT = RATE // 2


def test_a_click_sets_the_playhead_and_focuses_the_lane(view):
    seeks, focused = Heard(view.wishes.seek_requested), Heard(view.wishes.lane_focused)
    click(view.canvas, 310, row_y(view, "drums"))
    assert seeks.calls == [(310 * PX,)]
    assert focused.calls == [("drums",)]
    assert view.scene.focused == "drums"
    assert view.scene.position_frames == 0  # the document decides


def test_a_click_near_a_beat_catches_and_ctrl_does_not(view):
    seeks = Heard(view.wishes.seek_requested)
    x = round(2 * BEAT / PX) + 4
    click(view.canvas, x, row_y(view, "drums"))
    click(view.canvas, x, row_y(view, "drums"), CTRL)
    view.set_snap(on=False)
    click(view.canvas, x, row_y(view, "drums"))
    assert [frame for (frame,) in seeks.calls] == [2 * BEAT, x * PX, x * PX]


def test_a_drag_selects_to_the_sample_across_lanes(view):
    said, seeks = Heard(view.wishes.selection_changed), Heard(view.wishes.seek_requested)
    start, end = (112, row_y(view, "vocals")), (287, row_y(view, "bass"))
    drag(view.canvas, start, (200, start[1]), end, held=CTRL)
    assert said.last == (
        Span(first_frame=112 * PX, end_frame=287 * PX),
        ("vocals", "drums", "bass"),
    )
    assert said.calls[0][1] == ("vocals",)
    assert not seeks.calls
    click(view.canvas, 600, row_y(view, "vocals"))
    assert said.last == (None, ())


def test_a_drag_catches_on_beats_in_either_direction(view):
    said = Heard(view.wishes.selection_changed)
    y = row_y(view, "vocals")
    drag(view.canvas, (8 * BEAT // PX + 3, y), (4 * BEAT // PX - 3, y))
    assert said.last[0] == Span(first_frame=4 * BEAT, end_frame=8 * BEAT)


def test_without_a_tempo_nothing_catches(view):
    view.show_track(song(tempo=None))
    said = Heard(view.wishes.selection_changed)
    y = row_y(view, "vocals")
    drag(view.canvas, (101, y), (201, y))
    assert said.last[0] == Span(first_frame=101 * PX, end_frame=201 * PX)


def test_shift_click_brings_the_nearer_end(view):
    said, seeks = Heard(view.wishes.selection_changed), Heard(view.wishes.seek_requested)
    y = row_y(view, "vocals")
    drag(view.canvas, (112, y), (287, y), held=CTRL)
    click(view.canvas, 112 + 50, y, SHIFT | CTRL)
    assert said.last[0] == Span(first_frame=162 * PX, end_frame=287 * PX)
    click(view.canvas, 512, y, SHIFT | CTRL)
    assert said.last[0] == Span(first_frame=162 * PX, end_frame=512 * PX)
    assert not seeks.calls


def test_an_end_of_the_selection_can_be_dragged(view):
    said = Heard(view.wishes.selection_changed)
    y = row_y(view, "vocals")
    drag(view.canvas, (112, y), (287, y), held=CTRL)
    drag(view.canvas, (110, y), (60, y), held=CTRL)
    assert said.last[0] == Span(first_frame=60 * PX, end_frame=287 * PX)


def test_a_drag_beyond_the_edge_scrolls(view):
    view.zoom_in()
    before = view.scene.view.first_frame
    y = row_y(view, "vocals")
    press(view.canvas, 900, y)
    for _ in range(5):
        move(view.canvas, view.canvas.width() + 40, y)
    release(view.canvas, view.canvas.width() + 40, y)
    assert view.scene.view.first_frame > before
    assert view.selected_span.end_frame > view.scene.view.frame_at(view.canvas.width())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(x=st.integers(0, 999), notches=st.floats(-3, 8))
def test_ctrl_and_the_wheel_zoom_at_the_pointer(view, x, notches):
    view.fit_song()
    view.zoom_in()
    before = view.scene.view
    frame = before.frame_at(x)
    wheel(view.canvas, x, 100, notches, CTRL)
    shown = view.scene.view
    at_an_end = shown.first_frame == 0 or shown.end_frame >= shown.song_frames - 1
    assert at_an_end or shown.x(frame) == pytest.approx(x, abs=0.01)
    notches = round(notches * 120) / 120
    wanted = before.frames_per_px / 1.25**notches
    assert shown.frames_per_px == pytest.approx(min(wanted, before.widest))


def test_shift_and_the_wheel_scroll_along(view):
    view.zoom_in()
    view.zoom_in()
    view.scene.view = view.scene.view.starting_at(0)
    wheel(view.canvas, 500, 100, -1, SHIFT)
    one = view.scene.view.first_frame
    assert one > 0
    wheel(view.canvas, 500, 100, 1, SHIFT)
    assert view.scene.view.first_frame == 0
    assert view.scene.view.frames_per_px == pytest.approx(PX / 4)


def test_the_wheel_scrolls_the_lanes_and_headers_go_along(view):
    view.resize(1236, 300)
    before = view.headers.headers["vocals"].y()
    wheel(view.canvas, 500, 100, -1)
    assert view.scene.scroll_px > 0
    assert view.headers.headers["vocals"].y() == before - view.scene.scroll_px
    y = row_y(view, "bass")
    focused = Heard(view.wishes.lane_focused)
    click(view.canvas, 100, y)
    assert focused.last == ("bass",)


def test_ctrl_shift_wheel_makes_lanes_higher(view):
    before = view.scene.rows[0].height_px
    wheel(view.canvas, 500, 100, 2, CTRL | SHIFT)
    assert view.scene.rows[0].height_px > before


@pytest.fixture
def regions(view):
    some = (
        Region(stem="vocals", first_frame=100 * PX, end_frame=200 * PX, gain_db=-6.0),
        Region(stem="vocals", first_frame=300 * PX, end_frame=400 * PX, mute=True),
    )
    view.show_track(song(regions=some, tempo=None))
    return some


def asked(view, start, *path):
    heard = Heard(view.wishes.region_changed)
    drag(view.canvas, start, *path)
    (old, new), *more = heard.calls
    assert not more  # one gesture, one wish
    return old, new


def test_a_region_is_moved_by_its_bar_but_not_into_its_neighbour(view, regions):
    y = row_y(view, "vocals", 0) + 8
    old, new = asked(view, (150, y), (160, y), (180, y))
    assert old == regions[0]
    assert (new.first_frame, new.end_frame) == (130 * PX, 230 * PX)
    _, new = asked(view, (150, y), (500, y))
    assert (new.first_frame, new.end_frame) == (200 * PX, 300 * PX)
    _, new = asked(view, (150, y), (-300, y))
    assert (new.first_frame, new.end_frame) == (0, 100 * PX)


@pytest.mark.parametrize("share", [0.05, 0.8])
def test_a_region_is_cut_and_stretched_at_its_ends(view, regions, share):
    y = row_y(view, "vocals", share)
    _, new = asked(view, (101, y), (151, y))
    assert (new.first_frame, new.end_frame) == (151 * PX, 200 * PX)
    _, new = asked(view, (199, y), (249, y))
    assert (new.first_frame, new.end_frame) == (100 * PX, 249 * PX)
    _, new = asked(view, (101, y), (900, y))  # never inside out
    assert new.end_frame - new.first_frame == 1
    assert new.gain_db == -6.0


def test_a_region_s_gain_line_is_dragged_and_a_muted_one_has_none(view, regions):
    from stemdesk.ui.timeline.hits import gain_y

    row = next(row for row in view.scene.rows if row.lane == "vocals")
    y = row.top_px + gain_y(row, -6.0)
    _, louder = asked(view, (150, y), (150, y - 10))
    assert -6.0 < louder.gain_db <= 12.0
    assert louder.gain_db == round(louder.gain_db, 1)
    _, silent = asked(view, (150, y), (150, y + 200))
    assert silent.gain_db == float("-inf")
    heard, selected = Heard(view.wishes.region_changed), Heard(view.wishes.selection_changed)
    drag(view.canvas, (350, y), (370, y - 10))
    assert not heard.calls
    assert selected.last[0] == Span(first_frame=350 * PX, end_frame=370 * PX)


def test_while_a_region_is_dragged_the_document_is_not_touched(view, regions):
    before = view.scene.track
    y = row_y(view, "vocals", 0) + 8
    press(view.canvas, 150, y)
    move(view.canvas, 190, y)
    assert view.scene.regions("vocals")[-1].first_frame == 140 * PX
    assert view.scene.track is before
    release(view.canvas, 190, y)
    assert set(view.scene.regions("vocals")) == set(regions)


def test_stems_alone_are_selected_for_regions(view):
    assert view.selected_stems == ()
    drag(view.canvas, (112, row_y(view, "mixture")), (287, row_y(view, "drums")), held=CTRL)
    assert view.selected_span == Span(first_frame=112 * PX, end_frame=287 * PX)
    assert view.selected_stems == ("vocals", "drums")


def test_menus_are_asked_for_with_what_lies_there(view, regions, qtbot):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    asked = Heard(view.wishes.context_requested)
    at = QPoint(350, round(row_y(view, "vocals", 0.6)))
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, view.canvas.mapToGlobal(at))
    QApplication.sendEvent(view.canvas, event)
    place = asked.last[0]
    assert (place.lane, place.region, place.frame) == ("vocals", regions[1], 350 * PX)
    view.set_position(150 * PX)
    view.focus_lane("vocals")
    key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view.canvas, key)
    assert (asked.last[0].region, asked.last[0].frame) == (regions[0], 150 * PX)


def test_without_a_song_nothing_is_asked_for(view):
    view.show_track(None)
    seeks = Heard(view.wishes.seek_requested)
    click(view.canvas, 300, 100)
    click(view.ruler, 300, 10)
    double_click(view.ruler, 300, 10)
    wheel(view.canvas, 300, 100, 1, CTRL)
    assert not seeks.calls
    assert view.canvas.accessibleDescription() == "No song"


def test_the_right_button_neither_seeks_nor_selects(view):
    from PySide6.QtCore import QEvent, Qt

    seeks = Heard(view.wishes.seek_requested)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        mouse(view.canvas, kind, 300, 100, button=Qt.MouseButton.RightButton)
    assert not seeks.calls
