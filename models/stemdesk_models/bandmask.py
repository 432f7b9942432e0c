"""BandMask: a band-split mask network that a processor can run.

Bands of unequal width (after the band-split networks of Luo and Yu 2022) are read with overlap,
mixed along time by dilated depthwise convolutions and across bands by attention with rotary
positions (Su et al. 2021), and written back as complex masks. Every layer sees the tensor as
``[batch, bands, steps, width]``; convolutions take it as a channels-last view, without a copy.
"""

from __future__ import annotations

import math
from itertools import groupby

import torch
from torch import nn
from torch.nn import functional

from stemdesk.separation.network import MaskNetwork

# Band widths in bins of a 4096-point transform: 43 Hz at the bottom, 2.8 kHz at the top; 2048 in
# all, the Nyquist bin follows its neighbour.
BAND_WIDTHS = [4] * 24 + [8] * 12 + [24] * 8 + [48] * 8 + [96] * 8 + [256] * 2
FEATURES = 6  # mid and side, each real, imaginary and magnitude
READ_OVERLAP = 0.25  # of a band's width, on both sides
LEVEL_OFFSET = 2.0  # minus the mean log level of a band in music, about
HEADS = 4
BRANCH_GAIN = 0.3  # of a residual branch at the start, so that the input shines through


def _equal_runs(widths: list[int]) -> list[tuple[int, int, int]]:
    """Runs of equal bands as (first bin, width, count), so that a run is one batched product."""
    runs, start = [], 0
    for width, group in groupby(widths):
        count = len(list(group))
        runs.append((start, width, count))
        start += width * count
    return runs


class BandSplit(nn.Module):
    """Features ``[batch, steps, bins, features]`` -> bands ``[batch, bands, steps, width]``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.runs = _equal_runs(BAND_WIDTHS)
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        self.levels = nn.ParameterList()
        self.margins = [round(band * READ_OVERLAP) for _, band, _ in self.runs]
        for index, ((start, band, count), margin) in enumerate(
            zip(self.runs, self.margins, strict=True)
        ):
            inputs = (band + 2 * margin) * FEATURES
            self.weights.append(nn.Parameter(torch.randn(count, inputs, width) / math.sqrt(inputs)))
            self.biases.append(nn.Parameter(torch.zeros(count, 1, width)))
            self.levels.append(nn.Parameter(torch.randn(count, 1, width) * 0.5))
            bins = torch.arange(count)[:, None] * band + torch.arange(band + 2 * margin)
            bins = bins + start - margin + max(self.margins)
            self.register_buffer(f"bins_{index}", bins.reshape(-1), persistent=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Read every band with its own weights."""
        batch, steps = features.shape[:2]
        edge = max(self.margins)
        features = functional.pad(features, (0, 0, edge, edge))
        bands = []
        for index, (_, _, count) in enumerate(self.runs):
            read = features.index_select(2, self.get_buffer(f"bins_{index}"))
            read = read.view(batch, steps, count, -1).permute(2, 0, 1, 3)
            read = read.reshape(count, batch * steps, -1)
            # Shape and level apart: a band that is only normalised no longer tells an attack from
            # its tail, one that is not drowns the quiet bands.
            level = read.square().mean(dim=-1, keepdim=True).add(1e-5).sqrt()
            shape = torch.baddbmm(self.biases[index], read / level, self.weights[index])
            bands.append(torch.addcmul(shape, level.log() + LEVEL_OFFSET, self.levels[index]))
        joined = torch.cat(bands, dim=0)
        return joined.view(len(BAND_WIDTHS), batch, steps, -1).transpose(0, 1)


