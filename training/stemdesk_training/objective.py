"""From a batch of stems to the number that training minimises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import istft, stft
from stemdesk_training.losses import LOSSES, bin_weights
from stemdesk_training.waveform_losses import WAVEFORM_LOSSES

if TYPE_CHECKING:
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe


class Objective:
    """The recipe's sum of losses.

    The network computes in the recipe's precision; transforms, masks and losses are float32 always
    (masks in bfloat16 would cost the null 68 dB).

    Args:
        recipe: model, losses and precision.
        device: where batches lie.
    """

    def __init__(self, recipe: Recipe, device: torch.device) -> None:
        self._model, self._device = recipe.model, device
        self._bf16 = recipe.precision == "bf16"
        self._spectral = {k: w for k, w in recipe.losses.items() if k in LOSSES}
        self._waveform = {k: w for k, w in recipe.losses.items() if k in WAVEFORM_LOSSES}
        self._weights = bin_weights(recipe.model.stft.bins, recipe.model.sample_rate).to(device)

    def __call__(self, network: MaskNetwork, stems: torch.Tensor) -> torch.Tensor:
        """Loss, a scalar, of ``network`` on ``stems [batch, stems, channels, frames]``."""
        targets = stft(stems, self._model.stft)
        # The transform is linear: the mixture's spectrum is the sum of the stems' spectra.
        mixture = targets.sum(dim=1)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            masks = masks_for(self._model.mask_settings, network, mixture)
        loss = torch.zeros((), device=self._device)
        for name, weight in self._spectral.items():
            loss = loss + weight * LOSSES[name](masks, mixture, targets, self._weights)
        if self._waveform:
            estimates = istft(masks * mixture[:, None], self._model.stft, stems.shape[-1])
            for name, weight in self._waveform.items():
                loss = loss + weight * WAVEFORM_LOSSES[name](estimates, stems)
        return loss
