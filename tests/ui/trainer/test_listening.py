"""Listening in the window: with real files, on the silent device, by keys."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton

from stemdesk.app.training.blind import BASE, TUNED, Question
from stemdesk.app.training.desk import kept_outcomes
from stemdesk.jobs.job import JobState
from tests.ui.trainer.test_training import LONG_MS, begun, ended


@pytest.fixture
def heard(window, qtbot, library, renderings, stand_in):
    """The page, ready to play what a finished run has rendered."""
    stand_in("", listen=renderings)
    page, run = begun(qtbot, window, library)
    ended(qtbot, run, JobState.DONE)
    page.show_page(page.listen)
    qtbot.waitUntil(lambda: window.training.listen.desk is not None, timeout=LONG_MS)
    page.activateWindow()
    page.listen.setFocus()
    return page


def choose(page, question):
    box = page.listen._question
    box.setCurrentIndex(box.findData(question))
    box.activated.emit(box.currentIndex())


def button(page, name):
    return page.findChild(QToolButton, name)


def switch(window):
    return window.training.listen.desk._switch


def test_the_newest_checkpoint_is_there_with_its_stems(heard):
    assert heard.listen.pair == (6, "drums")
    stems = heard.listen._stem
    assert [stems.itemData(place) for place in range(stems.count())] == ["drums", "vocals"]


def test_keys_play_and_switch_without_a_stop(window, heard, qtbot):
    choose(heard, Question.OPEN)
    page = heard.listen
    assert button(heard, "hear:A").text() == "Base model"
    assert not button(heard, "hear:X").isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Space)
    desk = window.training.listen.desk
    assert desk.is_playing
    qtbot.keyClick(page, Qt.Key.Key_B)
    assert switch(window).heard == TUNED
    assert button(heard, "hear:B").isChecked()
    qtbot.keyClick(page, Qt.Key.Key_A)
    assert switch(window).heard == BASE
    assert desk.is_playing
    qtbot.waitUntil(lambda: desk.fraction > 0, timeout=LONG_MS)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert not desk.is_playing


def test_both_are_equally_loud_though_one_was_written_louder(window, heard):
    sounds = {}
    for name in (BASE, TUNED):
        switch(window).hear(name)
        switch(window).seek(0)
        sounds[name] = switch(window).read(20_000)[:, 2000:]
    assert np.abs(sounds[BASE]).max() == pytest.approx(np.abs(sounds[TUNED]).max(), rel=0.01)


def test_blind_nothing_tells_which_is_which_until_the_end(window, heard, qtbot):
    choose(heard, Question.BETTER)
    page, run = heard.listen, window.training.trainings.running
    page._count.setValue(5)
    for number in range(5):
        assert heard.findChild(QLabel, "trialtold").text() == f"Trial {number + 1} of 5"
        assert heard.findChild(QLabel, "listentold").text() == ""
        shown = {name: button(heard, f"hear:{name}") for name in "AB"}
        assert {name: (each.text(), each.toolTip()) for name, each in shown.items()} == {
            "A": ("A", "Hear A (A)"),
            "B": ("B", "Hear B (B)"),
        }
        trial = page.test.current
        qtbot.keyClick(page, Qt.Key.Key_B)
        assert switch(window).heard == trial.b
        better = "answera" if trial.a == TUNED else "answerb"
        qtbot.mouseClick(button(heard, better), Qt.MouseButton.LeftButton)
    told = heard.findChild(QLabel, "listentold").text()
    assert told == (
        "The new model was preferred in 5 of 5 trials. By chance alone this happens with"
        " p = 0.062: no difference is proved."
    )
    (kept,) = kept_outcomes(run.folder.path)
    assert (kept["stem"], kept["step"], kept["tuned_or_right"]) == ("drums", 6, 5)
    assert "new model preferred in 5 of 5" in heard.findChild(QLabel, "listenrecord").text()


def test_an_abx_has_an_x_and_an_answer_is_taken_back(window, heard, qtbot):
    choose(heard, Question.SAME)
    page = heard.listen
    assert button(heard, "answera").text() == "X is A"
    trial = page.test.current
    qtbot.keyClick(page, Qt.Key.Key_X)
    assert switch(window).heard == trial.x
    qtbot.mouseClick(button(heard, "answera"), Qt.MouseButton.LeftButton)
    assert page.test.answers == [trial.a]
    qtbot.mouseClick(button(heard, "undoanswer"), Qt.MouseButton.LeftButton)
    assert page.test.answers == []


def test_closing_the_window_silences_it(window, heard, qtbot):
    qtbot.keyClick(heard.listen, Qt.Key.Key_Space)
    desk = window.training.listen.desk
    assert desk.is_playing
    heard.close()
    assert not desk.is_playing
