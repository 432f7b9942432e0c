import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from stemdesk.project.document import Tempo
from stemdesk.ui.action_table import ACTIONS
from stemdesk.ui.actions import make_actions
from stemdesk.ui.transport_bar import TransportBar, bars_text


@pytest.fixture
def bar(qtbot):
    window = QWidget()
    actions = make_actions(window, {spec.id: lambda *_: None for spec in ACTIONS})
    bar = TransportBar(actions, window)
    bar.actions_by_id = actions
    bar.window_kept = window
    qtbot.addWidget(window)
    window.show()
    return bar


def text(bar, name):
    return bar.findChild(QLabel, name).text()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "1.1.1"), (0.5, "1.2.1"), (2.0, "2.1.1"), (3.99, "2.4.4"), (-0.125, "0.4.4")],
)
def test_bars_are_counted_from_the_first_beat(seconds, shown):
    assert bars_text(seconds + 0.3, Tempo(bpm=120, first_beat_seconds=0.3)) == shown


def test_six_eighths_count_eighths():
    tempo = Tempo(bpm=60, beats_per_bar=6, beat_unit=8)
    assert bars_text(2.5, tempo) == "1.6.1"
    assert bars_text(3.0, tempo) == "2.1.1"


def test_the_clock_shows_hours_to_milliseconds(bar):
    bar.set_position(44_100 * 3723 + 22_050, 44_100, None)
    assert text(bar, "clock") == "01:02:03.500"
    assert text(bar, "bars") == "\N{EN DASH}"


def test_loudness_has_its_unit(bar):
    bar.set_loudness(-14.234)
    assert text(bar, "loudness") == "\N{MINUS SIGN}14.2 LUFS"
    bar.set_loudness(-math.inf)
    assert text(bar, "loudness") == "\N{MINUS SIGN}∞ LUFS"


def test_a_typed_tempo_is_told_and_nonsense_put_back(bar, qtbot):
    told = []
    bar.tempo_edited.connect(lambda *args: told.append(args))
    bar.set_tempo(Tempo(bpm=100))
    field = bar.findChild(QLineEdit, "bpm")
    for typed in ("128,5", "fast", "1000", ""):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, typed)
        if not typed:
            field.clear()
        qtbot.keyClick(field, Qt.Key.Key_Return)
        bar.set_tempo(Tempo(bpm=100))
    assert told == [(128.5, 4, 4), (0.0, 4, 4)]


def test_a_tempo_is_typed_to_the_end_whatever_is_shown_meanwhile(bar, qtbot):
    told = []
    bar.tempo_edited.connect(lambda *args: told.append(args))
    bar.set_tempo(Tempo(bpm=100))
    field = bar.findChild(QLineEdit, "bpm")
    field.selectAll()
    qtbot.keyClicks(field, "12")
    bar.set_tempo(Tempo(bpm=100))  # an edit elsewhere, or a surface's move
    qtbot.keyClicks(field, "5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [(125.0, 4, 4)]
    bar.set_tempo(Tempo(bpm=90))
    assert field.text() == "90.0"


def test_the_metre_and_the_model_are_told(bar):
    told = []
    bar.tempo_edited.connect(lambda *args: told.append(args))
    bar.model_chosen.connect(told.append)
    bar.set_tempo(Tempo(bpm=90, beats_per_bar=7, beat_unit=16))
    metre = bar.findChild(QComboBox, "metre")
    assert metre.currentText() == "7/16"
    metre.setCurrentText("3/4")
    metre.activated.emit(metre.currentIndex())
    bar.set_models([("first", "One"), ("second", "Two")], "second")
    models = bar.findChild(QComboBox, "model")
    assert models.currentText() == "Two"
    models.setCurrentIndex(0)
    models.activated.emit(0)
    assert told == [(90.0, 3, 4), "first"]


def test_the_side_that_is_heard_is_named(bar):
    bar.actions_by_id["original"].setChecked(True)
    assert text(bar, "side") == "original"
    bar.actions_by_id["original"].setChecked(False)
    assert text(bar, "side") == "mix"
