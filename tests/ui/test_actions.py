from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from stemdesk.ui.action_table import ACTIONS, GROUPS
from stemdesk.ui.actions import make_actions


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


def recording(done):
    return {spec.id: lambda *args, name=spec.id: done.append((name, *args)) for spec in ACTIONS}


def test_no_key_does_two_things_and_every_key_is_one():
    keys = Counter(keys for spec in ACTIONS for keys in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    for key in keys:
        assert QKeySequence(key).toString() not in ("", None), key
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    assert {spec.group for spec in ACTIONS} == set(GROUPS)


def test_keys_do_what_the_table_says(window, qtbot):
    done = []
    make_actions(window, recording(done))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_L)
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert done == [("play",), ("undo",), ("loop", True), ("loop", False)]


def test_tips_tell_the_key(window):
    actions = make_actions(window, recording([]))
    assert actions["play"].toolTip().endswith("(Space)")
    assert "Ctrl+Z" in actions["undo"].toolTip()


def test_an_action_without_a_handler_or_the_other_way_about_is_a_mistake(window):
    handlers = recording([])
    with pytest.raises(KeyError, match="fly"):
        make_actions(window, {**handlers, "fly": print})
    del handlers["play"]
    with pytest.raises(KeyError, match="play"):
        make_actions(window, handlers)
