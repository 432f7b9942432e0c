"""Who is told over OSC how the mix stands."""

from __future__ import annotations

from dataclasses import dataclass, field

Place = tuple[str, int]
"""Host and port."""

MOST_CLIENTS = 16
MOST_EXTRA = 256


@dataclass
class Client:
    """One receiver.

    Attributes:
        place: where it listens.
        source: where its own messages come from; None if that is not known.
        extra: addresses it is told of beside those that all are.
        shown: address -> (value, when it was sent).
    """

    place: Place
    source: Place | None = None
    extra: dict[str, None] = field(default_factory=dict)
    shown: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, address: str) -> None:
        """Tell it of one more parameter from now on."""
        if len(self.extra) < MOST_EXTRA:
            self.extra[address] = None

    def is_at(self, sender: Place) -> bool:
        """Whether it is it that sends from there."""
        if self.source is None:
            return self.place[0] == sender[0]
        return self.source == sender


class Clients:
    """Of more than :data:`MOST_CLIENTS` the one that came first is forgotten.

    Args:
        fixed: are always told, and never forgotten.
    """

    def __init__(self, fixed: tuple[Place, ...] = ()) -> None:
        self._fixed = [Client(place) for place in fixed]
        self._others: dict[Place, Client] = {}

    @property
    def all(self) -> tuple[Client, ...]:
        """Everybody."""
        return (*self._fixed, *self._others.values())

    def add(self, place: Place, source: Place) -> None:
        """Tell a client everything, and what changes from now on."""
        self._others.pop(place, None)
        self._others[place] = Client(place, source)
        while len(self._others) > MOST_CLIENTS:
            del self._others[next(iter(self._others))]

    def remove(self, place: Place) -> None:
        """Tell it nothing any more."""
        self._others.pop(place, None)
