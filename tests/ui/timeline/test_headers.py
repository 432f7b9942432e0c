import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from stemdesk.mixing.addresses import with_value
from stemdesk.mixing.settings import neutral
from stemdesk.ui.theme import DARK, TARGET_PX, text_font
from stemdesk.ui.timeline.level_number import typed_level
from tests.ui.timeline.hands import CTRL, SHIFT, Heard, Paints, click, double_click, drag, wheel
from tests.ui.timeline.songs import STEMS, song


def mixed(**values):
    mix = neutral(STEMS)
    for address, value in values.items():
        mix = with_value(mix, address.replace("__", "."), value)
    return song(mix=mix)


@pytest.fixture
def bass(view):
    return view.headers.headers["bass"]


def test_names_stand_in_full(view):
    name = "an unusually long name of a stem by somebody else's model"
    view.show_track(song(stems=("vocals", name)))
    header = view.headers.headers[name]
    assert header.title.text() == name.capitalize()
    width = QFontMetrics(text_font()).horizontalAdvance(header.title.text())
    assert header.title.width() >= width


def test_every_control_has_a_name_a_tip_and_can_be_hit(view, bass):
    for control in (bass.mute, bass.solo, bass.fold, bass.level):
        assert "Bass" in control.accessibleName()
        assert control.toolTip()
        assert min(control.width(), control.height()) >= TARGET_PX
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    for widget in view.findChildren(QWidget):
        if widget.isVisible() and widget.parent() in (view, view.headers, bass):
            assert widget.objectName()


def test_mute_and_solo_ask_and_wait_for_the_document(view, bass, qtbot):
    said = Heard(view.wishes.parameter_changed)
    qtbot.mouseClick(bass.mute, Qt.MouseButton.LeftButton)
    qtbot.keyClick(bass.solo, Qt.Key.Key_Space)
    assert said.calls == [("bass.mute", 1.0), ("bass.solo", 1.0)]
    assert not bass.mute.isChecked()
    view.show_track(mixed(bass__mute=1.0))
    assert bass.mute.isChecked()
    assert not bass.solo.isChecked()
    qtbot.mouseClick(bass.mute, Qt.MouseButton.LeftButton)
    assert said.last == ("bass.mute", 0.0)


def test_headers_go_with_their_lanes_at_once(view, bass):
    view.unfold("bass")
    curve = view.headers.curves["bass"]
    view.show_track(None)
    assert not bass.isVisible()
    assert not curve.isVisible()
    assert not view.headers.headers


def test_headers_outlive_a_change_of_the_document(view, bass):
    bass.level.setFocus()
    view.show_track(mixed(bass__level_db=-3.0))
    assert view.headers.headers["bass"] is bass
    assert bass.number.text() == "\N{MINUS SIGN}3.0 dB"


@pytest.mark.parametrize(
    ("notches", "held", "level_db"),
    [(1, None, -5.0), (-2, None, -8.0), (1, SHIFT, -3.0), (-1, CTRL, -6.1), (99, None, 12.0)],
)
def test_the_wheel_on_the_fader(view, bass, notches, held, level_db):
    view.show_track(mixed(bass__level_db=-6.0))
    said, held_now = Heard(view.wishes.parameter_changed), Heard(view.wishes.touched)
    before = view.scene.view
    wheel(bass.level, 20, 10, notches, held or Qt.KeyboardModifier.NoModifier)
    assert said.calls == [("bass.level_db", level_db)]
    assert held_now.calls == [("bass.level_db", True), ("bass.level_db", False)]
    assert view.scene.view == before


def test_the_wheel_reaches_silence_and_comes_back(view, bass):
    view.show_track(mixed(bass__level_db=-90.0))
    said = Heard(view.wishes.parameter_changed)
    wheel(bass.level, 20, 10, -1)
    assert said.last == ("bass.level_db", -math.inf)
    view.show_track(mixed(bass__level_db=-math.inf))
    assert bass.number.text() == "\N{MINUS SIGN}\N{INFINITY} dB"
    wheel(bass.level, 20, 10, 1)
    assert said.last == ("bass.level_db", -60.0)


