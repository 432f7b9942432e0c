"""The models that a training can go on from."""

from __future__ import annotations

from stemdesk.app.bench.model_list import model_choices


def trainable() -> list[tuple[str, str, str, str]]:
    """(id, title, quality in words, size) of every model that has learnt something."""
    from stemdesk.separation.catalogue import list_models

    learnt = {card.id for card in list_models() if card.parameters > 0}
    return [each for each in model_choices() if each[0] in learnt]
