"""The augmentations of a run, for whoever has batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.separation.stft import istft, stft
from stemdesk_training.augmentation.keys import Key
from stemdesk_training.augmentation.settings import Augmentation
from stemdesk_training.augmentation.spectra import spectral
from stemdesk_training.augmentation.waveforms import apply

if TYPE_CHECKING:
    import torch

    from stemdesk.separation.transform import StftSettings


class Augmenter:
    """Changes batches of stems; what is drawn depends on seed and index alone.

    Args:
        settings: how often what is done.
        seed: of the run.
        transform: the model's.
        sample_rate: Hz of the stems.
        on_waveforms: the network works on waveforms: stretch and shift go there and back, too.
    """

    def __init__(
        self,
        settings: Augmentation,
        seed: int,
        transform: StftSettings,
        sample_rate: int = 44_100,
        *,
        on_waveforms: bool = False,
    ) -> None:
        self._settings, self._seed = settings, seed
        self._transform, self._sample_rate = transform, sample_rate
        self._warps = bool(settings.time_stretch.probability or settings.pitch_shift.probability)
        self._on_waveforms = on_waveforms

    @property
    def acts_on_spectra(self) -> bool:
        """Whether :meth:`spectra` has anything to do."""
        return self._warps and not self._on_waveforms

    def waveforms(self, stems: torch.Tensor, index: int) -> torch.Tensor:
        """Batch ``index`` of stems ``[batch, stems, channels, frames]``, changed."""
        key = Key(self._seed, index)
        if self._warps and self._on_waveforms:
            spectra = spectral(stft(stems, self._transform), key, self._settings, self._transform)
            stems = istft(spectra, self._transform, stems.shape[-1])
        return apply(stems, key, self._settings, self._sample_rate)

    def spectra(self, stems: torch.Tensor, index: int, steps: int | None = None) -> torch.Tensor:
        """The spectra of batch ``index``, ``[batch, stems, channels, bins, steps]``, changed.

        Excerpts longer than wanted, by ``settings.stretch_room``, and the number of ``steps``
        wanted of them, give every stretch its own continuation.
        """
        settings = self._settings if self.acts_on_spectra else Augmentation()
        return spectral(stems, Key(self._seed, index), settings, self._transform, steps)