def test_a_double_click_is_0_db(view, bass):
    view.show_track(mixed(bass__level_db=-6.0))
    said = Heard(view.wishes.parameter_changed)
    double_click(bass.level, 20, 10)
    assert said.last == ("bass.level_db", 0.0)


def test_a_drag_is_held_from_press_to_release(view, bass):
    said, touched = Heard(view.wishes.parameter_changed), Heard(view.wishes.touched)
    view.wishes.parameter_changed.connect(lambda _, db: view.show_track(mixed(bass__level_db=db)))
    width = bass.level.width()
    drag(bass.level, (round(0.75 * width), 12), (round(0.5 * width), 12), (-50, 12))
    assert touched.calls == [("bass.level_db", True), ("bass.level_db", False)]
    assert -30 < said.calls[0][1] < -5
    assert said.last == ("bass.level_db", -math.inf)
    assert bass.level.level_db == -math.inf


def test_ctrl_makes_a_drag_ten_times_as_fine(view, bass):
    said = Heard(view.wishes.parameter_changed)
    width = bass.level.width()
    at = 4 + 0.75 * (width - 8)
    drag(bass.level, (at, 12), (at + 10, 12))
    coarse = said.last[1]
    drag(bass.level, (at, 12), (at + 10, 12), held=CTRL)
    assert said.last[1] == pytest.approx(coarse / 10, abs=0.11)


def test_the_fader_by_keys(view, bass, qtbot):
    view.show_track(mixed(bass__level_db=-6.0))
    said = Heard(view.wishes.parameter_changed)
    for key, level_db in (
        (Qt.Key.Key_Right, -5.0),
        (Qt.Key.Key_Down, -7.0),
        (Qt.Key.Key_PageUp, -3.0),
        (Qt.Key.Key_Home, -math.inf),
        (Qt.Key.Key_End, 12.0),
        (Qt.Key.Key_0, 0.0),
    ):
        qtbot.keyClick(bass.level, key)
        assert said.last == ("bass.level_db", level_db)


def test_a_screen_reader_reads_and_sets_the_fader(view, bass):
    view.show_track(mixed(bass__level_db=-6.5))
    assert bass.level.value() == -65
    assert bass.level.accessibleDescription() == "\N{MINUS SIGN}6.5 dB"
    said = Heard(view.wishes.parameter_changed)
    bass.level.setValue(-120)
    assert said.calls == [("bass.level_db", -12.0)]


def test_a_level_is_typed_after_a_double_click(view, bass, qtbot):
    said = Heard(view.wishes.parameter_changed)
    double_click(bass.number, 20, 10)
    field = bass.number.findChild(QLineEdit)
    field.setText("-4,5 dB")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said.calls == [("bass.level_db", -4.5)]


@pytest.mark.parametrize(
    ("text", "level_db"),
    [
        ("-3", -3.0),
        ("\N{MINUS SIGN}3.5 dB", -3.5),
        ("+40", 12.0),
        ("-inf", -math.inf),
        ("-200", -math.inf),
        ("loud", None),
        ("nan", None),
        ("", None),
    ],
)
def test_what_a_typed_level_means(text, level_db):
    assert typed_level(text) == level_db


def test_the_mixture_beside_its_stems_has_no_controls_but_alone_it_has(view):
    mixture = view.headers.headers["mixture"]
    assert not mixture.level.isVisible()
    assert not mixture.mute.isVisible()
    view.show_track(song(stems=("mixture",)))
    assert view.scene.lanes == ("mixture",)
    assert view.headers.headers["mixture"].level.isVisible()


