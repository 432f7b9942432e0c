"""From estimates to files: closed, written, read back."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.app.closing import closed_stems
from stemdesk.app.unfinished import record_delivery
from stemdesk.audio.null import NullReport, check_comparable, compare
from stemdesk.audio.reading import open_audio
from stemdesk.audio.writing import AudioWriter, WouldClip
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, ensure_writable_folder, shown_name
from stemdesk.unfinished_files import PARTIAL_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.closing import Closing
    from stemdesk.app.resampled import Block
    from stemdesk.app.seals import Seal
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.reading import AudioReader
    from stemdesk.separation.spool import Spool

    Report = Callable[[float], None]

UNCLOSED = "They need not, for the reconstruction of the model's paper closes nothing"
# A power of two, so that the gain itself costs no rounding.
GAIN_STEP = 0.5


@dataclass(frozen=True)
class Rendering:
    """How one song's stems go to disk.

    Attributes:
        closing: how what is in the spool becomes stems.
        spec: format of the files.
        targets: output name -> final path; outputs that are missing are not written.
        kept: output name -> path of those that are there already.
        output: folder of all results.
        work_folder: of the spool; says there which files are about to get their names.
        title: of the song, where its tags have none.
        tags: written into every file.
        match: the user left the sample format to us, so a stem that would clip may change it.
        gain: common gain of all stems, 1 unless integer files would clip.
        raised_to_float: the files are float because a stem would clip.
        fresh: those of the targets where nothing lay, so that nothing there may be replaced.
    """

    closing: Closing
    spec: OutputSpec
    targets: dict[str, Path]
    kept: dict[str, Path]
    output: Path
    work_folder: Path
    title: str
    tags: dict[str, str]
    match: bool
    gain: float = 1.0
    raised_to_float: bool = False
    fresh: frozenset[Path] = frozenset()


def render(
    job: Rendering, reader: AudioReader, spool: Spool, report: Report, seal: Seal
) -> Rendering:
    """Write all files, each whole or not at all; returns the job as it was carried out.

    An integer file cannot hold a stem above full scale. Then all files become float, or, where
    the format or the user rules that out, all stems get one common gain. Never one of their own.

    Args:
        job: what to write.
        reader: the mixture, anywhere; it is read from its start.
        spool: the finished estimates.
        report: told the fraction done.
        seal: of the song; the files get their names only if it still is what was read.

    Raises:
        SourceChanged: it is not.
    """
    while True:
        try:
            _write(job, reader, spool, report, seal)
        except WouldClip:
            job = _without_clipping(job)
        else:
            return job


def _without_clipping(job: Rendering) -> Rendering:
    if job.match and job.spec.format == "wav":
        # float32 cannot hold the values of 32-bit integers.
        subtype = "DOUBLE" if job.spec.subtype == "PCM_32" else "FLOAT"
        return replace(job, spec=replace(job.spec, subtype=subtype), raised_to_float=True)
    # A lower gain needs finer steps; where the format is ours to choose, it gets them.
    subtype = "PCM_24" if job.match else job.spec.subtype
    return replace(job, spec=replace(job.spec, subtype=subtype), gain=job.gain * GAIN_STEP)


def _write(job: Rendering, reader: AudioReader, spool: Spool, report: Report, seal: Seal) -> None:
    info = reader.info
    with ExitStack() as stack:
        writers: dict[str, AudioWriter] = {}
        partials: dict[Path, Path] = {}
        for name, target in job.targets.items():
            ensure_writable_folder(target.parent)
            _sweep(target)
            taking = atomic_path(target, replace=target not in job.fresh)
            partials[target] = partial = stack.enter_context(taking)
            tags = {**job.tags, "title": f"{job.tags.get('title') or job.title} ({name})"}
            writers[name] = AudioWriter(partial, job.spec, info.frames, tags)
        # Closed before any is renamed, so that an error in the last file keeps all back.
        with ExitStack() as open_writers:
            for writer in writers.values():
                open_writers.enter_context(writer)
            stems = open_writers.enter_context(
                closed_stems(job.closing, reader, spool, job.spec.grid_bits, job.gain)
            )
            done = 0
            for blocks in stems:
                for name, block in blocks.items():
                    if name in writers:
                        writers[name].write(block)
                    elif name in job.kept:
                        _check_range(job, name, block, done)
                done += next(iter(blocks.values())).shape[1]
                report(done / info.frames)
        seal.require(lambda: report(1.0))
        record_delivery(job.work_folder, partials)


def _check_range(job: Rendering, name: str, block: Block, done: int) -> None:
    """What is there already decides about the gain too: it was written with all the others."""
    full_scale = 2.0**job.spec.grid_bits
    steps = np.rint(block * full_scale)
    if job.spec.integer and (np.max(steps) > full_scale - 1 or np.min(steps) < -full_scale):
        raise WouldClip(job.kept[name], done, float(np.max(np.abs(block))))


def _sweep(target: Path) -> None:
    """Remove what a run that was killed while writing ``target`` left beside it."""
    for left in target.parent.glob(f".*{PARTIAL_SUFFIX}"):
        if left.is_file() and shown_name(left) == target.name:
            left.unlink(missing_ok=True)


def verify(
    job: Rendering, reader: AudioReader, report: Report
) -> tuple[NullReport | None, list[str]]:
    """Read the files on disk back and hold their sum against the mixture.

    Returns:
        None where the files do not hold all of the mixture, so that no null is claimed; and what
        there is to say about it.
    """
    files = {**job.kept, **job.targets}
    plan = job.closing.plan
    if not plan.complete or set(files) != {output.name for output in plan.delivered}:
        return None, []
    with ExitStack() as stack:
        try:
            kept = [stack.enter_context(open_audio(path)) for path in job.kept.values()]
            for stem in kept:
                check_comparable([reader, stem])
        except UserError as error:
            return None, [f"The null was not checked. {error}"]
        stems = [*kept, *(stack.enter_context(open_audio(path)) for path in job.targets.values())]
        null = compare(reader, stems, gain=job.gain, report=lambda done, _: report(done))
    if null.verdict == "open" and not job.closing.closed:
        # What compare finds would be looked for in the files, and lies in the reconstruction.
        null = msgspec.structs.replace(null, reason=UNCLOSED)
    return null, []
