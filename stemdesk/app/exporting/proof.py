"""Whether exported files sum to the song, by the files themselves, and what is to be told."""

from __future__ import annotations

import math
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.exporting.material import excerpt
from stemdesk.app.exporting.request import lanes_of, span_of
from stemdesk.audio.formats import FORMATS
from stemdesk.audio.levels import db
from stemdesk.audio.null import check_comparable, compare
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stemdesk.app.exporting.file import ExportedFile, FileInProgress
    from stemdesk.app.exporting.plan import ExportPlan
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.null import NullReport
    from stemdesk.audio.reading import AudioReader
    from stemdesk.project.document import Track

HEARD_DB = 0.1


def prove(
    plan: ExportPlan, unnamed: Mapping[str, FileInProgress], tell: Callable[[float], None]
) -> tuple[NullReport | None, list[str]]:
    """Sum the files as they lie on the disk, where they are meant to be the song.

    Args:
        plan: as it was carried out.
        unnamed: lane -> file.
        tell: told the fraction done; may raise Cancelled.

    Returns:
        None where no null is claimed; and what there is to say about it.
    """
    order, request = plan.order, plan.request
    is_all = set(lanes_of(order.track, request)) == set(_song_lanes(order.track, request))
    is_meant = plan.forecast.state == "exact" or request.what == "stems"
    separated = order.track.separated
    is_odd_pair = request.what == "minus_one" and separated and separated.gain != plan.gain
    if not (is_all and is_meant) or is_odd_pair:
        return None, []
    first, end = span_of(order.track, request)
    with ExitStack() as stack:
        song = stack.enter_context(excerpt(order.files[MIXTURE], first, end - first))
        try:
            parts = [stack.enter_context(open_audio(path)) for path in plan.targets.kept.values()]
            check_comparable([song, *parts])
        except UserError as error:
            return None, [f"The null was not checked. {error}"]
        parts += [stack.enter_context(file.open()) for file in unnamed.values()]
        if request.what == "minus_one":
            stem = order.files[request.stem]
            parts.append(stack.enter_context(excerpt(stem, first, end - first)))
        return _compared(song, parts, plan.gain, tell), []


def _song_lanes(track: Track, request: ExportRequest) -> tuple[str, ...]:
    return lanes_of(track, replace(request, stems=()))


def _compared(
    song: AudioReader, parts: list[AudioReader], gain: float, tell: Callable[[float], None]
) -> NullReport:
    return compare(song, parts, gain=gain, report=lambda done, _: tell(done))


def reasons(plan: ExportPlan) -> list[str]:
    """Why the files do not sum to the song, one sentence each."""
    told = list(plan.forecast.reasons)
    if plan.gain != 1.0:
        told.append("All stems were lowered alike, so they sum to the song only when raised.")
    if plan.targets.kept:
        told.append(f"{', '.join(plan.targets.kept)}: there already, and left as found.")
    return told


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
    silent = [file.lane for file in written if file.true_peak_dbtp == -math.inf]
    told += [f"The {lane} is silent." for lane in silent]
    return told
