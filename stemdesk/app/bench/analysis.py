"""Looking at a song when it is opened: its picture, its loudness, its tempo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.peaks import BASE_FRAMES, Peaks
from stemdesk.audio.tempo import FoundTempo, find_tempo
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.errors import UserError
from stemdesk.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.audio.reading import AudioReader
    from stemdesk.mixing.sources import StemSource

    Report = Callable[[float, str], None]

BLOCK_FRAMES = 512 * BASE_FRAMES
GLANCE_FRAMES = 8 * BASE_FRAMES
GLANCE_STRETCH = 16 * GLANCE_FRAMES  # a first look reads one frame of so many
GLANCES = 64  # taken in at a time
LOUDNESS_SHARE = 0.6  # of the time; the rest goes into the tempo


@dataclass(frozen=True)
class SongMeasures:
    """What is known of a song once it was listened to as a whole.

    Attributes:
        integrated_lufs: loudness; -inf for silence.
        true_peak_dbtp: of the highest channel.
        tempo: steady tempo, if it has one.
    """

    integrated_lufs: float
    true_peak_dbtp: float
    tempo: FoundTempo | None


def glance(reader: AudioReader, peaks: Peaks, report: Report) -> None:
    """Fill a pyramid roughly, from one frame of sixteen; only where seeking is cheap.

    Args:
        reader: of the sound; what it lacks of their length is silence, for other programs write
            files while they are looked at.
        peaks: of its shape.
        report: told the fraction done; may raise Cancelled.

    Raises:
        UserError: the file is damaged.
    """
    frames = min(peaks.frames, reader.info.frames)
    for begin in range(0, frames, GLANCES * GLANCE_STRETCH):
        report(begin / frames, "drawing")
        end = begin + GLANCES * GLANCE_STRETCH
        pieces = np.zeros((peaks.channels, GLANCES, GLANCE_FRAMES))
        for index, first in enumerate(range(begin, min(end, frames), GLANCE_STRETCH)):
            reader.seek(first)
            block = reader.read(GLANCE_FRAMES)
            pieces[:, index, : block.shape[1]] = block
        peaks.guess(begin, end, pieces)


def draw(source: StemSource, peaks: Peaks, report: Report) -> None:
    """Fill a pyramid from a sound.

    Args:
        source: the sound; what it lacks of their length is silence.
        peaks: of its shape.
        report: told the fraction done; may raise Cancelled.

    Raises:
        UserError: the file is damaged.
    """
    for first in range(0, peaks.frames, BLOCK_FRAMES):
        report(first / peaks.frames, "drawing")
        frames = min(BLOCK_FRAMES, peaks.frames - first)
        peaks.put(first, source.read_at(first, frames))


def draw_stretch(source: StemSource, peaks: Peaks, first_frame: int, end_frame: int) -> None:
    """Fill the whole blocks of a stretch, and its last one where the sound ends."""
    first = -(-first_frame // BASE_FRAMES) * BASE_FRAMES
    end = end_frame if end_frame >= source.frames else end_frame // BASE_FRAMES * BASE_FRAMES
    for begin in range(first, min(end, source.frames), BLOCK_FRAMES):
        frames = min(BLOCK_FRAMES, end - begin, source.frames - begin)
        peaks.put(begin, source.read_at(begin, frames))


def measure(source: StemSource, report: Report) -> SongMeasures:
    """Loudness, true peak and tempo of a whole song.

    Raises:
        UserError: the file is damaged.
    """
    loudness = LoudnessMeter(source.sample_rate, source.channels)
    peak = TruePeakMeter(source.sample_rate, source.channels)
    for first in range(0, source.frames, BLOCK_FRAMES):
        report(LOUDNESS_SHARE * first / source.frames, "measuring")
        block = source.read_at(first, min(BLOCK_FRAMES, source.frames - first))
        loudness.push(block)
        peak.push(block)
    peak.finish()
    tempo = find_tempo(
        source, lambda done, stage: report(LOUDNESS_SHARE + (1 - LOUDNESS_SHARE) * done, stage)
    )
    return SongMeasures(loudness.integrated_lufs, peak.max_dbtp, tempo)


def peaks_path(path: Path, lane: str = "") -> Path:
    """Where the pyramid of a file is kept; another file, or a changed one, has another place."""
    try:
        status = path.stat()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror})", "check the disk it lies on"
        ) from error
    mark = f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}|{lane}"
    return cache_dir() / "peaks" / f"{hashlib.sha256(mark.encode()).hexdigest()[:24]}.npy"


def restore_peaks(path: Path, peaks: Peaks, lane: str = "") -> bool:
    """Fill a pyramid as a file's was drawn before; whether it was.

    Args:
        path: the file.
        peaks: of its shape.
        lane: of several made from one file, which.
    """
    try:
        return peaks.restore(peaks_path(path, lane))
    except UserError:
        return False
