"""Whether the disk can hold what a separation writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.audio.formats import FORMATS
from stemdesk.files import ensure_writable_folder, require_space

if TYPE_CHECKING:
    import os

    from stemdesk.app.render import Rendering
    from stemdesk.audio.info import AudioInfo
    from stemdesk.audio.reading import AudioReader

SPOOL_SAMPLE_BYTES = 4
SAMPLE_BYTES = {"PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
LOSSY_BYTES_PER_SECOND = 320_000 // 8  # of two channels, and the most our encoders give
SPARE_BYTES = 1 << 20


def check_room(job: Rendering, reader: AudioReader) -> None:
    """Refuse before the work when the disk cannot hold spool and results.

    Raises:
        UserError: it cannot, or the folder may not be written to.
    """
    ensure_writable_folder(job.output)
    spool_bytes = max(0, _spool_bytes(job, reader.info) - _spooled_bytes(job))
    results_bytes = _file_bytes(job, reader.info) * len(job.targets)
    require_space(job.output, int(spool_bytes + results_bytes) + SPARE_BYTES)


def _spool_bytes(job: Rendering, info: AudioInfo) -> float:
    frames = info.frames * job.closing.model_rate / info.sample_rate
    return frames * job.closing.estimated_stems * info.channels * SPOOL_SAMPLE_BYTES


def _spooled_bytes(job: Rendering) -> int:
    """What an earlier run has spooled: either it is used, or it is removed first."""
    files = job.work_folder.glob("*") if job.work_folder.is_dir() else ()
    # Only what is really there counts: the spool has holes where nothing is separated yet.
    return sum(_held_bytes(file.stat()) for file in files)


def _held_bytes(status: os.stat_result) -> int:
    blocks = getattr(status, "st_blocks", None)
    return status.st_size if blocks is None else min(status.st_size, 512 * int(blocks))


def _file_bytes(job: Rendering, info: AudioInfo) -> float:
    if FORMATS[job.spec.format].lossless:
        return info.frames * info.channels * SAMPLE_BYTES[job.spec.subtype]
    return info.seconds * LOSSY_BYTES_PER_SECOND * max(1.0, info.channels / 2)
