import math

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.parameters import LEVEL_DB, MUTE, PAN
from stemdesk.ui.mixer.fader import Fader
from stemdesk.ui.mixer.handle import QUIET_MS, Handle
from stemdesk.ui.mixer.knob import Knob
from stemdesk.ui.mixer.number_field import NumberField
from stemdesk.ui.mixer.slider import Slider
from stemdesk.ui.mixer.switch import Switch
from stemdesk.ui.theme import theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Bench:
    """A window with a fader and its number, a knob, a switch and a slider."""

    def __init__(self, qtbot, log):
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.level = Handle("vocals.level_db", LEVEL_DB, self.window)
        self.pan = Handle("vocals.pan", PAN, self.window)
        self.mute = Handle("vocals.mute", MUTE, self.window)
        self.tone = Handle("v.delay.tone_hz", EFFECT_KINDS["delay"].parameter("tone_hz"))
        self.tone.setParent(self.window)
        self.fader = Fader(self.level, "Vocals: Level", "vocals")
        self.number = NumberField(self.level, "Vocals: Level")
        self.knob = Knob(self.pan, "Vocals: Pan")
        self.switch = Switch(self.mute, "Vocals: Mute", "M", "mute")
        self.slider = Slider(self.tone, "Delay: Tone")
        column = QVBoxLayout(self.window)
        for widget in (self.fader, self.number, self.knob, self.switch, self.slider):
            column.addWidget(widget)
        self.window.resize(160, 500)
        self.window.show()
        qtbot.waitExposed(self.window)
        for handle in (self.level, self.pan, self.mute, self.tone):
            log.watch(changed=handle.changed, touched=handle.touched)
            log.watch(menu=handle.context_requested)


@pytest.fixture
def bench(qtbot, log):
    return Bench(qtbot, log)


def cap(fader):
    return fader.cap.center().toPoint()


def test_a_drag_is_one_gesture_and_follows_the_mouse(bench, hands, log):
    start = cap(bench.fader)
    hands.press(bench.fader, start)
    assert log.take() == [("touched", "vocals.level_db", True)]
    hands.move(bench.fader, start + QPoint(0, 30))
    assert bench.level.value < -1.0
    assert abs(cap(bench.fader).y() - (start.y() + 30)) <= 1
    hands.release(bench.fader, start + QPoint(0, 30))
    entries = log.take()
    assert entries[-1] == ("touched", "vocals.level_db", False)
    assert entries[-2] == ("changed", "vocals.level_db", bench.level.value)


def test_a_click_beside_the_cap_moves_nothing(bench, hands, log):
    hands.click(bench.fader, QPoint(40, bench.fader.height() - 4))
    assert bench.level.value == 0.0
    assert log.take() == [
        ("touched", "vocals.level_db", True),
        ("touched", "vocals.level_db", False),
    ]


def test_the_whole_travel_goes_from_silence_to_the_top(bench, hands):
    hands.press(bench.fader, cap(bench.fader))
    hands.move(bench.fader, QPoint(40, 5000))
    assert bench.level.value == -math.inf
    hands.move(bench.fader, QPoint(40, -5000))
    assert bench.level.value == 12.0
    hands.release(bench.fader)


def test_ctrl_makes_a_drag_ten_times_finer_without_a_jump(bench, hands):
    start = cap(bench.fader)
    hands.press(bench.fader, start)
    hands.move(bench.fader, start + QPoint(0, 40))
    coarse_db = bench.level.value
    hands.move(bench.fader, start + QPoint(0, 40), CTRL)
    assert bench.level.value == coarse_db
    hands.move(bench.fader, start + QPoint(0, 80), CTRL)
    assert 0.03 < (bench.level.value - coarse_db) / coarse_db < 0.3
    hands.release(bench.fader)


@pytest.mark.parametrize(
    ("modifiers", "step_db"), [(Qt.KeyboardModifier.NoModifier, 1.0), (SHIFT, 3.0), (CTRL, 0.1)]
)
def test_wheel_and_arrows_step_alike(bench, hands, modifiers, step_db):
    for widget in (bench.fader, bench.number):
        bench.level.show_value(-6.0)
        hands.wheel(widget, 1, modifiers)
        assert bench.level.value == pytest.approx(-6.0 + step_db)
        hands.key(widget, Qt.Key.Key_Down, modifiers)
        assert bench.level.value == pytest.approx(-6.0)
        bench.level.let_go()


def test_a_wheel_turned_sideways_by_alt_counts(bench, hands):
    hands.wheel(bench.fader, -1, ALT, sideways=True)
    assert bench.level.value == -1.0


