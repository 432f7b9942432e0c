"""What a unit shows at present, so that only changes are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import mido


@dataclass(frozen=True)
class _Shown:
    message: mido.Message
    seconds: float


class Panel:
    """The places of a unit that can show something.

    Args:
        send: takes a message to the unit.
    """

    def __init__(self, send: Callable[[mido.Message], None]) -> None:
        self._send = send
        self._shown: dict[Hashable, _Shown] = {}

    def show(
        self,
        place: Hashable,
        message: mido.Message,
        seconds: float,
        *,
        interval_seconds: float = 0.0,
        again_seconds: float = float("inf"),
    ) -> None:
        """Send what a place is to show, unless it shows it.

        Args:
            place: anything that names the place.
            message: what makes it show.
            seconds: the present time.
            interval_seconds: changes that come faster wait.
            again_seconds: what does not change is sent again so often.
        """
        shown = self._shown.get(place)
        if shown is not None:
            wait_seconds = again_seconds if shown.message == message else interval_seconds
            if seconds - shown.seconds < wait_seconds:
                return
        self._shown[place] = _Shown(message, seconds)
        self._send(message)

    def forget(self, place: Hashable | None = None) -> None:
        """What a place shows is not known any more; without a place, what any of them does."""
        if place is None:
            self._shown.clear()
        else:
            self._shown.pop(place, None)
