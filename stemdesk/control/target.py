"""What control surfaces drive: the mix and its transport, seen as parameters with addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAY = "transport.play"  # 1 while playing; 0 pauses
STOP = "transport.stop"  # 1 while stopped; setting 0 does nothing
RECORD = "transport.record"  # 1 while rides are recorded
REWIND = "transport.rewind"  # 1 while winding back
FORWARD = "transport.forward"  # 1 while winding on
LOOP = "transport.loop"  # 1 while the loop is on
POSITION = "transport.position"  # seconds into the song


class ControlTarget(Protocol):
    """The mix that is driven; called only by the thread that pumps the control surfaces.

    Addresses are those of automation (`vocals.level_db`, `vocals.reverb.amount`,
    `master.level_db`) and those of the transport, which this module names.
    """

    def parameter(self, address: str) -> Parameter | None:
        """What lies at an address; None where the present song has nothing there."""

    def get(self, address: str) -> float:
        """The value in force now, automation included."""

    def set(self, address: str, value: float) -> None:
        """Take a value, which lies in the parameter's range."""

    def touch(self, address: str, *, down: bool) -> None:
        """A hand has taken hold of a control, or let it go: rides begin and end here."""


class SurfaceTarget(ControlTarget, Protocol):
    """A target whose strips a desk shows side by side."""

    def strips(self) -> Sequence[str]:
        """The strips' names in the order of the mixer, the master left out."""

    def meter_db(self, strip: str) -> float:
        """The strip's present peak level in dBFS; -inf in silence."""


def _switch(address: str, title: str) -> Parameter:
    return Parameter(address, title, "", 0.0, 1.0, 0.0, Taper.SWITCH)


TRANSPORT_PARAMETERS = {
    each.name: each
    for each in (
        _switch(PLAY, "Play"),
        _switch(STOP, "Stop"),
        _switch(RECORD, "Record"),
        _switch(REWIND, "Rewind"),
        _switch(FORWARD, "Forward"),
        _switch(LOOP, "Loop"),
    )
}
WHILE_PRESSED = frozenset({REWIND, FORWARD})  # what buttons do as long as they are down


def position_parameter(song_seconds: float) -> Parameter:
    """The transport's position for a song of that length."""
    return Parameter(POSITION, "Position", "s", 0.0, song_seconds, 0.0)
