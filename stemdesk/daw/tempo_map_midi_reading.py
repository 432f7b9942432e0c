"""Tempo, metre and markers out of a Standard MIDI File, whichever DAW wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mido

from stemdesk.daw.session import SessionMarker, TempoChange
from stemdesk.daw.tempo_map_midi_clock import MICROSECONDS, MidiClock
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DEFAULT_TEMPO = MICROSECONDS // 2  # what stands where a file states none: 120 bpm
_REMEDY = "export the tempo map again from the DAW"


@dataclass(frozen=True)
class TimedMarker:
    """A named place of a tempo map.

    Attributes:
        seconds: after its beginning.
        beat: quarter notes after its beginning.
        name: shown in the DAW.
    """

    seconds: float
    beat: float
    name: str


@dataclass(frozen=True)
class TempoMap:
    """What a MIDI file says of time.

    Attributes:
        tempo: in order of beat, the first at beat 0, each different from the one before.
        markers: in order of time.
    """

    tempo: tuple[TempoChange, ...]
    markers: tuple[TimedMarker, ...]

    def session_markers(
        self, sample_rate: int, origin_seconds: float = 0.0
    ) -> tuple[SessionMarker, ...]:
        """The markers in frames after the beginning of an audio.

        Args:
            sample_rate: Hz, of the audio.
            origin_seconds: where it begins on the timeline of the map.
        """
        return tuple(
            SessionMarker(round((marker.seconds - origin_seconds) * sample_rate), marker.name)
            for marker in self.markers
        )


def read_tempo_map(path: Path) -> TempoMap:
    """Reads tempo, metre and markers from whichever tracks they stand in.

    Args:
        path: a file of type 0 or 1; notes and all else are passed over. Names are UTF-8, or
            Latin-1 where they cannot be.

    Raises:
        UserError: the file cannot be read, is no MIDI file, or does not count in beats.
    """
    file = _open(path)
    tempi = {0: _DEFAULT_TEMPO}
    metres = {0: (4, 4)}
    marks: list[tuple[int, str]] = []
    tick = 0
    for message in mido.merge_tracks(file.tracks):
        tick += message.time
        if message.type == "set_tempo" and message.tempo > 0:
            tempi[tick] = message.tempo
        elif message.type == "time_signature" and message.numerator > 0:
            metres[tick] = message.numerator, message.denominator
        elif message.type in ("marker", "cue_marker"):
            marks.append((tick, _name(message.text)))
    clock = MidiClock(tempi.items(), file.ticks_per_beat)
    return TempoMap(
        tuple(_changes(tempi, metres, file.ticks_per_beat)),
        tuple(
            TimedMarker(clock.seconds_at(at), at / file.ticks_per_beat, name) for at, name in marks
        ),
    )


def _changes(
    tempi: dict[int, int], metres: dict[int, tuple[int, int]], ticks_per_beat: int
) -> Iterable[TempoChange]:
    tempo, metre, before = 0, (0, 0), None
    for tick in sorted({*tempi, *metres}):
        tempo, metre = tempi.get(tick, tempo), metres.get(tick, metre)
        if (tempo, metre) != before:
            yield TempoChange(tick / ticks_per_beat, 60 * MICROSECONDS / tempo, *metre)
        before = tempo, metre


def _open(path: Path) -> Any:
    try:
        file = mido.MidiFile(str(path), charset="latin-1", clip=True)
    except OSError as error:
        if error.errno is None:  # mido's word for what is no MIDI
            raise _damaged(path, error) from error
        raise UserError(
            f"{path} cannot be read ({error.strerror})", "check the name and the folder"
        ) from error
    except (EOFError, ValueError, LookupError, TypeError) as error:
        raise _damaged(path, error) from error
    if file.ticks_per_beat <= 0:
        raise UserError(
            f"{path} counts in SMPTE time instead of beats",
            "export it from the DAW as a MIDI file that counts in ticks per quarter note",
        )
    if file.type == 2:
        raise UserError(
            f"{path} is a collection of separate patterns (MIDI type 2)",
            "export it from the DAW as a MIDI file of type 1",
        )
    return file


def _damaged(path: Path, error: Exception) -> UserError:
    reason = str(error) or "it ends early"
    return UserError(f"{path} is no MIDI file, or is damaged ({reason})", _REMEDY)


def _name(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
