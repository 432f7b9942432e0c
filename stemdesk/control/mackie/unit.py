"""What one Mackie unit looks upon: its place among the units, and the strips under its faders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.control.mackie.bank import Bank
from stemdesk.control.mackie.protocol import ASSIGN_PAN, MAIN_UNIT, MASTER, STRIPS
from stemdesk.mixing.settings import MASTER as MASTER_STRIP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.control.sync.timecode import FrameRate
    from stemdesk.control.target import SurfaceTarget


@dataclass
class Unit:
    """One unit.

    Attributes:
        target: what is driven.
        number: of the unit in system exclusive messages; the main unit has master and transport.
        bank: which strips the units show; shared by them all.
        place: strips to the left of this unit, on other units.
        assignments: note of an assignment button -> what the pots then turn, a parameter's address
            without the strip.
        assigned: the button in force.
        rate: of the time code that is displayed; None for milliseconds.
    """

    target: SurfaceTarget
    number: int = MAIN_UNIT
    bank: Bank = field(default_factory=lambda: Bank(STRIPS))
    place: int = 0
    assignments: Mapping[int, str] = field(default_factory=lambda: {ASSIGN_PAN: "pan"})
    assigned: int = ASSIGN_PAN
    rate: FrameRate | None = None

    @property
    def is_main(self) -> bool:
        """Whether it has a master fader, a transport and a display of time."""
        return self.number == MAIN_UNIT

    def strip(self, index: int) -> str | None:
        """The strip under a fader 0 to 7; None beyond the last."""
        strips = self.target.strips()
        place = self.bank.first + self.place + index
        return strips[place] if place < len(strips) else None

    def address(self, index: int, name: str) -> str | None:
        """Address of a strip's parameter; fader 8 is the master's."""
        strip = self.strip(index) if index < STRIPS else None
        if index == MASTER and self.is_main:
            strip = MASTER_STRIP
        return None if strip is None else f"{strip}.{name}"

    def level_address(self, index: int) -> str | None:
        """Address under a fader."""
        return self.address(index, "level_db")

    def pot_address(self, index: int) -> str | None:
        """Address under a pot."""
        return self.address(index, self.assignments[self.assigned])

    def is_lit(self, address: str | None) -> bool:
        """Whether a switch is on; one that does not exist is off."""
        if address is None or self.target.parameter(address) is None:
            return False
        return self.target.get(address) >= 0.5
