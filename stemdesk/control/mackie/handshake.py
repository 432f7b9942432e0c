"""How a host and a Mackie unit make sure of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.mackie.protocol import (
    CONNECTION_CONFIRMED,
    CONNECTION_QUERY,
    CONNECTION_REFUSED,
    CONNECTION_REPLY,
    DEVICE_QUERY,
    exclusive,
    opened,
    response,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

_SERIAL, _CHALLENGE = 7, 4


class Handshake:
    """Asks a unit for its name and answers its challenge.

    Units in Mackie mode work without, and many clones never answer: so nobody waits for this. A
    unit that is switched on later asks by itself.

    Args:
        unit: its number in system exclusive messages.
        send: takes a message to the unit.

    Attributes:
        problem: one sentence if the unit refused us; empty otherwise.
    """

    def __init__(self, unit: int, send: Callable[[mido.Message], None]) -> None:
        self._unit, self._send = unit, send
        self.problem = ""

    def begin(self) -> None:
        """Ask who is there."""
        self._send(exclusive(self._unit, DEVICE_QUERY))

    def receive(self, message: mido.Message) -> bool:
        """Answer; whether the unit has just come to life, and has to be shown everything."""
        found = opened(message, self._unit)
        if found is None:
            return False
        command, data = found
        if command == CONNECTION_QUERY and len(data) >= _SERIAL + _CHALLENGE:
            serial, challenge = data[:_SERIAL], data[_SERIAL : _SERIAL + _CHALLENGE]
            answer = (*serial, *response(challenge))
            self._send(exclusive(self._unit, CONNECTION_REPLY, answer))
        elif command == CONNECTION_REFUSED:
            self.problem = (
                "The control surface refused the connection: switch it off and on again, "
                "in its Mackie Control mode."
            )
        elif command == CONNECTION_CONFIRMED:
            self.problem = ""
        return command in (CONNECTION_QUERY, CONNECTION_CONFIRMED)
