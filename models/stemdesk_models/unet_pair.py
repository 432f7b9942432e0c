"""Two U-Nets, one for a stem and one for all the rest: the networks of Spleeter.

Hennequin, Khlif, Voituret and Moussallam 2020, "Spleeter: a fast and efficient music source
separation tool with pre-trained models" (Journal of Open Source Software 5(50), 2154). Each is the
U-Net of :mod:`stemdesk_models.pretet2018`, for 1024 bins of a transform of 4096 frames with a hop
of 1024; a stem's share is its squared magnitude over the sum of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import convert_conv2d_weight_memory_format

from stemdesk.separation.network import Joined
from stemdesk_models.other_speeds import FASTEST, SLOWEST, can_be_heard_at, drawn_speed, shares_at
from stemdesk_models.pretet2018 import BINS, UNet

if TYPE_CHECKING:
    from collections.abc import Sequence

NORM_EPSILON = 1e-3
STEPS_MULTIPLE = 64
# Added to the squares, so that silence has shares too.
SILENT_POWER = 1e-10
# Hops in a window.
OVERLAP = 4


class UNetPair(Joined):
    """Shares of one stem and of the rest; the card's ``masks`` must be ``ratio``.

    Bins above the networks' 1024 (11 kHz at 44.1 kHz) get the mean share of those below, as
    Spleeter's ``mask_extension = "average"`` does. The normalisation keeps its running statistics
    while it is trained: a batch of four says less about music than the songs behind them.

    Args:
        speeds: at which speeds the mixture is heard; the shares are averaged. One drawn at random
            per batch while it is trained.
    """

    def __init__(self, speeds: Sequence[float] = (1.0,)) -> None:
        super().__init__([UNet(NORM_EPSILON), UNet(NORM_EPSILON)])
        if not speeds or not all(map(can_be_heard_at, speeds)):
            raise ValueError(f"speeds must be a list of numbers, {SLOWEST:g} to {FASTEST:g}")
        self._speeds = tuple(speeds)
        # Half as fast again on a processor.
        convert_conv2d_weight_memory_format(self, torch.channels_last)

    def train(self, mode: bool = True) -> Self:  # noqa: FBT001, FBT002 - torch's own signature
        """Switch all but the normalisation; see the class."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """Shares ``[batch, 2, 2, bins, steps]`` of the complex ``mixture``; see the class."""
        speeds = (drawn_speed(self._speeds),) if self.training else self._speeds
        heard = [shares_at(self._shares, mixture, speed, OVERLAP) for speed in speeds]
        return torch.stack(heard).mean(dim=0)

    def _shares(self, mixture: torch.Tensor) -> torch.Tensor:
        """The same of the mixture as it is."""
        steps = mixture.shape[-1]
        magnitudes = functional.pad(mixture[:, :, :BINS].abs(), (0, -steps % STEPS_MULTIPLE))
        magnitudes = magnitudes.transpose(2, 3)
        magnitudes = magnitudes.contiguous(memory_format=torch.channels_last)
        stem, rest = (cast("UNet", each).magnitudes(magnitudes).square() for each in self.networks)
        share = (stem + SILENT_POWER / 2) / (stem + rest + SILENT_POWER)
        share = share.transpose(2, 3)[..., :steps]
        above = share.mean(dim=2, keepdim=True).expand(-1, -1, mixture.shape[2] - BINS, -1)
        share = torch.cat((share, above), dim=2)
        return torch.stack((share, 1 - share), dim=1)
