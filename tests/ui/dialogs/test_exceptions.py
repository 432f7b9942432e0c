import sys
import threading
import types

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from stemdesk.errors import Cancelled, UserError
from stemdesk.ui.dialogs.exception_hook import install_exception_hook
from stemdesk.ui.dialogs.report import ReportWindow


@pytest.fixture
def windows(qtbot):
    made = []

    def make():
        window = ReportWindow()
        qtbot.addWidget(window)
        made.append(window)
        return window

    make.made = made
    return make


@pytest.fixture
def written(monkeypatch):
    """What reached the hooks that were there before."""
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: told.append(args[1]))
    monkeypatch.setattr(threading, "excepthook", lambda args: told.append(args.exc_value))
    monkeypatch.setattr(sys, "unraisablehook", lambda args: told.append(args.exc_value))
    return told


@pytest.fixture
def problems():
    return []


@pytest.fixture
def hook(windows, written, problems):
    hook = install_exception_hook(windows, problems.append)
    yield hook
    hook.remove()


def fail(error):
    try:
        raise error  # noqa: TRY301 - to be caught with a traceback
    except BaseException as caught:  # noqa: BLE001 - whatever it is
        sys.excepthook(type(caught), caught, caught.__traceback__)


def test_an_exception_gets_a_window_with_its_traceback(hook, windows):
    fail(ValueError("shapes differ"))
    hook.pump()
    (window,) = windows.made
    assert window.isVisible()
    assert not window.isModal()
    assert "ValueError: shapes differ" in window.sentence
    assert "Traceback" not in window.sentence
    assert "Traceback" in window.details
    assert "test_exceptions" in window.details
    assert "StemDesk" in window.details


def test_no_window_is_made_before_the_pump(hook, windows):
    fail(ValueError("in a paint event"))
    assert windows.made == []


def test_it_is_still_written_to_the_terminal(hook, written):
    error = ValueError("x")
    fail(error)
    assert written == [error]


def test_exceptions_of_threads_come_with_the_threads_name(hook, windows):
    thread = threading.Thread(target=lambda: {}["gain"], name="stemdesk-job")
    thread.start()
    thread.join()
    hook.pump()
    assert "KeyError" in windows.made[0].sentence
    assert "stemdesk-job" in windows.made[0].details


def test_exceptions_nobody_can_raise_are_shown_too(hook, windows):
    args = types.SimpleNamespace(
        exc_type=ValueError,
        exc_value=ValueError("in a destructor"),
        exc_traceback=None,
        err_msg=None,
        object=test_no_window_is_made_before_the_pump,
    )
    sys.unraisablehook(args)
    hook.pump()
    assert "in a destructor" in windows.made[0].sentence
    assert "test_no_window_is_made" in windows.made[0].details


def test_later_failures_join_the_window_and_the_same_are_counted(hook, windows):
    for _ in range(3):
        fail(ValueError("again"))
    fail(RuntimeError("another"))
    hook.pump()
    (window,) = windows.made
    assert "3 times" in window.details
    assert window.details.count("ValueError: again") == 1
    assert "RuntimeError: another" in window.details


def test_a_closed_window_comes_back_with_the_next_failure(hook, windows, qtbot):
    fail(ValueError("an earlier fault"))
    hook.pump()
    qtbot.mouseClick(windows.made[0].findChild(QToolButton, "goon"), Qt.MouseButton.LeftButton)
    assert not windows.made[0].isVisible()
    fail(ValueError("a later fault"))
    hook.pump()
    (window,) = windows.made
    assert window.isVisible()
    assert "a later fault" in window.details
    assert "an earlier fault" not in window.details


def test_a_flood_does_not_pile_up(hook, windows):
    for number in range(300):
        fail(ValueError(f"number {number}"))
    hook.pump()
    assert len(windows.made) == 1
    assert windows.made[0].details.count("Traceback") <= 20


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), Cancelled()])
def test_what_was_asked_for_is_no_failure(hook, windows, written, error):
    fail(error)
    hook.pump()
    assert windows.made == []
    assert written == [error]


def test_what_the_user_can_mend_goes_to_the_bar(hook, windows, problems):
    error = UserError("The disk is full", "free 3 GB")
    fail(error)
    hook.pump()
    assert problems == [error]
    assert windows.made == []


def test_the_hooks_before_come_back(windows, written):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    install_exception_hook(windows).remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_keys_go_on(hook, windows, qtbot, key):
    fail(ValueError("x"))
    hook.pump()
    qtbot.keyClick(windows.made[0], key)
    assert not windows.made[0].isVisible()


def test_details_are_copied(hook, windows, qtbot):
    fail(ValueError("copied"))
    hook.pump()
    window = windows.made[0]
    qtbot.mouseClick(window.findChild(QToolButton, "copy:failure"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == window.details
