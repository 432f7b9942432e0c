"""George, Li, Min and Seong: Open-Unmix and their variants of it, one network per stem.

Open-Unmix (Stöter, Uhlich, Liutkus and Mitsufuji 2019): STFT 4096/1024 at 44.1 kHz, both channels
together, read up to 16 kHz, standardised, squeezed to 512 features, mixed over time by three
bidirectional LSTM layers, and widened to a factor for every bin of the mixture. The variants
replace the LSTM by a transformer, or the whole front end by the waveform. (Their other two differ
in the loss alone.) Cards: ``masks = "magnitude"``, ``one_per_stem = true``.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from stemdesk.separation.network import MaskNetwork

BINS = 2049
READ_BINS = 1487  # up to 16 kHz
CHANNELS = 2


class OpenUnmix(MaskNetwork):
    """The magnitudes of one stem.

    Args:
        core: what mixes over time: ``lstm`` or ``transformer``.
        hidden: features per step.
    """

    def __init__(self, core: str = "lstm", hidden: int = 512) -> None:
        super().__init__()
        self.input_mean = nn.Parameter(torch.zeros(READ_BINS))
        self.input_scale = nn.Parameter(torch.ones(READ_BINS))
        self.squeeze = nn.Linear(READ_BINS * CHANNELS, hidden, bias=False)
        self.squeeze_norm = nn.BatchNorm1d(hidden)
        self.core: nn.Module = _CORES[core](hidden)
        self.mix = nn.Linear(2 * hidden, hidden, bias=False)
        self.mix_norm = nn.BatchNorm1d(hidden)
        self.widen = nn.Linear(hidden, BINS * CHANNELS, bias=False)
        self.widen_norm = nn.BatchNorm1d(BINS * CHANNELS)
        self.output_scale = nn.Parameter(torch.ones(BINS))
        self.output_mean = nn.Parameter(torch.ones(BINS))

    def take_statistics(self, magnitudes: torch.Tensor) -> None:
        """Standardise by magnitudes of mixtures ``[items, channels, 2049, steps]``."""
        read = magnitudes[:, :, :READ_BINS].movedim(2, 0).flatten(1)
        deviation = read.std(dim=1)
        self.input_mean.data = -read.mean(dim=1)
        self.input_scale.data = 1 / deviation.clamp_min(1e-4 * float(deviation.max()))

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; magnitudes ``[batch, 1, 2, 2049, steps]``."""
        magnitude = mixture.abs()
        steps = magnitude.movedim(-1, 1)  # [batch, steps, channels, bins]
        read = (steps[..., :READ_BINS] + self.input_mean) * self.input_scale
        narrow = _normed(self.squeeze(read.flatten(2)), self.squeeze_norm).tanh()
        both = torch.cat((narrow, self.core(narrow)), dim=-1)
        mixed = _normed(self.mix(both), self.mix_norm).relu()
        wide = _normed(self.widen(mixed), self.widen_norm)
        wide = wide.view(*wide.shape[:2], CHANNELS, BINS)
        factor = (wide * self.output_scale + self.output_mean).relu().movedim(1, -1)
        return torch.mul(factor, magnitude).unsqueeze(1)


class _Lstm(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(
            hidden, hidden // 2, num_layers=3, bidirectional=True, batch_first=True, dropout=0.4
        )

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        mixed: torch.Tensor = self.lstm(steps)[0]
        return mixed


class _Transformer(nn.Module):
    """Three encoder layers, 8 heads, sinusoidal positions (Vaswani et al. 2017)."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(hidden, 8, 2048, dropout=0.1, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        mixed: torch.Tensor = self.layers(steps + positions(steps.shape[1], steps.shape[2], steps))
        return mixed


_CORES = {"lstm": _Lstm, "transformer": _Transformer}


def positions(count: int, width: int, like: torch.Tensor) -> torch.Tensor:
    """Sinusoidal positions ``[count, width]``: sines at even places, cosines at odd ones."""
    rate = torch.exp(torch.arange(0, width, 2, device=like.device) * (-math.log(1e4) / width))
    angle = torch.arange(count, device=like.device)[:, None] * rate
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1).to(like.dtype)


def _normed(steps: torch.Tensor, norm: nn.BatchNorm1d) -> torch.Tensor:
    normed: torch.Tensor = norm(steps.transpose(1, 2))
    return normed.transpose(1, 2)
