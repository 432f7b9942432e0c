"""Several renderings of one song as one source: which is heard is switched without a gap."""

from __future__ import annotations

import math
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from stemdesk.audio.loudness import loudness_of_file
from stemdesk.errors import UserError
from stemdesk.mixing.sources import FileStem
from stemdesk.mixing.way import Way
from stemdesk.playback.fades import fade_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk.playback.timeline import Loop

    Block = NDArray[np.float32]

FADE_MS = 10.0
LARGEST_CUT_DB = 30.0


@dataclass(frozen=True)
class Levelled:
    """A rendering and the gain that makes it as loud as the others.

    Attributes:
        path: the file.
        gain: at most 1, so that nothing clips.
        lufs: its integrated loudness as it is; -inf for silence.
    """

    path: Path
    gain: float
    lufs: float


def levelled(files: Mapping[str, Path]) -> dict[str, Levelled]:
    """Measure renderings and match them to the quietest (BS.1770-4 integrated loudness).

    What is silent, or more than 30 dB below the loudest, is left out of the matching: there is
    nothing in it to be matched.

    Raises:
        UserError: a file cannot be read.
    """
    loudness = {name: loudness_of_file(path).integrated_lufs for name, path in files.items()}
    loudest = max(loudness.values(), default=-math.inf)
    heard = [lufs for lufs in loudness.values() if lufs > loudest - LARGEST_CUT_DB]
    quietest = min(heard, default=-math.inf)
    return {
        name: Levelled(
            path,
            10 ** ((quietest - loudness[name]) / 20) if loudness[name] > quietest else 1.0,
            loudness[name],
        )
        for name, path in files.items()
    }


class Switch:
    """Satisfies `playback.source.Source`. Any thread may say what is heard.

    Args:
        files: name -> rendering; all of one rate and length. The first is heard at first.

    Raises:
        UserError: one cannot be read, or they do not fit together.
    """

    def __init__(self, files: Mapping[str, Levelled]) -> None:
        self._open = ExitStack()
        self._stems: dict[str, tuple[FileStem, np.float32]] = {}
        try:
            for name, each in files.items():
                stem = self._open.enter_context(closing(FileStem(each.path)))
                self._stems[name] = (stem, np.float32(each.gain))
        except BaseException:
            self._open.close()
            raise
        stems = [stem for stem, _ in self._stems.values()]
        self.sample_rate = stems[0].sample_rate
        self.channels = max(stem.channels for stem in stems)
        self.frames = min(stem.frames for stem in stems)
        if any(stem.sample_rate != self.sample_rate for stem in stems):
            self._open.close()
            raise UserError(
                f"The renderings in {stems[0].path.parent} have different sample rates",
                "render them anew",
            )
        self._wanted = self._shown = next(iter(self._stems))
        self._fade = fade_in(round(FADE_MS * self.sample_rate / 1000))
        self._way, self._position = Way(0), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def heard(self) -> str:
        """Which rendering is heard, or is about to be."""
        return self._wanted

    def hear(self, name: str) -> None:
        """Let another be heard; `Player.refresh` lets it be so at once.

        Raises:
            KeyError: there is none of that name.
        """
        if name not in self._stems:
            raise KeyError(name)
        self._wanted = name

    def seek(self, frame: int, loop: Loop | None = None) -> None:
        """Let the next `read` begin at `frame`."""
        self._way, self._position = Way(frame, loop), 0

    def renew(self, unheard_frames: int, loop: Loop | None = None) -> None:
        """Let what is not heard be read again."""
        self._position -= unheard_frames
        self._way = Way(int(self._way.song_frame(self._position)), loop, self._position)

    def read(self, frames: int) -> Block:
        """The next frames, float32 `[channels, n]`; a switch is a fade of 10 ms."""
        if not self._way.is_endless:
            frames = min(frames, self.frames - int(self._way.song_frame(self._position)))
        if frames <= 0:
            return np.zeros((self.channels, 0), np.float32)
        wanted, shown = self._wanted, self._shown
        block = self._read(wanted, frames)
        if wanted != shown:
            rise = self._fade[:frames]
            rise = np.pad(rise, (0, frames - len(rise)), constant_values=1.0)
            block = block * rise + self._read(shown, frames) * (1 - rise)
            self._shown = wanted
        self._position += frames
        return block

    def close(self) -> None:
        """Close the files."""
        self._open.close()

    def _read(self, name: str, frames: int) -> Block:
        stem, gain = self._stems[name]
        block: Block = self._way.read(stem, self._position, frames) * gain
        if block.shape[0] < self.channels:
            block = np.repeat(block[:1], self.channels, axis=0)
        return block
