"""A mapping: which control drives which parameter, and how."""

from __future__ import annotations

from enum import Enum

import msgspec

from stemdesk.control.mapping.sources import Coding, Kind, Source


class Mode(Enum):
    """How a control drives its parameter."""

    ABSOLUTE = "absolute"  # the parameter goes where the control stands
    PICK_UP = "pick_up"  # as absolute, but only once the control has met the parameter
    RELATIVE = "relative"  # steps of an endless encoder
    TOGGLE = "toggle"  # each press changes sides
    MOMENTARY = "momentary"  # far side while pressed


class Mapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control bound to one parameter.

    Attributes:
        source: the control.
        address: of the parameter.
        mode: see :class:`Mode`.
        least: where on the parameter's travel, 0 to 1, the control's lower end lies.
        most: where its upper end lies; greater than `least`.
        inverted: the control runs the other way.
        step: travel of one step of an encoder.
        touch: the note that tells when a hand is on the control, where the device has one.
        feedback: whether the control shows the parameter (motor, lamp, ring).
    """

    source: Source
    address: str
    mode: Mode = Mode.ABSOLUTE
    least: float = 0.0
    most: float = 1.0
    inverted: bool = False
    step: float = 0.01
    touch: Source | None = None
    feedback: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.least < self.most <= 1.0:
            raise ValueError(f"the range {self.least} to {self.most} does not lie in 0 to 1")
        if not 0.0 < self.step <= 1.0:
            raise ValueError(f"a step cannot be {self.step}")
        if (self.mode is Mode.RELATIVE) != (self.source.coding is not Coding.ABSOLUTE):
            raise ValueError(f"{self.mode.value} does not go with {self.source.coding.value}")
        if self.touch is not None and self.touch.kind is not Kind.NOTE:
            raise ValueError("touch is told by a note")
        if not self.address:
            raise ValueError("the address is missing")

    @property
    def is_button(self) -> bool:
        """Whether presses count, not positions."""
        return self.mode in (Mode.TOGGLE, Mode.MOMENTARY)

    def travel(self, position: float) -> float:
        """The parameter's travel where the control stands at a position 0 to 1."""
        position = 1.0 - position if self.inverted else position
        return self.least + (self.most - self.least) * position

    def position(self, travel: float) -> float:
        """Where the control belongs; the inverse of :meth:`travel`, clamped to its ends."""
        position = min(1.0, max(0.0, (travel - self.least) / (self.most - self.least)))
        return 1.0 - position if self.inverted else position
