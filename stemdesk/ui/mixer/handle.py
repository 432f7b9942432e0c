"""One parameter in the user's hands: its value, who holds it, and how hands move it.

Fader, knob and number of one parameter share one handle, so that mouse, wheel, keys and typing
are one gesture whatever they happen on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal

from stemdesk.mixing.parameters import PAN, SILENT_DB, Parameter, Taper
from stemdesk.ui.mixer.value_text import rounded, value_text

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_MS = 400
COARSE = 3.0
FINE = 0.1
PAGE = 6.0
_TRAVEL_STEP = 0.02


class Handle(QObject):
    """See the module.

    A gesture begins with the first hold and ends with the last release, or, where the hand cannot
    be seen to leave (wheel, keys), 400 ms after its last move. What the document says meanwhile
    waits for its end: a fader never jumps out of a hand.

    Args:
        address: of the parameter, as automation names it.
        parameter: range, taper, unit and default.
        parent: its owner.

    Attributes:
        address: see above.
        parameter: see above.
        value: as shown.
        is_automated: whether the parameter has an automation lane.
        is_mapped: whether a MIDI control moves it.
    """

    changed = Signal(str, float)  # by hand: address, value
    touched = Signal(str, bool)  # address, down
    context_requested = Signal(str, QPoint)  # address, place on the screen
    typing_requested = Signal(str)  # the first character
    shown = Signal()  # value or marks are to be painted anew

    def __init__(self, address: str, parameter: Parameter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address, self.parameter = address, parameter
        self.value = parameter.default
        self.is_automated = self.is_mapped = False
        self._is_held = self._is_gripped = False
        self._waiting: float | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.let_go)

    @property
    def text(self) -> str:
        """The value with its unit."""
        return value_text(self.parameter, self.value)

    @property
    def travel(self) -> float:
        """Where the value lies between 0 and 1."""
        return self.parameter.to_travel(self.value)

    @property
    def is_held(self) -> bool:
        """Whether a gesture is going on."""
        return self._is_held

    def show_value(self, value: float) -> None:
        """What the document says; while a hand holds on, it waits."""
        if self._is_held:
            self._waiting = value
        elif value != self.value:
            self.value = value
            self.shown.emit()

    def show_marks(self, *, is_automated: bool, is_mapped: bool) -> None:
        """Say what else moves the parameter."""
        if (is_automated, is_mapped) != (self.is_automated, self.is_mapped):
            self.is_automated, self.is_mapped = is_automated, is_mapped
            self.shown.emit()

    def grip(self) -> None:
        """A hand takes hold and will be seen to let go (a pressed mouse button)."""
        self._is_gripped = True
        self._hold()

    def let_go(self) -> None:
        """The gesture ends."""
        self._quiet.stop()
        self._is_gripped = False
        if not self._is_held:
            return
        self._is_held = False
        self.touched.emit(self.address, False)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_value(waiting)

    def leave(self) -> None:
        """The hand has gone elsewhere: ends a gesture of the wheel or keys at once."""
        if not self._is_gripped:
            self.let_go()

    def set(self, value: float) -> None:
        """Move to a value in range, by hand."""
        self._briefly(lambda: value)

    def set_travel(self, travel: float) -> None:
        """Move to a place 0..1 of the travel, by hand."""
        self._briefly(lambda: rounded(self.parameter, self.parameter.from_travel(travel)))

    def nudge(self, steps: float) -> None:
        """Move by steps of a wheel notch: 1 dB, a semitone, 5 % of panning, 1/50 of the travel."""
        self._briefly(lambda: stepped(self.parameter, self.value, steps))

    def reset(self) -> None:
        """Move to the default, by hand."""
        self.set(self.parameter.default)

    def toggle(self) -> None:
        """Turn a switch over: a gesture of its own."""
        self.set(0.0 if self.value >= 0.5 else 1.0)
        self.leave()

    def _hold(self) -> None:
        if not self._is_held:
            self._is_held = True
            self.touched.emit(self.address, True)

    def _briefly(self, target: Callable[[], float]) -> None:
        self._hold()
        if not self._is_gripped:
            self._quiet.start()
        value = target()
        if value == self.value:
            return
        self.value, self._waiting = value, None
        self.shown.emit()
        self.changed.emit(self.address, value)


def stepped(parameter: Parameter, value: float, steps: float) -> float:
    """A value moved by some steps, kept in range."""
    if parameter.taper is Taper.SWITCH:
        return 1.0 if steps > 0 else 0.0
    if parameter.taper is Taper.LOG:
        travel = parameter.to_travel(value) + steps * _TRAVEL_STEP
        return rounded(parameter, parameter.from_travel(travel))
    if value == -math.inf:
        return SILENT_DB if steps > 0 else value
    moved = round(value + steps * _step(parameter), 4) + 0.0
    if parameter.taper is Taper.FADER and moved < SILENT_DB:
        return -math.inf
    return min(parameter.maximum, max(parameter.minimum, moved))


def step_factor(modifiers: Qt.KeyboardModifier) -> float:
    """How many steps a notch or key counts: Shift 3, Ctrl a tenth."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return FINE
    return COARSE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0


def _step(parameter: Parameter) -> float:
    if parameter.name == PAN.name:
        return 0.05
    if parameter.unit in {"dB", "st"}:
        return 1.0
    return (parameter.maximum - parameter.minimum) * _TRAVEL_STEP
