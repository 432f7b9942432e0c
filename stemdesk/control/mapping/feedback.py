"""What controls show: motors, lamps and rings follow the parameters they are bound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mido

from stemdesk.control.mapping.decoding import (
    DATA,
    DATA_LOWER,
    LOWER_HALF,
    NRPN_LOWER,
    NRPN_UPPER,
)
from stemdesk.control.mapping.mappings import Mode
from stemdesk.control.mapping.sources import FULL_SCALE, Kind, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.control.mapping.decoding import Move
    from stemdesk.control.mapping.driving import Driver
    from stemdesk.control.mapping.mappings import Mapping
    from stemdesk.control.target import ControlTarget

INTERVAL_SECONDS = (
    0.025  # a motor cannot follow faster, and old cables carry 1000 messages a second
)
ECHO_SECONDS = 0.1  # what comes back so soon and unchanged was not a hand; motors take a while
BUTTON_ECHO_SECONDS = 0.03  # a finger may press again soon
_LIT = 127
_PITCH_CENTRE = 8192


@dataclass(frozen=True)
class _Shown:
    value: int
    seconds: float
    echo_seconds: float


class Feedback:
    """Keeps controls in step with the parameters, and out of the way of hands.

    Args:
        target: what is shown.
        driver: knows the mappings and the hands.
        send: takes a pattern of port names and a message.
    """

    def __init__(
        self,
        target: ControlTarget,
        driver: Driver,
        send: Callable[[str, mido.Message], None],
    ) -> None:
        self._target, self._driver, self._send = target, driver, send
        self._shown: dict[Source, _Shown] = {}

    def refresh(self, seconds: float) -> None:
        """Send what has changed; one message at most per control and 25 ms."""
        served: set[Source] = set()
        for mapping in self._driver.mappings:
            source = mapping.source
            if not mapping.feedback or source in served:
                continue
            value = self._value(mapping)
            if value is None:
                continue
            served.add(source)
            if self._driver.is_held(mapping, seconds):
                # Where the hand leaves it the control may be wrong: forgotten is sent again.
                self._shown.pop(source, None)
                continue
            shown = self._shown.get(source)
            if shown is None or (
                value != shown.value and seconds - shown.seconds >= INTERVAL_SECONDS
            ):
                self._shown[source] = _Shown(value, seconds, _echo_seconds(mapping))
                for message in messages(source, value):
                    self._send(source.port, message)

    def is_echo(self, move: Move) -> bool:
        """Whether a move is what has just been sent, thrown back by the device or a cable."""
        return any(
            source.matches(move)
            and move.value == shown.value
            and move.seconds - shown.seconds <= shown.echo_seconds
            for source, shown in self._shown.items()
        )

    def forget(self) -> None:
        """Show everything anew, as when a port has come."""
        self._shown.clear()

    def _value(self, mapping: Mapping) -> int | None:
        parameter = self._target.parameter(mapping.address)
        if parameter is None:
            return None
        position = mapping.position(parameter.to_travel(self._target.get(mapping.address)))
        if mapping.is_button or mapping.source.kind is Kind.NOTE:
            return _LIT if position >= 0.5 else 0
        return round(position * FULL_SCALE[mapping.source.kind])


def _echo_seconds(mapping: Mapping) -> float:
    if mapping.mode is Mode.RELATIVE:
        return -1.0  # it is shown positions but sends steps: equal numbers mean nothing
    return BUTTON_ECHO_SECONDS if mapping.is_button else ECHO_SECONDS


def messages(source: Source, value: int) -> list[mido.Message]:
    """What a control sends, and is sent, for a value.

    Args:
        source: the control; where it takes any channel, the first is used.
        value: 0 to the full scale of its kind.
    """
    channel = (source.channel or 1) - 1

    def control(number: int, data: int) -> mido.Message:
        return mido.Message("control_change", channel=channel, control=number, value=data)

    upper, lower = value >> 7, value & 0x7F
    if source.kind is Kind.NOTE:
        return [mido.Message("note_on", channel=channel, note=source.number, velocity=value)]
    if source.kind is Kind.PITCH_BEND:
        return [mido.Message("pitchwheel", channel=channel, pitch=value - _PITCH_CENTRE)]
    if source.kind is Kind.CC14:
        return [control(source.number, upper), control(source.number + LOWER_HALF, lower)]
    if source.kind is Kind.NRPN:
        return [
            control(NRPN_UPPER, source.number >> 7),
            control(NRPN_LOWER, source.number & 0x7F),
            control(DATA, upper),
            control(DATA_LOWER, lower),
        ]
    return [control(source.number, value)]
