"""Moves of controls made into values of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.grip import Grip
from stemdesk.control.hold import Hold
from stemdesk.control.mapping.encoders import steps
from stemdesk.control.mapping.mappings import Mapping, Mode
from stemdesk.control.mapping.sources import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.control.mapping.decoding import Move
    from stemdesk.control.target import ControlTarget
    from stemdesk.mixing.parameters import Parameter

CATCH = 0.02  # travel; a little more than two steps of 7 bits
_PRESSED = 64


class Driver:
    """Drives a target through mappings.

    Args:
        target: what is driven.
        mappings: in any order; one control may drive several parameters.
    """

    def __init__(self, target: ControlTarget, mappings: Iterable[Mapping] = ()) -> None:
        self._target = target
        self._bonds: dict[Mapping, _Bond] = {}
        self.mappings = tuple(mappings)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """What is bound; those that stay keep their state when others come or go."""
        return tuple(self._bonds)

    @mappings.setter
    def mappings(self, mappings: Iterable[Mapping]) -> None:
        old = self._bonds
        self._bonds = {each: old.get(each) or _Bond(self._target, each) for each in mappings}
        for mapping, bond in old.items():
            if mapping not in self._bonds:
                bond.hold.let_go()

    def drive(self, move: Move) -> None:
        """Do what a move asks for; nothing where no mapping takes it."""
        for mapping, bond in self._bonds.items():
            if mapping.touch is not None and mapping.touch.matches(move):
                bond.hold.sense(touched=move.value > 0)
            if mapping.source.matches(move):
                bond.move(move)

    def settle(self, seconds: float) -> None:
        """Let go of controls that have rested; to be called some ten times a second or more."""
        for bond in self._bonds.values():
            bond.hold.settle(seconds)

    def is_held(self, mapping: Mapping, seconds: float) -> bool:
        """Whether a hand is on that control, so that it must not be moved by itself."""
        return self._bonds[mapping].hold.is_held(seconds)

    def let_go(self) -> None:
        """Release every control, as when the ports close."""
        for bond in self._bonds.values():
            bond.hold.let_go()


class _Bond:
    """One mapping at work."""

    def __init__(self, target: ControlTarget, mapping: Mapping) -> None:
        self._mapping, self._grip = mapping, Grip(target, mapping.address)
        self.hold = Hold(self._grip)
        self._is_down = False
        self._last_value: int | None = None
        self._last_wanted: float | None = None

    def move(self, move: Move) -> None:
        parameter = self._grip.parameter
        if parameter is None:
            return
        if self._mapping.is_button:
            self._press(parameter, move)
        elif self._mapping.mode is Mode.RELATIVE:
            self._turn(parameter, move)
        else:
            self._go(parameter, move)

    def _go(self, parameter: Parameter, move: Move) -> None:
        wanted = self._mapping.travel(move.position)
        if self._mapping.mode is Mode.ABSOLUTE or self._has_caught(parameter, wanted):
            self.hold.moved(move.seconds)
            self._grip.put(parameter, wanted)
        self._last_wanted = wanted

    def _has_caught(self, parameter: Parameter, wanted: float) -> bool:
        """Soft take-over: whether the control has the parameter, or meets it with this move."""
        before = self._last_wanted
        # A parameter outside the control's range is met at the nearer end.
        present = min(self._mapping.most, max(self._mapping.least, self._grip.travel(parameter)))
        met = before is not None and (before - present) * (wanted - present) <= 0.0
        return met or abs(wanted - present) <= CATCH

    def _turn(self, parameter: Parameter, move: Move) -> None:
        mapping = self._mapping
        turned = steps(mapping.source.coding, move.value) * mapping.step
        if turned != 0.0:
            self.hold.moved(move.seconds)
            change = -turned if mapping.inverted else turned
            self._grip.step(parameter, change, mapping.least, mapping.most)

    def _press(self, parameter: Parameter, move: Move) -> None:
        mapping = self._mapping
        is_note = mapping.source.kind is Kind.NOTE
        is_down = move.value > 0 if is_note else move.value * 127 >= _PRESSED * move.scale
        # Devices that never tell of the release repeat the press.
        again = is_note or move.value == self._last_value
        is_press = is_down and (not self._is_down or again)
        is_release = self._is_down and not is_down
        self._last_value, self._is_down = move.value, is_down
        if is_press:
            self.hold.sense(touched=True)
            is_far = mapping.position(self._grip.travel(parameter)) >= 0.5
            far = mapping.mode is Mode.MOMENTARY or not is_far
            self._grip.put(parameter, mapping.travel(1.0 if far else 0.0))
        elif is_release:
            if mapping.mode is Mode.MOMENTARY:
                self._grip.put(parameter, mapping.travel(0.0))
            self.hold.sense(touched=False)
