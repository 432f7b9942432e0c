"""Where a control's messages come from: port, channel, kind and number."""

from __future__ import annotations

from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from stemdesk.control.mapping.decoding import Move

CHANNELS = 16


class Kind(Enum):
    """What a control sends."""

    CC = "cc"  # control change, 7 bits
    CC14 = "cc14"  # control changes n and n + 32, 14 bits
    NRPN = "nrpn"  # non-registered parameter, 7 or 14 bits
    NOTE = "note"
    PITCH_BEND = "pitch_bend"


FULL_SCALE = {
    Kind.CC: 127,
    Kind.CC14: 16383,
    Kind.NRPN: 16383,
    Kind.NOTE: 127,
    Kind.PITCH_BEND: 16383,
}
_MOST_NUMBER = {Kind.CC: 119, Kind.CC14: 31, Kind.NRPN: 16383, Kind.NOTE: 127, Kind.PITCH_BEND: 0}


class Coding(Enum):
    """How a control change's value is meant: as a position, or as steps of an endless encoder."""

    ABSOLUTE = "absolute"
    TWOS_COMPLEMENT = "twos_complement"  # 1 is one step right, 127 one left
    BINARY_OFFSET = "binary_offset"  # 65 is one step right, 63 one left
    SIGN_MAGNITUDE = "sign_magnitude"  # 1 is one step right, 65 one left


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One control of one device.

    Attributes:
        kind: what it sends.
        number: of the control change (of the pair's upper half), note or NRPN; 0 for pitch bend.
        channel: 1 to 16; None for any.
        port: pattern of the port's name, with the wildcards `*`, `?` and `[...]`.
        coding: how control changes are meant.
    """

    kind: Kind
    number: int = 0
    channel: int | None = None
    port: str = "*"
    coding: Coding = Coding.ABSOLUTE

    def __post_init__(self) -> None:
        if not 0 <= self.number <= _MOST_NUMBER[self.kind]:
            raise ValueError(f"{self.kind.value} has no number {self.number}")
        if self.channel is not None and not 1 <= self.channel <= CHANNELS:
            raise ValueError(f"there is no MIDI channel {self.channel}")
        if self.coding is not Coding.ABSOLUTE and self.kind is not Kind.CC:
            raise ValueError(f"{self.kind.value} does not send steps")

    def matches(self, move: Move) -> bool:
        """Whether this control made that move."""
        return (
            self.kind is move.kind
            and self.number == move.number
            and self.channel in (None, move.channel)
            and fnmatchcase(move.port, self.port)
        )

    def collides(self, other: Source) -> bool:
        """Whether one control could be both; a 14-bit pair collides with its halves."""
        if self.channel != other.channel and None not in (self.channel, other.channel):
            return False
        if not (fnmatchcase(self.port, other.port) or fnmatchcase(other.port, self.port)):
            return False
        return bool(self._messages() & other._messages())

    def _messages(self) -> set[tuple[Kind, int]]:
        if self.kind is Kind.CC14:
            return {(Kind.CC, self.number), (Kind.CC, self.number + 32)}
        return {(self.kind, self.number)}
