"""Whether a model can be used: its card, its weights, and what it says of a chunk of noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk.errors import UserError
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.engine import MaskEngine

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard

# Float32 rounding of a handful of stems is a hundred times smaller.
MOST_DEVIATION = 1e-4
_SEED = 1


def check_model(folder: Path) -> ModelCard:
    """Load a model and run it once on the processor; returns its card.

    Raises:
        UserError: card or weights are missing, damaged, or do not belong together; or the masks
            of a chunk of noise are no numbers, or do not sum to one.
    """
    card, network = load_network(folder)
    engine = MaskEngine(card, network, torch.device("cpu"), [], lambda _: None)
    generator = torch.Generator().manual_seed(_SEED)
    shape = (card.channels, card.stft.bins, card.chunk.steps)
    noise = torch.randn(shape, dtype=torch.complex64, generator=generator)
    remedy = "remove that model, and get or add it again"
    try:
        total = engine.masks(noise).sum(dim=0)
    except (RuntimeError, ValueError, LookupError, TypeError) as error:
        raise UserError(f"The model {card.id} fails on a chunk of noise", remedy) from error
    # Not "above": what is no number is not below either.
    if not bool(((total - 1).abs() < MOST_DEVIATION).all()):
        raise UserError(f"The masks of the model {card.id} do not sum to one", remedy)
    return card
