"""BandMask: a band-split mask network that a processor can run.

Bands of unequal width (after the band-split networks of Luo and Yu 2022) are read with overlap,
mixed along time and across bands, and written back as masks. Two kinds of block: dilated depthwise
convolutions over time with attention across bands, or an LSTM each way.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from stemdesk.separation.network import MaskNetwork
from stemdesk_models.band_layers import (
    BandAttention,
    BandRecurrence,
    DepthwiseMix,
    GatedFeedForward,
    Memory,
    StepLayer,
    StepRecurrence,
)
from stemdesk_models.bands import BANDS, BandSplit, MaskHead
from stemdesk_models.detail import Detail
from stemdesk_models.features import FEATURES, FeatureKind, RunningLevel, chunk_level, features
from stemdesk_models.growth import causal_taps, grow_layers

HEADS = 4
# A song's steps are read and written so many at a time: what lies between features and bands, and
# between bands and masks, is far larger than these.
STEPS_AT_ONCE = 64
BRANCH_GAIN = 0.3  # of a residual branch at the start, so that the input shines through

BlockKind = Literal["convolution", "lstm"]


class BandMask(MaskNetwork):
    """Masks for ``stems`` stems of a stereo mixture at 44.1 kHz.

    Args:
        stems: number of stems.
        complex_masks: shares of the stems plus complex corrections; otherwise logits of the
            shares alone, which learn from far less material (the card's ``masks`` must agree).
        width: features per band.
        depth: number of blocks; dilations over time go 1, 2, 4, 8 and round again.
        feed_forward: hidden width of the feed-forward layers, which only ``convolution`` has.
        head: hidden width of the mask head.
        bands: a name in :data:`stemdesk_models.bands.BANDS`; ``live`` wants a 2048-point
            transform, the others 4096 points.
        blocks: what mixes time and bands.
        sees: what the network is shown of a bin; complex masks want ``complex``.
        causal: hear no step to come, so that it can run live; see :meth:`go_on`.
        dropout: share of what every layer adds that is left out at random while training.
        detail: channels that describe the surroundings of every bin (see
            :mod:`stemdesk_models.detail`); 0: masks are written by bands alone.
        cells: of each LSTM, which only ``lstm`` has; 0: as many as ``width``.

    Raises:
        ValueError: ``cells`` is odd, or asked of convolutions.
    """

    may_begin_without = frozenset({"dropout", "detail", "depth", "cells", "causal"})

    def __init__(  # noqa: PLR0913 - the options of a card
        self,
        stems: int = 4,
        *,
        complex_masks: bool = True,
        width: int = 128,
        depth: int = 6,
        feed_forward: int = 256,
        head: int = 64,
        bands: str = "fine",
        blocks: BlockKind = "convolution",
        sees: FeatureKind = "complex",
        causal: bool = False,
        dropout: float = 0.0,
        detail: int = 0,
        cells: int = 0,
    ) -> None:
        super().__init__()
        if cells and (blocks != "lstm" or cells % 2):
            raise ValueError("cells are an LSTM's, half of them for each direction")
        self.stems, self.complex_masks = stems, complex_masks
        self.sees, self.causal = sees, causal
        widths = BANDS[bands]
        self.bins = sum(widths)
        self.split = BandSplit(widths, FEATURES[sees], width)
        self.band_bias = nn.Parameter(torch.zeros(1, len(widths), 1, width))
        self.layers = nn.ModuleList()
        self.dropout = nn.Dropout(dropout)
        for block in range(depth):
            if blocks == "lstm":
                self.layers.append(StepRecurrence(width, cells, causal=causal))
                self.layers.append(BandRecurrence(width, cells))
                continue
            dilation = 2 ** (block % 4)
            self.layers.append(DepthwiseMix(width, (3, 5), causal=causal))
            self.layers.append(DepthwiseMix(width, (1, 9), dilation=dilation, causal=causal))
            self.layers.append(BandAttention(width, HEADS, len(widths)))
            self.layers.append(GatedFeedForward(width, feed_forward))
        outputs = stems * 2 * (3 if complex_masks else 1)
        fine = None
        if detail:
            fine = Detail(widths, FEATURES[sees], width, detail, outputs, causal=causal)
        self.head = MaskHead(widths, width, head, outputs, fine)
        for name, parameter in self.layers.named_parameters():
            if name.endswith("out.weight"):
                parameter.data *= BRANCH_GAIN

    def begin_as(self, other: MaskNetwork) -> None:
        """See :class:`MaskNetwork`: ``other`` may have fewer blocks, fewer cells and no detail.

        It may also hear steps to come where this does not: what it says for these reasons is lost.
        """
        if not isinstance(other, BandMask):
            raise TypeError("a BandMask can begin as a BandMask only")
        if other.causal and not self.causal:
            raise ValueError("a network that hears steps to come cannot say what a causal one says")
        grow_layers(list(self.layers), list(other.layers))
        weights = other.state_dict().items()
        self._take_over({name: w for name, w in weights if not name.startswith("layers.")})
        if self.causal and not other.causal and (detail := self.head.detail) is not None:
            for conv in detail.convs:
                kernel = conv.get_parameter("weight")
                kernel.data = causal_taps(kernel.data, dim=-2)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; returns complex masks before projection, or logits."""
        if self.causal:
            return self.go_on(mixture, None)[0]
        seen, bands = self._read(mixture, chunk_level(mixture))
        for layer in self.layers:
            bands = bands + self.dropout(layer(bands))
        detail = self.head.detail
        return self._written(bands, None if detail is None else detail.heard(seen)[0])

    def go_on(
        self, mixture: torch.Tensor, memory: list[Memory] | None
    ) -> tuple[torch.Tensor, list[Memory]]:
        """Take further steps of a stream; only a causal network can.

        Args:
            mixture: complex ``[batch, channels, bins, steps]``, as many steps as there are.
            memory: what the call before returned; None at the beginning.

        Returns:
            What ``forward`` returns for these steps, and the memory for the next call. The answer
            does not depend on how a stream is cut into calls, but for float32 rounding.
        """
        if not self.causal:
            raise ValueError("a network that hears steps to come cannot go on from memory")
        before = iter(memory) if memory is not None else None
        level, kept = RunningLevel.go_on(mixture, None if before is None else next(before))
        after = [kept]
        seen, bands = self._read(mixture, level)
        for layer in self.layers:
            if isinstance(layer, StepLayer):
                mixed, kept = layer.go_on(bands, None if before is None else next(before))
                after.append(kept)
            else:
                mixed = layer(bands)
            bands = bands + self.dropout(mixed)
        heard = None
        if (detail := self.head.detail) is not None:
            heard, kept = detail.heard(seen, None if before is None else next(before))
            after.append(kept)
        return self._written(bands, heard), after

    def _read(
        self, mixture: torch.Tensor, level: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """What is seen of each bin, ``[batch, steps, bins, features]``, and its bands."""
        most = _steps_at_once(mixture)
        seen, bands = [], []
        levels = torch.split(level.expand(-1, -1, -1, mixture.shape[-1]), most, dim=-1)
        for part, own in zip(
            torch.split(mixture[:, :, : self.bins], most, dim=-1), levels, strict=True
        ):
            seen.append(features(part, own, self.sees))
            bands.append(self.split(seen[-1]) + self.band_bias)
        return _joined(seen, 1), _joined(bands, 2)

    def _written(self, bands: torch.Tensor, heard: torch.Tensor | None) -> torch.Tensor:
        """Masks or logits ``[batch, stems, channels, bins, steps]`` of what was understood."""
        most, masks = _steps_at_once(bands), []
        for begin, part in enumerate(torch.split(bands, most, dim=2)):
            raw = self.head(part)
            if heard is not None and (detail := self.head.detail) is not None:
                around = heard.narrow(1, begin * most, part.shape[2] + detail.reach)
                raw = raw + detail(around, part)
            masks.append(self._masks(raw))
        return _joined(masks, -1)

    def _masks(self, raw: torch.Tensor) -> torch.Tensor:
        raw = raw.float()
        raw = raw.view(*raw.shape[:3], self.stems, 2, -1).permute(0, 3, 4, 2, 1, 5)
        masks = raw[..., 0]
        if self.complex_masks:
            masks = masks.softmax(dim=1) + torch.view_as_complex(raw[..., 1:].contiguous())
        return torch.cat((masks, masks[..., -1:, :]), dim=-2)


def _steps_at_once(tensor: torch.Tensor) -> int:
    """All of them where a gradient is wanted, which keeps everything anyway, or on a GPU."""
    return 1 << 30 if torch.is_grad_enabled() or tensor.is_cuda else STEPS_AT_ONCE


def _joined(parts: list[torch.Tensor], dim: int) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim)
