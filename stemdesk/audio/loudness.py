"""Loudness in LUFS after ITU-R BS.1770-4 and EBU R 128 (Tech 3341 and 3342), live or of files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.audio.cells import CELLS_PER_SECOND, CellGrid, cell_means
from stemdesk.audio.gating import LoudnessHistory, lufs
from stemdesk.audio.k_weighting import KWeighting
from stemdesk.audio.reading import BLOCK_FRAMES, open_audio
from stemdesk.audio.sliding import sliding
from stemdesk.audio.true_peak import TruePeakMeter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk.audio.reading import AudioReader

_MOMENTARY_CELLS = 2 * CELLS_PER_SECOND // 5
_SHORT_TERM_CELLS = 3 * CELLS_PER_SECOND
# Powers below this, -200 dB, are what filters leave behind after a sound: silence.
_SILENT_POWER = 1e-20


@dataclass(frozen=True)
class Loudness:
    """The measures of a whole programme.

    Attributes:
        integrated_lufs: -inf for silence and for less than 400 ms.
        range_lu: LRA; 0.0 for silence and for less than 3 s, and not settled before 60 s.
        max_momentary_lufs: the loudest 400 ms.
        max_short_term_lufs: the loudest 3 s.
        true_peak_dbtp: of the highest channel.
    """

    integrated_lufs: float
    range_lu: float
    max_momentary_lufs: float
    max_short_term_lufs: float
    true_peak_dbtp: float


class LoudnessMeter:
    """Measures a stream, block after block.

    The readings follow in steps of 10 ms (the gated ones of 100 ms) and do not depend on where
    the stream is cut into blocks. Before the start there was silence. Memory is constant but for
    36 000 numbers an hour. One thread pushes and resets; any may read.

    Attributes:
        momentary_lufs: of the last 400 ms.
        short_term_lufs: of the last 3 s.
        max_momentary_lufs: the highest since the start.
        max_short_term_lufs: the highest since the start.

    Args:
        sample_rate: Hz, 8 to 192 kHz.
        channels: 1 to 8; see :data:`stemdesk.audio.k_weighting.CHANNEL_WEIGHTS` for their order.

    Raises:
        ValueError: Rate or channels are outside these.
    """

    momentary_lufs: float
    short_term_lufs: float
    max_momentary_lufs: float
    max_short_term_lufs: float

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self.reset()

    def reset(self) -> None:
        """Starts again, as if nothing had been pushed."""
        self._weighting = KWeighting(self._sample_rate, self._channels)
        self._grid = CellGrid(self._sample_rate, 1)
        self._recent = np.zeros(_SHORT_TERM_CELLS - 1)
        self._history = LoudnessHistory()
        self.momentary_lufs = self.max_momentary_lufs = -math.inf
        self.short_term_lufs = self.max_short_term_lufs = -math.inf

    @property
    def integrated_lufs(self) -> float:
        """Gated loudness of everything since the start."""
        return self._history.integrated_lufs()

    @property
    def range_lu(self) -> float:
        """Loudness range (LRA) of everything since the start."""
        return self._history.range_lu()

    def push(self, block: NDArray[np.floating[Any]]) -> None:
        """Takes the next block `[channels, n]`, nominal +-1.0; numbers that are none count as 0.

        Raises:
            ValueError: The block has another shape.
        """
        for start in range(0, block.shape[-1], self._sample_rate):
            power = self._weighting.push(block[..., start : start + self._sample_rate])
            cells = cell_means(*self._grid.push(power[None]))[0]
            if len(cells):
                cells[cells < _SILENT_POWER] = 0.0
                self._history.push(cells)
                self._read(np.concatenate([self._recent, cells]))

    def _read(self, cells: NDArray[np.float64]) -> None:
        """Updates the ungated readings from the new cells and those of 3 s before them."""
        momentary = cells[_SHORT_TERM_CELLS - _MOMENTARY_CELLS :]
        powers = sliding(np.add, momentary, _MOMENTARY_CELLS) / _MOMENTARY_CELLS
        self.momentary_lufs = lufs(float(powers[-1]))
        self.max_momentary_lufs = max(self.max_momentary_lufs, lufs(float(powers.max())))
        powers = sliding(np.add, cells, _SHORT_TERM_CELLS) / _SHORT_TERM_CELLS
        self.short_term_lufs = lufs(float(powers[-1]))
        self.max_short_term_lufs = max(self.max_short_term_lufs, lufs(float(powers.max())))
        self._recent = cells[1 - _SHORT_TERM_CELLS :]


class _Programme:
    """Everything about a programme that is pushed once from its first frame to its last."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._loudness = LoudnessMeter(sample_rate, channels)
        self._true_peak = TruePeakMeter(sample_rate, channels)

    def push(self, block: NDArray[np.floating[Any]]) -> None:
        self._loudness.push(block)
        self._true_peak.push(block)

    def finish(self) -> Loudness:
        self._true_peak.finish()
        return Loudness(
            integrated_lufs=self._loudness.integrated_lufs,
            range_lu=self._loudness.range_lu,
            max_momentary_lufs=self._loudness.max_momentary_lufs,
            max_short_term_lufs=self._loudness.max_short_term_lufs,
            true_peak_dbtp=self._true_peak.max_dbtp,
        )


def measure_loudness(samples: NDArray[np.floating[Any]], sample_rate: int) -> Loudness:
    """Measures `samples` `[channels, frames]`, nominal +-1.0.

    Raises:
        ValueError: Not 1 to 8 channels or 8 to 192 kHz.
    """
    programme = _Programme(sample_rate, samples.shape[0])
    programme.push(samples)
    return programme.finish()


def loudness_of(
    reader: AudioReader, report: Callable[[float, str], None] | None = None
) -> Loudness:
    """Measures what an open reader delivers from its first frame to its last.

    Args:
        reader: As `open_audio` returns it.
        report: Told the fraction 0..1 and the stage after each block; may raise Cancelled.

    Raises:
        UserError: As `AudioReader.read`.
    """
    info = reader.info
    programme = _Programme(info.sample_rate, info.channels)
    reader.seek(0)
    done_frames = 0
    while (block := reader.read(BLOCK_FRAMES)).shape[1]:
        programme.push(block)
        done_frames += block.shape[1]
        if report is not None:
            report(done_frames / info.frames, f"Measuring {info.path.name}")
    return programme.finish()


def loudness_of_file(path: Path, report: Callable[[float, str], None] | None = None) -> Loudness:
    """Measures an audio or video file in constant memory.

    Args:
        path: The file.
        report: As for `loudness_of`.

    Raises:
        UserError: As `open_audio` and `AudioReader.read`.
    """
    with open_audio(path) as reader:
        return loudness_of(reader, report)
