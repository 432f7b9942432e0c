"""How values move without a click: over whole blocks, in a cosine's curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.parameters import Parameter

GLIDE_SECONDS = 0.01
RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(QUANTUM_FRAMES) + 1) / QUANTUM_FRAMES)).astype(
    np.float32
)
"""From just above 0 to 1 over a block, level at both ends."""


def cross_fade(old: Block, new: Block) -> Block:
    """From `old` to `new` over one block `[..., QUANTUM_FRAMES]`."""
    faded: Block = old + (new - old) * RISE
    return faded


def ramp(old: float, new: float) -> Block:
    """Values `[QUANTUM_FRAMES]` from `old` to `new`."""
    return np.float32(old) + np.float32(new - old) * RISE


class Glide:
    """An effect's values on their way to where they were last set.

    A step is spread over as many blocks as 10 ms need: one up to 51 kHz, four at 192 kHz. What is
    set before the first block holds at once.

    Args:
        parameters: of the effect; their defaults are the first values.
        sample_rate: Hz.

    Attributes:
        values: as they are at the end of the current block.
    """

    def __init__(self, parameters: Sequence[Parameter], sample_rate: int) -> None:
        self.values: Mapping[str, float] = {each.name: each.default for each in parameters}
        self._target = self.values
        self._blocks = math.ceil(GLIDE_SECONDS * sample_rate / QUANTUM_FRAMES)
        self._blocks_left = 0
        self._heard = False

    def set(self, values: Mapping[str, float]) -> bool:
        """Take a new target; whether `values` are there already, since nothing was heard yet."""
        if values == self._target:
            return False
        self._target = dict(values)
        if self._heard:
            self._blocks_left = self._blocks
            return False
        self.values = self._target
        return True

    def advance(self) -> bool:
        """Go on by a block; whether `values` moved."""
        self._heard = True
        if not self._blocks_left:
            return False
        share = 1.0 / self._blocks_left
        self._blocks_left -= 1
        self.values = (
            {
                name: value + (self._target[name] - value) * share
                for name, value in self.values.items()
            }
            if self._blocks_left
            else self._target
        )
        return True

    @property
    def is_moving(self) -> bool:
        """Whether `values` will move in the next block."""
        return self._blocks_left > 0

    def settle(self) -> None:
        """Be where the values were last set, as before the first block."""
        self.values = self._target
        self._blocks_left = 0
        self._heard = False
