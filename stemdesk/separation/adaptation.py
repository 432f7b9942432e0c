"""A network adapted to one song, from nothing but the song.

What a network was trained on differs from any one song in voices, instruments and sound. Trained
for a minute on remixes of what it makes of the song (:mod:`stemdesk.separation.remixes`), it knows
these.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from stemdesk.separation.mask_loss_blocks import spectral_loss
from stemdesk.separation.mask_losses import bin_weights
from stemdesk.separation.masks import masks_for
from stemdesk.separation.remixes import Remixes
from stemdesk.separation.stft import stft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk.separation.remixes import Samples

SUNG = "vocals"
_FACTORS = {"stem_error": 0.5, "share_cross_entropy": 0.5, "complex_l1": 10.0}
_LONGEST_GRADIENT = 1.0


@dataclass(frozen=True)
class Adaptation:
    """How a network is adapted; the defaults were chosen on held-out songs (models/history.md).

    Attributes:
        steps: of the optimiser.
        batch: remixes a step.
        seconds: length of a remix.
        learning_rate: after ``warm_up_steps``.
        average: share of the old average of the weights kept at each step, at most.
        seed: of the remixes.
    """

    steps: int = 40
    batch: int = 2
    seconds: float = 4.0
    learning_rate: float = 5e-4
    warm_up_steps: int = 10
    average: float = 0.95
    seed: int = 1


def adapted(
    network: MaskNetwork,
    card: ModelCard,
    passages: Sequence[Samples],
    device: torch.device,
    tell: Callable[[float], None],
    settings: Adaptation | None = None,
) -> MaskNetwork | None:
    """A copy of a network that was trained on remixes of a song's estimated stems.

    Args:
        network: made the estimates; is left as it is.
        card: its card; its masks are real and sum to one.
        passages: of the song, each ``[stems, channels, frames]`` in the card's order and as many
            channels as the network hears, stems summing to the song, at the card's rate; those
            that are shorter than a remix are left out.
        device: where to compute.
        tell: told the fraction done after every step; what it raises ends it.
        settings: how.

    Returns:
        On the device, in evaluation mode; None where no passage is long enough.
    """
    chosen = settings or Adaptation()
    frames = round(chosen.seconds * card.sample_rate)
    long_enough = [passage for passage in passages if passage.shape[-1] >= frames]
    if not long_enough:
        return None
    vocals = card.stems.index(SUNG) if SUNG in card.stems else None
    remixes = Remixes(long_enough, vocals, frames, round(card.sample_rate / 4), chosen.seed)
    student = copy.deepcopy(network).to(device).train()
    kept = copy.deepcopy(network).to(device).eval()
    weights = bin_weights(card.stft.bins, card.sample_rate).to(device)
    optimiser = torch.optim.AdamW(student.parameters(), lr=chosen.learning_rate)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(chosen.seed)
        for step in range(1, chosen.steps + 1):
            for group in optimiser.param_groups:
                group["lr"] = chosen.learning_rate * min(1.0, step / chosen.warm_up_steps)
            optimiser.zero_grad()
            for _ in range(chosen.batch):
                stems = torch.from_numpy(remixes.draw()[None]).to(device)
                loss = _loss(student, card, stems, weights) / chosen.batch
                torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(student.parameters(), _LONGEST_GRADIENT)
            optimiser.step()
            _average(kept, student, min(chosen.average, step / (step + chosen.warm_up_steps)))
            tell(step / chosen.steps)
    return kept


def _loss(
    network: MaskNetwork, card: ModelCard, stems: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """As in training, of stems ``[batch, stems, channels, frames]``."""
    # In the masks the closing stem is last, and a card's stems are in that order.
    targets = stft(stems, card.stft)
    mixture = targets.sum(dim=1)
    masks = masks_for(card.mask_settings, network, mixture)
    return spectral_loss(_FACTORS, masks, mixture, targets, weights)


def _average(kept: MaskNetwork, student: MaskNetwork, share: float) -> None:
    """Move an average of weights towards the newest; statistics are taken over."""
    with torch.no_grad():
        for old, new in zip(kept.parameters(), student.parameters(), strict=True):
            old.lerp_(new, 1 - share)
        for held, latest in zip(kept.buffers(), student.buffers(), strict=True):
            held.copy_(latest)
