"""Stands in for a network on a device where masks are made from the true stems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from stemdesk.separation.chunks import Chunk
from stemdesk.separation.oracles import oracle_masks
from stemdesk.separation.separator import SlidingWindow
from stemdesk.separation.stft import stft_padded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import OracleName, Reconstruction
    from stemdesk.separation.separator import SeekableSource


class OracleEngine:
    """The engine of a :class:`~stemdesk.separation.separator.Separator` that knows the truth.

    Args:
        card: whose stems are those of ``truth``, in its order.
        oracle: how masks are made.
        truth: the true stems, as long as the mixture and with its channels.
        reconstruction: whether masks sum to one.
    """

    def __init__(
        self,
        card: ModelCard,
        oracle: OracleName,
        truth: Sequence[SeekableSource],
        reconstruction: Reconstruction = "null",
    ) -> None:
        self.card, self.reconstruction = card, reconstruction
        self.device = torch.device("cpu")
        self._oracle, self._truth = oracle, truth
        self._windows = [SlidingWindow(stem) for stem in truth]

    remembers = False

    @property
    def estimated_stems(self) -> int:
        """How many stems are estimated: all but the closing one, or all where nothing closes."""
        return len(self.card.stems) - (self.reconstruction == "null")

    def state(self) -> dict[str, Any]:
        """Nothing here changes under way."""
        return {"device": self.device.type}

    def restore(self, state: dict[str, Any]) -> None:  # noqa: ARG002 - there is none
        """Begin anywhere in the song."""
        for stem in self._truth:
            stem.seek(0)
        self._windows = [SlidingWindow(stem) for stem in self._truth]

    def masks(self, spectrum: torch.Tensor, first_step: int = 0) -> torch.Tensor:
        """Masks ``[stems, channels, bins, steps]`` for ``spectrum`` ``[channels, bins, steps]``.

        Args:
            spectrum: of the mixture.
            first_step: of the song, where it begins; never before that of the call before.
        """
        end = first_step + spectrum.shape[-1]
        chunk = Chunk(0, first_step, first_step, end, end)
        settings = self.card.stft
        true = torch.stack(
            [
                stft_padded(torch.from_numpy(window.around(chunk, settings)), settings)
                for window in self._windows
            ]
        )
        return oracle_masks(self._oracle, true, spectrum, closed=self.reconstruction == "null")
