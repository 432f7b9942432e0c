"""Live 12's API as far as a remote script may know it; any other attribute is an error.

After its published object model: read-only properties refuse to be set, and functions check what
they are given.
"""

from __future__ import annotations

from pathlib import Path

import soundfile


class Strict:
    """An object of Live with declared properties; `WRITABLE` ones may be set."""

    READABLE: frozenset[str] = frozenset()
    WRITABLE: frozenset[str] = frozenset()

    def __init__(self, **values):
        for name, value in values.items():
            assert name in self.READABLE | self.WRITABLE, name
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        if name not in self.WRITABLE:
            raise AttributeError(f"{type(self).__name__}.{name} has no setter")
        object.__setattr__(self, name, value)


class Clip(Strict):
    READABLE = frozenset(
        [
            "canonical_parent",
            "end_time",
            "file_path",
            "is_arrangement_clip",
            "is_audio_clip",
            "sample_rate",
            "start_time",
            "warped_beats_per_second",
        ]
    )
    WRITABLE = frozenset(
        [
            "color",
            "gain",
            "loop_end",
            "loop_start",
            "looping",
            "muted",
            "name",
            "pitch_coarse",
            "pitch_fine",
            "start_marker",
            "warping",
        ]
    )

    def beat_to_sample_time(self, beat: float) -> float:
        if not self.warping:
            raise RuntimeError("the sample is not warped")
        return beat / self.warped_beats_per_second * self.sample_rate


def imported(path, parent, song, position=None) -> Clip:
    if not Path(path).is_absolute() or not Path(path).is_file():
        raise ValueError("The provided path does not appear to point to a valid audio file")
    info = soundfile.info(path)
    beats = info.frames / info.samplerate * song.tempo / 60
    return Clip(
        canonical_parent=parent, file_path=str(path), is_audio_clip=True, sample_rate=48_000.0,
        is_arrangement_clip=position is not None, start_time=position or 0.0,
        end_time=(position or 0.0) + beats, loop_start=0.0, loop_end=beats, start_marker=0.0,
        looping=False, warping=True, warped_beats_per_second=song.tempo / 60, muted=False,
        name=Path(path).stem, color=0, gain=0.4, pitch_coarse=0, pitch_fine=0,
    )  # fmt: skip


class Slot(Strict):
    READABLE = frozenset({"canonical_parent", "clip", "song_of_test"})

    def create_audio_clip(self, path: str) -> Clip:
        assert self.clip is None, "the slot is not empty"
        object.__setattr__(self, "clip", imported(path, self, self.song_of_test))
        return self.clip


class Track(Strict):
    READABLE = frozenset({"canonical_parent", "clip_slots", "arrangement_clips", "song_of_test"})
    WRITABLE = frozenset({"name", "color"})

    def create_audio_clip(self, path: str, position: float) -> Clip:
        assert isinstance(position, float)
        clip = imported(path, self, self.song_of_test, position)
        self.arrangement_clips.append(clip)
        return clip


class View(Strict):
    READABLE = frozenset({"detail_clip"})


class Song(Strict):
    READABLE = frozenset({"tracks", "view", "steps"})
    WRITABLE = frozenset({"tempo"})
    SCENES = 3

    def add_track(self, index: int, name: str) -> Track:
        track = Track(
            canonical_parent=self, clip_slots=[], arrangement_clips=[], name=name, color=0,
            song_of_test=self,
        )  # fmt: skip
        track.clip_slots.extend(
            Slot(canonical_parent=track, clip=None, song_of_test=self) for _ in range(self.SCENES)
        )
        self.tracks.insert(index, track)
        return track

    def create_audio_track(self, index: int) -> Track:
        assert isinstance(index, int)
        assert 0 <= index <= len(self.tracks)
        assert self.steps[-1:] == ["begin"], "a change outside of the undo step"
        return self.add_track(index, f"{index}-Audio")

    def begin_undo_step(self) -> None:
        self.steps.append("begin")

    def end_undo_step(self) -> None:
        self.steps.append("end")


class ControlSurface:
    """The part of ableton.v2's control surface that scripts build on."""

    def __init__(self, c_instance):
        self._c_instance = c_instance
        self.ended = False

    @property
    def song(self) -> Song:
        return self._c_instance.song

    def schedule_message(self, delay_in_ticks: int, callback) -> None:
        assert delay_in_ticks >= 1
        self._c_instance.scheduled.append(callback)

    def show_message(self, text: str) -> None:
        self._c_instance.shown.append(text)

    def disconnect(self) -> None:
        self.ended = True
