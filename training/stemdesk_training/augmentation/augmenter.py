"""The augmentations of a run, for whoever has batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.separation.stft import istft, stft
from stemdesk_training.augmentation.keys import Key
from stemdesk_training.augmentation.spectra import spectral
from stemdesk_training.augmentation.waveforms import apply

if TYPE_CHECKING:
    import torch

    from stemdesk.separation.transform import StftSettings
    from stemdesk_training.augmentation.settings import Augmentation


class Augmenter:
    """Changes batches of stems; what is drawn depends on seed and index alone.

    Args:
        settings: how often what is done; stretch and shift by the spectra and back.
        seed: of the run.
        transform: the model's, for stretch and shift.
        sample_rate: Hz of the stems.
    """

    def __init__(
        self,
        settings: Augmentation,
        seed: int,
        transform: StftSettings,
        sample_rate: int = 44_100,
    ) -> None:
        self._settings, self._seed = settings, seed
        self._transform, self._sample_rate = transform, sample_rate
        self._warps = bool(settings.time_stretch.probability or settings.pitch_shift.probability)

    def waveforms(self, stems: torch.Tensor, index: int) -> torch.Tensor:
        """Batch ``index`` of stems ``[batch, stems, channels, frames]``, changed."""
        key = Key(self._seed, index)
        if self._warps:
            spectra = spectral(stft(stems, self._transform), key, self._settings, self._transform)
            stems = istft(spectra, self._transform, stems.shape[-1])
        return apply(stems, key, self._settings, self._sample_rate)
