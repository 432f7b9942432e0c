"""Bands of unequal width: a spectrogram read into them, masks written back from them."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from stemdesk_models.detail import Detail

# Widths in bins, the Nyquist bin apart, which follows its neighbour. ``fine`` is for a 4096-point
# transform (43 Hz at the bottom, 2.8 kHz at the top); ``coarse`` too, close to the bands of Luo and
# Yu (2022); ``live`` are the same bands for a 2048-point transform.
BANDS: dict[str, list[int]] = {
    "fine": [4] * 24 + [8] * 12 + [24] * 8 + [48] * 8 + [96] * 8 + [256] * 2,
    "coarse": [8] * 12 + [24] * 12 + [48] * 8 + [96] * 8 + [256] * 2,
    "live": [4] * 12 + [12] * 12 + [24] * 8 + [48] * 8 + [128] * 2,
}
READ_OVERLAP = 0.25  # of a band's width, on both sides
LEVEL_OFFSET = 2.0  # minus the mean log level of a band in music, about


def equal_runs(widths: list[int]) -> list[tuple[int, int, int]]:
    """Runs of equal bands as (first bin, width, count): each is one batched product."""
    runs, start = [], 0
    for width, group in groupby(widths):
        count = len(list(group))
        runs.append((start, width, count))
        start += width * count
    return runs


class BandSplit(nn.Module):
    """Features ``[batch, steps, bins, features]`` -> bands ``[batch, bands, steps, width]``.

    Args:
        widths: of the bands, in bins.
        features: per bin.
        width: per band.
    """

    def __init__(self, widths: list[int], features: int, width: int) -> None:
        super().__init__()
        self.runs, self.bands = equal_runs(widths), len(widths)
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        self.levels = nn.ParameterList()
        self.margins = [round(band * READ_OVERLAP) for _, band, _ in self.runs]
        for index, ((start, band, count), margin) in enumerate(
            zip(self.runs, self.margins, strict=True)
        ):
            inputs = (band + 2 * margin) * features
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
        return joined.view(self.bands, batch, steps, -1).transpose(0, 1)


class MaskHead(nn.Module):
    """Bands ``[batch, bands, steps, width]`` -> ``[batch, steps, bins, outputs]``.

    Args:
        widths: of the bands, in bins.
        width: features per band.
        hidden: of the layer between.
        outputs: per bin.
        detail: what else writes bins. It needs more than bands, so whoever calls adds what it says;
            it is kept here because whoever trains the head alone means it, too.
    """

    def __init__(
        self,
        widths: list[int],
        width: int,
        hidden: int,
        outputs: int,
        detail: Detail | None = None,
    ) -> None:
        super().__init__()
        self.runs, self.outputs, self.detail = equal_runs(widths), outputs, detail
        bands = len(widths)
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
