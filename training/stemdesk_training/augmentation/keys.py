"""Random numbers of an augmentation: the same by (seed, index) wherever the batch lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from stemdesk_training.device.pool import Draws

# A place in this list is part of the key: new names go to its end.
_STREAMS = (
    "channel_swap",
    "time_stretch",
    "pitch_shift",
    "loudness",
    "gain",
    "eq",
    "reverb",
    "polarity",
    "limiter",
    "room",
    "low_cut",
    "width",
    "mono",
    "drive",
    "colour",
)


@dataclass(frozen=True)
class Key:
    """Of one batch.

    Attributes:
        seed: of the run.
        index: of the batch.
    """

    seed: int
    index: int

    def draws(self, kind: str, size: int) -> Draws:
        """Random numbers for one kind of augmentation, on the processor.

        Every kind has numbers of its own: switching one on changes nothing of another.
        """
        source = np.random.SeedSequence([self.seed, self.index, _STREAMS.index(kind)])
        key = int(source.generate_state(1, np.uint64)[0])
        return Draws(key, size, torch.device("cpu"))
