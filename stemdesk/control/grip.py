"""A control's grip on a parameter: sets it by travel, and notices when another hand moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.mixing.parameters import Taper

if TYPE_CHECKING:
    from stemdesk.control.target import ControlTarget
    from stemdesk.mixing.parameters import Parameter


class Grip:
    """One address as one control sees it.

    The travel is remembered finer than the parameter may store it: an encoder that climbs out of
    the silent end of a fader, or over a parameter that rounds, must not be caught there.

    Args:
        target: what is driven.
        address: of the parameter, which need not exist now.
    """

    def __init__(self, target: ControlTarget, address: str) -> None:
        self._target, self.address = target, address
        self._travel = 0.0
        self._ours: tuple[float, ...] = ()

    @property
    def parameter(self) -> Parameter | None:
        """What lies at the address now."""
        return self._target.parameter(self.address)

    def travel(self, parameter: Parameter) -> float:
        """Where the parameter stands, 0 to 1."""
        value = self._target.get(self.address)
        return self._travel if value in self._ours else parameter.to_travel(value)

    def put(self, parameter: Parameter, travel: float) -> None:
        """Set the parameter to a place on its travel."""
        value = parameter.from_travel(travel)
        self._target.set(self.address, value)
        self._travel, self._ours = travel, (value, self._target.get(self.address))

    def step(
        self, parameter: Parameter, change: float, least: float = 0.0, most: float = 1.0
    ) -> None:
        """Move the parameter by a part of its travel, within a range that it is not torn into."""
        if parameter.taper is Taper.SWITCH:
            self.put(parameter, most if change > 0.0 else least)
            return
        travel = self.travel(parameter)
        self.put(parameter, min(max(most, travel), max(min(least, travel), travel + change)))

    def touch(self, *, down: bool) -> None:
        """Tell the target that a hand has come or gone."""
        self._target.touch(self.address, down=down)
