"""A mix that has every parameter there could be, for learning controls without a song."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stemdesk.control.target import TRANSPORT_PARAMETERS
from stemdesk.errors import UserError
from stemdesk.mixing.addresses import find
from stemdesk.mixing.recipe import including, with_strips
from stemdesk.mixing.settings import MixSettings

if TYPE_CHECKING:
    from stemdesk.mixing.parameters import Parameter


class AnyMix:
    """Satisfies :class:`stemdesk.control.target.SurfaceTarget`; nothing that is set is heard."""

    def __init__(self) -> None:
        self._values: dict[str, float] = {}

    def parameter(self, address: str) -> Parameter | None:
        """What lies at an address in a mix that has such a stem and such an effect."""
        if address in TRANSPORT_PARAMETERS:
            return TRANSPORT_PARAMETERS[address]
        if "." not in address:
            return None
        try:
            mix = including(with_strips(MixSettings(strips=()), [address]), address)
            return find(mix, address).parameter
        except UserError:
            return None

    def get(self, address: str) -> float:
        """As last set, else the default."""
        parameter = self.parameter(address)
        return self._values.get(address, parameter.default if parameter else 0.0)

    def set(self, address: str, value: float) -> None:
        """Remember a value."""
        self._values[address] = value

    def touch(self, address: str, *, down: bool) -> None:
        """Nothing rides here."""

    def strips(self) -> tuple[str, ...]:
        """No song, no strips."""
        return ()

    def meter_db(self, strip: str) -> float:  # noqa: ARG002
        """Silence."""
        return -math.inf
