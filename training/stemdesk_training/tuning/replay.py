"""Base material among a studio's own: what is not heard again is forgotten.

Rehearsal of some old items (Robins 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal").
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import torch

from stemdesk_training.mixes.model_mixes import ModelMixes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stemdesk_training.recipe import Recipe

SEED_OFFSET = 7_000_000  # so that what is replayed is never drawn like what it stands beside


def replayed_items(index: int, size: int, share: float) -> int:
    """How many items of batch ``index`` are replayed; over many batches the share, exactly."""
    exact = size * share
    return math.floor((index + 1) * exact + 1e-9) - math.floor(index * exact + 1e-9)


class Replay:
    """Puts base material in place of the last items of batches.

    Args:
        recipe: of the run.
        pool: base material.
        share: of all items.
        size: items of a batch, of all processes together.
        rows: which of them come by here.
    """

    def __init__(self, recipe: Recipe, pool: Path, share: float, size: int, rows: slice) -> None:
        data = recipe.data
        self._share, self._size, self._rows = share, size, range(size)[rows]
        self._mixes = ModelMixes(
            recipe.model, data, pool, "train", data.seconds, data.seed + SEED_OFFSET
        )

    def among(self, batches: Iterator[torch.Tensor], index: int) -> Iterator[torch.Tensor]:
        """Batches from number ``index`` on, with replayed items; the same for the same number."""
        with ThreadPoolExecutor(1) as thread:
            coming = thread.submit(self._made, index)
            for number, batch in enumerate(batches, index):
                made, coming = coming.result(), thread.submit(self._made, number + 1)
                yield batch if made is None else torch.cat((batch[: -len(made)], made.to(batch)))

    def _made(self, index: int) -> torch.Tensor | None:
        first = self._size - replayed_items(index, self._size, self._share)
        mine = [row for row in self._rows if row >= first]
        if not mine:
            return None
        return torch.from_numpy(self._mixes.batch(index, self._size, slice(mine[0], mine[-1] + 1)))
