from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from stemdesk.settings import Preferences
from stemdesk.ui.dialogs.about import AboutDialog
from stemdesk.ui.dialogs.welcome import WelcomeDialog
from stemdesk.ui.panels.demo_picture import DemoPicture
from stemdesk.ui.panels.drop_target import DropTarget


@pytest.fixture
def welcome(qtbot):
    welcome = WelcomeDialog(Preferences(theme="dark"), ["USB Audio"])
    qtbot.addWidget(welcome)
    welcome.show()
    return welcome


def press(qtbot, welcome, name):
    qtbot.mouseClick(welcome.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def test_three_steps_and_back(welcome, qtbot):
    assert not welcome.isModal()
    assert welcome.findChild(DemoPicture).isVisible()
    press(qtbot, welcome, "next")
    press(qtbot, welcome, "next")
    assert welcome.step == 2
    assert not welcome.findChild(QToolButton, "next").isVisible()
    assert welcome.findChild(QWidget, "steps").accessibleName() == "Step 3 of 3"
    press(qtbot, welcome, "back")
    assert welcome.step == 1


def test_a_theme_is_put_on_at_once(welcome, qtbot):
    welcome.go(1)
    assert welcome.findChild(QToolButton, "theme:dark").isChecked()
    with qtbot.waitSignal(welcome.theme_chosen, timeout=500) as caught:
        press(qtbot, welcome, "theme:light")
    assert caught.args == ["light"]
    assert not welcome.findChild(QToolButton, "theme:dark").isChecked()


def test_an_output_is_chosen_by_keys(welcome, qtbot):
    welcome.go(1)
    with qtbot.waitSignal(welcome.audio_device_chosen, timeout=500) as caught:
        qtbot.keyClick(welcome.findChild(QComboBox, "audio"), Qt.Key.Key_Down)
    assert caught.args == ["USB Audio"]


@pytest.mark.parametrize(
    ("name", "signal"), [("demo", "demo_requested"), ("opensong", "open_requested")]
)
def test_a_song_closes_it(welcome, qtbot, name, signal):
    welcome.go(2)
    with qtbot.waitSignal(getattr(welcome, signal), timeout=500):
        press(qtbot, welcome, name)
    assert not welcome.isVisible()


def test_a_dropped_song_closes_it(welcome, qtbot):
    welcome.go(2)
    with qtbot.waitSignal(welcome.dropped, timeout=500) as caught:
        welcome.findChild(DropTarget).dropped.emit((Path("a.wav"),))
    assert caught.args == [(Path("a.wav"),)]
    assert not welcome.isVisible()


def test_it_can_be_left_at_any_step(welcome, qtbot):
    press(qtbot, welcome, "skip")
    assert not welcome.isVisible()


def test_about_names_version_licence_libraries_and_those_who_gave(qtbot):
    about = AboutDialog("1.2.3", {"Small": ["ALYS voice bank, GPL-3.0"]}, ("Python 3.11",))
    qtbot.addWidget(about)
    assert about.report == "StemDesk 1.2.3\nPython 3.11"
    libraries = about.findChild(QWidget, "libraries")
    names = {libraries.topLevelItem(n).text(0) for n in range(libraries.topLevelItemCount())}
    assert {"PyTorch", "Qt and PySide6", "Pedalboard"} <= names
    model = about.findChild(QWidget, "modelcredits").topLevelItem(0)
    assert model.text(0) == "Small"
    assert model.child(0).text(0) == "ALYS voice bank, GPL-3.0"
