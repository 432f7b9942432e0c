"""The desks that are set up, each with the port it is plugged into now."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from stemdesk.control.mackie import protocol
from stemdesk.control.mackie.bank import Bank
from stemdesk.control.mackie.protocol import EXTENDER, MAIN_UNIT, STRIPS
from stemdesk.control.mackie.surface import MackieControl
from stemdesk.control.mackie.unit import Unit
from stemdesk.control.settings import Desk, DeskKind, PotButton

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import mido

    from stemdesk.control.target import SurfaceTarget

_UNITS = {DeskKind.MACKIE: MAIN_UNIT, DeskKind.MACKIE_EXTENDER: EXTENDER}
_NOTES = {
    PotButton.PAN: protocol.ASSIGN_PAN,
    PotButton.SEND: protocol.ASSIGN_SEND,
    PotButton.EQ: protocol.ASSIGN_EQ,
    PotButton.PLUGIN: protocol.ASSIGN_PLUGIN,
    PotButton.TRACK: protocol.ASSIGN_TRACK,
    PotButton.INSTRUMENT: protocol.ASSIGN_INSTRUMENT,
}
_REFRESH_SECONDS = 0.04


class Desks:
    """Units side by side over one window of strips.

    Args:
        target: what is driven.
        desks: from left to right.
        send: takes a port's name and a message.
    """

    def __init__(
        self,
        target: SurfaceTarget,
        desks: Sequence[Desk],
        send: Callable[[str, mido.Message], None],
    ) -> None:
        bank = Bank(STRIPS * max(1, len(desks)))
        self._send = send
        self._units = [
            (desk, _unit(target, desk, bank, place * STRIPS)) for place, desk in enumerate(desks)
        ]
        self._at_work: dict[str, tuple[Desk, MackieControl]] = {}
        self._next_seconds = float("-inf")

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for every desk that does not want us."""
        return tuple(unit.problem for _, unit in self._at_work.values() if unit.problem)

    def owns(self, port: str) -> bool:
        """Whether a port belongs to a desk that is at work."""
        return port in self._at_work

    def plug(self, opened: Sequence[str], lost: Sequence[str], seconds: float) -> None:
        """Ports have come and gone; each desk takes the first that fits it and is free."""
        for port in lost:
            if port in self._at_work:
                self._at_work.pop(port)[1].let_go()
        busy = [desk for desk, _ in self._at_work.values()]
        for port in opened:
            for desk, unit in self._units:
                if any(desk is each for each in busy) or not fnmatchcase(port, desk.port):
                    continue
                busy.append(desk)
                control = MackieControl(unit, self._sender(port))
                self._at_work[port] = (desk, control)
                control.connect(seconds)
                break

    def receive(self, port: str, message: mido.Message, seconds: float) -> bool:
        """Give a desk its message; whether the port is one's."""
        if port not in self._at_work:
            return False
        self._at_work[port][1].receive(message, seconds)
        return True

    def refresh(self, seconds: float) -> None:
        """Keep the desks in step, twenty-five times a second at most."""
        if seconds >= self._next_seconds:
            self._next_seconds = seconds + _REFRESH_SECONDS
            for _, control in self._at_work.values():
                control.refresh(seconds)

    def release(self, seconds: float) -> None:
        """Leave every desk dark."""
        for _, control in self._at_work.values():
            control.release(seconds)
        self._at_work.clear()

    def _sender(self, port: str) -> Callable[[mido.Message], None]:
        return lambda message: self._send(port, message)


def _unit(target: SurfaceTarget, desk: Desk, bank: Bank, place: int) -> Unit:
    assignments = {_NOTES[button]: name for button, name in desk.pots.items()}
    return Unit(
        target,
        number=_UNITS[desk.kind],
        bank=bank,
        place=place,
        assignments=assignments,
        assigned=next(iter(assignments)),
        rate=desk.time_code,
    )
