"""What a DAW is told of a separated song, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class SessionTrack:
    """One track with one clip that begins with the session's audio.

    Attributes:
        name: shown in the DAW.
        path: audio file, of the session's rate, length and channel count.
        colour: `#rrggbb`.
        level_db: of the fader; -inf is silence.
        pan: -1 left to +1 right.
        mute: whether it is silent.
    """

    name: str
    path: Path
    colour: str
    level_db: float = 0.0
    pan: float = 0.0
    mute: bool = False


@dataclass(frozen=True)
class SessionMarker:
    """A named place, in frames after the beginning of the audio."""

    frame: int
    name: str


@dataclass(frozen=True)
class TempoChange:
    """From a beat on, a tempo and a metre.

    Attributes:
        beat: quarter notes after the beginning of the tempo map.
        bpm: quarter notes a minute.
        beats_per_bar: upper number of the metre.
        beat_unit: its lower number.
    """

    beat: float
    bpm: float
    beats_per_bar: int = 4
    beat_unit: int = 4


@dataclass(frozen=True)
class Session:
    """A song in tracks: what every writer of this package takes.

    Attributes:
        title: of the song.
        sample_rate: Hz, of all audio files.
        frames: their length in samples per channel.
        channels: their channel count.
        tracks: in the order they are shown.
        origin_seconds: where the audio begins on the DAW's timeline.
        markers: in order of time.
        tempo: in order of beat, the first at beat 0; empty if no tempo is known.
        first_beat_seconds: after the beginning of the audio: where beat 0 of the tempo map lies.
        artist: of the song; empty if unknown.
        tags: further words about the song, by the names of Vorbis comments.
    """

    title: str
    sample_rate: int
    frames: int
    channels: int
    tracks: tuple[SessionTrack, ...]
    origin_seconds: float = 0.0
    markers: tuple[SessionMarker, ...] = ()
    tempo: tuple[TempoChange, ...] = ()
    first_beat_seconds: float = 0.0
    artist: str = ""
    tags: dict[str, str] = field(default_factory=dict)
