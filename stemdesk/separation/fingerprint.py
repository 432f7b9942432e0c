"""Everything that decides the bytes of a model's estimates, so that no run goes on from others."""

from __future__ import annotations

import hashlib
import importlib.metadata
from typing import TYPE_CHECKING, Any

from stemdesk.separation.card import card_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.mask_settings import Reconstruction

# numpy and torch transform, soxr brings the song to the model's rate.
_DECISIVE = ("stemdesk", "torch", "soxr", "numpy")


def model_fingerprint(
    card: ModelCard,
    device: str,
    threads: int,
    post: Sequence[str],
    reconstruction: Reconstruction = "null",
) -> dict[str, Any]:
    """What a spool must agree on before a run goes on from it; JSON-able.

    Args:
        card: as loaded, its ``sha256`` that of the weights, its ``threshold`` as the user wants it.
        device: type of the device the run begins on.
        threads: processor threads.
        post: post-processing stages.
        reconstruction: how masks become stems.
    """
    return {
        "model": card.id,
        "card": hashlib.sha256(card_text(card).encode()).hexdigest(),
        "weights": card.sha256,
        "device": device,
        "threads": threads,
        "post": list(post),
        "reconstruction": reconstruction,
        "versions": {name: importlib.metadata.version(name) for name in _DECISIVE},
    }
