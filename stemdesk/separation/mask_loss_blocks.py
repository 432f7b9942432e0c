"""The losses on masks and their gradient in one pass over the bins, a block at a time.

A spectrogram of a batch is larger than a processor's cache, and each of the dozens of operations in
:mod:`stemdesk.separation.mask_losses` fetches it from memory anew. Here all of them are done to a
few bins before the next are fetched, and what the losses share is computed once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch

from stemdesk.separation.mask_losses import ERROR_FLOOR, LOSSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Parts = tuple[torch.Tensor, torch.Tensor]

# Of four stems, two channels and 65 steps: 130 kB for each of a dozen arrays.
BLOCK_BINS = 64


def spectral_loss(
    factors: Mapping[str, float],
    masks: torch.Tensor,
    mixture: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
) -> torch.Tensor:
    """The sum of losses from :data:`LOSSES`, a scalar, each times its factor.

    Masks that are shares, on the processor, go block by block; complex ones, and those on a device
    that starts every operation apart, loss by loss. Other arguments as for
    :func:`stemdesk.separation.mask_losses.complex_l1`.

    Args:
        factors: name of a loss to its factor.
        masks: normalised masks.
        mixture: mixture STFT.
        targets: stems' STFT.
        weights: per bin.
    """
    if not masks.is_complex() and masks.device.type == "cpu":
        loss: torch.Tensor = _InBlocks.apply(masks, mixture, targets, weights, factors)  # type: ignore[no-untyped-call]
        return loss
    losses = [
        factor * LOSSES[name](masks, mixture, targets, weights) for name, factor in factors.items()
    ]
    return torch.stack(losses).sum()


class _InBlocks(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        masks: torch.Tensor,
        mixture: torch.Tensor,
        targets: torch.Tensor,
        weights: torch.Tensor,
        factors: Mapping[str, float],
    ) -> torch.Tensor:
        sums = _Sums(masks, mixture, factors)
        for item in range(len(masks)):
            for first in range(0, masks.shape[-2], BLOCK_BINS):
                sums.add(item, slice(first, first + BLOCK_BINS), targets[item], weights)
        ctx.save_for_backward(sums.gradient())
        return sums.total()

    @staticmethod
    def backward(ctx: Any, *above: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (gradient,) = ctx.saved_tensors
        return gradient * above[0], None, None, None, None


class _Sums:
    """What the losses add up over bins, and their gradient by the masks.

    A stem's squared error counts by its logarithm: the factor of its gradient is known at the end
    only, so that one lies apart.
    """

    def __init__(
        self, masks: torch.Tensor, mixture: torch.Tensor, factors: Mapping[str, float]
    ) -> None:
        self._masks, self._mixture, self._loud = masks, mixture, mixture.abs()
        items, stems = masks.shape[:2]
        self._bins = masks.numel() / (items * stems)  # of one stem
        power = torch.view_as_real(mixture).square().sum(dim=(1, 2, 3, 4)) / self._bins
        self._floor = (ERROR_FLOOR * power)[:, None]
        # What a bin of an item counts.
        one = 1 / (items * self._bins)
        l1, entropy = factors.get("complex_l1", 0.0), factors.get("share_cross_entropy", 0.0)
        self._l1 = l1 * one / (2 * stems) / power.sqrt().clamp_min(1e-6)
        self._entropy = entropy * one / self._loud.mean(dim=(1, 2, 3)).clamp_min(1e-8)
        self._error = factors.get("stem_error", 0.0) / (items * stems)
        self._linear = torch.zeros(())
        self._errors, self._powers = torch.zeros(2, items, stems)
        self._gradient = torch.empty_like(masks)
        self._by_error = torch.empty_like(masks)

    def add(self, item: int, bins: slice, targets: torch.Tensor, weights: torch.Tensor) -> None:
        """Count some bins of one item's ``targets [stems, channels, bins, steps]``."""
        masks, loud = self._masks[item, :, :, bins], self._loud[item, :, bins]
        x, y = _parts(self._mixture[item, :, bins]), _parts(targets[:, :, bins])
        error = (masks * x[0]).sub_(y[0]), (masks * x[1]).sub_(y[1])
        power = _power(y)
        self._powers[item] += power.sum(dim=(1, 2, 3))
        self._errors[item] += _power(error).sum(dim=(1, 2, 3))
        self._by_error[item, :, :, bins] = (error[0] * x[0]).addcmul_(error[1], x[1])

        counts = self._l1[item] * weights[bins, None]
        self._linear += (error[0].abs().add_(error[1].abs()).mul_(counts)).sum()
        gradient = error[0].sign_().mul_(x[0]).addcmul_(error[1].sign_(), x[1]).mul_(counts)

        magnitude = power.sqrt_()
        ideal = magnitude.mul_(self._entropy[item] * loud / magnitude.sum(dim=0).clamp_min_(1e-8))
        bounded = masks.clamp_min(1e-7)
        gradient.addcdiv_(ideal * (masks >= bounded), bounded, value=-1)
        self._linear -= bounded.log_().mul_(ideal).sum()
        self._gradient[item, :, :, bins] = gradient

    def total(self) -> torch.Tensor:
        """The sum of losses."""
        errors, powers = self._errors / self._bins, self._powers / self._bins
        ratio = (errors + self._floor) / (powers + self._floor).clamp_min(1e-12)
        bels = ratio.clamp_min(1e-12).log10().sum()
        return self._linear.add(bels, alpha=self._error)

    def gradient(self) -> torch.Tensor:
        """Of the total by the masks."""
        errors = (self._errors / self._bins + self._floor).clamp_min(1e-12)
        factors = 2 * self._error / (self._bins * errors * math.log(10))
        return self._gradient.addcmul_(self._by_error, factors[:, :, None, None, None])


def _parts(spectrum: torch.Tensor) -> Parts:
    """Real and imaginary parts; side by side, as they lie in memory, operations are slow."""
    return spectrum.real.contiguous(), spectrum.imag.contiguous()


def _power(parts: Parts) -> torch.Tensor:
    return parts[0].square().addcmul_(parts[1], parts[1])
