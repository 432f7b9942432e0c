"""Between a base model and a tuned one.

The straight line between both in the space of weights often keeps most of what the base can do and
most of what was learnt (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    Weights = Mapping[str, torch.Tensor]


def blend(base: Weights, tuned: Weights, share: float) -> dict[str, torch.Tensor]:
    """Weights on the way from ``base`` to ``tuned``.

    Args:
        base: by name.
        tuned: the same names and shapes.
        share: of the tuned weights: 0 gives the base and 1 the tuned model, exactly. Counters,
            which know no between, are those of the nearer one.

    Raises:
        ValueError: the names differ, or the share does not lie between 0 and 1.
    """
    if base.keys() != tuned.keys():
        raise ValueError("the two models hold different weights")
    if not 0 <= share <= 1:
        raise ValueError(f"the share must lie between 0 and 1, not {share}")
    return {name: _between(base[name], value, share) for name, value in tuned.items()}


def _between(base: torch.Tensor, tuned: torch.Tensor, share: float) -> torch.Tensor:
    if share in (0, 1) or not tuned.is_floating_point():
        return (tuned if share >= 0.5 else base).detach().clone()
    wide = torch.lerp(base.detach().float(), tuned.detach().float(), share)
    return wide.to(tuned.dtype)
