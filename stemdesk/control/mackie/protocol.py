"""The Mackie Control protocol's messages.

Facts from the Logic Control User's Manual (Emagic 2002, appendix B), whose protocol Mackie Control
shares, and from measurements of a Mackie Control Universal Pro published with TouchMCU
(NicoG60 and R. Doursenaud, `mackie_control_protocol.md`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mido

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STRIPS = 8
MASTER = 8  # the ninth fader

# Notes of buttons and their lamps
ARM, SOLO, MUTE, SELECT, POT_PRESS = 0, 8, 16, 24, 32  # the first of eight
ASSIGN_TRACK, ASSIGN_SEND, ASSIGN_PAN = 40, 41, 42
ASSIGN_PLUGIN, ASSIGN_EQ, ASSIGN_INSTRUMENT = 43, 44, 45
BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT = 46, 47, 48, 49
CYCLE, REWIND, FORWARD, STOP, PLAY, RECORD, SCRUB = 86, 91, 92, 93, 94, 95, 101
TOUCH = 104  # the first of nine
SMPTE_LAMP, SOLO_LAMP = 113, 115

# Control changes
POT, RING, JOG = 16, 48, 60  # pots and rings: the first of eight
DIGIT_RIGHTMOST = 64
DIGITS = 10

# System exclusive commands
DEVICE_QUERY, CONNECTION_QUERY, CONNECTION_REPLY = 0x00, 0x01, 0x02
CONNECTION_CONFIRMED, CONNECTION_REFUSED = 0x03, 0x04
SCRIBBLE, METER_MODE = 0x12, 0x20
MAIN_UNIT, EXTENDER = 0x14, 0x15
_MAKER = (0x00, 0x00, 0x66)

CELL = 7  # characters of a strip in the display
LINE = STRIPS * CELL
FADER_TOP = 16368  # ten bits in the upper part of fourteen
RING_FROM_CENTRE, RING_FROM_LEFT = 1, 2
RING_LAMPS = 11
OVERLOAD, OVERLOAD_CLEARED = 0x0E, 0x0F
_METER_DB = (-60, -50, -40, -30, -20, -14, -10, -8, -6, -4, -2, 0)
_SIGNAL_LAMP = 0x01
_PITCH_CENTRE = 8192


def exclusive(unit: int, command: int, data: Iterable[int] = ()) -> mido.Message:
    """A system exclusive message to or from a unit."""
    return mido.Message("sysex", data=(*_MAKER, unit, command, *data))


def opened(message: mido.Message, unit: int) -> tuple[int, tuple[int, ...]] | None:
    """Command and data of a system exclusive message of that unit; None for others'."""
    data = tuple(message.data)
    if data[:4] != (*_MAKER, unit) or len(data) < 5:
        return None
    return data[4], data[5:]


def response(challenge: Sequence[int]) -> tuple[int, int, int, int]:
    """What a host answers to the four bytes of a unit's challenge."""
    one, two, three, four = challenge
    return (
        0x7F & (one + (two ^ 0x0A) - four),
        0x7F & ((three >> 4) ^ (one + four)),
        0x7F & ((four - (three << 2)) ^ (one | two)),
        0x7F & (two - three + (0xF0 ^ (four << 4))),
    )


def fader(index: int, travel: float) -> mido.Message:
    """Moves a fader; 8 is the master's."""
    value = round(travel * FADER_TOP)
    return mido.Message("pitchwheel", channel=index, pitch=value - _PITCH_CENTRE)


def fader_travel(message: mido.Message) -> float:
    """Where a fader stands, 0 to 1; devices with 14 bits go a little beyond those with ten."""
    return min(1.0, float(message.pitch + _PITCH_CENTRE) / FADER_TOP)


def lamp(note: int, *, lit: bool) -> mido.Message:
    """Switches the lamp of a button."""
    return mido.Message("note_on", note=note, velocity=127 if lit else 0)


def ring(index: int, mode: int, lamps: int, *, centre: bool = False) -> mido.Message:
    """Shows a ring: lamp 1 to 11 in one of the four modes, 0 for none, and the lamp below."""
    value = (0x40 if centre else 0) | mode << 4 | lamps
    return mido.Message("control_change", control=RING + index, value=value)


def digit(place: int, character: str, *, dot: bool = False) -> mido.Message:
    """Shows a character at a place of the display of time, 0 being the rightmost."""
    value = (ord(character.upper()) & 0x3F) | (0x40 if dot else 0)
    return mido.Message("control_change", control=DIGIT_RIGHTMOST + place, value=value)


def meter(index: int, level: int) -> mido.Message:
    """Shows a level 0 to 12, :data:`OVERLOAD` or :data:`OVERLOAD_CLEARED`; it decays by itself."""
    return mido.Message("aftertouch", value=index << 4 | level)


def meter_level(peak_db: float) -> int:
    """The meter's lamps for a peak in dBFS."""
    return sum(peak_db >= least for least in _METER_DB)


def signal_lamp(unit: int, index: int) -> mido.Message:
    """Lets a strip's meter show as a lamp, so that the display keeps its text."""
    return exclusive(unit, METER_MODE, (index, _SIGNAL_LAMP))


def scribble(unit: int, place: int, text: str) -> mido.Message:
    """Writes ASCII text into the display; the second line begins at 56."""
    return exclusive(unit, SCRIBBLE, (place, *text.encode("ascii")))
