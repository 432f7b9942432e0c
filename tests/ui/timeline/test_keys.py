import pytest
from PySide6.QtCore import Qt

from stemdesk.mixing.settings import Point, changed, neutral
from stemdesk.project.document import Marker, Region, Span
from tests.ui.timeline.hands import ALT, CTRL, SHIFT, Heard, click
from tests.ui.timeline.songs import RATE, STEMS, song

BEAT = RATE // 2
END = 20 * RATE
Key = Qt.Key


def keys(qtbot, view, *pressed, held=Qt.KeyboardModifier.NoModifier):
    for key in pressed:
        qtbot.keyClick(view.canvas, key, held)


@pytest.fixture
def answered(view):
    """A view whose wish to seek is granted, as the window does."""
    view.wishes.seek_requested.connect(view.set_position)
    return view


def test_arrows_step_by_beats_and_with_ctrl_by_samples(answered, qtbot):
    view = answered
    keys(qtbot, view, Key.Key_Right, Key.Key_Right)
    assert view.scene.position_frames == 2 * BEAT
    keys(qtbot, view, Key.Key_Right, held=CTRL)
    assert view.scene.position_frames == 2 * BEAT + 1
    keys(qtbot, view, Key.Key_Left)
    assert view.scene.position_frames == 2 * BEAT
    keys(qtbot, view, Key.Key_Home, Key.Key_Left)
    assert view.scene.position_frames == 0
    keys(qtbot, view, Key.Key_End, Key.Key_Right)
    assert view.scene.position_frames == END


def test_without_snapping_arrows_step_by_pixels(answered, qtbot):
    answered.set_snap(on=False)
    keys(qtbot, answered, Key.Key_Right)
    assert answered.scene.position_frames == 8 * 882


def test_shift_selects_to_the_sample_at_both_ends(answered, qtbot):
    view = answered
    said, seeks = Heard(view.wishes.selection_changed), Heard(view.wishes.seek_requested)
    view.set_position(4 * BEAT)
    view.focus_lane("drums")
    keys(qtbot, view, Key.Key_Right, Key.Key_Right, held=SHIFT)
    assert said.last == (Span(first_frame=4 * BEAT, end_frame=6 * BEAT), ("drums",))
    keys(qtbot, view, Key.Key_Right, held=SHIFT | CTRL)
    assert said.last[0] == Span(first_frame=4 * BEAT, end_frame=6 * BEAT + 1)
    keys(qtbot, view, Key.Key_X)
    keys(qtbot, view, Key.Key_Left, Key.Key_Left, held=SHIFT | CTRL)
    assert said.last[0] == Span(first_frame=4 * BEAT - 2, end_frame=6 * BEAT + 1)
    keys(qtbot, view, Key.Key_Down, held=SHIFT)
    assert said.last[1] == ("drums", "bass")
    keys(qtbot, view, Key.Key_Home, held=SHIFT)
    assert said.last[0] == Span(first_frame=0, end_frame=6 * BEAT + 1)
    keys(qtbot, view, Key.Key_Escape)
    assert said.last == (None, ())
    assert not seeks.calls


def test_up_and_down_go_through_the_lanes(view, qtbot):
    focused = Heard(view.wishes.lane_focused)
    keys(qtbot, view, Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_Up, Key.Key_Up)
    assert [lane for (lane,) in focused.calls] == [
        "vocals",
        "drums",
        "vocals",
        "mixture",
        "mixture",
    ]


def test_a_lane_out_of_sight_is_brought_into_view(view, qtbot):
    view.resize(1236, 250)
    keys(qtbot, view, *[Key.Key_Down] * 4)
    row = next(row for row in view.scene.rows if row.lane == "other")
    assert row.bottom_px - view.scene.scroll_px <= view.canvas.height()
    keys(qtbot, view, *[Key.Key_Up] * 4)
    assert view.scene.scroll_px == 0


