"""A small causal model, for what runs on streams."""

from __future__ import annotations

import torch

from stemdesk.separation.card import Chunking
from stemdesk_models.bandmask import BandMask
from tests.separation.toy_networks import make_card

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
