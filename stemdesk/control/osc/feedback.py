"""What OSC clients are told: levels, lamps and the transport, as they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.osc.names import TRAVEL
from stemdesk.control.osc.packets import packet_of
from stemdesk.control.target import LOOP, PLAY, POSITION, RECORD, STOP
from stemdesk.mixing.parameters import Taper
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from stemdesk.control.osc.clients import Client, Place
    from stemdesk.control.osc.names import Names
    from stemdesk.control.target import SurfaceTarget
    from stemdesk.mixing.parameters import Parameter

INTERVAL_SECONDS = 0.025
POSITION_SECONDS = 0.1
_OF_STRIPS = ("level_db", "pan", "mute", "solo")
_OF_MASTER = ("level_db", "pan", "mute")
_OF_TRANSPORT = (PLAY, STOP, RECORD, LOOP, POSITION)


class Feedback:
    """Keeps clients in step with the mix.

    Args:
        target: what is shown.
        send: takes a packet and where it goes.
    """

    def __init__(self, target: SurfaceTarget, send: Callable[[bytes, Place], None]) -> None:
        self._target, self._send = target, send

    def refresh(self, client: Client, names: Names, seconds: float, held: Collection[str]) -> None:
        """Send a client what has changed.

        Args:
            client: who.
            names: of the mix.
            seconds: now.
            held: what its own hand is on, which must not be moved under it.
        """
        for address in (*self._usual(), *client.extra):
            parameter = self._target.parameter(address)
            if parameter is None:
                continue
            if address in held:
                # Where the hand leaves it the control may be wrong: forgotten is sent again.
                client.shown.pop(address, None)
                continue
            value = self._target.get(address)
            last = client.shown.get(address)
            pause = POSITION_SECONDS if address == POSITION else INTERVAL_SECONDS
            if last is None or (value != last[0] and seconds - last[1] >= pause):
                client.shown[address] = (value, seconds)
                for packet in packets(names.osc_address(address), parameter, value):
                    self._send(packet, client.place)

    def _usual(self) -> Iterator[str]:
        for strip in self._target.strips():
            yield from (f"{strip}.{name}" for name in _OF_STRIPS)
        yield from (f"{MASTER}.{name}" for name in _OF_MASTER)
        yield from _OF_TRANSPORT


def packets(osc_address: str, parameter: Parameter, value: float) -> list[bytes]:
    """How a value is told: in its unit, and where that is no plain knob as travel too."""
    if parameter.taper is Taper.SWITCH:
        return [packet_of(osc_address, int(value >= 0.5))]
    told = [packet_of(osc_address, float(value))]
    if parameter.taper is not Taper.LINEAR:
        told.append(packet_of(f"{osc_address}/{TRAVEL}", parameter.to_travel(value)))
    return told
