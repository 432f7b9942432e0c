"""A device without sound that keeps time: where there is no sound card, and for measuring."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from stemdesk.playback.device import Callback

LONGEST_LAG_SECONDS = 1.0


@dataclass
class Deadlines:
    """How well callbacks kept time. A block is due when the one before it has been played.

    Attributes:
        callbacks: how many there were.
        missed: how many came back after their block should have begun to sound, which a sound
            card answers with a gap; one block is kept in hand, as sound cards do at least.
        worst_lateness_seconds: the latest call after its deadline.
    """

    callbacks: int = 0
    missed: int = 0
    worst_lateness_seconds: float = 0.0


class SilentDevice:
    """Calls the player like a sound card would, on a monotonic clock, and throws the sound away.

    Args:
        sample_rate: Hz.
        channels: number of channels.
        block_ms: length of a block.

    Attributes:
        deadlines: see :class:`Deadlines`; put a new one here to count anew.
    """

    name = "no sound"

    def __init__(self, sample_rate: int, channels: int, block_ms: float = 20.0) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.deadlines = Deadlines()
        self._block_frames = max(1, round(sample_rate * block_ms / 1000))
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, callback: Callback) -> None:
        """Begin to call, in a thread of its own."""
        self._thread = threading.Thread(
            target=self._run, args=(callback,), name="stemdesk-silent-clock", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop calling."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def lost(self) -> str | None:
        """Never: there is nothing to lose."""
        return None

    @property
    def late_blocks(self) -> int:
        """As a sound card would count them."""
        return self.deadlines.missed

    def now_seconds(self) -> float:
        """The clock that the callbacks follow."""
        return time.monotonic()

    def _run(self, callback: Callback) -> None:
        out = np.zeros((self._block_frames, self.channels), np.float32)
        block_seconds = self._block_frames / self.sample_rate
        origin, blocks = self.now_seconds(), 0
        while not self._closing.is_set():
            deadline = origin + blocks * block_seconds
            # Sleeping is more exact than waiting for an event on some systems.
            time.sleep(max(0.0, deadline - self.now_seconds()))
            lateness = self.now_seconds() - deadline
            callback(out, deadline + block_seconds)
            self._note(lateness, self.now_seconds() - deadline > block_seconds)
            blocks += 1
            if lateness > LONGEST_LAG_SECONDS:  # the machine slept: do not hurry after it
                origin, blocks = self.now_seconds(), 0

    def _note(self, lateness: float, is_missed: bool) -> None:  # noqa: FBT001 - private, one call
        deadlines = self.deadlines
        deadlines.callbacks += 1
        deadlines.missed += is_missed
        deadlines.worst_lateness_seconds = max(deadlines.worst_lateness_seconds, lateness)
