"""Regions: stretches of one stem that sound louder, softer or not at all."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.parameters import LEVEL_DB
from stemdesk.project.document import Region, Span, Track, changed
from stemdesk.project.edits.places import check_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

State = tuple[float, bool]  # gain_db, mute
NEUTRAL: State = (0.0, False)


def set_range(
    track: Track,
    stem: str,
    span: Span,
    *,
    gain_db: float | None = None,
    mute: bool | None = None,
) -> Track:
    """The song with a stretch of one stem at another gain, muted or not muted.

    What is not given stays as it is at each place of the stretch, so that a muted chorus keeps its
    gain for the time when it is heard again. Regions are split where they reach out of the
    stretch, joined where neighbours are alike, and vanish where they would do nothing.

    Args:
        track: before.
        stem: name of a strip other than the master.
        span: the stretch.
        gain_db: -inf to +12.
        mute: silence it, or no longer.

    Raises:
        UserError: no such stem, a stretch that is empty or not in the song, a gain out of range.
    """
    if gain_db is not None:
        gain_db = LEVEL_DB.check(gain_db, f"The gain of a stretch of {stem}")

    def state(old: State) -> State:
        gain = old[0] if gain_db is None else gain_db
        return gain, old[1] if mute is None else mute

    return _with_range(track, stem, span, state)


def clear_range(track: Track, stem: str, span: Span) -> Track:
    """The song with a stretch of one stem as the mix has it.

    Raises:
        UserError: as for :func:`set_range`.
    """
    return _with_range(track, stem, span, lambda _: NEUTRAL)


def move_region(track: Track, region: Region, span: Span) -> Track:
    """The song with a region moved, made longer or shorter; it covers what it comes to lie on.

    Raises:
        UserError: the region is not there, or the stretch is empty or not in the song.
    """
    if region not in track.regions:
        raise UserError(
            f"The region of {region.stem} at frame {region.first_frame} is not there any more",
            "choose one from its lane",
        )
    old = Span(first_frame=region.first_frame, end_frame=region.end_frame)
    cleared = clear_range(track, region.stem, old)
    moved = set_range(cleared, region.stem, span, gain_db=region.gain_db, mute=region.mute)
    return track if moved.regions == track.regions else moved


def _with_range(track: Track, stem: str, span: Span, state: Callable[[State], State]) -> Track:
    names = [strip.name for strip in track.mix.strips]
    if stem not in names:
        raise UserError(f"{track.name} has no stem {stem}", f"choose from {', '.join(names)}")
    check_span(track, span)
    own = [region for region in track.regions if region.stem == stem]
    rest = [region for region in track.regions if region.stem != stem]
    edges = {span.first_frame, span.end_frame}
    edges.update(edge for region in own for edge in (region.first_frame, region.end_frame))
    pieces = []
    for first, end in pairwise(sorted(edges)):
        old = _state_at(own, first)
        inside = span.first_frame <= first < span.end_frame
        pieces.append((first, end, state(old) if inside else old))
    rest.extend(_joined(stem, pieces))
    rest.sort(key=lambda region: (_rank(names, region.stem), region.first_frame))
    regions = tuple(rest)
    return track if regions == track.regions else changed(track, regions=regions)


def _state_at(regions: Iterable[Region], frame: int) -> State:
    for region in regions:
        if region.first_frame <= frame < region.end_frame:
            return region.gain_db, region.mute
    return NEUTRAL


def _joined(stem: str, pieces: Iterable[tuple[int, int, State]]) -> list[Region]:
    """Regions for pieces in order without gaps; like neighbours become one."""
    joined: list[Region] = []
    for first, end, (gain_db, mute) in pieces:
        if (gain_db, mute) == NEUTRAL:
            continue
        last = joined[-1] if joined else None
        if last and (last.end_frame, last.gain_db, last.mute) == (first, gain_db, mute):
            joined[-1] = changed(last, end_frame=end)
        else:
            joined.append(
                Region(stem=stem, first_frame=first, end_frame=end, gain_db=gain_db, mute=mute)
            )
    return joined


def _rank(names: list[str], stem: str) -> float:
    return names.index(stem) if stem in names else math.inf