def test_m_and_s_act_on_the_focused_lane(view, qtbot):
    said = Heard(view.wishes.parameter_changed)
    keys(qtbot, view, Key.Key_M)
    assert not said.calls  # the mixture beside its stems has no strip
    view.focus_lane("bass")
    keys(qtbot, view, Key.Key_M, Key.Key_S)
    assert said.calls == [("bass.mute", 1.0), ("bass.solo", 1.0)]
    strips = tuple(changed(s, mute=s.name == "bass") for s in neutral(STEMS).strips)
    view.show_track(song(mix=changed(neutral(STEMS), strips=strips)))
    keys(qtbot, view, Key.Key_M)
    assert said.last == ("bass.mute", 0.0)


def test_a_folds_automation_out_and_in(view, qtbot):
    view.focus_lane("bass")
    keys(qtbot, view, Key.Key_A)
    assert view.scene.unfolded == {"bass": "bass.level_db"}
    assert view.headers.curves["bass"].isVisible()
    keys(qtbot, view, Key.Key_A)
    assert view.scene.unfolded == {}
    assert not view.headers.curves


def test_insert_adds_a_point_on_the_course(view, qtbot):
    points = (Point(0.0, 0.0), Point(4.0, -8.0))
    mix = changed(neutral(STEMS), automation={"vocals.level_db": points})
    view.show_track(song(mix=mix))
    view.unfold("vocals")
    view.focus_lane("vocals")
    view.set_position(1 * RATE)
    said = Heard(view.wishes.automation_changed)
    keys(qtbot, view, Key.Key_Insert)
    assert said.last == ("vocals.level_db", (points[0], Point(1.0, -2.0), points[1]))
    said.calls.clear()
    view.scene.picked = ("vocals.level_db", 1)
    keys(qtbot, view, Key.Key_Up, held=ALT)
    assert said.last[1][1] == Point(4.0, -7.0)


def test_alt_and_arrows_move_a_picked_region_but_not_into_another(view, qtbot):
    one = Region(stem="vocals", first_frame=0, end_frame=RATE, gain_db=-3.0)
    other = Region(stem="vocals", first_frame=RATE + 1, end_frame=2 * RATE)
    view.show_track(song(regions=(one, other)))
    said = Heard(view.wishes.region_changed)
    click(view.canvas, 20, view.scene.rows[1].top_px + 8)
    assert view.scene.picked == one
    keys(qtbot, view, Key.Key_Left, held=ALT | CTRL)
    assert not said.calls  # the song begins here
    keys(qtbot, view, Key.Key_Right, held=ALT | CTRL)
    assert said.last[1] == Region(stem="vocals", first_frame=1, end_frame=RATE + 1, gain_db=-3.0)
    view.show_track(song(regions=(said.last[1], other)))
    keys(qtbot, view, Key.Key_Right, held=ALT | CTRL)
    assert len(said.calls) == 1  # the other begins there
    keys(qtbot, view, Key.Key_Up, held=ALT)
    assert said.last[1].gain_db == -2.0
    removed = Heard(view.wishes.region_removed)
    keys(qtbot, view, Key.Key_Delete)
    assert removed.calls == [(said.last[1],)]


def test_alt_and_arrows_move_a_picked_marker(view, qtbot):
    marker = Marker(frame=100 * 882, name="Verse")
    view.show_track(song(markers=(marker,)))
    click(view.ruler, 104, 9)
    moved = Heard(view.wishes.marker_moved)
    keys(qtbot, view, Key.Key_Right, held=ALT | CTRL)
    assert moved.calls == [(marker, marker.frame + 1)]


