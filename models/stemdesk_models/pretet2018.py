"""Prétet 2018 (master's thesis, Deezer): U-Net, DenseNet and MMDenseNet, one network per stem.

22.05 kHz stereo, STFT 2048/512 without its Nyquist bin, 512 steps at a time (11.88 s). All give
magnitudes of one stem; masks are their shares (cards: ``masks = "ratio"``, ``one_per_stem``,
``chunk.multiple_of = 64``).
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from stemdesk.separation.network import MaskNetwork

BINS = 1024
CHANNELS = 2
UNET_DOWN = (16, 32, 64, 128, 256, 512)
UNET_UP = (256, 128, 64, 32, 16, 1)
LEAK = 0.2
GROWTH, LAYERS, FIRST, SCALES = 12, 4, 24, 4


class _PerStem(MaskNetwork):
    """Magnitudes ``[batch, 2, steps, 1024]`` in, the stem's out; the rest is layout."""

    def magnitudes(self, mixture: torch.Tensor) -> torch.Tensor:
        """See the class."""
        raise NotImplementedError

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; magnitudes ``[batch, 1, 2, 1024, steps]``."""
        read = mixture[:, :, :BINS].abs().transpose(2, 3)
        return self.magnitudes(read).transpose(2, 3).unsqueeze(1)


class UNet(_PerStem):
    """A mask from six strided convolutions and six back, with skips; times the mixture.

    Args:
        norm_epsilon: what the normalisation adds to a variance (1e-5 in torch, 1e-3 in Keras).
    """

    def __init__(self, norm_epsilon: float = 1e-5) -> None:
        super().__init__()
        self.down, self.down_norms = nn.ModuleList(), nn.ModuleList()
        inputs = CHANNELS
        for width in UNET_DOWN:
            self.down.append(nn.Conv2d(inputs, width, 5, stride=2))
            inputs = width
        for width in UNET_DOWN[:-1]:
            self.down_norms.append(nn.BatchNorm2d(width, norm_epsilon))
        self.up, self.up_norms = nn.ModuleList(), nn.ModuleList()
        skips = (0, *reversed(UNET_DOWN[:-1]))
        for width, skip in zip(UNET_UP, skips, strict=True):
            self.up.append(nn.ConvTranspose2d(inputs + skip, width, 5, stride=2))
            self.up_norms.append(nn.BatchNorm2d(width, norm_epsilon))
            inputs = width
        self.out = nn.Conv2d(inputs, CHANNELS, 4, dilation=2)

    def magnitudes(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`_PerStem`."""
        signal, skips = mixture, []
        for place, layer in enumerate(self.down):
            signal = layer(functional.pad(signal, (1, 2, 1, 2)))  # half the size, centred
            skips.append(signal)
            if place < len(self.down_norms):
                signal = functional.leaky_relu(self.down_norms[place](signal), LEAK)
        skips.pop()
        for layer, norm in zip(self.up, self.up_norms, strict=True):
            signal = norm(layer(signal)[..., 1:-2, 1:-2].relu())
            if skips:
                signal = torch.cat((skips.pop(), signal), dim=1)
        mask: torch.Tensor = self.out(functional.pad(signal, (3, 3, 3, 3)))
        return mask.sigmoid() * mixture


class _DenseBlock(nn.Module):
    """Layers that each see the outputs of all before them (Huang et al. 2017)."""

    def __init__(self, inputs: int, growth: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for place in range(layers):
            width = inputs + place * growth
            self.layers.append(
                nn.Sequential(
                    nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, growth, 3, padding=1)
                )
            )
        self.outputs = inputs + layers * growth

    def forward(self, signal: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            signal = torch.cat((signal, layer(signal)), dim=1)
        return signal


class _DenseUNet(nn.Module):
    """Dense blocks at four scales, joined by skips; features of the size of its input."""

    def __init__(self, first: int = FIRST, growth: int = GROWTH) -> None:
        super().__init__()
        self.first = nn.Conv2d(CHANNELS, first, 3, padding=1)
        self.down, self.halve = nn.ModuleList(), nn.ModuleList()
        width, skips = first, []
        for _ in range(SCALES - 1):
            block = _DenseBlock(width, growth, LAYERS)
            width = block.outputs // 2
            self.down.append(block)
            self.halve.append(nn.Conv2d(block.outputs, width, 1))
            skips.append(block.outputs)
        self.bottom = _DenseBlock(width, growth, LAYERS)
        width = self.bottom.outputs
        self.widen, self.up = nn.ModuleList(), nn.ModuleList()
        for skip in reversed(skips):
            self.widen.append(
                nn.ConvTranspose2d(width, growth * LAYERS, 3, 2, padding=1, output_padding=1)
            )
            block = _DenseBlock(growth * LAYERS + skip, growth, LAYERS)
            self.up.append(block)
            width = block.outputs
        self.outputs = width

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        signal: torch.Tensor = self.first(mixture)
        skips: list[torch.Tensor] = []
        for block, halve in zip(self.down, self.halve, strict=True):
            signal = block(signal)
            skips.append(signal)
            signal = functional.avg_pool2d(halve(signal), 2)
        signal = self.bottom(signal)
        for widen, block in zip(self.widen, self.up, strict=True):
            signal = block(torch.cat((widen(signal), skips.pop()), dim=1))
        return signal


class DenseNet(_PerStem):
    """Fits the stem's spectrogram itself, not a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = _DenseUNet()
        self.out = nn.Conv2d(self.dense.outputs, CHANNELS, 1)

    def magnitudes(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`_PerStem`."""
        fitted: torch.Tensor = self.out(self.dense(mixture))
        return fitted.relu()


class MMDenseNet(_PerStem):
    """A DenseNet over the full band and one over each half of it (Takahashi and Mitsufuji 2017).

    The thesis counts 672 115 parameters and leaves the widths open; this reading has 732 427.
    """

    def __init__(self) -> None:
        super().__init__()
        self.full = _DenseUNet()
        self.low, self.high = _DenseUNet(12, 6), _DenseUNet(8, 4)
        joined = 24
        self.from_low = nn.Conv2d(self.low.outputs, joined, 1)
        self.from_high = nn.Conv2d(self.high.outputs, joined, 1)
        self.last = _DenseBlock(self.full.outputs + joined, GROWTH, 2)
        self.out = nn.Conv2d(self.last.outputs, CHANNELS, 1)

    def magnitudes(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`_PerStem`."""
        half = BINS // 2
        low = self.from_low(self.low(mixture[..., :half]))
        high = self.from_high(self.high(mixture[..., half:]))
        bands = torch.cat((low, high), dim=-1)
        fitted: torch.Tensor = self.out(self.last(torch.cat((self.full(mixture), bands), dim=1)))
        return fitted.relu()
