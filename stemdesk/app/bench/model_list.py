"""The models that are installed, in the words of the windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.separation.card import ModelCard


def model_choices() -> list[tuple[str, str, str, str]]:
    """(id, title, quality in words, size) of every model that can be used, the default first."""
    from stemdesk.separation.catalogue import DEFAULT_MODEL, list_models, model_folders

    folders = model_folders()
    cards = sorted(list_models(), key=lambda card: card.id != DEFAULT_MODEL)
    return [
        (
            card.id,
            card.title,
            _quality(card),
            _size(sum(file.stat().st_size for file in folders[card.id].glob("*.safetensors"))),
        )
        for card in cards
    ]


def model_credits() -> dict[str, list[str]]:
    """Title -> whom the model's licence asks to name."""
    from stemdesk.separation.catalogue import list_models

    return {card.title: list(card.credits) for card in list_models()}


def _quality(card: ModelCard) -> str:
    for scores in card.scores.values():
        return ", ".join(f"{stem} {scores[stem]:.1f} dB" for stem in card.stems if stem in scores)
    return ""


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MiB"
