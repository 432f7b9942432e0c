"""The limiter as an effect: `stemdesk.audio.limiter`, on a strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.audio import limiter
from stemdesk.mixing.effects.effect import EffectKind
from stemdesk.mixing.parameters import Parameter, Taper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Block

PARAMETERS = (
    Parameter("ceiling_db", "Ceiling", "dB", -30.0, 0.0, -1.0),
    Parameter("release_ms", "Release", "ms", 1.0, 1000.0, 100.0, Taper.LOG),
)


class Limiter:
    """No peak above the ceiling.

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    tail_seconds = 0.0

    def __init__(self, sample_rate: int, channels: int) -> None:
        defaults = {each.name: each.default for each in PARAMETERS}
        self._limiter = limiter.Limiter(sample_rate, channels, **defaults)

    @property
    def latency_frames(self) -> int:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return self._limiter.latency_frames

    @property
    def reduction_db(self) -> float:
        """By how much, at most, the latest block was turned down."""
        return self._limiter.reduction_db

    @property
    def is_settled(self) -> bool:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return False

    def set(self, values: Mapping[str, float]) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._limiter.set(values["ceiling_db"], values["release_ms"])

    def process(self, block: Block, rest: Block | None) -> Block:  # noqa: ARG002 - the protocol's
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        return self._limiter.process(block)

    def reset(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""
        self._limiter.reset()

    def close(self) -> None:
        """See :class:`stemdesk.mixing.effects.effect.Effect`."""


LIMITER = EffectKind("limiter", "Limiter", PARAMETERS, Limiter)
