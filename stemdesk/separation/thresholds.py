"""The threshold of binary masks as the user's knob: interference against artefacts.

Simpson, Roma and Plumbley 2015 call it alpha. It exists where a network scores some stems and
leaves one out; where it scores them all, the largest score wins and nothing is left to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import torch

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork


def with_alpha(card: ModelCard, network: MaskNetwork, alpha: float) -> ModelCard:
    """The card with another threshold.

    Args:
        card: of the model.
        network: as loaded, on the CPU; asked how many stems it scores.
        alpha: between 0 and 1.

    Raises:
        UserError: the model has no threshold, or ``alpha`` is none.
    """
    if not 0 < alpha < 1:
        raise UserError(f"An alpha of {alpha:g} is no threshold", "choose one between 0 and 1")
    if card.masks != "binary" or _scores_all(card, network):
        raise UserError(
            f"The model {card.id} has no threshold that alpha could set",
            "leave alpha out, or choose a model whose binary masks leave a stem out",
        )
    return msgspec.structs.replace(card, threshold=alpha)


def _scores_all(card: ModelCard, network: MaskNetwork) -> bool:
    """What the card does not say: whether the network answers for the closing stem too."""
    silence = torch.zeros(
        (1, card.channels, card.stft.bins, card.chunk.multiple_of), dtype=torch.complex64
    )
    with torch.inference_mode():
        answer: torch.Tensor = network(silence)
    return answer.shape[1] == len(card.stems)
