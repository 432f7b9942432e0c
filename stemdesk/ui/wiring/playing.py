"""Play, stop, loop, A/B, record, markers: the transport."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from stemdesk.control.target import RECORD
from stemdesk.project.document import Marker, Span, Tempo, changed
from stemdesk.project.edits.places import add_marker, set_loop, set_looping, set_tempo
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import real_minus

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.monitor import Monitor
    from stemdesk.app.bench.stage import Stage
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.ui.main_window import MainWindow

STEP_SECONDS = 5.0
TAPS = 8
TAP_PAUSE_SECONDS = 2.0
LEAST_TAPS = 4


class Playing(Wiring):
    """The transport.

    Attributes:
        start_frame: where playback began, and where stopping returns to.
    """

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self.start_frame = 0
        self._taps: deque[float] = deque(maxlen=TAPS)
        self._selected_then: Span | None = None  # when the loop was set last
        window.transport.tempo_edited.connect(self.type_tempo)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "play": self.play_or_stop,
            "pause": self.play_or_pause,
            "to_start": lambda: self.seek(0),
            "to_end": lambda: self.seek(self.track.mixture.frames if self.track else 0),
            "back": lambda: self._step(-STEP_SECONDS),
            "forward": lambda: self._step(STEP_SECONDS),
            "loop": self.set_looping,
            "clear_loop": lambda: self.set_loop(None),
            "original": self.set_original,
            "record": self.set_recording,
            "marker": self.add_marker,
            "next_marker": lambda: self._to_marker(forward=True),
            "previous_marker": lambda: self._to_marker(forward=False),
            "tap_tempo": self.tap,
        }

    def play_or_stop(self) -> None:
        """Play from the playhead; stop, and go back to where it began."""
        stage = self._stage()
        if stage is None:
            return
        if stage.is_playing:
            stage.listening.player.pause()
            self.seek(self.start_frame)
        else:
            self._play()

    def play_or_pause(self) -> None:
        """Play from the playhead, or stay where it is."""
        stage = self._stage()
        if stage is None:
            return
        if stage.is_playing:
            stage.listening.player.pause()
        else:
            self._play()

    def _stage(self) -> Stage | None:
        """What plays; where nothing can, it is said why."""
        if self.bench.stage is None and self.bench.shown.refusal is not None:
            self.window.show_problem(self.bench.shown.refusal, self)
        return self.bench.stage

    def _play(self) -> None:
        stage, track = self.bench.stage, self.track
        if stage is None or track is None:
            return
        if stage.position_frames >= track.mixture.frames:
            self.seek(0)
        self.start_frame = stage.position_frames
        stage.monitor.reset_meters()
        stage.listening.player.play()

    def play_from(self, frame: int) -> None:
        """Go there and play."""
        self.seek(frame)
        stage = self.bench.stage
        if stage is not None and not stage.is_playing:
            stage.listening.player.play()

    def seek(self, frame: int) -> None:
        """Go there; playing goes on from there."""
        stage, track = self.bench.stage, self.track
        if stage is not None and track is not None:
            self.start_frame = max(0, min(frame, track.mixture.frames))
            stage.listening.seek(self.start_frame / track.mixture.sample_rate)
            self.window.show_position(self.start_frame)
            self.window.timeline.reveal(self.start_frame)

    def _step(self, seconds: float) -> None:
        stage, track = self.bench.stage, self.track
        if stage is not None and track is not None:
            self.seek(stage.position_frames + round(seconds * track.mixture.sample_rate))

    def set_loop(self, span: Span | None) -> None:
        """Repeat another stretch; None for nothing any more."""
        self._selected_then = self.window.timeline.selected_span
        self.edit(
            self.tr("Remove loop") if span is None else self.tr("Set loop"),
            lambda track: set_loop(track, span, looping=span is not None),
        )

    def set_looping(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        """Repeat what was selected since the loop was set, else the loop, else the whole song."""
        track = self.track
        if track is None or track.looping == on:
            return
        selected = self.window.timeline.selected_span
        is_new = track.loop is None or selected != self._selected_then
        if on and selected is not None and is_new:
            self.set_loop(selected)
        else:
            self.edit(self.tr("Loop"), lambda track: set_looping(track, looping=on))

    def set_original(self, on: bool) -> None:  # noqa: FBT001
        """Hear the song as it was, or the mix."""
        if self.bench.stage is not None:
            monitor = self.bench.stage.monitor
            monitor.show_original(on=on)
            if on:
                self.window.tell(self._match_told(monitor))

    def _match_told(self, monitor: Monitor) -> str:
        if monitor.is_matched is None:
            return self.tr("The original as it is: it is matched once the mix has sounded")
        told = (
            self.tr("The original, at {gain:+.1f} dB as loud as the mix")
            if monitor.is_matched
            else self.tr("The original at {gain:+.1f} dB, softer than the mix: more would clip")
        )
        return real_minus(told.format(gain=monitor.match_db))

    def set_recording(self, on: bool) -> None:  # noqa: FBT001
        """Write what faders do."""
        stage = self.bench.stage
        if stage is not None and (stage.listening.get(RECORD) >= 0.5) != on:
            stage.listening.set(RECORD, float(on))
            self.bench.end_gesture()

    def add_marker(self) -> None:
        """A marker at the playhead."""
        stage = self.bench.stage
        if stage is not None:
            frame = stage.position_frames
            self.edit(self.tr("Add marker"), lambda track: add_marker(track, frame))

    def _to_marker(self, *, forward: bool) -> None:
        stage, track = self.bench.stage, self.track
        if stage is None or track is None:
            return
        here = stage.position_frames
        margin = track.mixture.sample_rate // 2 if stage.is_playing else 0

        def lies(marker: Marker) -> bool:
            return marker.frame > here if forward else marker.frame < here - margin

        places = [marker.frame for marker in track.markers if lies(marker)]
        if forward:
            self.seek(min(places, default=track.mixture.frames))
        else:
            self.seek(max(places, default=0))

    def tap(self) -> None:
        """A beat, here and now."""
        stage, track = self.bench.stage, self.track
        if track is None:
            return
        now = time.monotonic()
        if self._taps and now - self._taps[-1] > TAP_PAUSE_SECONDS:
            self._taps.clear()
            self.bench.end_gesture()
        self._taps.append(now)
        if len(self._taps) < LEAST_TAPS:
            return
        bpm = 60 * (len(self._taps) - 1) / (self._taps[-1] - self._taps[0])
        before = track.tempo or Tempo(bpm=bpm)
        first = before.first_beat_seconds
        if stage is not None and stage.is_playing:
            first = stage.listening.position_seconds % (60 / bpm)
        tempo = changed(before, bpm=round(bpm, 1), first_beat_seconds=first)
        self.edit(self.tr("Tap tempo"), lambda track: set_tempo(track, tempo), "tap")

    def type_tempo(self, bpm: float, beats: int, unit: int) -> None:
        """A tempo as typed; 0 takes it away."""
        before = self.track.tempo if self.track else None
        tempo = None
        if bpm:
            first = before.first_beat_seconds if before else 0.0
            tempo = Tempo(bpm=bpm, first_beat_seconds=first, beats_per_bar=beats, beat_unit=unit)
        self.edit(self.tr("Set tempo"), lambda track: set_tempo(track, tempo))
