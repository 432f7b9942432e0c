"""The widgets of the trainer by themselves: keys, names, paint, and words in German."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from stemdesk.app.training.progress import Progress
from stemdesk.app.training.recipe_checker import Mistake
from stemdesk.ui.theme import apply_theme, theme
from stemdesk.ui.trainer.chart import Chart
from stemdesk.ui.trainer.curves import (
    Curve,
    Level,
    Plot,
    loss_plot,
    reference_plot,
    score_plot,
)
from stemdesk.ui.trainer.scale import Axis, around, thinned, written
from stemdesk.ui.trainer.song_table import SongTable
from stemdesk.ui.trainer.verdict import verdict_icon
from stemdesk.ui.trainer.window import TrainerWindow
from stemdesk.ui.words import MINUS, said
from tests.ui.trainer.conftest import STAND_IN
from tests.ui.translations.conftest import german  # noqa: F401 - a fixture
from tests.ui.translations.room import assert_german_and_whole


@pytest.fixture
def table(qtbot, three_songs):
    table = SongTable()
    qtbot.addWidget(table)
    table.resize(600, 300)
    table.show()
    table.show_songs(three_songs)
    return table


def progress(*events):
    told = Progress()
    for event in events:
        told.take(event)
    return told


def test_what_the_doctor_rejects_is_left_out_at_first(table, qtbot):
    assert [song.name for song in table.chosen] == ["Ada - Gut", "Bo - Spät"]
    table.setFocus()
    table.setCurrentItem(table.topLevelItem(2))
    with qtbot.waitSignal(table.chosen_changed):
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert len(table.chosen) == 3
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert len(table.chosen) == 2
    table.tick_all(on=False)
    assert table.chosen == ()
    table.tick_all(on=True)
    assert [song.name for song in table.chosen] == ["Ada - Gut", "Bo - Spät"]


def test_a_verdict_is_a_word_and_a_shape(table):
    item = table.topLevelItem(1)
    assert item.text(1) == "fixable"
    shapes = {}
    for verdict in ("pass", "fixable", "reject", "note"):
        image = verdict_icon(verdict).pixmap(16, 16).toImage()
        alpha = [image.pixelColor(x, y).alpha() > 127 for y in range(16) for x in range(16)]
        shapes[verdict] = tuple(alpha)
    assert len(set(shapes.values())) == 4


def test_curves_have_the_base_model_beside_them():
    told = progress(
        {"event": "baseline", "scores": {"vocals": 5.0, "mean": 5.0}, "reference": {"mean": 3.0}},
        {"event": "started", "step": 0, "steps": 100, "device": "cpu"},
        {"event": "validation", "step": 50, "scores": {"vocals": 6.0, "mean": 6.0},
         "reference": {"mean": 2.9}},
    )  # fmt: skip
    scores = score_plot(told)
    assert scores.curves[0].points == [(0.0, 5.0), (50.0, 6.0)]
    assert scores.levels == [Level("Vocals, base", 5.0, "vocals")]
    levels = {level.name: level.value for level in reference_plot(told, 0.3).levels}
    assert levels == pytest.approx({"Base": 3.0, "Limit": 2.7})
    assert scores.last_step == 100


def test_the_loss_is_shown_with_its_mean():
    told = progress(*(
        {"event": "step", "step": step, "loss": 1.0 + (step % 2), "seconds": 0.1}
        for step in range(1, 401)
    ))  # fmt: skip
    each, mean = loss_plot(told).curves
    assert each.points[1:3] == [(2.0, 1.0), (3.0, 2.0)]
    assert mean.points[0] == each.points[0]
    assert mean.points[-1][1] == pytest.approx(1.5, abs=0.05)


def test_a_chart_is_read_by_keys(qtbot):
    chart = Chart("chart", "SDR", "dB")
    qtbot.addWidget(chart)
    chart.resize(600, 200)
    chart.show()
    chart.show_plot(Plot((Curve("Vocals", [(0.0, -5.0), (10.0, 6.25)], "vocals"),)))
    assert chart.accessibleDescription() == "Vocals: 6.25 dB"
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.accessibleDescription() == "Step 10, Vocals: 6.25 dB"
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.accessibleDescription() == f"Step 0, Vocals: {MINUS}5.00 dB"


def test_a_chart_paints_its_curve_in_the_lanes_colour_in_both_themes(qtbot, qapp):
    chart = Chart("chart", "SDR", "dB")
    qtbot.addWidget(chart)
    chart.resize(600, 200)
    chart.show_plot(Plot((Curve("Vocals", [(0.0, 1.0), (10.0, 1.0)], "vocals"),)))
    for name in ("light", "dark"):
        apply_theme(qapp, name)
        image = chart.grab().toImage()
        field = chart._field()
        column = [image.pixelColor(round(field.center().x()), y) for y in range(image.height())]
        wanted = theme().lane("vocals")
        nearest = min(abs(c.red() - wanted.red()) + abs(c.green() - wanted.green()) for c in column)
        assert nearest < 30


def test_scales_are_round_and_long_runs_are_thinned():
    assert Axis(0.0, 100.0).ticks(5) == [0, 20, 40, 60, 80, 100]
    assert Axis(-1.3, 1.3).ticks(3) == [-1, 0, 1]
    assert written(0.25, 0.05) == "0.25"
    assert written(-0.0, 1.0) == "0"
    assert around([]) == Axis(0.0, 1.0)
    assert around([2.0, 2.0], least=0.2).high - around([2.0, 2.0], least=0.2).low >= 0.2
    line = [(float(step), step % 7.0) for step in range(100_000)]
    short = thinned(line, 300)
    assert len(short) <= 300
    assert sum(y for _, y in short) / len(short) == pytest.approx(3.0, abs=0.05)


def test_everything_that_takes_the_focus_has_a_name(qtbot):
    window = TrainerWindow()
    qtbot.addWidget(window)
    unnamed = [
        each
        for each in window.findChildren(QWidget)
        if isinstance(each, QAbstractButton | QAbstractSpinBox | QComboBox | QLineEdit | Chart)
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.objectName()
        and not each.objectName().startswith("qt_")
        and not (each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()))
    ]
    assert [each.objectName() for each in unnamed if each.objectName() not in HIDDEN] == []


HIDDEN = ("answera", "answerb")  # named when there is something to answer


def test_the_whole_window_is_german(german, qtbot, three_songs):  # noqa: F811
    page = TrainerWindow()
    qtbot.addWidget(page)
    page.show()
    page.recipe.show_text(STAND_IN.with_name("recipe.toml").read_text())
    page.recipe.show_mistake(Mistake("Expected `int`", 3), is_sure=True)
    page.songs.show_songs(Path("/songs"), three_songs)
    page.recipe.form._fold.setChecked(True)
    page.listen.show_pairs({3: ("vocals", "drums")})
    page.listen.set_ready(on=True)
    for place in range(page.pages.count()):
        page.pages.setCurrentIndex(place)
        qtbot.wait(150)
        assert_german_and_whole(page)


@pytest.mark.usefixtures("german")
def test_what_the_doctor_says_is_german():
    assert said("The drums stem comes 333 frames (7.55 ms) late.") == (
        "Die Spur Drums kommt 333 Samples (7.55 ms) zu spät."
    )
    assert said("Both channels of the other stem are the same: it is mono.") == (
        "Beide Kanäle der Spur Übriges sind gleich: mono."
    )
    assert said("Drums can be heard in the vocals stem at -14 dB.") == (
        "Drums ist in der Spur Gesang mit -14 dB zu hören."
    )
    assert said("The vocals stem is silent.") == "Die Spur Gesang ist still."