class MaskHead(nn.Module):
    """Bands ``[batch, bands, steps, width]`` -> ``[batch, steps, bins, outputs]``."""

    def __init__(self, width: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.runs, self.outputs = _equal_runs(BAND_WIDTHS), outputs
        bands = len(BAND_WIDTHS)
        self.norm = nn.Parameter(torch.ones(bands, 1, width))
        self.weight = nn.Parameter(torch.randn(bands, width, 2 * hidden) / math.sqrt(width))
        self.bias = nn.Parameter(torch.zeros(bands, 1, 2 * hidden))
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for _, band, count in self.runs:
            scale = 0.3 / math.sqrt(hidden)
            self.weights.append(nn.Parameter(torch.randn(count, hidden, band * outputs) * scale))
            self.biases.append(nn.Parameter(torch.zeros(count, 1, band * outputs)))

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Write every band with its own weights."""
        batch, count, steps, width = bands.shape
        rows = bands.transpose(0, 1).reshape(count, batch * steps, width)
        rows = functional.rms_norm(rows, (width,), eps=1e-6) * self.norm
        value, gate = torch.baddbmm(self.bias, rows, self.weight).chunk(2, dim=-1)
        rows = functional.silu(gate) * value
        written, first = [], 0
        for (_, band, run), weight, bias in zip(self.runs, self.weights, self.biases, strict=True):
            out = torch.baddbmm(bias, rows[first : first + run], weight)
            out = out.view(run, batch, steps, band, self.outputs).permute(1, 2, 0, 3, 4)
            written.append(out.reshape(batch, steps, run * band, self.outputs))
            first += run
        return torch.cat(written, dim=2)


class DepthwiseMix(nn.Module):
    """Depthwise convolution over (bands, steps), SiLU, then a dense layer over the width."""

    def __init__(self, width: int, *, bands: int, steps: int, dilation: int = 1) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.conv = nn.Conv2d(
            width,
            width,
            (bands, steps),
            padding=(bands // 2, (steps - 1) * dilation // 2),
            dilation=(1, dilation),
            groups=width,
        )
        self.out = nn.Linear(width, width)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        mixed = self.conv(self.norm(bands).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        out: torch.Tensor = self.out(functional.silu(mixed))
        return out


def _rotate(values: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions on ``[..., bands, dims]``: turn each (even, odd) pair by its angle."""
    even, odd = values[..., ::2], values[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class BandAttention(nn.Module):
    """Multi-head attention across bands, each step on its own."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        dims = width // heads
        rate = 10000.0 ** (-torch.arange(0, dims, 2) / dims)
        angle = torch.arange(len(BAND_WIDTHS))[:, None] * rate
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        batch, count, steps, width = bands.shape
        rows = self.norm(bands).transpose(1, 2).reshape(batch * steps, count, width)
        qkv = self.qkv(rows).view(batch * steps, count, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        cos, sin = self.get_buffer("cos"), self.get_buffer("sin")
        seen = functional.scaled_dot_product_attention(
            _rotate(query, cos, sin).to(value.dtype), _rotate(key, cos, sin).to(value.dtype), value
        )
        rows = self.out(seen.transpose(1, 2).reshape(batch * steps, count, width))
        mixed: torch.Tensor = rows.view(batch, steps, count, width).transpose(1, 2)
        return mixed


class GatedFeedForward(nn.Module):
    """Gated feed-forward layer with SiLU (Shazeer 2020)."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.into = nn.Linear(width, 2 * hidden, bias=False)
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """Same shape in and out."""
        value, gate = self.into(self.norm(bands)).chunk(2, dim=-1)
        out: torch.Tensor = self.out(functional.silu(gate) * value)
        return out


class BandMask(MaskNetwork):
    """Complex masks for ``stems`` stems of a stereo mixture, STFT 4096/1024 at 44.1 kHz.

    Args:
        stems: number of stems.
        complex_masks: shares of the stems plus complex corrections; otherwise logits of the
            shares alone, which learn from far less material (the card's ``masks`` must agree).
        width: features per band.
        depth: number of blocks; dilations over time go 1, 2, 4, 8 and round again.
        feed_forward: hidden width of the feed-forward layers.
        head: hidden width of the mask head.
    """

    def __init__(
        self,
        stems: int = 4,
        *,
        complex_masks: bool = True,
        width: int = 128,
        depth: int = 6,
        feed_forward: int = 256,
        head: int = 64,
    ) -> None:
        super().__init__()
        self.stems, self.complex_masks = stems, complex_masks
        self.split = BandSplit(width)
        self.band_bias = nn.Parameter(torch.zeros(1, len(BAND_WIDTHS), 1, width))
        self.layers = nn.ModuleList()
        for block in range(depth):
            self.layers.append(DepthwiseMix(width, bands=3, steps=5))
            self.layers.append(DepthwiseMix(width, bands=1, steps=9, dilation=2 ** (block % 4)))
            self.layers.append(BandAttention(width, HEADS))
            self.layers.append(GatedFeedForward(width, feed_forward))
        self.head = MaskHead(width, head, stems * 2 * (3 if complex_masks else 1))
        for name, parameter in self.layers.named_parameters():
            if name.endswith("out.weight"):
                parameter.data *= BRANCH_GAIN

    @staticmethod
    def features(mixture: torch.Tensor) -> torch.Tensor:
        """Level-free features: ``[batch, 2, bins, steps]`` -> ``[batch, steps, bins, 6]``.

        The chunk is scaled to unit RMS, so that a quiet master is heard like a loud one; the
        magnitude is compressed to the power 0.4.
        """
        level = mixture.abs().square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
        mixture = mixture / level.clamp_min(1e-7)
        left, right = mixture[:, 0], mixture[:, 1]
        mid_side = torch.stack((left + right, left - right), dim=1) * 0.5
        magnitude = mid_side.abs() + 1e-8
        parts = torch.view_as_real(mid_side) * magnitude.pow(-0.6)[..., None]
        stacked = torch.cat((parts[..., 0], parts[..., 1], magnitude.pow(0.4)), dim=1)
        return stacked.permute(0, 3, 2, 1)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; returns complex masks before projection, or logits."""
        features = self.features(mixture)[:, :, : sum(BAND_WIDTHS)]
        bands = self.split(features) + self.band_bias
        for layer in self.layers:
            bands = bands + layer(bands)
        raw = self.head(bands).float()
        raw = raw.view(*raw.shape[:3], self.stems, 2, -1).permute(0, 3, 4, 2, 1, 5)
        masks = raw[..., 0]
        if self.complex_masks:
            masks = masks.softmax(dim=1) + torch.view_as_complex(raw[..., 1:].contiguous())
        return torch.cat((masks, masks[..., -1:, :]), dim=-2)
