"""Losses on a network's own estimates of the stems' magnitudes (Pretet 2018; George et al.).

``x`` is the target and ``y`` the estimate, both ``[batch, stems, channels, bins, steps]`` and at
least :data:`FLOOR`; each loss is a mean over everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

FLOOR = 1e-7


def magnitude_l1(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """``|x - y|``."""
    return (targets - estimates).abs().mean()


def magnitude_mse(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """``(x - y)^2``."""
    return (targets - estimates).square().mean()


def magnitude_kl(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Generalised Kullback-Leibler divergence, ``x log(x / y) + y - x``."""
    x, y = targets.clamp_min(FLOOR), estimates.clamp_min(FLOOR)
    return (x * (x / y).log() + y - x).mean()


def magnitude_is(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Itakura-Saito divergence, ``x / y - log(x / y) - 1``."""
    ratio = targets.clamp_min(FLOOR) / estimates.clamp_min(FLOOR)
    return (ratio - ratio.log() - 1).mean()


def magnitude_log_mse(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """``(log x - log y)^2``."""
    return (targets.clamp_min(FLOOR).log() - estimates.clamp_min(FLOOR).log()).square().mean()


MAGNITUDE_LOSSES = {
    "magnitude_l1": magnitude_l1,
    "magnitude_mse": magnitude_mse,
    "magnitude_kl": magnitude_kl,
    "magnitude_is": magnitude_is,
    "magnitude_log_mse": magnitude_log_mse,
}
