"""The long part of a separation: the song through the model, onto the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.app.resampled import ResampledStream
from stemdesk.app.unfinished import work_folder
from stemdesk.jobs.job import Leap

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.options import Report, SeparateOptions
    from stemdesk.audio.reading import AudioReader
    from stemdesk.separation.separator import Samples
    from stemdesk.separation.spool import Spool

# Shares of the whole time, measured on two minutes of music (wav, mp3 and ogg) with the small model
# and two threads. A GPU makes the first share smaller, and the time left a little too short.
ESTIMATE_SHARE = 0.86
WRITE_SHARE = 0.105


def estimate(reader: AudioReader, spool: Spool, model: LoadedModel, report: Report) -> None:
    """Fill the spool from where it stands to the end of the song.

    Args:
        reader: the song.
        spool: open.
        model: the model.
        report: told the fraction of the whole separation, to ``ESTIMATE_SHARE``.
    """
    rate = model.card.sample_rate
    total = len(model.separator.plan(_ModelRateSource(reader, rate).frames))
    if spool.chunks_done >= total:
        report(ESTIMATE_SHARE, Leap("separating"))
        return
    done = ESTIMATE_SHARE * spool.chunks_done / total

    def check() -> None:
        report(done, "separating")

    report(done, Leap("separating"))
    scale = 1.0
    if model.card.song_peak:
        scale = model.separator.song_scale(_ModelRateSource(reader, rate), check)
    source = _ModelRateSource(reader, rate)
    estimates = model.separator.estimate(
        source, spool.chunks_done, scale, spool.engine_state, check
    )
    for estimate in estimates:
        spool.append(estimate.samples, estimate.engine_state)
        done = ESTIMATE_SHARE * (estimate.chunk + 1) / estimate.chunks
        report(done, "separating")


class _ModelRateSource:
    """The song at the model's rate, from its beginning."""

    def __init__(self, reader: AudioReader, sample_rate: int) -> None:
        reader.seek(0)
        self.channels = reader.info.channels
        self._stream = ResampledStream(
            reader.read,
            channels=self.channels,
            in_rate=reader.info.sample_rate,
            out_rate=sample_rate,
            in_frames=reader.info.frames,
        )
        self.frames = max(1, self._stream.frames)

    def read(self, frames: int) -> Samples:
        return self._stream.read(frames).astype(np.float32)


def open_spool(
    song: Path, options: SeparateOptions, model: LoadedModel, reader: AudioReader
) -> Spool:
    """The song's spool, not open yet; of an earlier run where one can go on from it."""
    from stemdesk.separation.spool import Spool

    stat = song.stat()
    key: dict[str, Any] = {
        "version": 1,
        "size": stat.st_size,
        "modified_ns": stat.st_mtime_ns,
        "frames": reader.info.frames,
        **model.fingerprint,
    }
    stems = len(model.card.stems) - 1
    spool = Spool(work_folder(song, options), key, stems, reader.info.channels)
    if not options.resume:
        spool.discard()
    return spool


def discarded(spool: Spool) -> list[str]:
    """A note where an earlier run's work could not be used."""
    if not spool.discarded_chunks:
        return []
    return [
        f"{spool.discarded_chunks} chunks of an earlier run were thrown away, because the song, "
        "the model or the options were others, or because they were damaged."
    ]
