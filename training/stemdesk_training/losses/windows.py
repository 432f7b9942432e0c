"""Losses of networks that say, for windows of some frames, whose each bin is.

Simpson et al. 2015 and Lin et al. 2018: probabilities that a bin is the voice's, against the ideal
binary mask. Roma et al. 2018: four streams at the middle frame, against ratio masks, or as a
choice of the dominant one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from stemdesk_models.framing import windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk_models.framing import WindowNetwork
    from stemdesk_training.recipe import Windows

FLOOR = 1e-8


class WindowLoss:
    """One of :data:`WINDOW_LOSSES` on windows of a batch.

    Args:
        name: its key.
        settings: which windows.
    """

    def __init__(self, name: str, settings: Windows) -> None:
        self._loss = WINDOW_LOSSES[name]
        self._on_the_voice = name == "window_autoencoder"
        self._settings = settings

    def __call__(
        self, network: WindowNetwork, magnitudes: torch.Tensor, mixture: torch.Tensor
    ) -> torch.Tensor:
        """The loss, a scalar.

        Args:
            network: scores windows of the mixture.
            magnitudes: of the stems ``[batch, stems, channels, bins, steps]``, scaled as the
                mixture.
            mixture: magnitudes as the network is to see them, ``[batch, channels, bins, steps]``.
        """
        sources = torch.stack([self._cut(stem, network.frames) for stem in magnitudes.unbind(1)], 1)
        if self._on_the_voice:
            voice = sources[:, 0]
            return functional.binary_cross_entropy_with_logits(
                network.scores(network.scale * voice), voice.clamp(0, 1)
            )
        logits = network.scores(network.scale * self._cut(mixture, network.frames))
        return self._loss(logits, sources, self._settings.softness)

    def _cut(self, magnitudes: torch.Tensor, frames: int) -> torch.Tensor:
        """Magnitudes ``[batch, channels, bins, steps]`` -> windows ``[count, frames, bins]``."""
        rows = magnitudes.flatten(0, 1).transpose(1, 2)
        found = windows(rows, frames, 0, 0)[:, :: self._settings.stride]
        count = min(self._settings.count, found.shape[1])
        places = torch.linspace(0, found.shape[1] - 1, count, device=rows.device).round().long()
        return found[:, places].flatten(0, 1)


def window_cross_entropy(
    logits: torch.Tensor, sources: torch.Tensor, softness: float
) -> torch.Tensor:
    """Binary cross entropy against the ideal binary mask of the first stem.

    Args:
        logits: ``[count, frames, bins]``.
        sources: windows of the stems' magnitudes ``[count, stems, frames, bins]``.
        softness: targets are this and one less it (Lin et al. 2018: 0.02).
    """
    ideal = (sources[:, 0] > sources[:, 1:].sum(dim=1)).to(logits.dtype)
    target = softness + (1 - 2 * softness) * ideal
    return functional.binary_cross_entropy_with_logits(logits, target)


def window_mse(logits: torch.Tensor, sources: torch.Tensor, softness: float) -> torch.Tensor:
    """Squared error of sigmoids against ratio masks of the middle frame (Roma et al. 2018).

    Args:
        logits: ``[count, stems, bins]``.
        sources: as for :func:`window_cross_entropy`.
        softness: not used.
    """
    del softness
    middle = _middle(sources)
    ratios = middle / middle.sum(dim=1, keepdim=True).clamp_min(FLOOR)
    return functional.mse_loss(logits.sigmoid(), ratios)


def window_nll(logits: torch.Tensor, sources: torch.Tensor, softness: float) -> torch.Tensor:
    """Negative log likelihood of the dominant stem of the middle frame (Roma et al. 2018).

    Args:
        logits: ``[count, stems, bins]``.
        sources: as for :func:`window_cross_entropy`.
        softness: not used.
    """
    del softness
    return functional.cross_entropy(logits, _middle(sources).argmax(dim=1))


def _middle(sources: torch.Tensor) -> torch.Tensor:
    return sources[:, :, sources.shape[2] // 2]


WINDOW_LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor]] = {
    "window_cross_entropy": window_cross_entropy,
    "window_mse": window_mse,
    "window_nll": window_nll,
    "window_autoencoder": window_cross_entropy,
}
