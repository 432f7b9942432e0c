"""The base model against another, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk_training.tuning.tuned_card import scores_in

if TYPE_CHECKING:
    from stemdesk.separation.card import ModelCard
    from stemdesk_training.tuning.guard import Pair

SONGS, REFERENCE = "your songs", "reference"


def as_table(names: tuple[str, str], base: Pair, other: Pair) -> str:
    """USDR in dB of two models on both sets, stem by stem; a set without scores is left out."""
    heads = [_short(name) for name in names]
    width = max(9, *map(len, heads))
    stems = list(base.reference)
    label = max(map(len, stems)) + 12
    cells = "".join(f"{head:>{width + 2}}" for head in (*heads, "change"))
    lines = [f"{'uSDR (dB)':{label}}{cells}"]
    sets = {SONGS: (base.songs, other.songs), REFERENCE: (base.reference, other.reference)}
    for name, (before, after) in sets.items():
        for stem in stems:
            if stem not in before or stem not in after:
                continue
            change = f"{after[stem] - before[stem]:+.2f}"
            numbers = (f"{before[stem]:.2f}", f"{after[stem]:.2f}", change)
            row = "".join(f"{number:>{width + 2}}" for number in numbers)
            lines.append(f"{f'{name}, {stem}':{label}}{row}")
    return "\n".join(lines)


def table_of(card: ModelCard) -> str:
    """A tuned model against its base, from what its card says."""
    base_id, base, tuned = scores_in(card)
    return as_table((base_id, card.id), base, tuned)


def _short(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 3]}..."
