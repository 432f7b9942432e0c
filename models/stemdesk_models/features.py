"""What a band-split network is shown of a mixture, freed of its level.

Magnitudes are compressed to the power 0.4, so that quiet partials count beside loud ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch

if TYPE_CHECKING:
    from stemdesk_models.band_layers import Memory

FeatureKind = Literal["complex", "magnitudes"]
FEATURES: dict[FeatureKind, int] = {"complex": 6, "magnitudes": 4}
COMPRESSION = 0.4
QUIETEST = 1e-7  # RMS under which a mixture counts as silent
FORGETTING = 0.99  # a step: a level is held for some hundred steps


def chunk_level(mixture: torch.Tensor) -> torch.Tensor:
    """RMS of a whole chunk, ``[batch, 1, 1, 1]``: a quiet master is heard like a loud one."""
    return mixture.abs().square().mean(dim=(1, 2, 3), keepdim=True).sqrt()


class RunningLevel:
    """RMS of the steps so far, the latest most: what a causal network can know of the level."""

    @staticmethod
    def go_on(mixture: torch.Tensor, memory: Memory | None) -> tuple[torch.Tensor, Memory]:
        """The level at each step, ``[batch, 1, 1, steps]``, and the memory for further steps."""
        power = mixture.abs().square().mean(dim=(1, 2))
        weight = torch.ones_like(power[:, 0])
        summed, weights = memory or (torch.zeros_like(weight), torch.zeros_like(weight))
        levels = []
        for now in power.unbind(dim=-1):
            summed = FORGETTING * summed + now
            weights = FORGETTING * weights + weight
            levels.append((summed / weights).sqrt())
        return torch.stack(levels, dim=-1)[:, None, None], (summed, weights)


def features(mixture: torch.Tensor, level: torch.Tensor, kind: FeatureKind) -> torch.Tensor:
    """Features ``[batch, steps, bins, FEATURES[kind]]`` of a stereo STFT.

    Args:
        mixture: complex ``[batch, 2, bins, steps]``.
        level: what to divide by, see :func:`chunk_level` and :class:`RunningLevel`.
        kind: ``complex``: mid and side, each real, imaginary and magnitude; ``magnitudes``: of
            left, right, mid and side, which is all that real masks need and half the noise.
    """
    mixture = mixture / level.clamp_min(QUIETEST)
    left, right = mixture[:, 0], mixture[:, 1]
    if kind == "magnitudes":
        seen = torch.stack((left, right, (left + right) * 0.5, (left - right) * 0.5), dim=1)
        # Half the time of abs(), which guards against squares too large for a float.
        power = torch.addcmul(seen.real.square(), seen.imag, seen.imag)
        return (power + 1e-16).pow(COMPRESSION / 2).permute(0, 3, 2, 1)
    mid_side = torch.stack((left + right, left - right), dim=1) * 0.5
    magnitude = mid_side.abs() + 1e-8
    parts = torch.view_as_real(mid_side) * magnitude.pow(COMPRESSION - 1)[..., None]
    stacked = torch.cat((parts[..., 0], parts[..., 1], magnitude.pow(COMPRESSION)), dim=1)
    return stacked.permute(0, 3, 2, 1)
