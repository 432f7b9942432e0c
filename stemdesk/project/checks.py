"""What a file may get wrong although its form is right: refused, or mended and said."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.audio.info import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from stemdesk.errors import UserError
from stemdesk.mixing.settings import PLUGIN, MixSettings, StripSettings
from stemdesk.project.document import MediaRef, Project, Region, Span, Track, changed
from stemdesk.project.references import leads_out

if TYPE_CHECKING:
    from collections.abc import Callable


def repaired(project: Project, place: str) -> tuple[Project, tuple[str, ...]]:
    """The project without what cannot be, and a sentence for each thing that was mended.

    Marks that lie outside of the song or over one another are mended: the rest of the work need
    not wait for them. What decides how the song sounds is refused where it cannot be.

    Args:
        project: as the file has it.
        place: the file, named in refusals.

    Raises:
        UserError: two songs of one id, impossible media, or a mix that cannot be rendered.
    """
    ids = [track.id for track in project.tracks]
    for track_id in ids:
        if not track_id or ids.count(track_id) > 1:
            raise UserError(
                f"{place} has songs that cannot be told apart (id '{track_id}')",
                "bring it back from a backup",
            )
    remarks: list[str] = []
    tracks = tuple(_track(track, place, remarks.append) for track in project.tracks)
    current = project.current
    if current not in ids:
        current = ids[0] if ids else ""
    return changed(project, tracks=tracks, current=current), tuple(remarks)


def _track(track: Track, place: str, remark: Callable[[str], None]) -> Track:
    # The mixer takes a second to import; a project without songs needs none of it.
    from stemdesk.mixing.addresses import check_mix

    stems = {} if track.separated is None else track.separated.stems
    for ref in (track.mixture, *stems.values()):
        _check_media(ref, place)
    if track.separated is not None and not 0.0 < track.separated.gain < math.inf:
        raise UserError(
            f"{place}: the stems of {track.name} have the gain {track.separated.gain}",
            "bring it back from a backup",
        )
    strips = [strip.name for strip in track.mix.strips]
    # Without stems there is one strip, or one for each stem of a separation that was broken off.
    if not strips or (stems and set(strips) != set(stems)):
        raise UserError(
            f"{place}: {track.name} has strips for {', '.join(strips) or 'nothing'}, but the stems"
            f" {', '.join(stems)}",
            "bring it back from a backup",
        )
    try:
        check_mix(_without_plugins(track.mix))
    except UserError as error:
        raise UserError(f"{place}: {track.name}: {error.problem}", error.remedy) from error
    return _times(_regions(_claims(track, remark), remark), remark)


def _claims(track: Track, remark: Callable[[str], None]) -> Track:
    """Without what no stem can have claimed."""
    from stemdesk.separation.mask_settings import MOST_CLAIM_DB

    separated = track.separated
    if separated is None:
        return track
    kept = {
        stem: level_db
        for stem, level_db in separated.claims.items()
        if stem in separated.stems and abs(level_db) <= MOST_CLAIM_DB
    }
    if kept == separated.claims:
        return track
    remark(f"{track.name}: what its stems claimed was left out where it cannot be.")
    fresh: Track = changed(track, separated=changed(separated, claims=kept))
    return fresh


def _without_plugins(mix: MixSettings) -> MixSettings:
    """What of a mix can be judged here: a plug-in may be another version, or not installed."""
    from stemdesk.project.edits.owners import owner

    def kept(strip: StripSettings) -> StripSettings:
        own = tuple(effect for effect in strip.effects if effect.kind != PLUGIN)
        return changed(strip, effects=own)

    foreign = {
        (strip.name, effect.name)
        for strip in (*mix.strips, mix.master)
        for effect in strip.effects
        if effect.kind == PLUGIN
    }
    automation = {
        address: points
        for address, points in mix.automation.items()
        if owner(mix, address) not in foreign
    }
    strips = tuple(kept(strip) for strip in mix.strips)
    return changed(mix, strips=strips, master=kept(mix.master), automation=automation)


def _check_media(ref: MediaRef, place: str) -> None:
    sound = (
        ref.frames > 0
        and MIN_RATE_HZ <= ref.sample_rate <= MAX_RATE_HZ
        and 1 <= ref.channels <= MAX_CHANNELS
    )
    if not sound or not ref.path or leads_out(ref):
        raise UserError(
            f"{place} names a file that cannot be: '{ref.path}' ({ref.frames} frames,"
            f" {ref.sample_rate} Hz, {ref.channels} channels)",
            "bring it back from a backup",
        )


def _regions(track: Track, remark: Callable[[str], None]) -> Track:
    from stemdesk.project.edits.regions import set_range

    fresh: Track = changed(track, regions=())
    for region in track.regions:
        try:
            fresh = set_range(
                fresh, region.stem, _span(region), gain_db=region.gain_db, mute=region.mute
            )
        except UserError as error:
            remark(f"{track.name}: a region was left out. {error}")
    return track if fresh.regions == track.regions else fresh


def _times(track: Track, remark: Callable[[str], None]) -> Track:
    from stemdesk.project.edits.places import add_marker, set_loop, set_looping, set_tempo

    fresh: Track = changed(track, markers=(), loop=None, looping=False, tempo=None)
    steps: list[tuple[str, Callable[[Track], Track]]] = [
        ("a marker", partial(add_marker, frame=marker.frame, name=marker.name))
        for marker in track.markers
    ]
    steps += [
        ("the loop", partial(set_loop, span=track.loop)),
        ("the tempo", partial(set_tempo, tempo=track.tempo)),
    ]
    for what, step in steps:
        try:
            fresh = step(fresh)
        except UserError as error:
            remark(f"{track.name}: {what} was left out. {error}")
    if track.looping and fresh.loop is not None:
        fresh = set_looping(fresh, looping=True)
    return fresh


def _span(region: Region) -> Span:
    return Span(first_frame=region.first_frame, end_frame=region.end_frame)
