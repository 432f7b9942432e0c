import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton

from stemdesk.errors import UserError
from stemdesk.ui.dialogs.problem import ProblemBar

FULL = UserError("The disk is full", "free 3 GB")
BROKEN = UserError("a.wav ends too soon", "copy it again")


@pytest.fixture
def bar(qtbot):
    bar = ProblemBar()
    qtbot.addWidget(bar)
    bar.resize(900, 60)
    return bar


def text(bar, name):
    return bar.findChild(QLabel, name).text()


def press(qtbot, bar, name):
    qtbot.mouseClick(bar.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_it_is_not_there_until_there_is_a_problem(bar):
    assert bar.isHidden()
    bar.add(FULL)
    assert bar.isVisible()
    assert text(bar, "problem") == "The disk is full."
    assert text(bar, "remedy") == "Free 3 GB."


def test_problems_queue_up_and_are_closed_one_by_one(bar, qtbot):
    bar.add(FULL)
    bar.add(BROKEN)
    assert text(bar, "more") == "1 more"
    press(qtbot, bar, "nextproblem")
    assert text(bar, "problem") == "a.wav ends too soon."
    assert not bar.findChild(QToolButton, "nextproblem").isVisible()
    with qtbot.waitSignal(bar.emptied, timeout=500):
        press(qtbot, bar, "closeproblem")
    assert not bar.isVisible()
    assert bar.problems == ()


def test_the_same_problem_is_told_once(bar):
    bar.add(FULL)
    bar.add(UserError(FULL.problem, FULL.remedy))
    assert len(bar.problems) == 1


def test_a_problem_that_was_closed_can_come_back(bar):
    bar.add(FULL)
    bar.dismiss()
    bar.add(FULL)
    assert bar.isVisible()


def test_details_of_the_problem_that_is_shown_are_copied(bar, qtbot):
    try:
        raise FULL from OSError(28, "No space left")
    except UserError as error:
        bar.add(error)
    press(qtbot, bar, "problemdetails")
    press(qtbot, bar, "copy:problembox")
    copied = QGuiApplication.clipboard().text()
    assert "No space left" in copied
    assert "The disk is full" in copied


def test_escape_closes(bar, qtbot):
    bar.add(FULL)
    qtbot.keyClick(bar.findChild(QToolButton, "problemdetails"), Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_what_a_part_refused_goes_when_it_has_taken_something(bar):
    here, there = object(), object()
    bar.add(FULL, here)
    bar.add(BROKEN, there)
    bar.withdraw(object())
    assert bar.problems == (FULL, BROKEN)
    bar.withdraw(here)
    assert text(bar, "problem") == "a.wav ends too soon."
    bar.withdraw(there)
    assert bar.isHidden()
