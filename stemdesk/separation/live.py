"""Separation of a stream that has no end yet: sound goes in, stems come out one window later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from stemdesk.errors import UserError
from stemdesk.separation.closure import close, to_grid
from stemdesk.separation.masks import masks_for
from stemdesk.separation.memory import can_go_on, masks_going_on
from stemdesk.separation.network import StreamingNetwork
from stemdesk.separation.postprocess import build_chain, hearing_songs
from stemdesk.separation.stft import StreamingIstft, stft_padded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork

    Samples = NDArray[np.float32]

GRID_BITS = 23  # float32 below 2 holds these, and adds them exactly
STEREO = 2


class LiveSeparator:
    """Takes a stereo stream apart as it comes.

    Whatever the sizes of the blocks, the stems are those that the network and the stages behind it
    make of the whole stream in one piece (within 1e-5), and in every frame they sum exactly to it,
    rounded to 24 bits, as those of files do. A frame comes out once the window that begins with it
    has come in: ``latency_frames``.

    Args:
        card: of the model.
        network: its network, in evaluation mode.
        post: stages behind those of the card; see :mod:`stemdesk.separation.postprocess`.

    Raises:
        UserError: the model, or a stage, hears sound to come, or the model is not made for stereo
            as it comes.
    """

    def __init__(self, card: ModelCard, network: MaskNetwork, post: Sequence[str] = ()) -> None:
        if not (isinstance(network, StreamingNetwork) and network.causal):
            raise UserError(
                f"The model {card.id} hears what is still to come",
                "choose one for live use, such as bandmask_live",
            )
        whole = card.song_peak or hearing_songs(card.post)
        needs_more = whole or not can_go_on(network, card.mask_settings)
        if card.channels != STEREO or needs_more:
            raise UserError(
                f"The model {card.id} needs whole songs", "choose one such as bandmask_live"
            )
        self.card = card
        self._chain = build_chain([*card.post, *post], card.stems, live=True)
        self.sample_rate: int = card.sample_rate
        self.stems: list[str] = card.stems
        self.latency_frames: int = card.n_fft
        self._network = network
        self._settings = card.stft
        self._begin()

    def _begin(self) -> None:
        self._memory: Any = None
        self._inverse = StreamingIstft(self._settings)
        # What the next step reads; outside the stream the signal counts as zero.
        self._heard = np.zeros((STEREO, self._settings.n_fft // 2), np.float32)
        self._owed = np.zeros((STEREO, 0), np.float32)  # came in, and is not out yet
        self._frames_in = self._steps_done = 0

    def push(self, samples: Samples) -> Samples:
        """Hear ``[2, frames]``, any number; the stems ``[stems, 2, frames]`` that are ready.

        What is no number counts as silence: it would never leave the network's memory again.

        Raises:
            ValueError: the samples are not stereo.
        """
        if samples.ndim != STEREO or samples.shape[0] != STEREO:
            raise ValueError(f"samples must be [2, frames], not {list(samples.shape)}")
        heard = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float64)
        samples = to_grid(heard, GRID_BITS).astype(np.float32)
        self._take(samples)
        self._owed = np.concatenate([self._owed, samples], axis=1)
        self._frames_in += samples.shape[1]
        settings = self._settings
        steps = max(0, 1 + (self._heard.shape[1] - settings.n_fft) // settings.hop)
        return self._given(steps, last=False)

    def finish(self) -> Samples:
        """The stream is over: the stems of what is still owed. Then a new one may begin."""
        settings = self._settings
        steps = settings.steps(self._frames_in) - self._steps_done
        wanted = (steps - 1) * settings.hop + settings.n_fft
        self._take(np.zeros((STEREO, max(0, wanted - self._heard.shape[1])), np.float32))
        rest = self._given(steps, last=True)
        self._begin()
        return rest

    def _take(self, samples: Samples) -> None:
        self._heard = np.concatenate([self._heard, samples], axis=1)

    def _given(self, steps: int, *, last: bool) -> Samples:
        """Stems of the next ``steps`` steps, as far as no later step changes them."""
        if not steps:
            return np.zeros((len(self.stems), STEREO, 0), np.float32)
        settings = self._settings
        count = (steps - 1) * settings.hop + settings.n_fft
        with torch.inference_mode():
            spectrum = stft_padded(torch.from_numpy(self._heard[:, :count]), settings)
            masks, self._memory = masks_going_on(
                masks_for, self.card.mask_settings, self._network, spectrum[None], self._memory
            )
            shares = masks[0]
            for stage in self._chain:
                shares = stage(shares, spectrum)
            pushed = self._inverse.push(shares[:-1] * spectrum, last=last).numpy()
        self._heard = self._heard[:, steps * settings.hop :]
        self._steps_done += steps
        pushed = pushed[..., : self._owed.shape[1]]
        ready = pushed.shape[-1]
        mixture, self._owed = self._owed[:, :ready], self._owed[:, ready:]
        closed = close(mixture.astype(np.float64), list(pushed.astype(np.float64)), GRID_BITS)
        return np.stack(closed).astype(np.float32)