def test_the_zooms_of_the_action_table(view):
    view.set_position(10 * RATE)
    view.zoom_normal()
    assert view.scene.view.frames_per_px == pytest.approx(RATE / 100)
    assert 0 <= view.scene.view.x(10 * RATE) <= view.canvas.width()
    x = view.scene.view.x(10 * RATE)
    view.zoom_in()
    assert view.scene.view.frames_per_px == pytest.approx(RATE / 200)
    assert view.scene.view.x(10 * RATE) == pytest.approx(x)
    view.zoom_out()
    assert view.scene.view.frames_per_px == pytest.approx(RATE / 100)
    view.fit_song()
    assert view.scene.view.is_whole
    view.select_all()
    assert view.selected_span == Span(first_frame=0, end_frame=END)
    view.scene.selection = view.scene.selection.turned().moved(15 * RATE, END)
    view.fit_selection()
    shown = view.scene.view
    assert 0 < shown.x(15 * RATE) < 60
    assert shown.x(END) <= view.canvas.width()


def test_keys_that_mean_nothing_here_go_on_to_the_window(view, qtbot):
    from PySide6.QtWidgets import QWidget

    class Window(QWidget):
        pressed = ()

        def keyPressEvent(self, event):  # noqa: N802
            self.pressed = (*self.pressed, event.key())

    window = Window()
    qtbot.addWidget(window)
    view.setParent(window)
    view.show()
    keys(qtbot, view, Key.Key_Space)
    keys(qtbot, view, Key.Key_M, held=CTRL)
    keys(qtbot, view, Key.Key_Delete, held=CTRL)
    pressed = [key for key in window.pressed if key != Key.Key_Control]
    assert pressed == [Key.Key_Space, Key.Key_M, Key.Key_Delete]
    view.setParent(None)


def test_a_screen_reader_is_told_lane_place_and_selection(answered, qtbot):
    view = answered
    keys(qtbot, view, Key.Key_Down, Key.Key_Right)
    assert view.canvas.accessibleDescription() == "Vocals, playhead at 0:00.500"
    keys(qtbot, view, Key.Key_Right, held=SHIFT)
    told = view.canvas.accessibleDescription()
    assert told == "Vocals, playhead at 0:00.500, selected from 0:00.500 to 0:01.000"


def test_full_stop_and_comma_pick_what_the_lane_has_in_order_of_time(view, qtbot):
    region = Region(stem="vocals", first_frame=RATE, end_frame=2 * RATE)
    elsewhere = Region(stem="bass", first_frame=RATE, end_frame=2 * RATE)
    marker = Marker(frame=3 * RATE, name="Verse")
    points = (Point(0.5, 0.0), Point(3.0, 0.0))
    mix = changed(neutral(STEMS), automation={"vocals.level_db": points})
    view.show_track(song(mix=mix, regions=(elsewhere, region), markers=(marker,)))
    view.unfold("vocals")
    view.focus_lane("vocals")
    picked = []
    for key in (*[Key.Key_Period] * 5, *[Key.Key_Comma] * 4):
        keys(qtbot, view, key)
        picked.append(view.scene.picked)
    one, other = ("vocals.level_db", 0), ("vocals.level_db", 1)
    there = [one, region, marker, other, other]
    assert picked == [*there, marker, region, one, one]


def test_f2_renames_the_picked_marker(view, qtbot):
    from PySide6.QtWidgets import QLineEdit

    marker = Marker(frame=3 * RATE, name="Verse")
    view.show_track(song(markers=(marker,)))
    renamed = Heard(view.wishes.marker_renamed)
    keys(qtbot, view, Key.Key_Period, Key.Key_F2)
    field = view.ruler.findChild(QLineEdit)
    field.setText("Chorus")
    qtbot.keyClick(field, Key.Key_Return)
    assert renamed.calls == [(marker, "Chorus")]


def test_escape_gives_up_a_drag(view, qtbot):
    from tests.ui.timeline.hands import move, press, release

    loops = Heard(view.wishes.loop_requested)
    press(view.ruler, 300, 30)
    move(view.ruler, 400, 30)
    assert view.scene.loop is not None
    keys(qtbot, view, Key.Key_Escape)
    assert view.scene.loop is None
    release(view.ruler, 400, 30)
    assert not loops.calls
