"""Batches for the trainer, from the one that is due."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import torch

from stemdesk_training.device.mixing import DeviceMixes
from stemdesk_training.mixes.loader import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stemdesk_training.recipe import Recipe
    from stemdesk_training.tuning.fine_tuning import FineTuning


class Feed:
    """Iterates over this process's share of every step's items, on its device.

    A step takes ``batch`` x ``accumulate`` items in each process, all drawn by one number: however
    they are shared out, they are the same.

    Args:
        recipe: what to mix.
        pool: from where.
        device: where the batches are to lie.
        place: number of this process.
        processes: how many share a batch.
        tuning: brings in base material where a model is tuned.
    """

    def __init__(
        self,
        recipe: Recipe,
        pool: Path,
        device: torch.device,
        place: int,
        processes: int,
        tuning: FineTuning | None = None,
    ) -> None:
        self._recipe, self._pool, self._device = recipe, pool, device
        share = recipe.data.batch * recipe.optimiser.accumulate
        self.rows = slice(place * share, (place + 1) * share)
        self._size = share * processes
        self._replay = None if tuning is None else tuning.replay(self._size, self.rows)
        self._open = ExitStack()
        self._batches: Iterator[torch.Tensor] = iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def seek(self, index: int) -> None:
        """Let batch ``index`` be the next."""
        self._open.close()
        self._batches = self._made(index)
        if self._replay is not None:
            self._batches = self._replay.among(self._batches, index)

    def _made(self, index: int) -> Iterator[torch.Tensor]:
        recipe, data = self._recipe, self._recipe.data
        if data.mixing == "device":
            drawing = data.drawing("train")
            mixes = DeviceMixes(
                self._pool, data.seconds, data.seed, self._size, self._device, drawing
            )
            return (batch[self.rows] for batch in mixes.starting_at(index))
        arguments = (recipe.model, data, self._pool, "train", data.seconds, data.seed)
        loader = self._open.enter_context(Loader(arguments, self._size, index, self.rows))
        return (torch.from_numpy(batch).to(self._device) for batch in loader)

    def __next__(self) -> torch.Tensor:
        return next(self._batches)
