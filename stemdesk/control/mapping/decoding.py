"""MIDI messages of one port made into moves of controls (MIDI 1.0, 1996: tables II and III)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stemdesk.control.mapping.sources import FULL_SCALE, Kind

if TYPE_CHECKING:
    import mido

LOWER_HALF = 32  # control n + 32 is the lower half of control n
DATA, DATA_LOWER = 6, 38
NRPN_LOWER, NRPN_UPPER, RPN_LOWER, RPN_UPPER = 98, 99, 100, 101
CHANNEL_MODES = 120  # from here on, control changes are channel mode messages
PAIR_SECONDS = 0.010  # an upper half waits so long for its lower one
_NOTHING_CHOSEN = 127
_PITCH_CENTRE = 8192


@dataclass(frozen=True)
class Move:
    """A control moved.

    Attributes:
        port: name of the port.
        channel: 1 to 16.
        kind: what was sent.
        number: of control change, note or NRPN.
        value: 0 to `scale`.
        scale: the greatest value; 127 for the NRPNs of a device that sends 7 bits.
        seconds: when it arrived.
    """

    port: str
    channel: int
    kind: Kind
    number: int
    value: int
    scale: int
    seconds: float

    @property
    def position(self) -> float:
        """Where the control stands, 0 to 1."""
        return self.value / self.scale


@dataclass
class _Pair:
    """A value in two halves of 7 bits."""

    upper: int | None = None
    upper_seconds: float = 0.0
    is_pair: bool = False
    waiting_since: float | None = None


@dataclass
class _Channel:
    pairs: dict[tuple[Kind, int], _Pair] = field(default_factory=dict)
    nrpn_upper: int = _NOTHING_CHOSEN
    nrpn_lower: int = _NOTHING_CHOSEN
    is_nrpn: bool = False

    def pair(self, kind: Kind, number: int) -> _Pair:
        return self.pairs.setdefault((kind, number), _Pair())

    @property
    def nrpn(self) -> int | None:
        chosen = (self.nrpn_upper, self.nrpn_lower)
        if not self.is_nrpn or chosen == (_NOTHING_CHOSEN, _NOTHING_CHOSEN):
            return None
        return chosen[0] << 7 | chosen[1]


class Decoder:
    """What the controls of one port do.

    A control change below 64 counts twice, as itself and as half of a 14-bit pair: which is meant
    only the mappings know. An upper half waits 10 ms for its lower one once the two have been seen
    together, so that a pair moves in one step.

    Args:
        port: name that the moves carry.
    """

    def __init__(self, port: str) -> None:
        self._port = port
        self._channels: dict[int, _Channel] = {}

    def feed(self, message: mido.Message, seconds: float) -> list[Move]:
        """The moves that a message makes; none for system messages."""
        if message.type == "control_change":
            return self._control_change(message, seconds)
        if message.type == "note_on":
            return [self._move(message, Kind.NOTE, message.note, message.velocity, seconds)]
        if message.type == "note_off":
            return [self._move(message, Kind.NOTE, message.note, 0, seconds)]
        if message.type == "pitchwheel":
            value = message.pitch + _PITCH_CENTRE
            return [self._move(message, Kind.PITCH_BEND, 0, value, seconds)]
        return []

    def flush(self, seconds: float) -> list[Move]:
        """The moves of upper halves whose lower ones have not come in time: they are zero."""
        moves = []
        for channel, state in self._channels.items():
            for (kind, number), pair in state.pairs.items():
                since = pair.waiting_since
                if since is not None and seconds - since >= PAIR_SECONDS:
                    moves.append(self._whole(channel, kind, number, 0, seconds))
        return moves

    def _control_change(self, message: mido.Message, seconds: float) -> list[Move]:
        state = self._channels.setdefault(message.channel, _Channel())
        control, value = message.control, message.value
        if control in (NRPN_LOWER, NRPN_UPPER, RPN_LOWER, RPN_UPPER):
            _choose(state, control, value)
            return []
        if control >= CHANNEL_MODES:
            return []
        nrpn = state.nrpn
        if nrpn is not None and control in (DATA, DATA_LOWER):
            is_upper = control == DATA
            moves = self._half(message, (Kind.NRPN, nrpn), seconds, is_upper=is_upper)
            if is_upper and not state.pair(Kind.NRPN, nrpn).is_pair:
                moves.append(self._move(message, Kind.NRPN, nrpn, value, seconds, scale=127))
            return moves
        moves = [self._move(message, Kind.CC, control, value, seconds)]
        if control < 2 * LOWER_HALF:
            key = (Kind.CC14, control % LOWER_HALF)
            moves += self._half(message, key, seconds, is_upper=control < LOWER_HALF)
        return moves

    def _half(
        self, message: mido.Message, key: tuple[Kind, int], seconds: float, *, is_upper: bool
    ) -> list[Move]:
        pair = self._channels[message.channel].pair(*key)
        if is_upper:
            overtaken = pair.waiting_since is not None
            moves = [self._whole(message.channel, *key, 0, seconds)] if overtaken else []
            pair.upper, pair.upper_seconds = message.value, seconds
            pair.waiting_since = seconds if pair.is_pair else None
            return moves
        if pair.upper is None:
            return []
        pair.is_pair = pair.is_pair or seconds - pair.upper_seconds < PAIR_SECONDS
        return [self._whole(message.channel, *key, message.value, seconds)]

    def _whole(self, channel: int, kind: Kind, number: int, lower: int, seconds: float) -> Move:
        pair = self._channels[channel].pairs[kind, number]
        pair.waiting_since = None
        value = (pair.upper or 0) << 7 | lower
        return Move(self._port, channel + 1, kind, number, value, FULL_SCALE[kind], seconds)

    def _move(
        self,
        message: mido.Message,
        kind: Kind,
        number: int,
        value: int,
        seconds: float,
        *,
        scale: int | None = None,
    ) -> Move:
        scale = FULL_SCALE[kind] if scale is None else scale
        return Move(self._port, message.channel + 1, kind, number, value, scale, seconds)


def _choose(state: _Channel, control: int, value: int) -> None:
    state.is_nrpn = control in (NRPN_LOWER, NRPN_UPPER)
    if control == NRPN_UPPER:
        state.nrpn_upper = value
    elif control == NRPN_LOWER:
        state.nrpn_lower = value
