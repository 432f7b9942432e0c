"""An ensemble of BandMasks: what several say, or one at several speeds, averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.separation.network import Joined
from stemdesk_models.bandmask import BandMask
from stemdesk_models.other_speeds import FASTEST, SLOWEST, can_be_heard_at, drawn_speed, shares_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import torch

    from stemdesk_models.other_speeds import Network

LEAST_SHARE = 1e-8  # whose logarithm is finite, and which no ear can tell from none


class Ensemble(Joined):
    """The mean of the shares that several networks give to each stem.

    Networks that were trained apart err in different places, and the mean errs less than most of
    them (Hansen and Salamon 1990, "Neural network ensembles"). The answer is that of one network
    with shares: the card's ``masks`` must be ``softmax``.

    While it is trained each network hears the mixture at one of its own speeds, drawn anew for
    every batch with torch's generator.

    Args:
        stems: number of stems.
        members: for each network the options of a BandMask but ``stems`` and ``complex_masks``.
        weights: how much each counts in the mean; they sum to one.
        speeds: for each network at which speeds it hears the mixture (see
            :mod:`stemdesk_models.other_speeds`), all counting alike; None: as it is. Other speeds
            need a transform whose window, a multiple of 64 frames, is twice its hop.

    Raises:
        ValueError: weights that are no shares of one, speeds out of range, or a causal member.
    """

    def __init__(
        self,
        stems: int,
        members: Sequence[Mapping[str, Any]],
        weights: Sequence[float],
        speeds: Sequence[Sequence[float]] | None = None,
    ) -> None:
        super().__init__(BandMask(stems, complex_masks=False, **options) for options in members)
        are_shares = min(weights) > 0 and abs(sum(weights) - 1) <= 1e-6
        if len(weights) != len(members) or not are_shares:
            raise ValueError("weights must be one for each member, above 0, and sum to 1")
        if any(options.get("causal") for options in members):
            raise ValueError("an ensemble does not stream: no member may be causal")
        speeds = [[1.0]] * len(members) if speeds is None else speeds
        in_range = all(can_be_heard_at(speed) for each in speeds for speed in each)
        if len(speeds) != len(members) or not all(speeds) or not in_range:
            raise ValueError(f"speeds must be lists for each member, {SLOWEST:g} to {FASTEST:g}")
        self._weights, self._speeds = tuple(weights), tuple(map(tuple, speeds))

    @property
    def draws_speeds(self) -> bool:
        """Whether what it hears while it is trained is drawn."""
        return any(len(own) > 1 for own in self._speeds)

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; returns logits of the mean shares."""
        shares: torch.Tensor | None = None
        for weight, network, own in zip(self._weights, self.networks, self._speeds, strict=True):
            speeds = (drawn_speed(own),) if self.training else own
            for speed in speeds:
                said = shares_at(shares_of(network), mixture, speed)
                each = weight / len(speeds)
                shares = said * each if shares is None else shares.add_(said, alpha=each)
                del said  # as large as all of the answer
        assert shares is not None
        return shares.clamp_(min=LEAST_SHARE).log()


def shares_of(network: Callable[[torch.Tensor], torch.Tensor]) -> Network:
    """A network's shares, where it answers with logits of them."""

    def shares(mixture: torch.Tensor) -> torch.Tensor:
        return network(mixture).softmax(dim=1)

    return shares
