"""The timeline's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from stemdesk.ui.timeline.navigator import Navigator

_ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ACROSS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


def press(event: QKeyEvent, navigator: Navigator, song_frames: int) -> bool:
    """Do what a key stands for; whether it stands for anything.

    Arrows move the playhead and the focus; with Ctrl by one sample; with Shift they select; with
    Alt they move what is picked (region, point, marker). Home, End, Page as in a text. X: the
    other end of the selection. Full stop, comma: pick the next or last region, point or marker.
    Insert: an automation point. Delete, Escape.
    """
    key, held = Qt.Key(event.key()), event.modifiers()
    extending = bool(held & Qt.KeyboardModifier.ShiftModifier)
    finest = bool(held & Qt.KeyboardModifier.ControlModifier)
    if held & Qt.KeyboardModifier.AltModifier:
        if key not in _ALONG and key not in _ACROSS:
            return False
        navigator.nudge_picked(_ALONG.get(key, 0), -_ACROSS.get(key, 0), finest=finest)
        return True
    if key in _ALONG:
        navigator.step(_ALONG[key], finest=finest, extending=extending)
    elif key in _ACROSS:
        navigator.focus(_ACROSS[key], extending=extending)
    elif key in _PAGES:
        navigator.page(_PAGES[key], extending=extending)
    elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        end = 0 if key == Qt.Key.Key_Home else song_frames
        navigator.go(end, extending=extending)
    else:
        return _plain(key, navigator) if not finest and not extending else False
    return True


def _plain(key: Qt.Key, navigator: Navigator) -> bool:
    actions: dict[Qt.Key, Callable[[], None]] = {
        Qt.Key.Key_Delete: navigator.remove_picked,
        Qt.Key.Key_Backspace: navigator.remove_picked,
        Qt.Key.Key_Escape: navigator.select_nothing,
        Qt.Key.Key_Insert: navigator.add_point,
        Qt.Key.Key_Period: lambda: navigator.pick(1),
        Qt.Key.Key_Comma: lambda: navigator.pick(-1),
        Qt.Key.Key_X: navigator.turn_selection,
    }
    if key in actions:
        actions[key]()
    return key in actions
