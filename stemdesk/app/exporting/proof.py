"""Whether exported files sum to the song, by the files themselves, and what is to be told."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.app.bench.verdict import common_gain_told
from stemdesk.app.exporting.against import open_against
from stemdesk.audio.channel_order import layout_remarks
from stemdesk.audio.formats import FORMATS
from stemdesk.audio.levels import db
from stemdesk.audio.null import compare
from stemdesk.audio.tagging import tag_remarks
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stemdesk.app.exporting.file import ExportedFile, FileInProgress
    from stemdesk.app.exporting.plan import ExportPlan
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.null import NullReport

HEARD_DB = 0.1


@dataclass(frozen=True)
class Proof:
    """What is left of the song when the files are taken from it.

    Attributes:
        null: the measurement; None where they cannot be compared.
        is_verdict: whether it is one on the files: they are meant to be the song, or are it.
            Otherwise it is a figure: by how much what was asked for is another sound.
        without: stems that were added, because they are left out of the files.
        findings: how it was measured, or why it was not, one sentence each.
    """

    null: NullReport | None = None
    is_verdict: bool = False
    without: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether the files null."""
        return self.is_verdict and self.null is not None and self.null.verdict == "exact"


def prove(
    plan: ExportPlan, unnamed: Mapping[str, FileInProgress], tell: Callable[[float], None]
) -> Proof:
    """Sum the files as they lie on the disk, and hold the sum against the song.

    Args:
        plan: as it was carried out.
        unnamed: lane -> file.
        tell: told the fraction done; may raise Cancelled.
    """
    with ExitStack() as stack:
        try:
            against = open_against(plan, unnamed, stack)
        except UserError as error:
            return Proof(findings=(f"The null was not checked. {error}",))
        null = compare(
            against.song, against.parts, gain=plan.gain, report=lambda done, _: tell(done)
        )
    is_song = null.verdict == "exact" and not against.without
    is_verdict = against.is_whole and (plan.forecast.is_meant or is_song)
    return Proof(null, is_verdict, against.without, against.findings)


def reasons(plan: ExportPlan, proof: Proof) -> tuple[str, ...]:
    """Why the files do not sum to the song, one sentence each."""
    gain = common_gain_told(db(plan.gain)) if plan.gain != 1.0 else ()
    if proof.is_exact:
        return gain
    told = [*plan.forecast.reasons, *gain]
    if plan.targets.kept:
        told.append(f"{', '.join(plan.targets.kept)}: there already, and left as found.")
    return (*told, *proof.findings)


def remarks(plan: ExportPlan, spec: OutputSpec, written: list[ExportedFile]) -> list[str]:
    """What was done otherwise than a user may expect."""
    told = []
    if plan.gain != 1.0:
        told.append(
            f"A stem rises above full scale, so all were lowered by {-db(plan.gain):.2f} dB; "
            "a WAV file of float samples would have kept their level."
        )
    elif plan.subtype:
        bits = 64 if spec.subtype == "DOUBLE" else 32
        told.append(f"A stem rises above full scale, so all were written as {bits}-bit float.")
    wanted = plan.request.true_peak_dbtp
    if plan.request.loudness_lufs is not None and not FORMATS[spec.format].lossless:
        told += [
            f"{spec.format.upper()} raises the true peak to {file.true_peak_dbtp:.1f} dBTP."
            for file in written
            if file.true_peak_dbtp > wanted + HEARD_DB
        ]
    told += tag_remarks(plan.request.tags or plan.source.mixture.tags, spec.format)
    told += layout_remarks(spec)
    silent = [file.lane for file in written if file.true_peak_dbtp == -math.inf]
    told += [f"The {lane} is silent." for lane in silent]
    return told
