"""A project as an immutable value: what undo keeps, views compare and the store writes."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from stemdesk.mixing.settings import MixSettings

FORMAT = 1

S = TypeVar("S", bound=msgspec.Struct)


class MediaRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One audio file of a project.

    Attributes:
        path: relative to the project's folder, with forward slashes; absolute for a song that
            has not been taken into the folder yet.
        sha256: of the file's bytes; empty until it is known.
        frames: length in samples per channel.
        sample_rate: Hz.
        channels: 1 to 8.
        name: of the file as the user knows it, for reading; empty where it is not known.
    """

    path: str
    sha256: str = ""
    name: str = ""
    frames: int
    sample_rate: int
    channels: int


class StemSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a separation gave: stems of one length, rate and channel count that sum to the mixture.

    Attributes:
        model: id of the model.
        stems: stem name -> file, the closing stem last.
        gain: common gain of all stems, 1 unless integer files would have clipped.
        claims: stem name -> decibels by which the user let it take more of what stems share.
        adapted: the model had learnt from the song before.
    """

    model: str
    stems: dict[str, MediaRef]
    gain: float = 1.0
    claims: dict[str, float] = msgspec.field(default_factory=dict)
    adapted: bool = False


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the song with a name."""

    frame: int
    name: str


class Region(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stretch of one stem that sounds louder, softer or not at all.

    Regions of one stem do not overlap; edges are faded so that they do not click.

    Attributes:
        stem: which.
        first_frame: of the song.
        end_frame: the frame after its last.
        gain_db: -inf to +12.
        mute: silence it, whatever its gain.
    """

    stem: str
    first_frame: int
    end_frame: int
    gain_db: float = 0.0
    mute: bool = False


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the song: what repeats, or what is selected."""

    first_frame: int
    end_frame: int


class Tempo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A steady tempo.

    Attributes:
        bpm: quarter notes a minute.
        first_beat_seconds: where a bar begins.
        beats_per_bar: of the metre.
        beat_unit: the metre's lower number.
    """

    bpm: float
    first_beat_seconds: float = 0.0
    beats_per_bar: int = 4
    beat_unit: int = 4


class Track(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One song of a project.

    Attributes:
        id: unique in the project, never reused.
        name: shown; the file's name at first.
        mixture: the song as it was.
        separated: its stems, once there are some.
        mix: one strip a stem; of the mixture alone (strip `mixture`) until it is separated.
        regions: in order of stem and time.
        markers: in order of time.
        loop: what repeats.
        looping: whether it does.
        tempo: found, tapped or typed.
    """

    id: str
    name: str
    mixture: MediaRef
    separated: StemSet | None = None
    mix: MixSettings
    regions: tuple[Region, ...] = ()
    markers: tuple[Marker, ...] = ()
    loop: Span | None = None
    looping: bool = False
    tempo: Tempo | None = None


class Project(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a user can undo.

    Attributes:
        tracks: the songs, in the order of the list.
        current: id of the one that is shown.
    """

    tracks: tuple[Track, ...] = ()
    current: str = ""

    def track(self, track_id: str) -> Track | None:
        """The song of that id."""
        return next((track for track in self.tracks if track.id == track_id), None)


def changed(value: S, **fields: Any) -> S:
    """A copy with other fields."""
    copy: S = msgspec.structs.replace(value, **fields)
    return copy
