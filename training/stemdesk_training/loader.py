"""Batches made ahead of time in a process of their own, in a fixed order."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Self

from stemdesk_training.corpus.mixing import RandomMixes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AHEAD = 4
_mixes: RandomMixes


def _open(*arguments: Any) -> None:
    # Ctrl-C reaches every process of the terminal; the trainer decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _mixes
    _mixes = RandomMixes(*arguments)


def _make(index: int, size: int) -> npt.NDArray[np.float32]:
    return _mixes.batch(index, size)


class Loader:
    """Iterates over batches ``start, start + 1, ...`` of :class:`RandomMixes`.

    Args:
        mixes: arguments of :class:`RandomMixes`.
        size: items per batch.
        start: index of the first batch, so that a resumed run sees what it would have seen.
    """

    def __init__(self, mixes: tuple[Any, ...], size: int, start: int) -> None:
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_open, initargs=mixes
        )
        self._size, self._next = size, start
        self._waiting: deque[Future[npt.NDArray[np.float32]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> npt.NDArray[np.float32]:
        while len(self._waiting) < AHEAD:
            self._waiting.append(self._pool.submit(_make, self._next, self._size))
            self._next += 1
        return self._waiting.popleft().result()