def test_a_wheel_gesture_ends_after_quiet(bench, hands, log, qtbot):
    hands.wheel(bench.fader, -1)
    hands.wheel(bench.fader, -1)
    assert log.take() == [
        ("touched", "vocals.level_db", True),
        ("changed", "vocals.level_db", -1.0),
        ("changed", "vocals.level_db", -2.0),
    ]
    qtbot.waitUntil(lambda: not bench.level.is_held, timeout=QUIET_MS * 20)
    assert log.take() == [("touched", "vocals.level_db", False)]


def test_leaving_ends_the_wheels_gesture_but_not_a_drag(bench, hands):
    hands.wheel(bench.fader, -1)
    QApplication.sendEvent(bench.fader, QEvent(QEvent.Type.Leave))
    assert not bench.level.is_held
    hands.press(bench.fader)
    QApplication.sendEvent(bench.fader, QEvent(QEvent.Type.Leave))
    assert bench.level.is_held
    hands.release(bench.fader)


def test_home_end_page_and_delete(bench, hands):
    hands.key(bench.fader, Qt.Key.Key_Home)
    assert bench.level.value == -math.inf
    hands.key(bench.fader, Qt.Key.Key_End)
    assert bench.level.value == 12.0
    hands.key(bench.fader, Qt.Key.Key_PageDown)
    assert bench.level.value == 6.0
    hands.key(bench.fader, Qt.Key.Key_Delete)
    assert bench.level.value == 0.0


def test_double_click_and_shift_click_set_the_default(bench, hands):
    for handle, widget in ((bench.level, bench.fader), (bench.pan, bench.knob)):
        handle.show_value(-0.5)
        hands.double_click(widget)
        assert handle.value == 0.0
        assert not handle.is_held
        handle.show_value(-0.5)
        hands.click(widget, modifiers=SHIFT)
        assert handle.value == 0.0


def test_a_knob_turns_by_dragging_up(bench, hands):
    middle = bench.knob.rect().center()
    hands.press(bench.knob)
    hands.move(bench.knob, middle + QPoint(0, -40))
    assert bench.pan.value == pytest.approx(0.5)
    hands.move(bench.knob, middle + QPoint(50, -40))
    assert bench.pan.value == pytest.approx(0.5)
    hands.release(bench.knob)


def test_a_slider_is_dragged_sideways(bench, hands):
    middle = bench.slider.rect().center()
    hands.press(bench.slider, middle)
    hands.move(bench.slider, middle - QPoint(30, 0))
    assert bench.tone.value < 5000.0
    hands.move(bench.slider, middle - QPoint(4000, 0))
    assert bench.tone.value == 500.0
    hands.release(bench.slider)


def test_what_the_document_says_waits_while_a_hand_holds(bench, hands):
    start = cap(bench.fader)
    hands.press(bench.fader, start)
    hands.move(bench.fader, start + QPoint(0, 30))
    held_db = bench.level.value
    bench.level.show_value(6.0)
    assert bench.level.value == held_db
    hands.release(bench.fader, start + QPoint(0, 30))
    assert bench.level.value == 6.0


def test_an_echo_older_than_the_last_move_is_forgotten(bench, hands):
    start = cap(bench.fader)
    hands.press(bench.fader, start)
    bench.level.show_value(-1.0)
    hands.move(bench.fader, start + QPoint(0, 30))
    held_db = bench.level.value
    hands.release(bench.fader, start + QPoint(0, 30))
    assert bench.level.value == held_db


def test_hiding_lets_go(bench, hands, log):
    hands.press(bench.fader)
    bench.window.hide()
    assert log.take()[-1] == ("touched", "vocals.level_db", False)
    assert not bench.level.is_held


def test_a_switch_is_a_gesture_of_its_own(bench, hands, log):
    hands.click(bench.switch)
    gesture = [
        ("touched", "vocals.mute", True),
        ("changed", "vocals.mute", 1.0),
        ("touched", "vocals.mute", False),
    ]
    assert log.take() == gesture
    hands.key(bench.switch, Qt.Key.Key_Space)
    assert bench.mute.value == 0.0
    hands.double_click(bench.switch)
    assert bench.mute.value == 0.0
    hands.click(bench.switch, modifiers=CTRL)
    assert bench.mute.value == 1.0


def test_right_click_asks_for_the_menu_and_moves_nothing(bench, hands, log):
    for widget in (bench.fader, bench.number, bench.knob, bench.switch):
        hands.ask(widget)
    assert [entry[1] for entry in log.take()] == [
        "vocals.level_db",
        "vocals.level_db",
        "vocals.pan",
        "vocals.mute",
    ]


