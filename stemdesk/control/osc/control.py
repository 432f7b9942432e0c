"""OSC at work on a mix: one UDP socket, pumped by the mix's own thread."""

from __future__ import annotations

import socket
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.control.grip import Grip
from stemdesk.control.hold import Hold
from stemdesk.control.osc.clients import Clients
from stemdesk.control.osc.feedback import Feedback, packets
from stemdesk.control.osc.names import Names
from stemdesk.control.osc.packets import MOST_BYTES, MalformedPacket, messages_in, packet_of
from stemdesk.errors import UserError
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.control.osc.clients import Place
    from stemdesk.control.osc.packets import Message
    from stemdesk.control.target import SurfaceTarget

_MOST_PACKETS = 256  # read in one round
_MOST_DONE = 128  # messages carried out in one round
_QUEUE_MESSAGES = 4096  # a sender that is faster loses the oldest
_MOST_PORT = 65_535


class OscControl:
    """Takes messages and tells clients; what it understands is listed in `plugins/ENGINE.md`.

    Args:
        target: what is driven.
        place: where to listen: host and port, port 0 for any.
        clients: who is told without having asked.
        clock: monotonic seconds.

    Attributes:
        place: where it listens.

    Raises:
        UserError: it cannot listen there.
    """

    def __init__(
        self,
        target: SurfaceTarget,
        place: Place,
        clients: tuple[Place, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._target, self._clock = target, clock
        self._socket = _bound(place)
        self.place: Place = self._socket.getsockname()[:2]
        self._clients = Clients(clients)
        self._feedback = Feedback(target, self._send)
        self._queue: deque[tuple[Message, Place]] = deque(maxlen=_QUEUE_MESSAGES)
        self._holds: dict[str, tuple[Hold, Place]] = {}
        self._names = Names(())
        self._named: tuple[str, ...] = ()

    def pump(self) -> None:
        """Do all that is due; to be called some twenty to fifty times a second."""
        seconds = self._clock()
        strips = (*self._target.strips(), MASTER)
        if strips != self._named:
            self._names, self._named = Names(strips), strips
        self._receive()
        for _ in range(min(_MOST_DONE, len(self._queue))):
            self._take(*self._queue.popleft(), seconds)
        self._settle(seconds)
        for client in self._clients.all:
            held = {each for each, (_, hand) in self._holds.items() if client.is_at(hand)}
            self._feedback.refresh(client, self._names, seconds, held)

    def close(self) -> None:
        """Let go of everything and close the socket."""
        for hold, _ in self._holds.values():
            hold.let_go()
        self._socket.close()

    def _receive(self) -> None:
        for _ in range(_MOST_PACKETS):
            try:
                packet, sender = self._socket.recvfrom(MOST_BYTES + 1)
            except BlockingIOError:
                return
            except OSError:  # Windows tells here that a client has gone
                continue
            with suppress(MalformedPacket):
                self._queue.extend((each, sender[:2]) for each in messages_in(packet))

    def _take(self, message: Message, sender: Place, seconds: float) -> None:
        if message.address == "/error":
            return  # of another StemDesk: answers to answers would never end
        try:
            if message.address in ("/subscribe", "/unsubscribe"):
                self._subscribe(message, sender)
            elif message.address == "/strips":
                self._send(packet_of("/strips", *self._names.strips), sender)
            else:
                self._drive(message, sender, seconds)
        except UserError as error:
            self._send(packet_of("/error", message.address, str(error)), sender)

    def _subscribe(self, message: Message, sender: Place) -> None:
        place = sender
        if message.values:
            port = message.values[0]
            if not (1 <= port <= _MOST_PORT and port == int(port)):
                raise UserError(f"{port:g} is no port", f"choose one from 1 to {_MOST_PORT}")
            place = (sender[0], int(port))
        if message.address == "/subscribe":
            self._clients.add(place, sender)
        else:
            self._clients.remove(place)

    def _drive(self, message: Message, sender: Place, seconds: float) -> None:
        addresses, by_travel = self._names.addresses(message.address)
        known = [each for each in addresses if self._target.parameter(each) is not None]
        if not known:
            raise UserError(f"There is nothing at {message.address}", "ask for /strips")
        if len(message.values) > 1:
            raise UserError(f"{message.address} takes one number", "send one at a time")
        for address in known:
            for client in self._clients.all:
                if client.is_at(sender):
                    client.add(address)
            if message.values:
                self._set(address, message.values[0], sender, seconds, by_travel=by_travel)
            else:
                self._tell(address, sender)

    def _set(
        self, address: str, value: float, sender: Place, seconds: float, *, by_travel: bool
    ) -> None:
        parameter = self._target.parameter(address)
        assert parameter is not None
        if by_travel:
            if not 0.0 <= value <= 1.0:
                raise UserError(f"The travel of {address} cannot be {value:g}", "send 0 to 1")
            value = parameter.from_travel(value)
        value = parameter.check(value, address)
        held = self._holds.get(address)
        hold = held[0] if held else Hold(Grip(self._target, address))
        self._holds[address] = (hold, sender)
        hold.moved(seconds)
        self._target.set(address, value)

    def _tell(self, address: str, place: Place) -> None:
        parameter = self._target.parameter(address)
        assert parameter is not None
        value = self._target.get(address)
        for packet in packets(self._names.osc_address(address), parameter, value):
            self._send(packet, place)

    def _settle(self, seconds: float) -> None:
        for address, (hold, _) in list(self._holds.items()):
            hold.settle(seconds)
            if not hold.is_held(seconds):
                del self._holds[address]

    def _send(self, packet: bytes, place: Place) -> None:
        # What cannot be sent is lost, as UDP has it; what changes next is tried again.
        with suppress(OSError):
            self._socket.sendto(packet, place)


def _bound(place: Place) -> socket.socket:
    host, port = place
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.bind(where)
        except OSError:
            opened.close()
            raise
    except OSError as error:
        raise UserError(
            f"OSC cannot be received at {host}:{port} ({error.strerror or error})",
            "choose another port, or an address of this computer",
        ) from error
    opened.settimeout(0.0)
    return opened
