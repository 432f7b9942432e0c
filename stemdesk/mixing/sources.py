"""Stems to mix: what a mix reads them as; files, and clips in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stemdesk.audio.clip import AudioClip
    from stemdesk.mixing.effects.effect import Block

# Reads of the mixer are short; a file is read in pieces that pay.
_READ_AHEAD_FRAMES = 16_384


class StemSource(Protocol):
    """One stem's samples, wherever they lie."""

    sample_rate: int
    channels: int
    frames: int

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros past the end."""


class FileStem:
    """A stem in a file, read piece by piece.

    Args:
        path: any audio file.
        gain: that all stems were written with, so that none clips; it is taken back.

    Raises:
        UserError: it cannot be read, now or at a later read.
    """

    def __init__(self, path: Path, gain: float = 1.0) -> None:
        self._gain = np.float32(gain)
        self._reader = open_audio(path)
        self.path = path
        self.sample_rate = self._reader.info.sample_rate
        self.channels = self._reader.info.channels
        self.frames = self._reader.info.frames
        self._held = np.zeros((self.channels, 0), dtype=np.float32)
        self._first = 0
        self._next = 0

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros outside the file.

        Samples of up to 24 bits come out exactly, where there is no gain to take back.
        """
        begin, end = max(0, frame), min(frame + frames, self.frames)
        if end <= begin:
            return np.zeros((self.channels, frames), dtype=np.float32)
        self._hold(begin, end)
        part = self._held[:, begin - self._first : end - self._first]
        if part.shape[1] == frames:
            return part
        return np.pad(part, ((0, 0), (begin - frame, frame + frames - end)))

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def _hold(self, begin: int, end: int) -> None:
        held_end = self._first + self._held.shape[1]
        if self._first <= begin and end <= held_end:
            return
        if not self._first <= begin <= held_end:
            self._first = held_end = begin
            self._held = self._held[:, :0]
        kept = self._held[:, begin - self._first :]
        if held_end != self._next:
            self._reader.seek(held_end)
        fresh = self._reader.read(max(_READ_AHEAD_FRAMES, end - held_end)).astype(np.float32)
        self._next = held_end + fresh.shape[1]
        if self._gain != 1.0:
            fresh /= self._gain
        self._held = np.concatenate((kept, fresh), axis=1)
        self._first = begin


class ClipStem:
    """A stem in memory.

    Args:
        clip: its samples.
    """

    def __init__(self, clip: AudioClip) -> None:
        self._samples = clip.samples.astype(np.float32, copy=False)
        self.sample_rate = clip.sample_rate
        self.channels = clip.channels
        self.frames = clip.frames

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros outside the clip."""
        begin, end = max(0, frame), min(frame + frames, self.frames)
        if end <= begin:
            return np.zeros((self.channels, frames), dtype=np.float32)
        part = self._samples[:, begin:end]
        if part.shape[1] == frames:
            return part
        return np.pad(part, ((0, 0), (begin - frame, frame + frames - end)))


def common_rate(stems: Mapping[str, StemSource]) -> int:
    """The sample rate in Hz that all stems have.

    Raises:
        UserError: there are none, or they differ.
    """
    rates = {name: stem.sample_rate for name, stem in stems.items()}
    if not rates:
        raise UserError("There are no stems to mix", "separate a song first")
    first = next(iter(rates.values()))
    for name, rate in rates.items():
        if rate != first:
            raise UserError(
                f"The stem {name} has {rate} Hz, the others {first} Hz",
                "export them at one sample rate",
            )
    return first
