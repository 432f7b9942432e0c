"""The timeline's keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from stemdesk.ui.timeline.navigator import Navigator

_ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ACROSS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


def deed(event: QKeyEvent, navigator: Navigator, song_frames: int) -> Callable[[], object] | None:
    """What a key stands for; None for nothing.

    Arrows move the playhead and the focus; with Ctrl by one sample; with Shift they select; with
    Alt they move what is picked (region, point, marker). Home, End, Page as in a text. X: the
    other end of the selection. Full stop, comma: pick the next or last region, point or marker.
    Insert: an automation point. Delete: what is picked goes. Escape.
    """
    key, held = Qt.Key(event.key()), event.modifiers()
    extending = bool(held & Qt.KeyboardModifier.ShiftModifier)
    finest = bool(held & Qt.KeyboardModifier.ControlModifier)
    if held & Qt.KeyboardModifier.AltModifier:
        if key not in _ALONG and key not in _ACROSS:
            return None
        later, louder = _ALONG.get(key, 0), -_ACROSS.get(key, 0)
        return partial(navigator.nudge_picked, later, louder, finest=finest)
    if key in _ALONG:
        return partial(navigator.step, _ALONG[key], finest=finest, extending=extending)
    if key in _ACROSS:
        return partial(navigator.focus, _ACROSS[key], extending=extending)
    if key in _PAGES and not finest:
        return partial(navigator.page, _PAGES[key], extending=extending)
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        end = 0 if key == Qt.Key.Key_Home else song_frames
        return partial(navigator.go, end, extending=extending)
    return None if finest or extending else _plain(key, navigator)


def _plain(key: Qt.Key, navigator: Navigator) -> Callable[[], object] | None:
    if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        return navigator.remove_picked if navigator.has_picked else None
    deeds: dict[Qt.Key, Callable[[], object]] = {
        Qt.Key.Key_Escape: navigator.select_nothing,
        Qt.Key.Key_Insert: navigator.add_point,
        Qt.Key.Key_Period: partial(navigator.pick, 1),
        Qt.Key.Key_Comma: partial(navigator.pick, -1),
        Qt.Key.Key_X: navigator.turn_selection,
    }
    return deeds.get(key)
