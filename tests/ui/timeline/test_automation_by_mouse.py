import math

import pytest

from stemdesk.mixing.addresses import with_effect
from stemdesk.mixing.automation import check_points
from stemdesk.mixing.parameters import LEVEL_DB
from stemdesk.mixing.settings import EffectSettings, Point, changed, neutral
from stemdesk.ui.timeline.hits import curve_y
from tests.ui.timeline.hands import CTRL, Heard, click, double_click, drag, move, press, release
from tests.ui.timeline.songs import RATE, STEMS, song

PX = 882
ADDRESS = "vocals.level_db"
POINTS = (Point(2.0, 0.0), Point(6.0, -12.0), Point(10.0, 6.0))


def automated(**automation):
    mix = with_effect(neutral(STEMS), "vocals", EffectSettings(kind="reverb"))
    points = {name.replace("__", "."): each for name, each in automation.items()}
    return song(mix=changed(mix, automation=points), tempo=None)


@pytest.fixture
def folded_out(view):
    view.show_track(automated(vocals__level_db=POINTS))
    view.unfold("vocals")
    return Heard(view.wishes.automation_changed)


def place(view, seconds, value):
    row = next(row for row in view.scene.rows if row.address)
    x = view.scene.view.x(seconds * RATE)
    return x, row.top_px + curve_y(row, LEVEL_DB.to_travel(value))


def test_a_click_adds_a_point_where_it_was(view, folded_out):
    click(view.canvas, *place(view, 8.0, -20.0))
    (address, points), *more = folded_out.calls
    assert not more
    assert address == ADDRESS
    assert len(points) == 4
    assert points[2].seconds == pytest.approx(8.0, abs=1 / RATE)
    assert points[2].value == pytest.approx(-20.0, abs=1.5)


def test_near_its_default_a_value_catches(view, folded_out):
    x, y = place(view, 8.0, 0.0)
    click(view.canvas, x, y + 2)
    assert folded_out.last[1][2].value == 0.0
    click(view.canvas, x, y + 2, CTRL)
    assert folded_out.last[1][2].value != 0.0


def test_a_point_is_dragged_and_asked_for_once(view, folded_out):
    start, end = place(view, 6.0, -12.0), place(view, 7.0, -3.0)
    press(view.canvas, *start)
    move(view.canvas, *place(view, 6.5, -6.0))
    move(view.canvas, *end)
    assert not folded_out.calls
    assert view.scene.points(ADDRESS)[1].seconds == pytest.approx(7.0, abs=0.03)
    release(view.canvas, *end)
    ((_, points),) = folded_out.calls
    assert points[1].seconds == pytest.approx(7.0, abs=0.03)
    assert points[1].value == pytest.approx(-3.0, abs=0.5)
    assert (points[0], points[2]) == (POINTS[0], POINTS[2])
    assert view.scene.points(ADDRESS) == POINTS  # the document decides


def test_a_point_does_not_overtake_its_neighbours(view, folded_out):
    drag(view.canvas, place(view, 6.0, -12.0), place(view, 15.0, -12.0))
    assert folded_out.last[1][1].seconds == 10.0
    drag(view.canvas, place(view, 6.0, -12.0), place(view, 0.1, -12.0))
    assert folded_out.last[1][1].seconds == 2.0


def test_the_bottom_is_silence_and_the_top_is_the_most(view, folded_out):
    x, _ = place(view, 6.0, -12.0)
    drag(view.canvas, place(view, 6.0, -12.0), (x, place(view, 6, -math.inf)[1] + 30))
    assert folded_out.last[1][1].value == -math.inf
    drag(view.canvas, place(view, 6.0, -12.0), (x, place(view, 6, 12.0)[1] - 30))
    assert folded_out.last[1][1].value == 12.0


def test_a_double_click_takes_a_point_away(view, folded_out):
    double_click(view.canvas, *place(view, 6.0, -12.0))
    assert folded_out.calls == [(ADDRESS, (POINTS[0], POINTS[2]))]


def test_delete_takes_the_picked_point_away(view, folded_out, qtbot):
    from PySide6.QtCore import Qt

    click(view.canvas, *place(view, 10.0, 6.0))
    assert not folded_out.calls
    qtbot.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert folded_out.calls == [(ADDRESS, POINTS[:2])]


def test_a_drag_draws_a_line_in_place_of_what_lay_under_it(view, folded_out):
    path = [place(view, 4.0 + step / 10, -12.0 - step / 10) for step in range(41)]
    drag(view.canvas, place(view, 4.0, -30.0), *path)
    ((_, points),) = folded_out.calls
    check_points(points, LEVEL_DB, ADDRESS)
    assert (points[0], points[-1]) == (POINTS[0], POINTS[2])
    drawn = points[1:-1]
    assert POINTS[1] not in points
    assert drawn[0].seconds == pytest.approx(4.0, abs=0.03)
    assert drawn[-1].seconds == pytest.approx(8.0, abs=0.03)
    assert 2 <= len(drawn) < 10  # thinned


def test_drawing_back_and_forth_keeps_time_in_order(view, folded_out):
    there = [place(view, s, -12.0) for s in (4.0, 5.0, 7.0, 9.0)]
    back = [place(view, s, 3.0) for s in (8.0, 6.5, 3.0, -2.0)]
    drag(view.canvas, there[0], *there, *back)
    check_points(folded_out.last[1], LEVEL_DB, ADDRESS)
    assert folded_out.last[1][0].seconds == 0.0


def test_a_lane_without_points_takes_its_first(view):
    view.unfold("drums")
    said = Heard(view.wishes.automation_changed)
    click(view.canvas, *place(view, 3.0, 5.0))
    ((address, points),) = said.calls
    assert address == "drums.level_db"
    assert len(points) == 1


def test_the_menu_offers_every_parameter_of_the_strip_and_marks_the_automated(view, folded_out):
    header = view.headers.curves["vocals"]
    header.fill_menu()
    texts = {action.text(): action for action in header.menu.actions()}
    assert texts["Level (3 points)"].isChecked()
    assert {"Pan", "Mute", "Reverb: decay"} <= set(texts)
    texts["Reverb: decay"].trigger()
    assert view.scene.unfolded == {"vocals": "vocals.reverb.decay_seconds"}
    assert header.choice.text() == "Reverb: decay"


def test_an_effect_that_goes_takes_its_lane_back_to_the_level(view):
    view.unfold("vocals", "vocals.reverb.amount")
    view.show_track(song(mix=neutral(STEMS)))
    assert view.scene.unfolded == {"vocals": ADDRESS}
    view.grab()


def test_a_beat_catches_a_point(view):
    view.unfold("vocals")
    said = Heard(view.wishes.automation_changed)
    x, y = place(view, 3.0, -20.0)
    click(view.canvas, x + 5, y)
    assert said.last[1][0].seconds == 3.0
