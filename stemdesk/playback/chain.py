"""From a source to what a device can play: its channels, speed, sample rate and ceiling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from stemdesk.playback.conversion import Ceiling, RateConverter
from stemdesk.playback.folding import speaker_gains
from stemdesk.playback.stretch import Stretch

if TYPE_CHECKING:
    from stemdesk.playback.feed import Feed
    from stemdesk.playback.source import Block

QUANTUM_FRAMES = 512


class Stage(Protocol):
    """A step that holds some frames back and gives them out at the end."""

    def push(self, block: Block) -> Block:
        """Takes the next block `[channels, n]` and returns what is ready, `[channels, m]`."""

    def finish(self) -> Block:
        """Returns the rest; call once, after the last push."""


class Chain:
    """Renders one passage. What needs no change passes bit for bit.

    Frame k of the output belongs to the song's frame
    `timeline.source_frame(k * timeline.speed * feed.sample_rate / sample_rate)`.

    Args:
        feed: what is played.
        speed: of its timeline.
        sample_rate: the device's, Hz.
        channels: the device's.
    """

    def __init__(self, feed: Feed, speed: float, sample_rate: int, channels: int) -> None:
        self._feed = feed
        # Multiples of what mixing works in, about 10 ms.
        self._block_frames = QUANTUM_FRAMES * max(1, round(feed.sample_rate / 48_000))
        self._gains = speaker_gains(feed.channels, channels)
        self._is_same_speakers = np.array_equal(self._gains, np.eye(channels))
        self._stages: list[Stage] = []
        if speed != 1.0:
            self._stages.append(Stretch(feed.sample_rate, channels, speed))
        if feed.sample_rate != sample_rate:
            self._stages.append(RateConverter(channels, feed.sample_rate, sample_rate))
        self._stages.append(Ceiling(sample_rate, channels, feed.ceiling_db))
        self._is_finished = False

    def read(self) -> Block | None:
        """The next block `[channels, n]`, which may be empty; None after the end."""
        if self._is_finished:
            return None
        block = self._feed.read(self._block_frames)
        if block.shape[1] == 0:
            self._is_finished = True
            return self._finish()
        if not self._is_same_speakers:
            block = self._gains @ block
        for stage in self._stages:
            block = stage.push(block)
        return block

    def _finish(self) -> Block:
        rest = np.zeros((self._gains.shape[0], 0), np.float32)
        for stage in self._stages:
            rest = np.concatenate([stage.push(rest), stage.finish()], axis=1)
        return rest
