"""Pan laws: how a strip's channels spread over the bus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


LEFT_AND_RIGHT = {
    2: ((0, 1),),
    3: ((0, 1),),
    4: ((0, 1), (2, 3)),
    5: ((0, 1), (3, 4)),
    6: ((0, 1), (4, 5)),
    7: ((0, 1), (5, 6)),
    8: ((0, 1), (4, 5), (6, 7)),
}
"""Channels -> pairs of (left, right), in the order of WAVE files (see
:data:`stemdesk.audio.channel_mask.STANDARD_MASKS`). Centres and LFE are in none."""


def channel_gains(channels: int, bus: int, pan: float) -> NDArray[np.float32]:
    """Gain of every bus channel that a strip sounds on, float32 `[n, 1]`.

    A strip of two or more channels is balanced: panning lowers the side it leaves, so the centre
    is unity. A mono strip on a wider bus takes constant power (Blumlein's sine law), raised by
    3 dB so that its centre is unity as well. In surround the rear and side pairs are balanced as
    the front one is; centres and LFE stay as they are.

    Args:
        channels: of the strip.
        bus: channels of the mix, not fewer.
        pan: -1 (left) to +1 (right).
    """
    if bus == 1:
        return np.ones((1, 1), dtype=np.float32)
    gains = np.ones((max(2, channels), 1), dtype=np.float32)
    if pan == 0.0:
        return gains
    if channels == 1:
        angle = (pan + 1.0) * math.pi / 4.0
        gains[:2, 0] = math.sqrt(2.0) * math.cos(angle), math.sqrt(2.0) * math.sin(angle)
    else:
        for left, right in LEFT_AND_RIGHT[channels]:
            gains[left, 0], gains[right, 0] = min(1.0, 1.0 - pan), min(1.0, 1.0 + pan)
    return gains