def test_keys_of_others_go_on(bench, hands, qtbot):
    heard = []
    bench.window.keyPressEvent = lambda event: heard.append(event.key())
    hands.key(bench.fader, Qt.Key.Key_Space)
    hands.key(bench.knob, Qt.Key.Key_M)
    assert heard == [Qt.Key.Key_Space, Qt.Key.Key_M]


def typed(bench, hands, text, end=Qt.Key.Key_Return):
    line = bench.number.findChild(QLineEdit)
    line.setText(text)
    hands.key(line, end)


def test_a_number_is_typed_after_a_double_click(bench, hands, log):
    hands.double_click(bench.number)
    assert bench.number.is_typing
    log.take()
    typed(bench, hands, "-4.25")
    assert not bench.number.is_typing
    assert log.take() == [
        ("touched", "vocals.level_db", True),
        ("changed", "vocals.level_db", -4.25),
        ("touched", "vocals.level_db", False),
    ]


def test_a_number_out_of_range_is_refused_in_place(bench, hands, log):
    hands.double_click(bench.number)
    log.take()
    typed(bench, hands, "40")
    assert bench.number.is_typing
    assert "+12.0 dB" in bench.number.refusal
    assert log.take() == []
    bench.number.findChild(QLineEdit).textEdited.emit("4")
    assert bench.number.refusal == ""
    typed(bench, hands, "off")
    assert bench.level.value == -math.inf


def test_escape_drops_what_was_typed(bench, hands):
    hands.double_click(bench.number)
    typed(bench, hands, "5", Qt.Key.Key_Escape)
    assert bench.level.value == 0.0
    assert not bench.number.is_typing


def test_enter_without_typing_keeps_the_exact_value(bench, hands, log):
    bench.level.show_value(-4.2537)
    hands.double_click(bench.number)
    log.take()
    hands.key(bench.number.findChild(QLineEdit), Qt.Key.Key_Return)
    assert bench.level.value == -4.2537
    assert log.take() == []


def test_a_figure_on_the_fader_begins_to_type(bench, hands):
    hands.key(bench.fader, Qt.Key.Key_7)
    line = bench.number.findChild(QLineEdit)
    assert line.text() == "7"
    hands.key(line, Qt.Key.Key_Return)
    assert bench.level.value == 7.0


def test_name_and_value_are_told_to_screen_readers(bench):
    bench.level.show_value(-3.0)
    assert bench.fader.accessibleName() == "Vocals: Level"
    assert bench.fader.accessibleDescription() == "\N{MINUS SIGN}3.0 dB"
    assert "\N{MINUS SIGN}3.0 dB" in bench.number.toolTip()


def colours(widget):
    picture = widget.grab().toImage()
    return {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }


def test_marks_appear_for_automation_and_midi(bench):
    bench.fader.clearFocus()
    accent = theme().accent.name()
    assert accent not in colours(bench.fader)
    bench.level.show_marks(is_automated=True, is_mapped=False)
    assert accent in colours(bench.fader)
    assert "automation" in bench.fader.toolTip()
    bench.level.show_marks(is_automated=False, is_mapped=True)
    assert "MIDI" in bench.fader.toolTip()


def test_a_knob_draws_the_way_from_its_default(bench):
    bench.knob.clearFocus()
    assert theme().accent.name() not in colours(bench.knob)
    for pan, is_lit in ((-0.8, (True, False)), (0.8, (False, True))):
        bench.pan.show_value(pan)
        picture = bench.knob.grab().toImage()
        row = [picture.pixelColor(x, 10) for x in range(picture.width())]
        lit = [x for x, colour in enumerate(row) if colour == theme().accent]
        assert (min(lit) < 16, max(lit) > 16) == is_lit


def test_a_lit_switch_has_its_colour_and_dark_letters(bench):
    bench.mute.show_value(1.0)
    seen = colours(bench.switch)
    assert theme().mute.name() in seen
    assert min(QColor(each).lightness() for each in seen) < 60


def test_unity_lies_at_three_quarters_of_the_faders_travel(bench):
    places = []
    for level_db in (-math.inf, 0.0, 12.0):
        bench.level.show_value(level_db)
        places.append(bench.fader.cap.center().y())
    bottom, unity, top = places
    assert (bottom - unity) / (bottom - top) == pytest.approx(0.75)
    assert bench.fader.rect().contains(bench.fader.cap.toRect())
