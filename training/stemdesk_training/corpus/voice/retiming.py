"""Where the syllables of recorded speech lie, and how they are moved onto a beat."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from stemdesk_training.corpus.voice.world import HOP_SECONDS, Recording

Steps = NDArray[np.int64]
Places = NDArray[np.float64]

# Steps before a vowel's onset that hold its consonant; they keep their speed.
_CONSONANT = 14


def vowel_onsets(recording: Recording) -> Steps:
    """Steps at which vowels set in: the steepest rise before each peak of voiced loudness."""
    level = np.exp(recording.envelope[:, 8:64].astype(np.float32)).sum(axis=1)
    voiced = level * (recording.pitch_hz > 0)
    smooth = ndimage.gaussian_filter1d(voiced, 5.0)
    top = float(np.max(smooth, initial=0.0))
    if top <= 0:
        return np.zeros(0, dtype=np.int64)
    peaks, _ = signal.find_peaks(smooth, distance=20, prominence=0.08 * top, height=0.12 * top)
    rise = np.gradient(smooth)
    onsets: list[int] = []
    for peak in peaks.tolist():
        first = max(onsets[-1] + 8 if onsets else 0, peak - 24)
        if peak > first:
            onsets.append(first + int(np.argmax(rise[first : peak + 1])))
    return np.asarray(onsets, dtype=np.int64)


def on_grid(onsets: Steps, grid_seconds: float, speed: float) -> Places:
    """Times in steps for each onset: as spoken at ``speed``, moved to the next free grid line."""
    grid = grid_seconds / HOP_SECONDS
    natural = (onsets - onsets[0]) / speed
    lines: list[float] = []
    for wanted in natural.tolist():
        line = round(wanted / grid)
        lines.append(max(line, lines[-1] + 1) if lines else line)
    return np.asarray(lines, dtype=np.float64) * grid


def warp(onsets: Steps, targets: Places, total: int, speed: float) -> Places:
    """The recording's step to read at each step of the output.

    Onsets fall on targets; consonants before them keep about their speed, vowels are stretched.
    What precedes the first onset and follows the last is read at ``speed``; the output begins
    ``onsets[0] / speed`` steps before the first target.
    """
    lead = onsets[0] / speed
    knots_out, knots_in = [0.0], [0.0]
    for index, (onset, target) in enumerate(zip(onsets.tolist(), targets.tolist(), strict=True)):
        at = lead + target
        if index:
            gap_in = onset - onsets[index - 1]
            gap_out = target - targets[index - 1]
            kept = min(_CONSONANT, 0.4 * gap_in, 0.4 * gap_out)
            knots_out.append(at - kept)
            knots_in.append(onset - kept)
        knots_out.append(at)
        knots_in.append(float(onset))
    rest = (total - onsets[-1]) / speed
    knots_out.append(knots_out[-1] + rest)
    knots_in.append(float(total))
    steps = np.arange(int(knots_out[-1]), dtype=np.float64)
    return np.asarray(np.interp(steps, knots_out, knots_in), dtype=np.float64)
