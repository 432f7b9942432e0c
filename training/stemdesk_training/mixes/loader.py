"""Batches made ahead of time in a process of their own, in a fixed order."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, Self

from stemdesk_training.mixes.model_mixes import ModelMixes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AHEAD = 4
_mixes: ModelMixes


def _open(*arguments: Any) -> None:
    # These reach every process of a terminal or a service; the trainer decides when to stop.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_trainer, daemon=True).start()
    global _mixes
    _mixes = ModelMixes(*arguments)


def _end_with_trainer() -> None:
    """A trainer that is killed cannot tell: without this its process would wait for ever."""
    trainer = parent_process()
    if trainer is not None:
        trainer.join()
        os._exit(1)


def _make(index: int, size: int, rows: slice) -> npt.NDArray[np.float32]:
    return _mixes.batch(index, size, rows)


class Loader:
    """Iterates over batches ``start, start + 1, ...`` of :class:`ModelMixes`.

    Args:
        mixes: arguments of :class:`ModelMixes`.
        size: items per batch.
        start: index of the first batch, so that a resumed run sees what it would have seen.
        rows: which of each batch's items are wanted here.
    """

    def __init__(
        self, mixes: tuple[Any, ...], size: int, start: int, rows: slice = slice(None)
    ) -> None:
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_open, initargs=mixes
        )
        self._size, self._next, self._rows = size, start, rows
        self._waiting: deque[Future[npt.NDArray[np.float32]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> npt.NDArray[np.float32]:
        while len(self._waiting) < AHEAD:
            self._waiting.append(self._pool.submit(_make, self._next, self._size, self._rows))
            self._next += 1
        return self._waiting.popleft().result()
