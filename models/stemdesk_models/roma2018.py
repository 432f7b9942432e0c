"""Roma, Green and Tremblay 2018: four streams at once from a few frames (dnn, cnn1, cnn2).

Mono (stereo channel by channel), 22.05 kHz, FFT 2048, hop 256. The networks look at 11 frames
(cnn) or 5 (dnn) and say what becomes of the middle one: 4 x 1025 values. Trained with sigmoids
against ratio masks they are dnn and cnn1 (card: ``masks = "sigmoid"``), with a softmax over the
dominant stem cnn2 (``masks = "binary"``, the largest takes the bin).
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn

from stemdesk_models.framing import (
    WindowNetwork,
    by_channel,
    channel_magnitudes,
    in_slices,
    windows,
)

BINS = 1025
STEMS = 4
CNN_FRAMES, DNN_FRAMES = 11, 5
CHANNELS = (1, 4, 16, 32)
# The authors' code divides the transform by a quarter of its window; 1 is a full-scale sine.
SCALE = 4 / 2048


class _Streams(WindowNetwork):
    """Logits for the middle frame of every window, ``[count, 4, 1025]``."""

    scale = SCALE

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; logits ``[batch, 4, channels, 1025, steps]``."""
        half = self.frames // 2
        rows = windows(self.scale * channel_magnitudes(mixture), self.frames, half, half)
        answers = in_slices(self.scores, rows)
        return by_channel(answers.permute(0, 2, 3, 1), mixture).transpose(1, 2)


class RomaCnn(_Streams):
    """Three convolutions with pooling by 2 over time and frequency, then two dense layers."""

    frames = CNN_FRAMES

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(CHANNELS):
            conv = nn.Conv2d(inputs, outputs, 5, padding=2)
            nn.init.kaiming_uniform_(conv.weight, nonlinearity="relu")
            layers += [conv, nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
        self.convolutions = nn.Sequential(*layers)
        features = CHANNELS[-1] * (CNN_FRAMES // 8) * (BINS // 8)
        self.into = nn.Linear(features, STEMS * BINS)
        self.out = nn.Linear(STEMS * BINS, STEMS * BINS)
        for layer in (self.into, self.out):
            nn.init.xavier_uniform_(layer.weight)

    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """See :class:`_Streams`."""
        features = self.convolutions(rows[:, None]).flatten(1)
        logits: torch.Tensor = self.out(self.into(features).sigmoid())
        return logits.view(-1, STEMS, BINS)


class RomaDnn(_Streams):
    """One hidden layer over five frames of zero mean and unit variance.

    The two statistics are buffers of the weights; training sets them from its data.
    """

    frames = DNN_FRAMES

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Linear(DNN_FRAMES * BINS, STEMS * BINS)
        self.out = nn.Linear(STEMS * BINS, STEMS * BINS)
        for layer in (self.into, self.out):
            nn.init.xavier_uniform_(layer.weight)
        self.register_buffer("mean", torch.zeros(BINS))
        self.register_buffer("deviation", torch.ones(BINS))

    def take_statistics(self, magnitudes: torch.Tensor) -> None:
        """Standardise by magnitudes of mixtures ``[items, channels, 1025, steps]``."""
        scaled = self.scale * magnitudes.movedim(2, -1).flatten(0, 2)
        self.get_buffer("mean").copy_(scaled.mean(dim=0))
        self.get_buffer("deviation").copy_(scaled.std(dim=0).clamp_min(1e-8))

    def scores(self, rows: torch.Tensor) -> torch.Tensor:
        """See :class:`_Streams`."""
        rows = (rows - self.get_buffer("mean")) / self.get_buffer("deviation")
        logits: torch.Tensor = self.out(self.into(rows.flatten(1)).sigmoid())
        return logits.view(-1, STEMS, BINS)
