"""The song that is shown: its sound, its pictures, and the control surfaces at work on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.bench.pictures import Pictures
from stemdesk.app.bench.stage import Stage
from stemdesk.app.surfaces import Surfaces
from stemdesk.audio.levels import from_db
from stemdesk.errors import UserError
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.app.bench.waveforms import Reading, Waveform
    from stemdesk.app.live.spans import Spans
    from stemdesk.app.worker.job import Coverage
    from stemdesk.playback.device import Outputs
    from stemdesk.project.document import Tempo, Track


class Showing:
    """At most one song at a time; another one takes its place.

    Args:
        reading: reads what is looked at closely.
        outputs: what opens sound devices; the computer's by default.
        complain: told what cannot be.

    Attributes:
        stage: as it sounds; None while there is no song, or it cannot be played.
        refusal: why it cannot be played.
        pictures: its lanes.
        surfaces: control surfaces.
    """

    def __init__(
        self, reading: Reading, outputs: Outputs | None, complain: Callable[[UserError], None]
    ) -> None:
        self._reading, self._outputs, self._complain = reading, outputs, complain
        self.stage: Stage | None = None
        self.refusal: UserError | None = None
        self.pictures: Pictures | None = None
        self.surfaces: Surfaces | None = None
        self._told: Any = None
        self._tempo: Tempo | None = None

    @property
    def coverage(self) -> Spans:
        """Which frames of it are separated."""
        return self.stage.spans if self.stage is not None else ()

    def waveform(self, lane: str) -> Waveform | None:
        """The picture of one of its lanes."""
        return None if self.pictures is None else self.pictures.waveform(lane)

    def show(
        self,
        track: Track,
        song: Path,
        stems: Mapping[str, Path],
        live: Sequence[str],
        device: str | None,
    ) -> None:
        """Show another song. Where its stems cannot be read, it sounds as it was.

        Args:
            track: the song.
            song: its file.
            stems: its stems, if it has been separated.
            live: names of the stems to come, if it is being separated.
            device: sound output.
        """
        self.leave()
        self._tempo = track.tempo
        try:
            self.stage = self._staged(track, song, stems, live, device)
        except UserError as error:
            self.refusal = error
            self._complain(error)
            if not stems:
                return
            stems, live = {}, tuple(stems)
            try:
                self.stage = self._staged(track, song, stems, live, device)
            except UserError:
                return  # for the same reason as with its stems, which has been told
            self.refusal = None
        self.pictures = Pictures(song, track.mixture, self._reading)
        if stems:
            self.pictures.show_stems(stems, _gain(track))
        elif live:
            self.pictures.go_live(live)
        self._attach_surfaces()

    def refuse(self, refusal: UserError) -> None:
        """Show nothing: the song cannot be played, which has been told."""
        self.leave()
        self.refusal = refusal

    def _staged(
        self,
        track: Track,
        song: Path,
        stems: Mapping[str, Path],
        live: Sequence[str],
        device: str | None,
    ) -> Stage:
        if stems or not live:
            return Stage(track, song, stems, device, self._outputs)
        plain = mix_changed(neutral([MIXTURE]), master=track.mix.master)
        stage = Stage(changed(track, mix=plain), song, {}, device, self._outputs)
        stage.go_live(live, track)
        return stage

    def follow(self, track: Track) -> None:
        """Sound as the document says now."""
        if self.stage is not None:
            try:
                self.stage.show(track)
            except UserError as error:
                self._complain(error)
            if track.tempo != self._tempo:
                self._tempo = track.tempo
                self.renew_surfaces()

    def go_live(self, stems: Sequence[str], track: Track) -> None:
        """A separation of the song has begun."""
        if self.stage is None:
            return
        self._drop_surfaces()
        self.stage.go_live(stems, track)
        if self.pictures is not None:
            self.pictures.go_live(stems)
        self._told = None
        self._attach_surfaces()

    def cover(self, coverage: Coverage | None) -> None:
        """Take what has been separated so far."""
        if coverage is None or coverage is self._told or self.stage is None:
            return
        self._told = coverage
        self.stage.follow(coverage.path, coverage.spans)
        if self.pictures is not None:
            self.pictures.follow(coverage.path, coverage.spans)

    def finish(self, stems: Mapping[str, Path], track: Track) -> None:
        """Go on with finished stems."""
        if self.stage is not None:
            try:
                self.stage.finish(stems, track)
            except UserError as error:
                self._complain(error)
        self.renew_surfaces()
        if self.pictures is not None:
            self.pictures.show_stems(stems, _gain(track))

    def know(self, measures: SongMeasures | None) -> None:
        """Take what was measured of the song."""
        if measures is not None and self.stage is not None:
            self.stage.monitor.original_peak = from_db(measures.true_peak_dbtp)

    def pump_surfaces(self) -> None:
        """What control surfaces want; to be called thirty times a second."""
        if self.surfaces is not None:
            self.surfaces.pump()

    def renew_surfaces(self) -> None:
        """Control surfaces have been set up otherwise."""
        self._drop_surfaces()
        if self.stage is not None:
            self._attach_surfaces()

    def leave(self) -> None:
        """Show nothing: fall silent and close all files."""
        self._drop_surfaces()
        if self.stage is not None:
            self.stage.close()
        if self.pictures is not None:
            self.pictures.close()
        self.stage = self.pictures = self.refusal = self._told = None

    def _attach_surfaces(self) -> None:
        assert self.stage is not None
        try:
            beats = None if self._tempo is None else partial(_seconds_at_beat, self._tempo)
            self.surfaces = Surfaces(self.stage.listening, seconds_at_beat=beats)
        except UserError as error:
            self._complain(error)

    def _drop_surfaces(self) -> None:
        if self.surfaces is not None:
            self.surfaces.close()
        self.surfaces = None


def _gain(track: Track) -> float:
    return track.separated.gain if track.separated else 1.0


def _seconds_at_beat(tempo: Tempo, beat: float) -> float:
    """Where a master's quarter note lies in the song, whose first beat is the master's first."""
    return tempo.first_beat_seconds + beat * 60 / tempo.bpm
