"""Places in the song: markers, what repeats, and the beat."""

from __future__ import annotations

import math

from stemdesk.errors import UserError
from stemdesk.project.document import Marker, Span, Tempo, Track, changed

BPM_RANGE = (20.0, 400.0)
BEATS_PER_BAR_RANGE = (1, 32)
BEAT_UNITS = (1, 2, 4, 8, 16, 32)


def add_marker(track: Track, frame: int, name: str = "") -> Track:
    """The song with one more marker.

    Args:
        track: before.
        frame: 0 to the song's length.
        name: `Marker 1`, `Marker 2` and so on where it is empty.

    Raises:
        UserError: the place is not in the song.
    """
    marker = Marker(frame=_in_song(track, frame), name=name.strip() or _free_name(track))
    return _with_markers(track, (*track.markers, marker))


def move_marker(track: Track, marker: Marker, frame: int) -> Track:
    """The song with a marker elsewhere.

    Raises:
        UserError: the place is not in the song, or the marker is not there.
    """
    moved = Marker(frame=_in_song(track, frame), name=marker.name)
    return _with_markers(track, (*_others(track, marker), moved))


def rename_marker(track: Track, marker: Marker, name: str) -> Track:
    """The song with another name for a marker.

    Raises:
        UserError: the name is empty, or the marker is not there.
    """
    if not name.strip():
        raise UserError("A marker's name cannot be empty", "give it one letter at least")
    renamed = Marker(frame=marker.frame, name=name.strip())
    return _with_markers(track, (*_others(track, marker), renamed))


def remove_marker(track: Track, marker: Marker) -> Track:
    """The song without a marker.

    Raises:
        UserError: the marker is not there.
    """
    return _with_markers(track, _others(track, marker))


def set_loop(track: Track, span: Span | None, *, looping: bool | None = None) -> Track:
    """The song with another stretch to repeat.

    Args:
        track: before.
        span: the stretch; None for none, which ends the looping.
        looping: whether it is on; None leaves that as it is.

    Raises:
        UserError: the stretch is empty or not in the song.
    """
    if span is not None:
        check_span(track, span)
    on = span is not None and (track.looping if looping is None else looping)
    if (span, on) == (track.loop, track.looping):
        return track
    return changed(track, loop=span, looping=on)


def set_looping(track: Track, *, looping: bool) -> Track:
    """The song with looping on or off; without a stretch, the whole song repeats."""
    whole = Span(first_frame=0, end_frame=track.mixture.frames)
    loop = track.loop or (whole if looping else None)
    if (loop, looping) == (track.loop, track.looping):
        return track
    return changed(track, loop=loop, looping=looping)


def set_tempo(track: Track, tempo: Tempo | None) -> Track:
    """The song with a tempo, or without one.

    Raises:
        UserError: a tempo, metre or first beat that cannot be.
    """
    if tempo is not None:
        _check_tempo(track, tempo)
    return track if tempo == track.tempo else changed(track, tempo=tempo)


def check_span(track: Track, span: Span) -> None:
    """Refuse a stretch that is empty or reaches out of the song.

    Raises:
        UserError: naming it.
    """
    _in_song(track, span.first_frame)
    _in_song(track, span.end_frame)
    if span.end_frame <= span.first_frame:
        raise UserError(
            f"The stretch from frame {span.first_frame} to {span.end_frame} is empty",
            "let it end after it begins",
        )


def _check_tempo(track: Track, tempo: Tempo) -> None:
    slowest, fastest = BPM_RANGE
    if not slowest <= tempo.bpm <= fastest:
        raise UserError(
            f"The tempo cannot be {tempo.bpm} bpm", f"choose from {slowest:g} to {fastest:g} bpm"
        )
    least, most = BEATS_PER_BAR_RANGE
    if not least <= tempo.beats_per_bar <= most or tempo.beat_unit not in BEAT_UNITS:
        raise UserError(
            f"The metre cannot be {tempo.beats_per_bar}/{tempo.beat_unit}",
            f"choose {least} to {most} beats of 1/{', 1/'.join(str(unit) for unit in BEAT_UNITS)}",
        )
    seconds = track.mixture.frames / track.mixture.sample_rate
    first = tempo.first_beat_seconds
    if not (math.isfinite(first) and abs(first) <= seconds):
        raise UserError(
            f"The first beat cannot be at {first} s", f"choose a time in the song's {seconds:g} s"
        )


def _in_song(track: Track, frame: int) -> int:
    if not 0 <= frame <= track.mixture.frames:
        raise UserError(
            f"Frame {frame} is not in {track.name}", f"choose from 0 to {track.mixture.frames}"
        )
    return frame


def _with_markers(track: Track, markers: tuple[Marker, ...]) -> Track:
    ordered = tuple(sorted(markers, key=lambda marker: (marker.frame, marker.name)))
    return track if ordered == track.markers else changed(track, markers=ordered)


def _others(track: Track, marker: Marker) -> tuple[Marker, ...]:
    if marker not in track.markers:
        raise UserError(
            f"The marker {marker.name} is not at frame {marker.frame} any more",
            "choose one from the ruler",
        )
    place = track.markers.index(marker)
    return (*track.markers[:place], *track.markers[place + 1 :])


def _free_name(track: Track) -> str:
    taken = {marker.name for marker in track.markers}
    number = 1
    while f"Marker {number}" in taken:
        number += 1
    return f"Marker {number}"
