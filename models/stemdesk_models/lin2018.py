"""Lin, Balamurali, Koh, Lui and Herremans 2018: a CNN against the ideal binary mask.

22.05 kHz, window 1024 in a transform of 4096, hop 256; nine frames of 2049 magnitudes in, a score
of the voice for each of their bins out, of which the middle frame is kept. Scores below theta
(0.35 for iKala, 0.15 for DSD100) become zero; the accompaniment takes what the voice leaves
(card: ``masks = "ratio"``, two stems of which the network names the first).
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from stemdesk_models.framing import (
    WindowNetwork,
    by_channel,
    channel_magnitudes,
    in_slices,
    windows,
)

BINS = 2049
FRAMES = 9
KERNEL = (3, 12)
POOL = (1, 12)
SAME = (5, 6, 1, 1)  # left, right, above, below: the kernel is even
CHANNELS = (1, 32, 16, 64, 32)
POOLED_BINS = 15  # 2049 / 12, and that / 12, each rounded up


class VoiceCnn(WindowNetwork):
    """Scores of one stem, the voice, per channel; to be scaled to the song's peak (`song_peak`).

    Args:
        theta: scores below it are taken for zero when separating.
    """

    frames = FRAMES

    def __init__(self, theta: float = 0.0) -> None:
        super().__init__()
        if not 0.0 <= theta < 1.0:
            raise ValueError("theta must lie from 0 to 1")
        self.theta = theta
        self.convolutions = nn.ModuleList(
            nn.Conv2d(inputs, outputs, KERNEL) for inputs, outputs in pairwise(CHANNELS)
        )
        self.first = nn.Linear(CHANNELS[-1] * FRAMES * POOLED_BINS, 2048)
        self.second = nn.Linear(2048, 512)
        self.out = nn.Linear(512, FRAMES * BINS)
        for layer in (*self.convolutions, self.first, self.second, self.out):
            assert isinstance(layer, nn.Conv2d | nn.Linear)
            nn.init.xavier_uniform_(layer.weight)

    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """Windows ``[count, 9, 2049]`` -> logits of the same shape."""
        logits: torch.Tensor = self.out(self._hidden(rows))
        return logits.view(-1, FRAMES, BINS)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; scores from 0 to 1 ``[batch, 1, channels, 2049, steps]``."""
        half = FRAMES // 2
        rows = windows(channel_magnitudes(mixture), FRAMES, half, half)
        scores = in_slices(self._middle, rows)
        if self.theta and not self.training:
            scores = torch.where(scores < self.theta, 0.0, scores)
        return by_channel(scores.transpose(1, 2), mixture).unsqueeze(1)

    def _middle(self, rows: torch.Tensor) -> torch.Tensor:
        """The middle frame's scores; the last layer's rows for other frames are left out."""
        kept = slice(FRAMES // 2 * BINS, (FRAMES // 2 + 1) * BINS)
        weight, bias = self.out.weight[kept], self.out.bias[kept]
        return functional.linear(self._hidden(rows), weight, bias).sigmoid()

    def _hidden(self, rows: torch.Tensor) -> torch.Tensor:
        features = rows[:, None]
        for place, convolution in enumerate(self.convolutions):
            features = convolution(functional.pad(features, SAME)).relu()
            if place % 2:
                features = functional.max_pool2d(features, POOL, ceil_mode=True)
        features = functional.dropout(features.flatten(1), 0.5, self.training)
        features = functional.dropout(self.first(features).relu(), 0.5, self.training)
        hidden: torch.Tensor = self.second(features).relu()
        return hidden
