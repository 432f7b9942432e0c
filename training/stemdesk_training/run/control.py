"""What a run is told while it runs: by its program, by signals, or by lines on standard input."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from enum import IntEnum
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE, RESUME, STOP = "pause", "resume", "stop"
WORDS = (PAUSE, RESUME, STOP)
_READ_BYTES = 4096


class Wish(IntEnum):
    """What is to be done before the next step; of several processes' wishes the highest counts."""

    GO_ON = 0
    PAUSE = 1
    STOP = 2


class Control:
    """Takes words from anywhere and says what they amount to.

    A simple queue, since its ``put`` may be called from a signal handler at any moment.
    """

    def __init__(self) -> None:
        self._words: SimpleQueue[str] = SimpleQueue()
        self._pausing = self._stopping = False
        self.unknown: list[str] = []

    def tell(self, word: str) -> None:
        """Say ``pause``, ``resume`` or ``stop``; safe from threads and signal handlers."""
        self._words.put(word)

    def wish(self) -> Wish:
        """What all words so far amount to; a stop cannot be taken back."""
        try:
            while True:
                self._hear(self._words.get_nowait())
        except Empty:
            pass
        if self._stopping:
            return Wish.STOP
        return Wish.PAUSE if self._pausing else Wish.GO_ON

    def wait(self) -> Wish:
        """Sleep until there is another word."""
        self._hear(self._words.get())
        return self.wish()

    def _hear(self, word: str) -> None:
        if word == STOP:
            self._stopping = True
        elif word in WORDS:
            self._pausing = word == PAUSE
        else:
            self.unknown.append(word)

    @contextmanager
    def obeying_signals(self) -> Iterator[None]:
        """While SIGINT and SIGTERM stop the run after its current step."""
        names = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(name, lambda *_: self.tell(STOP)) for name in names]
        try:
            yield
        finally:
            for name, handler in zip(names, before, strict=True):
                signal.signal(name, handler)

    def obey_stdin(self) -> None:
        """Take a word from every line of standard input, and its end for a stop."""
        threading.Thread(target=self._read, name="stemdesk-control", daemon=True).start()

    def _read(self) -> None:
        # Not through sys.stdin: its lock would be held at exit by this thread.
        rest = b""
        try:
            while piece := os.read(0, _READ_BYTES):
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if word := line.decode("utf-8", "replace").strip():
                        self.tell(word)
        finally:
            self.tell(STOP)