def test_the_sum_moves_the_master_and_the_residual_says_its_scale(view):
    view.set_lanes(with_sum=True, with_residual=True)
    assert view.scene.lanes[-2:] == ("sum", "residual")
    said = Heard(view.wishes.parameter_changed)
    total, residual = (view.headers.headers[lane] for lane in ("sum", "residual"))
    wheel(total.level, 20, 10, 1)
    assert said.last == ("master.level_db", 1.0)
    assert not total.solo.isVisible()
    texts = [label.text() for label in residual.findChildren(QLabel) if label.isVisible()]
    assert "shown +60 dB" in texts
    assert not residual.level.isVisible()
    view.set_lanes(with_sum=False, with_residual=False)
    assert "sum" not in view.headers.headers


def test_a_click_on_a_header_focuses_its_lane(view, bass):
    focused = Heard(view.wishes.lane_focused)
    click(bass, 100, 10)
    assert focused.calls == [("bass",)]


def test_tab_goes_through_the_headers_from_top_to_bottom(view, qtbot):
    order, widget = [], view.headers.headers["vocals"].mute
    for _ in range(60):
        if isinstance(widget.parent(), QWidget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(widget.objectName())
        widget = widget.nextInFocusChain()
    wanted = [f"timeline_{lane}_{name}" for lane in STEMS for name in ("mute", "solo", "level")]
    assert [name for name in order if name in wanted][: len(wanted)] == wanted
    assert QApplication.instance() is not None


def test_the_meter_repaints_only_when_a_pixel_changes(view, bass, qapp):
    view.set_meter("bass", -20.0, -30.0)
    qapp.processEvents()
    before = bass.meter.grab().toImage()
    paints = Paints(bass.meter)
    view.set_meter("bass", -20.01, -30.01)
    qapp.processEvents()
    assert not paints.rects
    view.set_meter("bass", 3.0, -12.0)
    qapp.processEvents()
    assert paints.rects
    after = bass.meter.grab().toImage()
    assert after != before
    assert after.pixelColor(round(after.width() * 62 / 66), 2) == DARK.alarm
    view.set_meter("nothing", 0.0, 0.0)  # a lane that has just gone


def test_what_is_typed_or_switched_is_a_gesture_of_its_own(view, bass, qtbot):
    order = []
    view.wishes.parameter_changed.connect(lambda address, value: order.append((address, value)))
    view.wishes.touched.connect(lambda address, down: order.append((address, down)))
    double_click(bass.number, 20, 10)
    qtbot.keyClicks(bass.number.findChild(QLineEdit), "-3.25")
    qtbot.keyClick(bass.number.findChild(QLineEdit), Qt.Key.Key_Return)
    level, mute = "bass.level_db", "bass.mute"
    assert order == [(level, True), (level, -3.25), (level, False)]
    order.clear()
    click(bass.mute, 5, 5)
    assert order == [(mute, True), (mute, 1.0), (mute, False)]


def test_escape_types_nothing_and_the_focus_goes_back(view, bass, qtbot):
    said = Heard(view.wishes.parameter_changed)
    view.canvas.setFocus()
    double_click(bass.number, 20, 10)
    line = bass.number.findChild(QLineEdit)
    assert line.hasFocus()
    qtbot.keyClicks(line, "-9")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not said.calls
    assert view.canvas.hasFocus()
    assert not line.isVisible()


def test_leaving_the_line_takes_what_was_typed(view, bass, qtbot):
    said = Heard(view.wishes.parameter_changed)
    double_click(bass.number, 20, 10)
    qtbot.keyClicks(bass.number.findChild(QLineEdit), "-9")
    bass.level.setFocus()
    assert said.calls == [("bass.level_db", -9.0)]
    assert bass.level.hasFocus()


def test_the_mixture_beside_its_stems_says_that_it_has_no_mute(view, qtbot):
    told, said = Heard(view.wishes.told), Heard(view.wishes.parameter_changed)
    view.focus_lane("mixture")
    view.canvas.setFocus()
    qtbot.keyClick(view.canvas, Qt.Key.Key_M)
    assert "A|B" in told.last[0]
    assert not said.calls
