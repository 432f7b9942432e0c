"""Watches a plug-in's latency while it plays, from the song itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.plugins.latency import from_correlation, longest_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Block = NDArray[np.float32]

_HEARD_SECONDS = 0.2  # that are compared with what was sent
_LOOK_SECONDS = 0.5


class LatencyTracker:
    """Compares what went in with what came out, once in about half a second, when asked to.

    It rests until :meth:`doubt` is called (a parameter was turned, another latency reported) and
    again when it has an answer. Music may give none (silence, a reverb without its dry part):
    then it goes on looking, and nothing changes.

    Args:
        rate_hz: sample rate.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._heard_frames = int(_HEARD_SECONDS * rate_hz)
        self._look_frames = int(_LOOK_SECONDS * rate_hz)
        self._sent: list[Block] = []
        self._heard: list[Block] = []
        self._collected = 0
        self._last: int | None = None
        self._doubts = self._doubts_at_last = 0
        self.doubtful = False

    def doubt(self) -> None:
        """The latency may have changed (again): look until it is known for sure."""
        self._doubts += 1
        self.doubtful = True

    def settle(self) -> None:
        """It was measured in a better way: rest."""
        self.doubtful = False
        self.clear()

    def clear(self) -> None:
        """Forget what was collected, as after a seek or a change."""
        self._sent, self._heard, self._collected = [], [], 0
        self._last = None

    def collect(self, sent: Block, heard: Block) -> None:
        """Note a block `[channels, frames]` and what became of it."""
        if self.doubtful:
            weights = np.linspace(1.0, 0.5, sent.shape[0], dtype=np.float32)
            self._sent.append(weights @ sent)
            self._heard.append(weights @ heard)
            self._collected += sent.shape[1]

    def find(self, latency_frames: int, reported_frames: int) -> int | None:
        """The latency in frames, once two looks in a row agree; else None.

        Args:
            latency_frames: what it is taken for.
            reported_frames: what the plug-in says.
        """
        longest = longest_frames(self._rate_hz, reported_frames)
        if not self.doubtful or self._collected < longest + self._look_frames:
            return None
        sent = np.concatenate(self._sent)[-self._heard_frames - longest :]
        heard = np.concatenate(self._heard)[-self._heard_frames :]
        found = from_correlation(sent, heard, longest, latency_frames)
        self._keep(longest)
        if found is None or found != self._last:
            self._last, self._doubts_at_last = found, self._doubts
            return None
        if self._doubts == self._doubts_at_last:
            self.settle()
        self._doubts_at_last = self._doubts
        return found

    def _keep(self, frames: int) -> None:
        # As the history of what is heard in the next look.
        while self._sent and self._collected - self._sent[0].size >= frames:
            self._collected -= self._sent.pop(0).size
            self._heard.pop(0)
