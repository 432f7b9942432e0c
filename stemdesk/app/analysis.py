"""Looking at a song when it is opened: its picture, its loudness, its tempo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.peaks import BASE_FRAMES, Peaks
from stemdesk.audio.tempo import FoundTempo, find_tempo
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.errors import UserError
from stemdesk.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.mixing.renderer import StemSource

    Report = Callable[[float, str], None]

BLOCK_FRAMES = 512 * BASE_FRAMES
GLANCE = 16  # a first look reads one frame of so many
GLANCE_STRETCH = GLANCE * 8 * BASE_FRAMES
DRAW_SHARE, MEASURE_SHARE = 0.3, 0.4


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


def draw(source: StemSource, peaks: Peaks, report: Report, *, glance: bool = True) -> None:
    """Fill a pyramid from a sound, at first roughly.

    Args:
        source: the sound.
        peaks: of its shape.
        report: told the fraction done; may raise Cancelled.
        glance: take a quick look first; only where seeking is cheap.

    Raises:
        UserError: the file is damaged.
    """
    if glance and source.frames > 4 * GLANCE_STRETCH:
        for first in range(0, source.frames, GLANCE_STRETCH):
            report(0.0, "drawing")
            frames = min(GLANCE_STRETCH // GLANCE, source.frames - first)
            peaks.guess(first, first + GLANCE_STRETCH, source.read_at(first, frames))
    for first in range(0, source.frames, BLOCK_FRAMES):
        report(first / source.frames, "drawing")
        frames = min(BLOCK_FRAMES, source.frames - first)
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
        report(0.6 * first / source.frames, "measuring")
        block = source.read_at(first, min(BLOCK_FRAMES, source.frames - first))
        loudness.push(block)
        peak.push(block)
    peak.finish()
    tempo = find_tempo(source, lambda done, stage: report(0.6 + 0.4 * done, stage))
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


def kept_peaks(path: Path, shape: tuple[int, int, int], lane: str = "") -> Peaks | None:
    """The pyramid of a file as drawn before; None if there is none.

    Args:
        path: the file.
        shape: sample rate, channels, frames.
        lane: of several made from one file, which.
    """
    try:
        return Peaks.load(peaks_path(path, lane), *shape)
    except UserError:
        return None
