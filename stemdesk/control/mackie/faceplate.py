"""Everything a Mackie unit shows: faders, lamps, rings, names, levels and the time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stemdesk.control.mackie import protocol
from stemdesk.control.mackie.protocol import CELL, LINE, MASTER, STRIPS
from stemdesk.control.mackie.text import cell, digits, value_text
from stemdesk.control.target import FORWARD, LOOP, PLAY, POSITION, RECORD, REWIND, STOP
from stemdesk.mixing.parameters import Taper

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

    from stemdesk.control.mackie.panel import Panel
    from stemdesk.control.mackie.unit import Unit
    from stemdesk.mixing.parameters import Parameter

ROWS = {
    protocol.ARM: "record",
    protocol.SOLO: "solo",
    protocol.MUTE: "mute",
    protocol.SELECT: "select",
}
TRANSPORT_LAMPS = {
    protocol.REWIND: REWIND,
    protocol.FORWARD: FORWARD,
    protocol.STOP: STOP,
    protocol.PLAY: PLAY,
    protocol.RECORD: RECORD,
    protocol.CYCLE: LOOP,
}
_FADER_SECONDS = 0.025
_TEXT_SECONDS = 0.1
_TIME_SECONDS = 0.04
_METER_SECONDS = 0.05
_METER_AGAIN_SECONDS = 0.1  # the unit lets levels fall by itself, a lamp in 0.3 s
_OVERLOAD_SECONDS = 2.0
_DOTS = (2, 4, 6)  # digits with a dot behind: the last of hours, minutes and seconds


class Faceplate:
    """Keeps a unit's face in step with the mix.

    Args:
        unit: where it stands.
        panel: what it shows.
        is_held: whether a hand is on a fader 0 to 8 at a time.
    """

    def __init__(self, unit: Unit, panel: Panel, is_held: Callable[[int, float], bool]) -> None:
        self._unit, self._panel, self._is_held = unit, panel, is_held
        self._overloaded = [-math.inf] * STRIPS

    def begin(self, seconds: float) -> None:
        """Show everything anew, as on a unit that has just been switched on."""
        self._panel.forget()
        for index in range(STRIPS):
            lamp = protocol.signal_lamp(self._unit.number, index)
            self._panel.show(("mode", index), lamp, seconds)
        self.refresh(seconds)

    def refresh(self, seconds: float) -> None:
        """Show what has changed."""
        for index in range(STRIPS):
            self._fader(index, seconds)
            self._buttons(index, seconds)
            self._ring(index, seconds)
            self._names(index, seconds)
            self._meter(index, seconds)
        if self._unit.is_main:
            self._fader(MASTER, seconds)
            self._transport(seconds)
            self._time(seconds)

    def go_dark(self, seconds: float) -> None:
        """Leave the unit blank, as at the end."""
        unit = self._unit
        self._panel.show("dark", protocol.scribble(unit.number, 0, " " * 2 * LINE), seconds)
        notes = [row + index for row in ROWS for index in range(STRIPS)]
        if unit.is_main:
            notes += [*TRANSPORT_LAMPS, *unit.assignments, protocol.SOLO_LAMP]
            notes += [protocol.SMPTE_LAMP]
            for place in range(protocol.DIGITS):
                self._panel.show(("digit", place), protocol.digit(place, " "), seconds)
        for note in notes:
            self._lamp(note, seconds, lit=False)
        for index in range(STRIPS):
            self._panel.show(("ring", index), protocol.ring(index, 0, 0), seconds)
            self._panel.show(("meter", index), protocol.meter(index, 0), seconds)

    def _fader(self, index: int, seconds: float) -> None:
        if self._is_held(index, seconds):
            # The motor must be told where the hand has left the fader, or it springs back.
            self._panel.forget(("fader", index))
            return
        found = self._value(self._unit.level_address(index))
        travel = found[0].to_travel(found[1]) if found is not None else 0.0
        message = protocol.fader(index, travel)
        self._panel.show(("fader", index), message, seconds, interval_seconds=_FADER_SECONDS)

    def _buttons(self, index: int, seconds: float) -> None:
        for row, name in ROWS.items():
            lit = self._unit.is_lit(self._unit.address(index, name))
            self._lamp(row + index, seconds, lit=lit)

    def _ring(self, index: int, seconds: float) -> None:
        found = self._value(self._unit.pot_address(index))
        message = _ring(index, *found) if found is not None else protocol.ring(index, 0, 0)
        self._panel.show(("ring", index), message, seconds, interval_seconds=_FADER_SECONDS)

    def _names(self, index: int, seconds: float) -> None:
        unit = self._unit
        is_held = self._is_held(index, seconds)
        address = unit.level_address(index) if is_held else unit.pot_address(index)
        found = self._value(address)
        for line, text in enumerate((unit.strip(index) or "", value_text(*found) if found else "")):
            message = protocol.scribble(unit.number, line * LINE + index * CELL, cell(text))
            place = ("text", line, index)
            self._panel.show(place, message, seconds, interval_seconds=_TEXT_SECONDS)

    def _meter(self, index: int, seconds: float) -> None:
        strip = self._unit.strip(index)
        peak_db = self._unit.target.meter_db(strip) if strip is not None else -math.inf
        level = protocol.meter_level(peak_db)
        again_seconds = _METER_AGAIN_SECONDS if level > 0 else math.inf
        self._panel.show(
            ("meter", index),
            protocol.meter(index, level),
            seconds,
            interval_seconds=_METER_SECONDS,
            again_seconds=again_seconds,
        )
        if peak_db >= 0.0:
            self._overloaded[index] = seconds
        is_over = seconds - self._overloaded[index] < _OVERLOAD_SECONDS
        state = protocol.OVERLOAD if is_over else protocol.OVERLOAD_CLEARED
        self._panel.show(("overload", index), protocol.meter(index, state), seconds)

    def _transport(self, seconds: float) -> None:
        unit = self._unit
        for note, address in TRANSPORT_LAMPS.items():
            self._lamp(note, seconds, lit=unit.is_lit(address))
        for note in unit.assignments:
            self._lamp(note, seconds, lit=note == unit.assigned)
        soloed = any(unit.is_lit(f"{strip}.solo") for strip in unit.target.strips())
        self._lamp(protocol.SOLO_LAMP, seconds, lit=soloed)
        self._lamp(protocol.SMPTE_LAMP, seconds, lit=unit.rate is not None)

    def _time(self, seconds: float) -> None:
        if self._unit.target.parameter(POSITION) is None:
            return
        text = digits(self._unit.target.get(POSITION), self._unit.rate)
        for index, character in enumerate(text):
            place = protocol.DIGITS - 1 - index
            message = protocol.digit(place, character, dot=index in _DOTS)
            self._panel.show(("digit", place), message, seconds, interval_seconds=_TIME_SECONDS)

    def _lamp(self, note: int, seconds: float, *, lit: bool) -> None:
        self._panel.show(("lamp", note), protocol.lamp(note, lit=lit), seconds)

    def _value(self, address: str | None) -> tuple[Parameter, float] | None:
        parameter = None if address is None else self._unit.target.parameter(address)
        if address is None or parameter is None:
            return None
        return parameter, self._unit.target.get(address)


def _ring(index: int, parameter: Parameter, value: float) -> mido.Message:
    lamps = 1 + round(parameter.to_travel(value) * (protocol.RING_LAMPS - 1))
    is_even_sided = parameter.taper is Taper.LINEAR and parameter.minimum == -parameter.maximum
    mode = protocol.RING_FROM_CENTRE if is_even_sided else protocol.RING_FROM_LEFT
    return protocol.ring(index, mode, lamps, centre=value == parameter.default)
