"""What a user should know about a separation, one sentence each."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.formats import FORMATS
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.render import Rendering
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.info import AudioInfo


def null_expected(info: AudioInfo, job: Rendering) -> bool:
    """Whether the files could hold every sample of the song, so that they have to null."""
    return (
        job.closing.closed
        and job.gain == 1.0
        and FORMATS[job.spec.format].lossless
        and _holds(job.spec, info)
    )


def _holds(spec: OutputSpec, info: AudioInfo) -> bool:
    if spec.subtype == "DOUBLE":
        return True
    if info.grid_bits is None:
        return spec.subtype == "FLOAT" and info.subtype != "DOUBLE"
    return info.grid_bits <= spec.grid_bits


def remarks(info: AudioInfo, job: Rendering) -> list[str]:
    """What was done otherwise than a user may expect."""
    told = []
    if job.raised_to_float:
        bits = 64 if job.spec.subtype == "DOUBLE" else 32
        told.append(f"A stem rises above full scale, so all were written as {bits}-bit float.")
    if job.gain != 1.0:
        gain_db = 20 * np.log10(job.gain)
        told.append(
            f"A stem rises above full scale, so all stems were lowered by {-gain_db:.2f} dB; "
            "the wav format with --subtype float would have kept their level."
        )
    elif job.closing.closed and FORMATS[job.spec.format].lossless and not _holds(job.spec, info):
        told.append(
            f"{job.spec.subtype} cannot hold every value of this {info.subtype} song, so the "
            "stems null only up to its steps."
        )
    if job.kept:
        verb = "was" if len(job.kept) == 1 else "were"
        told.append(f"{', '.join(job.kept)} {verb} there already and left as found.")
    return told


def is_disk_full(error: UserError) -> bool:
    """Whether a refusal stems from a disk without room."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)


def disk_full(error: UserError, kept: Path | None) -> UserError:
    """A full disk, with what to do: the folder ``kept`` holds work that need not be done again."""
    remedy = "free some space or choose another --output folder"
    if kept is not None:
        remedy = (
            "free some space, and the same command goes on where this run was (a hidden folder "
            f".stemdesk-*.partial in {kept} keeps the work so far)"
        )
    return UserError(error.problem, remedy)
