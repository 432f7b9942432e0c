"""What a model hears in a stem alone: is the vocal stem a voice?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.audio.clip import AudioClip
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import stft
from stemdesk_training.datasets.multitrack import converted
from stemdesk_training.doctor.excerpts import loudest

if TYPE_CHECKING:
    from pathlib import Path


# Of the shipped models the one that takes made-up drums for drums; a later one, which separates
# better, raised a false alarm there.
EAR = "bandmask_small"
EXCERPT_SECONDS = 20.0
EXCERPT_STEPS = 20


class Listener:
    """Tells how the energy of a clip is shared among a model's stems.

    Args:
        model: id or folder; None for :data:`EAR`.
        device: where to compute.

    Raises:
        UserError: no such model, or a damaged one.
    """

    def __init__(self, model: str | None = None, device: torch.device | None = None) -> None:
        self._folder: Path = find_model(model or EAR)
        self.card, self._network = load_network(self._folder)
        self._device = device or torch.device("cpu")
        self._network.to(self._device)

    @torch.inference_mode()
    def __call__(self, clip: AudioClip) -> dict[str, float]:
        """Shares by stem, in all 1, of the clip's loudest 20 seconds."""
        card = self.card
        same_rate = converted(_loudest(clip), card.sample_rate).samples
        channels = same_rate[: card.channels]
        if len(channels) < card.channels:
            channels = np.repeat(same_rate.mean(axis=0, keepdims=True), card.channels, axis=0)
        spectrum = stft(torch.from_numpy(np.ascontiguousarray(channels)), card.stft)
        energies = torch.zeros(len(card.stems))
        for part in torch.split(spectrum[None].to(self._device), card.chunk.steps, dim=-1):
            stems = masks_for(card.mask_settings, self._network, part) * part[:, None]
            energies += stems.abs().square().sum(dim=(0, 2, 3, 4)).cpu()
        shares = energies / energies.sum().clamp_min(1e-12)
        return {
            name: round(float(share), 4) for name, share in zip(card.stems, shares, strict=True)
        }


def _loudest(clip: AudioClip) -> AudioClip:
    first, end = loudest(clip.samples, round(EXCERPT_SECONDS * clip.sample_rate), EXCERPT_STEPS)
    return AudioClip(clip.samples[:, first:end], clip.sample_rate)
