"""A desk in Mackie Control mode: its faders, pots and buttons drive the mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.grip import Grip
from stemdesk.control.hold import Hold
from stemdesk.control.mackie import protocol
from stemdesk.control.mackie.faceplate import ROWS, Faceplate
from stemdesk.control.mackie.handshake import Handshake
from stemdesk.control.mackie.panel import Panel
from stemdesk.control.mackie.protocol import MASTER, STRIPS
from stemdesk.control.mapping.encoders import steps
from stemdesk.control.mapping.sources import Coding
from stemdesk.control.target import FORWARD, LOOP, PLAY, POSITION, RECORD, REWIND, STOP

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

    from stemdesk.control.mackie.unit import Unit

POT_STEP = 0.02  # travel of one click of a pot
JOG_SECONDS = 0.5  # one click of the wheel
SCRUB_SECONDS = 0.02  # and while Scrub is on
_BANKS = {protocol.BANK_LEFT: -1, protocol.BANK_RIGHT: 1}
_CHANNELS = {protocol.CHANNEL_LEFT: -1, protocol.CHANNEL_RIGHT: 1}
_SET = {protocol.STOP: STOP, protocol.PLAY: PLAY}
_TOGGLE = {protocol.RECORD: RECORD, protocol.CYCLE: LOOP}
_WHILE_DOWN = {protocol.REWIND: REWIND, protocol.FORWARD: FORWARD}


class MackieControl:
    """One unit: eight strips, and on the main unit the master and the transport.

    Args:
        unit: where it stands and what it looks upon.
        send: takes a message to the unit.
    """

    def __init__(self, unit: Unit, send: Callable[[mido.Message], None]) -> None:
        self._unit, self._send = unit, send
        self._panel = Panel(send)
        self._face = Faceplate(unit, self._panel, self._is_held)
        self._handshake = Handshake(unit.number, send)
        self._grips: dict[str, Grip] = {}
        self._holds: dict[str, Hold] = {}
        self._first_shown = unit.bank.first
        self._is_scrubbing = False

    @property
    def problem(self) -> str:
        """One sentence if the unit does not want us; empty otherwise."""
        return self._handshake.problem

    def connect(self, seconds: float) -> None:
        """Greet a unit whose ports have just been opened, and show everything."""
        self._handshake.begin()
        self._face.begin(seconds)

    def receive(self, message: mido.Message, seconds: float) -> None:
        """Do what a message from the unit asks for."""
        if message.type == "sysex":
            if self._handshake.receive(message):
                self._face.begin(seconds)
        elif message.type == "pitchwheel":
            self._move_fader(message, seconds)
        elif message.type == "control_change":
            self._turn(message, seconds)
        elif message.type in ("note_on", "note_off"):
            pressed = message.type == "note_on" and message.velocity > 0
            self._press(message.note, pressed=pressed)

    def refresh(self, seconds: float) -> None:
        """Let go of what has rested and show what has changed; some twenty times a second."""
        self._unit.bank.move(0, len(self._unit.target.strips()))
        if self._first_shown != self._unit.bank.first:
            self.let_go()
            self._first_shown = self._unit.bank.first
        for hold in self._holds.values():
            hold.settle(seconds)
        self._face.refresh(seconds)

    def release(self, seconds: float) -> None:
        """Let go of everything and leave the unit dark."""
        self.let_go()
        self._face.go_dark(seconds)

    def _move_fader(self, message: mido.Message, seconds: float) -> None:
        if message.channel > MASTER:
            return
        grip = self._grip(self._unit.level_address(message.channel))
        parameter = grip.parameter if grip is not None else None
        if grip is not None and parameter is not None:
            self._holds[grip.address].moved(seconds)
            grip.put(parameter, protocol.fader_travel(message))

    def _turn(self, message: mido.Message, seconds: float) -> None:
        clicks = steps(Coding.SIGN_MAGNITUDE, message.value)
        index = message.control - protocol.POT
        if message.control == protocol.JOG:
            seconds_a_click = SCRUB_SECONDS if self._is_scrubbing else JOG_SECONDS
            self._jog(clicks * seconds_a_click)
        elif 0 <= index < STRIPS:
            grip = self._grip(self._unit.pot_address(index))
            parameter = grip.parameter if grip is not None else None
            if grip is not None and parameter is not None:
                self._holds[grip.address].moved(seconds)
                grip.step(parameter, clicks * POT_STEP)

    def _jog(self, by_seconds: float) -> None:
        target = self._unit.target
        parameter = target.parameter(POSITION)
        if parameter is not None:
            wanted = target.get(POSITION) + by_seconds
            target.set(POSITION, min(parameter.maximum, max(parameter.minimum, wanted)))

    def _press(self, note: int, *, pressed: bool) -> None:
        unit = self._unit
        if protocol.TOUCH <= note <= protocol.TOUCH + MASTER:
            grip = self._grip(unit.level_address(note - protocol.TOUCH))
            if grip is not None:
                self._holds[grip.address].sense(touched=pressed)
        elif note in _WHILE_DOWN:
            self._put(_WHILE_DOWN[note], 1.0 if pressed else 0.0)
        elif pressed:
            self._push(note)

    def _push(self, note: int) -> None:
        unit = self._unit
        if note in _SET:
            self._put(_SET[note], 1.0)
        elif note in _TOGGLE:
            self._toggle(_TOGGLE[note])
        elif note in _BANKS:
            unit.bank.move(_BANKS[note] * unit.bank.width, len(unit.target.strips()))
        elif note in _CHANNELS:
            unit.bank.move(_CHANNELS[note], len(unit.target.strips()))
        elif note in unit.assignments:
            unit.assigned = note
        elif note == protocol.SCRUB:
            self._is_scrubbing = not self._is_scrubbing
        else:
            self._press_strip(note // STRIPS * STRIPS, note % STRIPS)

    def _press_strip(self, row: int, index: int) -> None:
        if row in ROWS:
            self._toggle(self._unit.address(index, ROWS[row]))
        elif row == protocol.POT_PRESS:
            grip = self._grip(self._unit.pot_address(index))
            parameter = grip.parameter if grip is not None else None
            if grip is not None and parameter is not None:
                self._put(grip.address, parameter.default)

    def _toggle(self, address: str | None) -> None:
        if address is not None:
            self._put(address, 0.0 if self._unit.is_lit(address) else 1.0)

    def _put(self, address: str, value: float) -> None:
        """Set a parameter by a press: hand on, value, hand off."""
        target = self._unit.target
        if target.parameter(address) is not None:
            target.touch(address, down=True)
            target.set(address, value)
            target.touch(address, down=False)

    def _grip(self, address: str | None) -> Grip | None:
        if address is None:
            return None
        if address not in self._grips:
            self._grips[address] = Grip(self._unit.target, address)
            self._holds[address] = Hold(self._grips[address])
        return self._grips[address]

    def _is_held(self, index: int, seconds: float) -> bool:
        hold = self._holds.get(self._unit.level_address(index) or "")
        return hold is not None and hold.is_held(seconds)

    def let_go(self) -> None:
        """Take every hand off, as when the unit is gone or shows other strips."""
        for hold in self._holds.values():
            hold.let_go()
