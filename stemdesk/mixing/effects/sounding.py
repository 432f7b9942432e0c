"""Whether an effect with a tail sounds at all, so that it costs nothing while it does not."""

from __future__ import annotations

import math

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES


class Sounding:
    """Awake while something is sent into the effect, and until the tail of it has faded.

    Args:
        sample_rate: Hz.

    Attributes:
        awake: whether there is anything to render.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._blocks_left = 0
        self.awake = False

    def wake(self) -> None:
        """Something is sent, or about to be."""
        self.awake = True
        self._blocks_left = -1

    def doze(self, tail_seconds: float) -> bool:
        """A block has passed with nothing sent; whether that was the end of the tail."""
        if self._blocks_left < 0:
            self._blocks_left = math.ceil(tail_seconds * self._sample_rate / QUANTUM_FRAMES) + 1
        self._blocks_left -= 1
        self.awake = self._blocks_left > 0
        return not self.awake

    def reset(self, *, awake: bool) -> None:
        """Begin anew."""
        self.awake = awake
        self._blocks_left = -1
