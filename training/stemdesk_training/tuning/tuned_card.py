"""What the card of a tuned model says of where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk_training.tuning.guard import Pair

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard
    from stemdesk_training.tuning.reference import ReferencePack
    from stemdesk_training.tuning_settings import Tuning

VALID_PART = 0.2  # of a song of which the end is held out
SONGS = "held-out songs of the studio, uSDR"
REFERENCE = "reference set {}, uSDR"


class Material(msgspec.Struct, frozen=True):
    """The studio's songs in a pool.

    Attributes:
        names: of all of them.
        train_seconds: of music to learn from.
        valid_seconds: of what is held out.
        ends: whether it is the end of each song that is held out, not whole songs.
    """

    names: list[str]
    train_seconds: float
    valid_seconds: float
    ends: bool


def material_of(pool: Path) -> Material:
    """What ``pool.json`` says of songs, or else the lengths of the files there are."""
    notes = read_json(file_bytes(pool / "pool.json"), names=True)
    seconds = {"train": 0.0, "valid": 0.0}
    ends = False
    for song in notes.get("songs", {}).values():
        held = {"valid": 1.0, "train": 0.0, "both": VALID_PART}[song["split"]]
        seconds["valid"] += held * song["seconds"]
        seconds["train"] += (1 - held) * song["seconds"]
        ends |= song["split"] == "both"
    if "songs" not in notes:
        for name, entry in notes.get("files", {}).items():
            seconds[name.partition("/")[0]] += entry["seconds"] / len(notes["stems"])
    names = sorted(song["name"] for song in notes.get("songs", {}).values())
    return Material(names, seconds["train"], seconds["valid"], ends)


@dataclass(frozen=True)
class Facts:
    """What a card is completed from.

    Attributes:
        base: the base model's card.
        tuning: the recipe's table.
        freeze: the policy that was followed.
        material: what was learnt from.
    """

    base: ModelCard
    tuning: Tuning
    freeze: str
    material: Material


def complete(
    card: ModelCard, facts: Facts, pack: ReferencePack, base: Pair, tuned: Pair
) -> ModelCard:
    """The card with its parents, material, licence, credits and both models' scores."""
    tuning, material = facts.tuning, facts.material
    told: dict[str, Any] = {
        "base": tuning.base,
        "base_id": facts.base.id,
        "base_sha256": facts.base.sha256,
        "frozen": facts.freeze,
        "l2_sp": tuning.l2_sp,
        "replay": tuning.replay,
        "blend": tuning.blend,
        "reference": pack.key,
        "songs": len(material.names),
        "seconds": round(material.train_seconds, 1),
        "held_out_seconds": round(material.valid_seconds, 1),
        "held_out": "the end of each song" if material.ends else "whole songs",
    }
    return msgspec.structs.replace(
        card,
        post=facts.base.post,
        licence=facts.base.licence,
        credits=list(dict.fromkeys([*facts.base.credits, *card.credits, *pack.credits])),
        training={**card.training, "tuning": told},
        scores=scores_of(facts.base.id, pack.key, base, tuned),
    )


def scores_of(base_id: str, reference: str, base: Pair, tuned: Pair) -> dict[str, dict[str, float]]:
    """Both models' scores, as cards name them."""
    found = {
        SONGS: tuned.songs,
        f"{SONGS} of {base_id}": base.songs,
        REFERENCE.format(reference): tuned.reference,
        f"{REFERENCE.format(reference)} of {base_id}": base.reference,
    }
    return {
        name: {stem: round(db, 3) for stem, db in scores.items()}
        for name, scores in found.items()
        if scores
    }


def scores_in(card: ModelCard) -> tuple[str, Pair, Pair]:
    """The other way round: the base's id, its scores, and those of the card's model."""
    told = card.training["tuning"]
    base_id = told["base_id"]
    reference = REFERENCE.format(told["reference"])
    names = (f"{SONGS}{{}}", f"{reference}{{}}")
    base, tuned = (
        Pair(*(card.scores.get(name.format(of), {}) for name in names))
        for of in (f" of {base_id}", "")
    )
    return base_id, base, tuned
