"""A small causal model, and what it makes of music in a stream and in one piece."""

from __future__ import annotations

import numpy as np
import torch

from stemdesk.separation.card import Chunking
from stemdesk.separation.masks import masks_for
from stemdesk.separation.stft import istft, stft
from stemdesk_models.bandmask import BandMask
from tests.separation.toy_networks import make_card

FRAMES = 33_333
OPTIONS = {
    "complex_masks": False,
    "width": 16,
    "depth": 2,
    "head": 8,
    "bands": "live",
    "blocks": "lstm",
    "sees": "magnitudes",
    "causal": True,
}


def live_model(**changes):
    """Its card and network; the masks differ and move."""
    torch.manual_seed(0)
    values = {
        "id": "toy_live",
        "network": "bandmask",
        "options": OPTIONS,
        "masks": "softmax",
        "n_fft": 2048,
        "hop": 512,
        "win_length": 2048,
        "chunk": Chunking(steps=64, overlap_steps=8),
    }
    card = make_card(**(values | changes))
    network = BandMask(**card.options).eval()
    for name, parameter in network.named_parameters():
        if name.startswith("head"):
            parameter.data *= 3
    return card, network


def music(frames=FRAMES):
    rng = np.random.default_rng(3)
    swell = np.linspace(0.02, 1, frames, dtype=np.float32)
    return (rng.standard_normal((2, frames)) * 0.1).astype(np.float32) * swell


def streamed(separator, mixture, sizes):
    parts, place, turn = [], 0, 0
    while place < mixture.shape[1]:
        size = sizes[turn % len(sizes)]
        parts.append(separator.push(mixture[:, place : place + size]))
        place, turn = place + size, turn + 1
    parts.append(separator.finish())
    return np.concatenate(parts, axis=-1)


def whole(card, network, mixture, chain=()):
    with torch.inference_mode():
        spectrum = stft(torch.from_numpy(mixture), card.stft)
        masks = masks_for(card.mask_settings, network, spectrum[None])[0]
        for stage in chain:
            masks = stage(masks, spectrum)
        return istft(masks * spectrum, card.stft, mixture.shape[1]).numpy()
