"""Starts children from a thread that lasts as long as the program.

Linux ends a child that asked for it when the thread is gone that started it, not the process
(prctl(2), PR_SET_PDEATHSIG). Plug-ins are loaded by whichever thread changes the mix, and that may
be a short one.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Child = subprocess.Popen[bytes]
    Order = tuple[Callable[[], Child], Future[Child]]


class Starter:
    """Has one thread, from the first start on."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew: a fork of the program has none of its threads."""
        self._lock = threading.Lock()
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._runs = False

    def start(self, begin: Callable[[], Child]) -> Child:
        """Call `begin` in the lasting thread; what it raises is raised here."""
        with self._lock:
            if not self._runs:
                thread = threading.Thread(target=self._serve, name="plug-in starter", daemon=True)
                thread.start()
                self._runs = True
        started: Future[Child] = Future()
        self._orders.put((begin, started))
        return started.result()

    def _serve(self) -> None:
        while True:
            _carry_out(*self._orders.get())


def _carry_out(begin: Callable[[], Child], started: Future[Child]) -> None:
    try:
        started.set_result(begin())
    except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
        started.set_exception(error)


STARTER = Starter()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=STARTER.renew)
