"""The ``[tuning]`` table of a recipe: from which model to go on, and how not to forget it."""

from __future__ import annotations

from typing import Literal

import msgspec

FreezePolicy = Literal["auto", "all_but_heads", "lower_half", "nothing"]


class Tuning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fine-tuning of a model on a studio's own songs.

    Attributes:
        base: the model to go on from, an id or a folder; the recipe's ``init`` is the same.
        freeze: which parameters stay as they are (:mod:`stemdesk_training.tuning.freezing`);
            ``auto`` decides by how much there is to learn from; a list holds beginnings of the
            names of parameters.
        l2_sp: how strongly weights are drawn back to the base's, in shares of the distance per
            step and unit of learning rate (:mod:`stemdesk_training.tuning.anchor`).
        replay: share of the items that come from base material.
        reference: folder of a reference pack; None for the one that is shipped.
        guard_db: how far the mean score on the reference set may fall below the base's.
        save_anyway: save even so.
        blend: share of the tuned weights in the model that is saved, the rest being the base's.
        listen: a song to render by the base and by every checkpoint that is validated.
        listen_seconds: how much of it, its loudest stretch; 0 for all.
    """

    base: str
    freeze: FreezePolicy | list[str] = "auto"
    l2_sp: float = 1.0
    replay: float = 0.25
    reference: str | None = None
    guard_db: float = 0.3
    save_anyway: bool = False
    blend: float = 1.0
    listen: str | None = None
    listen_seconds: float = 30.0

    def __post_init__(self) -> None:
        for name in ("replay", "blend"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie between 0 and 1")
        for name in ("l2_sp", "guard_db", "listen_seconds"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must not be below 0")


def deciding(tuning: Tuning | None) -> Tuning | None:
    """What decides the weights: a run goes on with other wishes for what is heard and saved."""
    if tuning is None:
        return None
    plain = Tuning(base=tuning.base)
    wishes = ("guard_db", "save_anyway", "blend", "listen", "listen_seconds")
    return msgspec.structs.replace(tuning, **{name: getattr(plain, name) for name in wishes})
