"""An ensemble of BandMasks: what several say, averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from stemdesk.separation.network import Joined
from stemdesk_models.bandmask import BandMask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_SHARE = 1e-8  # whose logarithm is finite, and which no ear can tell from none


class Ensemble(Joined):
    """The mean of the shares that several networks give to each stem.

    Networks that were trained apart err in different places, and the mean errs less than most of
    them (Hansen and Salamon 1990, "Neural network ensembles"). The answer is that of one network
    with shares: the card's ``masks`` must be ``softmax``.

    Args:
        stems: number of stems.
        members: for each network the options of a BandMask but ``stems`` and ``complex_masks``.
        weights: how much each counts in the mean; they sum to one.

    Raises:
        ValueError: weights that are no shares of one, or a causal member.
    """

    def __init__(
        self, stems: int, members: Sequence[Mapping[str, Any]], weights: Sequence[float]
    ) -> None:
        super().__init__(BandMask(stems, complex_masks=False, **options) for options in members)
        are_shares = min(weights) > 0 and abs(sum(weights) - 1) <= 1e-6
        if len(weights) != len(members) or not are_shares:
            raise ValueError("weights must be one for each member, above 0, and sum to 1")
        if any(options.get("causal") for options in members):
            raise ValueError("an ensemble does not stream: no member may be causal")
        self._weights = tuple(weights)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; returns logits of the mean shares."""
        shares = sum(
            weight * network(mixture).softmax(dim=1)
            for weight, network in zip(self._weights, self.networks, strict=True)
        )
        assert isinstance(shares, torch.Tensor)
        return shares.clamp(min=LEAST_SHARE).log()
