"""From a batch of stems to the number that training minimises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from stemdesk.errors import UserError
from stemdesk.separation.mask_loss_blocks import spectral_loss
from stemdesk.separation.mask_losses import LOSSES, bin_weights
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import istft, stft
from stemdesk_models.framing import WindowNetwork
from stemdesk_training.losses.magnitudes import MAGNITUDE_LOSSES
from stemdesk_training.losses.waveforms import WAVEFORM_LOSSES
from stemdesk_training.losses.windows import WINDOW_LOSSES, WindowLoss

if TYPE_CHECKING:
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe

PHASE_LOSS = "mixture_phase_mse"
QUIET = 1e-9


class Objective:
    """The recipe's sum of losses.

    The network computes in the recipe's precision; transforms, masks and losses are float32 always
    (masks in bfloat16 would cost the null 68 dB).

    Args:
        recipe: model, losses and precision.
        device: where batches lie.

    Raises:
        UserError: losses on windows together with others.
    """

    def __init__(self, recipe: Recipe, device: torch.device) -> None:
        self._model, self._device = recipe.model, device
        self._settings = recipe.model.mask_settings
        self._bf16 = recipe.precision == "bf16"
        self._losses = dict(recipe.losses)
        self._on_masks: dict[str, float] = {
            name: factor for name, factor in recipe.losses.items() if name in LOSSES
        }
        self._windows = {
            name: WindowLoss(name, recipe.windows)
            for name in recipe.losses
            if name in WINDOW_LOSSES
        }
        if self._windows and len(self._windows) < len(self._losses):
            raise UserError("Losses on windows go with no others", "keep one kind in the recipe")
        self._weights = bin_weights(recipe.model.stft.bins, recipe.model.sample_rate).to(device)

    def __call__(self, network: MaskNetwork, stems: torch.Tensor) -> torch.Tensor:
        """Loss, a scalar, of ``network`` on ``stems [batch, stems, channels, frames]``."""
        targets = stft(stems, self._model.stft)
        if self._model.song_peak:
            # An excerpt's own peak stands for its song's.
            scale = song_scale(self._heard(targets))
            targets, stems = targets * scale[:, None], stems * scale
        # The transform is linear: the mixture's spectrum is the sum of the stems' spectra.
        mixture = self._heard(targets)
        if self._windows:
            return self._on_windows(network, targets.abs(), mixture.abs())
        padding = (0, -mixture.shape[-1] % self._settings.multiple_of)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            raw = network(functional.pad(mixture, padding))
            # Run once, read in every way that the losses want.
            masks = masks_for(self._settings, lambda _: raw, mixture)
        raw = raw[..., : mixture.shape[-1]]
        return self._on_answers(raw, masks, mixture, targets, stems)

    def _heard(self, targets: torch.Tensor) -> torch.Tensor:
        """What the network gets: the mixture, or the voice alone if it is to learn that."""
        return targets[:, 0] if "window_autoencoder" in self._windows else targets.sum(dim=1)

    def _on_windows(
        self, network: MaskNetwork, targets: torch.Tensor, mixture: torch.Tensor
    ) -> torch.Tensor:
        total = torch.zeros((), device=self._device)
        if not isinstance(network, WindowNetwork):
            raise UserError(
                f"The network {self._model.network} does not look at windows",
                "choose another loss in the recipe",
            )
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            for name, loss in self._windows.items():
                total = total + self._losses[name] * loss(network, targets, mixture)
        return total

    def _on_answers(
        self,
        raw: torch.Tensor,
        masks: torch.Tensor,
        mixture: torch.Tensor,
        targets: torch.Tensor,
        stems: torch.Tensor,
    ) -> torch.Tensor:
        """Spectral losses see masks, magnitude losses estimates, waveform losses what is heard."""
        # In the masks the closing stem is last, wherever the network has it.
        order = [self._model.stems.index(stem) for stem in self._model.card().stems]
        total = torch.zeros((), device=self._device)
        if self._on_masks:
            total = spectral_loss(
                self._on_masks, masks, mixture, _ordered(targets, order), self._weights
            )
        for name in (name for name in self._losses if name not in LOSSES):
            if name in WAVEFORM_LOSSES:
                loss = WAVEFORM_LOSSES[name](*self._heard_stems(raw, masks, mixture, stems, order))
            else:
                loss = self._on_magnitudes(name, raw, masks, mixture, targets, order)
            total = total + self._losses[name] * loss
        return total

    def _heard_stems(
        self,
        raw: torch.Tensor,
        masks: torch.Tensor,
        mixture: torch.Tensor,
        stems: torch.Tensor,
        order: list[int],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Waveforms estimated and true. Spectra are taken as the network gives them."""
        frames = stems.shape[-1]
        if self._model.masks == "spectrum" and raw.shape[1] == len(order):
            return istft(raw.to(torch.complex64), self._model.stft, frames), stems
        return istft(masks * mixture[:, None], self._model.stft, frames), stems[:, order]

    def _on_magnitudes(
        self,
        name: str,
        raw: torch.Tensor,
        masks: torch.Tensor,
        mixture: torch.Tensor,
        targets: torch.Tensor,
        order: list[int],
    ) -> torch.Tensor:
        """Of a network that estimates magnitudes of all stems its own, else those of the masks."""
        if self._model.masks in ("ratio", "magnitude") and raw.shape[1] == len(order):
            estimates = raw.float()
        else:
            estimates, targets = masks.abs() * mixture[:, None].abs(), targets[:, order]
        targets = targets[..., : estimates.shape[-2], :]
        if name != PHASE_LOSS:
            return MAGNITUDE_LOSSES[name](estimates, targets.abs())
        mixture = mixture[..., : estimates.shape[-2], :]
        phases = torch.polar(torch.ones_like(mixture.abs()), mixture.angle())[:, None]
        missing = self._model.stft.bins - estimates.shape[-2]
        difference = functional.pad(estimates * phases - targets, (0, 0, 0, missing))
        frames = (targets.shape[-1] - 1) * self._model.stft.hop
        return istft(difference, self._model.stft, frames).square().mean()


def _ordered(targets: torch.Tensor, order: list[int]) -> torch.Tensor:
    """Stems in an order; no copy where they are in it."""
    return targets if order == sorted(order) else targets[:, order]


def song_scale(spectrum: torch.Tensor) -> torch.Tensor:
    """One over the largest magnitude of each item of ``[batch, ...]``, broadcastable to it."""
    peaks = spectrum.abs().amax(dim=tuple(range(1, spectrum.ndim)), keepdim=True)
    return 1 / peaks.clamp_min(QUIET)
