"""Tempo, metre and markers as a Standard MIDI File (MIDI 1.0, RP-001).

The file begins where the DAW's timeline does, with a bar. What lies before the song's first beat is
filled with bars of the song's tempo and a short bar, whose tempo makes the first beat fall where it
is heard. A MIDI file counts in ticks of a beat and states tempo in whole microseconds a beat: an
event is at most half a tick (0.26 ms at 120 bpm) beside its place, and a tempo drifts by at most
half a microsecond a beat. The audio itself needs no MIDI file to be in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mido

from stemdesk.daw.one_line import one_line
from stemdesk.daw.tempo_grid import tempo_grid
from stemdesk.daw.tempo_map_midi_clock import MICROSECONDS, MidiClock
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.daw.session import Session
    from stemdesk.daw.tempo_grid import GridPoint

TICKS_PER_BEAT = 960
_MAX_BEAT_MICROSECONDS = (1 << 24) - 1


def write_tempo_map(session: Session, path: Path) -> None:
    """Writes a session's tempo and markers; without a tempo, markers at 120 bpm.

    Markers before the beginning of the timeline stay out.

    Args:
        session: tempo, markers and origin.
        path: the file to appear, or to be replaced.

    Raises:
        UserError: there is neither tempo nor marker, a tempo is too slow for MIDI, or the disk
            refuses.
    """
    if not session.tempo and not session.markers:
        raise UserError(
            f"{session.title} has neither a tempo nor markers",
            "find its tempo, or leave the tempo map out",
        )
    points = tempo_grid(session).points
    ticks = [round(point.beat * TICKS_PER_BEAT) for point in points]
    clock = MidiClock(zip(ticks, map(_beat_microseconds, points), strict=True), TICKS_PER_BEAT)
    events: list[tuple[int, Any]] = []
    for tick, point in zip(ticks, points, strict=True):
        events += [(tick, _metre(point)), (tick, _tempo(point))]
    for marker in session.markers:
        seconds = session.origin_seconds + marker.frame / session.sample_rate
        if seconds >= 0.0:
            text = one_line(marker.name)
            events.append((clock.tick_at(seconds), mido.MetaMessage("marker", text=text)))
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(_track(session.title, events))
    with atomic_path(path) as partial:
        try:
            file.save(str(partial))
        except OSError as error:
            raise write_refusal(path, error) from error


def _beat_microseconds(point: GridPoint) -> int:
    microseconds = round(60 * MICROSECONDS / point.bpm)
    if not 0 < microseconds <= _MAX_BEAT_MICROSECONDS:
        raise UserError(
            f"{point.bpm:g} bpm is no tempo that a MIDI file can state", "choose 4 bpm or more"
        )
    return microseconds


def _tempo(point: GridPoint) -> Any:
    return mido.MetaMessage("set_tempo", tempo=_beat_microseconds(point))


def _metre(point: GridPoint) -> Any:
    return mido.MetaMessage(
        "time_signature", numerator=point.beats_per_bar, denominator=point.beat_unit
    )


def _track(title: str, events: list[tuple[int, Any]]) -> Any:
    name = one_line(title)
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track
