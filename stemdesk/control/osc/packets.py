"""OSC packets made into messages, and numbers into packets.

OSC 1.0 (Wright 2002, https://opensoundcontrol.stanford.edu/spec-1_0.html). Only what StemDesk's
addresses take is let through: numbers and switches. The shape of a packet is checked to the last
byte before python-osc reads it, which goes round for ever where the size of a bundle's element is
-4, reads a missing number as 0, and searches a string again for every blob of negative size.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 8192
MOST_MESSAGES = 256
_MOST_VALUES = 16
_DEEPEST = 4
_BUNDLE = b"#bundle\0"
_HEAD_BYTES = len(_BUNDLE) + 8  # and a time tag
_VALUE_BYTES = {"i": 4, "f": 4, "h": 8, "d": 8, "T": 0, "F": 0}
_ADDRESS = re.compile(rb"/[\x21-\x22\x24-\x7e]*")  # printable, without blank and #


class MalformedPacket(ValueError):
    """Nothing that StemDesk's addresses could take."""


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes:
        address: beginning with a slash.
        values: switches as 0 and 1.
    """

    address: str
    values: tuple[float, ...]


def messages_in(packet: bytes) -> list[Message]:
    """The messages of a packet; those of bundles at once, whatever time they were meant for.

    Raises:
        MalformedPacket: not one of them is to be trusted then.
    """
    if len(packet) > MOST_BYTES:
        raise MalformedPacket("too long")
    messages = [_message(data) for data in _elements(packet, 0)]
    if len(messages) > MOST_MESSAGES:
        raise MalformedPacket("too many messages")
    return messages


def packet_of(address: str, *values: float | str) -> bytes:
    """A message as a packet: whole numbers as `i`, others as `f`, text as `s`."""
    packet: bytes = build_msg(address, list(values)).dgram
    return packet


def _elements(data: bytes, depth: int) -> Iterator[bytes]:
    if not data.startswith(_BUNDLE):
        yield data
        return
    at = _HEAD_BYTES
    if depth == _DEEPEST or len(data) < at:
        raise MalformedPacket("a bundle too deep or too short")
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        first, at = at + 4, at + 4 + size
        if size <= 0 or size % 4 or at > len(data):
            raise MalformedPacket("a bundle whose parts do not fit")
        yield from _elements(data[first:at], depth + 1)


def _message(data: bytes) -> Message:
    _check_shape(data)
    parsed = OscMessage(data)
    values = tuple(float(value) for value in parsed)
    if any(math.isnan(value) for value in values):
        raise MalformedPacket("not a number")
    return Message(parsed.address, values)


def _check_shape(data: bytes) -> None:
    address_end = data.find(b"\0")
    if address_end < 0 or not _ADDRESS.fullmatch(data, 0, address_end):
        raise MalformedPacket("no address")
    tags_at = _padded(address_end + 1)
    if tags_at == len(data):
        return  # old senders leave the tags out where there are no values
    tags_end = data.find(b"\0", tags_at)
    tags = data[tags_at:tags_end].decode("latin-1") if tags_end >= 0 else ""
    if not tags.startswith(",") or len(tags) > 1 + _MOST_VALUES:
        raise MalformedPacket("no tags")
    sizes = [_VALUE_BYTES.get(tag, -1) for tag in tags[1:]]
    if -1 in sizes or _padded(tags_end + 1) + sum(sizes) != len(data):
        raise MalformedPacket("values of another kind, or of another length")


def _padded(count: int) -> int:
    return -(-count // 4) * 4
