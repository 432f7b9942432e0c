"""Jobs, null, status, meters: what is looked at while it goes on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from stemdesk.audio.levels import db
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.wiring.job_order import listed
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.mixing.meter_tap import Moment
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow


class Heard(NamedTuple):
    """A strip's levels, one a channel."""

    peak: list[float]
    power: list[float]


class Watching(Wiring):
    """The panels on the right, the status line and everything that moves."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._was_playing = False
        self._foretold = ""
        self._foretold_for: object = None
        jobs, null = window.jobs, window.null
        queue = bench.jobs
        jobs.pause_requested.connect(queue.pause)
        jobs.resume_requested.connect(queue.resume)
        jobs.cancel_requested.connect(queue.cancel)
        jobs.retry_requested.connect(queue.retry)
        jobs.remove_requested.connect(queue.remove)
        jobs.up_requested.connect(queue.move_up)
        jobs.down_requested.connect(queue.move_down)
        jobs.clear_requested.connect(queue.clear_finished)
        null.check_requested.connect(self.check)
        null.jump_requested.connect(self.jump)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """No action is done here."""
        return {}

    def check(self) -> None:
        """Read the stems back from the disk."""
        if self.track is not None:
            with self.refusals_shown():
                self.bench.check(self.track.id)

    def jump(self, seconds: float) -> None:
        """Go to where the stems differ from the song."""
        if self.track is not None:
            self.window.playing.seek(round(seconds * self.track.mixture.sample_rate))

    def show(self) -> None:
        """The panels, ten times a second."""
        track, window = self.track, self.window
        forecast = self._forecast(track)
        device = said(self.bench.processor.device_text)
        window.jobs.show_entries(listed(self.bench.jobs.entries), device, said(forecast))
        verdict = None
        if track is not None:
            verdict = self.bench.delivered(track.id) or self.bench.verdict(track.id)
        window.null.show_verdict(verdict, track.mixture.sample_rate if track else 44_100)
        window.status.setText(self._status())

    def advance(self, seconds: float) -> None:
        """Playhead and meters."""
        stage, window = self.bench.stage, self.window
        window.arranging.catch_up()
        playing = stage is not None and stage.is_playing
        window.transport.set_playing(on=playing)
        if stage is None:
            return
        moves = playing or self._was_playing
        self._was_playing = playing
        if not moves and window.mixer.is_still:
            return
        frame = stage.position_frames
        window.show_position(frame)
        moment = stage.listening.moment() if playing else None
        window.mixer.advance(_heard(moment), seconds)
        self._show_lane_meters(moment)
        reading = stage.monitor.at(frame) if playing else None
        if reading is not None:
            window.mixer.set_loudness(
                reading.short_term_lufs,
                reading.integrated_lufs,
                reading.true_peak_dbtp,
                moment.reduction_db if moment else 0.0,
                reading.correlation,
            )
            window.transport.set_loudness(reading.short_term_lufs)
        if playing and self.track is not None and self.track.mix.automation:
            window.mixing.show_moving()

    def _forecast(self, track: Track | None) -> str:
        """What a separation of the song will take; it comes from a file, so asked once a job."""
        if track is None or track.separated is not None:
            return ""
        ended = sum(entry.state.has_ended for entry in self.bench.jobs.entries)
        occasion = (track.mixture, self.bench.choice, ended)
        if occasion != self._foretold_for:
            self._foretold_for = occasion
            self._foretold = self.bench.processor.forecast_text(track, self.bench.choice)
        return self._foretold

    def _show_lane_meters(self, moment: Moment | None) -> None:
        if self.track is None:
            return
        for strip in self.track.mix.strips:
            levels = moment.strips.get(strip.name) if moment else None
            if levels is None:
                self.window.timeline.set_meter(strip.name, -math.inf, -math.inf)
            else:
                self.window.timeline.set_meter(
                    strip.name,
                    db(float(levels.peak.max())),
                    db(math.sqrt(float(levels.power.max()))),
                )

    def _status(self) -> str:
        stage = self.bench.stage
        parts = []
        if stage is not None:
            player = stage.listening.player
            statistics = player.statistics()
            parts.append(said(player.message or player.device_name))
            parts.append(f"{stage.listening.sample_rate / 1000:g} kHz")
            if stage.is_playing:
                parts.append(
                    self.tr("load {percent} %").format(
                        percent=round(100 * statistics.render_factor)
                    )
                )
            if statistics.underruns:
                parts.append(self.tr("{count} under-runs").format(count=statistics.underruns))
        since = self.bench.papers.seconds_since_autosave
        if self.bench.is_modified:
            parts.append(self.tr("autosaved {seconds} s ago").format(seconds=round(since)))
        return "   ·   ".join(parts)


def _heard(moment: Moment | None) -> dict[str, Heard] | None:
    if moment is None:
        return None
    return {
        name: Heard(levels.peak.tolist(), levels.power.tolist())
        for name, levels in moment.strips.items()
    }
