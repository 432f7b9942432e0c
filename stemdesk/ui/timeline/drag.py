"""A gesture in progress: a press becomes a drag once it has moved further than a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from stemdesk.ui.timeline.gesture import Hand

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from stemdesk.ui.timeline.gesture import Gesture

CLICK_PX = 3.0


class Drag:
    """What the left button holds."""

    def __init__(self) -> None:
        self._gesture: Gesture | None = None
        self._press = QPointF()
        self._moved = False

    @property
    def is_on(self) -> bool:
        """Whether the button is down on something."""
        return self._gesture is not None

    def begin(self, gesture: Gesture, event: QMouseEvent) -> None:
        """The button went down."""
        self._gesture, self._press, self._moved = gesture, event.position(), False

    def move(self, event: QMouseEvent) -> bool:
        """The pointer moved; whether something was dragged."""
        if self._gesture is None:
            return False
        way = event.position() - self._press
        self._moved = self._moved or way.manhattanLength() > CLICK_PX
        if self._moved:
            self._gesture.move(hand(event))
        return self._moved

    def drop(self) -> None:
        """As if it had never begun."""
        self._gesture = None

    def end(self) -> None:
        """The button came up."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        if self._moved:
            gesture.release()
        else:
            gesture.click()


def hand(event: QMouseEvent) -> Hand:
    """Where the pointer is; Ctrl switches snapping off."""
    free = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return Hand(event.position().x(), event.position().y(), free)
