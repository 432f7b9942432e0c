"""Simpson, Roma and Plumbley 2015, "Deep Karaoke": a fully connected network over 20 frames.

Mono, 44.1 kHz, Hann 2048, hop 512; 20 frames of 1025 magnitudes in, as many scores out, each the
probability that a bin is the voice's. Every bin is seen by 20 windows; their mean is the score S.
The voice's mask is 1 where S lies above alpha (the card's ``threshold``).
"""

from __future__ import annotations

import torch
from torch import nn

from stemdesk_models.framing import (
    SLICE_WINDOWS,
    WindowNetwork,
    by_channel,
    channel_magnitudes,
    windows,
)

BINS = 1025
FRAMES = 20
FULL_HIDDEN = FRAMES * BINS  # the paper's: 840.5 million parameters


class KaraokeDnn(WindowNetwork):
    """Scores of one stem, the voice, per channel. To be scaled to the song's peak (`song_peak`).

    Args:
        hidden: units of the hidden layer; :data:`FULL_HIDDEN` in the paper, which takes 3.4 GB
            for the weights alone and four times as much to train.
    """

    frames = FRAMES

    def __init__(self, hidden: int = 2048) -> None:
        super().__init__()
        inputs = FRAMES * BINS
        # A biased sigmoid, 1 / (1 + exp(-(x - b))): b is minus this bias. At the output it is zero.
        self.into = nn.Linear(inputs, hidden)
        self.out = nn.Linear(hidden, inputs, bias=False)

    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """Windows ``[count, 20, 1025]`` -> logits of the same shape."""
        logits: torch.Tensor = self.out(self.into(rows.flatten(1)).sigmoid())
        return logits.view(-1, FRAMES, BINS)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; scores from 0 to 1 ``[batch, 1, channels, 1025, steps]``."""
        magnitudes = channel_magnitudes(mixture)
        items, steps, _ = magnitudes.shape
        edge = FRAMES - 1
        total = magnitudes.new_zeros(items, steps + 2 * edge, BINS)
        for item, rows in enumerate(windows(magnitudes, FRAMES, edge, edge)):
            for first in range(0, len(rows), SLICE_WINDOWS):
                some = self.scores(rows[first : first + SLICE_WINDOWS]).sigmoid()
                for place in range(FRAMES):
                    begin = first + place
                    total[item, begin : begin + len(some)] += some[:, place]
        mean = total[:, edge : edge + steps] / FRAMES
        return by_channel(mean.transpose(1, 2), mixture).unsqueeze(1)
