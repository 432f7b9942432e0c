"""A mended copy of a song: rates, channels, offsets, shifts, polarity, levels, lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.formats import OutputSpec
from stemdesk.audio.writing import AudioWriter
from stemdesk.daw.new_folder import new_folder
from stemdesk.errors import UserError
from stemdesk.files import require_space
from stemdesk_training.datasets.multitrack import converted, read_sum, with_channels
from stemdesk_training.doctor.examination import MIXTURE
from stemdesk_training.doctor.findings import Verdict
from stemdesk_training.doctor.relations import STILL, mended

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stemdesk_training.datasets.multitrack import Multitrack
    from stemdesk_training.doctor.examination import Examination
    from stemdesk_training.doctor.findings import Finding

    Signal = NDArray[np.float32]

FLOAT_BYTES = 4


def repair(
    song: Multitrack, found: Examination, findings: list[Finding], folder: Path
) -> list[str]:
    """Write a song's stems and mixture anew, with everything mended that can be.

    Args:
        song: where the files are; they are only read.
        found: as it was examined.
        findings: what is wrong with it.
        folder: to write `<stem>.wav` and `mixture.wav` to, 32-bit float; must not exist, and is
            not there before all is in it.

    Returns:
        What was done, one sentence each.

    Raises:
        UserError: the folder exists, or is full.
    """
    if folder.exists():
        raise UserError(f"{folder} exists already", "name another folder for the repaired copy")
    parts = {**song.stems, **({MIXTURE: song.mixture} if song.mixture else {})}
    mends = [finding for finding in findings if finding.verdict is Verdict.FIXABLE]
    kinds = {(finding.kind, finding.part) for finding in mends}
    rate = found.facts[found.sounding].sample_rate
    channels = found.facts[found.sounding].channels
    signals = {}
    for part, sources in parts.items():
        samples = converted(read_sum(sources), rate).samples
        samples = with_channels(samples, channels)
        if ("dc", part) in kinds:
            samples = samples - samples.mean(axis=1, keepdims=True, dtype=np.float64)
        signals[part] = _mended(part, samples.astype(np.float32), found, kinds)
    frames = signals[found.sounding].shape[1]
    require_space(folder, len(signals) * channels * frames * FLOAT_BYTES)
    with new_folder(folder) as partial:
        for part, samples in signals.items():
            _write(partial / f"{part}.wav", _of_length(samples, frames), rate)
    return [finding.text for finding in mends]


def _mended(part: str, samples: Signal, found: Examination, kinds: set[tuple[str, str]]) -> Signal:
    if part == MIXTURE or found.total is None:
        return samples
    samples = mended(mended(samples, found.lag), found.lags.get(part, STILL))
    if ("gain", part) in kinds:
        samples = samples * np.float32(found.total.gains[part])
    return samples


def _of_length(samples: Signal, frames: int) -> Signal:
    short = frames - samples.shape[1]
    return np.pad(samples, ((0, 0), (0, max(0, short))))[:, :frames]


def _write(path: Path, samples: Signal, sample_rate: int) -> None:
    spec = OutputSpec("wav", "FLOAT", sample_rate, samples.shape[0])
    with AudioWriter(path, spec, samples.shape[1], {}) as writer:
        writer.write(samples.astype(np.float64))
