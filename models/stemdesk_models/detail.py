"""Masks finer than bands: what is seen around each bin, weighed by what its band has understood.

A band's features pass through a narrow head that writes all bins of the band at once, so partials
that lie close together share their fate. Here small convolutions, the same at every frequency,
describe the surroundings of each bin (a partial that wavers, one that stands, an attack, noise),
and the band says what of it belongs to which stem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from stemdesk_models.bands import equal_runs

if TYPE_CHECKING:
    from stemdesk_models.band_layers import Memory

KERNEL_STEPS, KERNEL_BINS = 3, 5
DILATIONS = ((1, 1), (1, 2), (2, 4))  # over steps, over bins
# Runs of equal bands within so many of the bins, up to 8.3 kHz: above, partials can hardly be told
# apart.
SHARE_OF_BINS = 3 / 8


class Detail(nn.Module):
    """Features of bins and of bands -> what is added to a head's answer.

    Nothing is added until it has learnt something.

    Args:
        widths: of the bands, in bins.
        features: per bin.
        width: per band.
        channels: that describe a bin's surroundings.
        outputs: per bin.
        causal: see no step to come, otherwise as many as past.
    """

    def __init__(
        self,
        widths: list[int],
        features: int,
        width: int,
        channels: int,
        outputs: int,
        *,
        causal: bool = False,
    ) -> None:
        super().__init__()
        most = sum(widths) * SHARE_OF_BINS
        self.runs = [run for run in equal_runs(widths) if run[0] + run[1] * run[2] <= most]
        self.outputs, self.channels = outputs, channels
        self.bins = sum(band * count for _, band, count in self.runs)
        self.above = sum(widths) - self.bins
        self.margin = sum(KERNEL_BINS // 2 * bins for _, bins in DILATIONS)  # is seen, not written
        self.causal = causal
        self.convs = nn.ModuleList()
        for place, (steps, bins) in enumerate(DILATIONS):
            self.convs.append(
                nn.Conv2d(
                    features if place == 0 else channels,
                    channels,
                    (KERNEL_STEPS, KERNEL_BINS),
                    padding=(0, bins * (KERNEL_BINS // 2)),
                    dilation=(steps, bins),
                )
            )
        self.reach = sum((KERNEL_STEPS - 1) * steps for steps, _ in DILATIONS)
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.weigh = nn.Linear(width, outputs * channels)
        nn.init.zeros_(self.weigh.weight)
        nn.init.zeros_(self.weigh.bias)

    def heard(
        self, seen: torch.Tensor, memory: Memory | None = None
    ) -> tuple[torch.Tensor, Memory]:
        """What ``forward`` is to be given: the steps with those around them that it looks at.

        Args:
            seen: ``[batch, steps, bins, features]``.
            memory: of a causal stream: what was returned with the steps before; None at its
                beginning.

        Returns:
            ``[batch, steps + reach, bins, features]``, and the memory for further steps, which
            only a causal network needs.
        """
        seen = seen[:, :, : self.bins + self.margin]
        if not self.causal:
            side = self.reach // 2
            return functional.pad(seen, (0, 0, 0, 0, side, side)), ()
        past = seen.new_zeros(len(seen), self.reach, *seen.shape[2:])
        heard = torch.cat((past if memory is None else memory[0], seen), dim=1)
        return heard, (heard[:, heard.shape[1] - self.reach :].clone(),)

    def forward(self, heard: torch.Tensor, bands: torch.Tensor) -> torch.Tensor:
        """``[batch, steps, bins, outputs]``, of any steps that follow each other.

        Args:
            heard: see :meth:`heard`, ``reach`` steps more.
            bands: of the steps, ``[batch, bands, steps, width]``.
        """
        # On processors in float32: bfloat16 is no faster here, and the gradient of convolutions
        # that are dilated over steps is then no number (oneDNN, channels last; torch 2.13).
        with torch.autocast("cpu", enabled=False):
            around = self._around(heard)
        batch, steps = around.shape[:2]
        weights = self.weigh(self.norm(bands)).transpose(1, 2)
        weights = weights.reshape(batch, steps, -1, self.channels, self.outputs)
        written, first = [], 0
        for start, band, count in self.runs:
            bins = around[:, :, start : start + band * count]
            bins = bins.reshape(batch * steps * count, band, self.channels)
            said = weights[:, :, first : first + count].reshape(len(bins), *weights.shape[-2:])
            written.append((bins @ said).view(batch, steps, band * count, -1))
            first += count
        return functional.pad(torch.cat(written, dim=2), (0, 0, 0, self.above))

    def _around(self, heard: torch.Tensor) -> torch.Tensor:
        """``[batch, steps, bins, channels]``, ``reach`` steps fewer than were given."""
        rows = heard.permute(0, 3, 1, 2)  # a channels-last view
        for place, conv in enumerate(self.convs):
            mixed = functional.silu(conv(rows), inplace=not torch.is_grad_enabled())
            if place:
                lost = (KERNEL_STEPS - 1) * DILATIONS[place][0]
                first = lost if self.causal else lost // 2
                mixed += rows[:, :, first : first + mixed.shape[2]]
            rows = mixed
        return rows.permute(0, 2, 3, 1)
