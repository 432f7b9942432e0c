"""Jobs, null, status, meters: what is looked at while it goes on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from stemdesk.audio.levels import db
from stemdesk.control.target import RECORD
from stemdesk.ui.panels.figures import rate
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
        jobs.folder_requested.connect(self.open_folder)
        null.check_requested.connect(self.check)
        null.stems_requested.connect(self.show_stems)
        null.jump_requested.connect(self.jump)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """No action is done here."""
        return {}

    def open_folder(self, folder: str) -> None:
        """Show files in the system's file manager."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self.window.tell(self.tr("{folder} cannot be shown.").format(folder=folder))

    def check(self) -> None:
        """Read the stems back from the disk."""
        if self.track is not None:
            with self.refusals_shown():
                self.bench.findings.check(self.track, self.bench.papers)

    def show_stems(self) -> None:
        """From an export's verdict back to the project's own."""
        if self.track is not None:
            self.bench.findings.forget_delivery(self.track.id)

    def jump(self, seconds: float) -> None:
        """Go to where the stems differ from the song."""
        if self.track is not None:
            self.window.playing.seek(round(seconds * self.track.mixture.sample_rate))

    def show(self) -> None:
        """The panels, ten times a second."""
        track, stage, window = self.track, self.bench.stage, self.window
        window.jobs.show_entries(
            listed(self.bench.jobs.entries), self._device_told(), self._forecast(track)
        )
        if stage is not None:  # a control surface has the button, too
            recording = stage.listening.get(RECORD) >= 0.5
            window.commands["record"].setChecked(recording)
        verdict = None
        if track is not None:
            findings = self.bench.findings
            verdict = findings.delivered.get(track.id) or findings.verdict(track)
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

    def reset_meters(self) -> None:
        """Another song: nothing of it was heard yet."""
        self.window.mixer.set_loudness(None, None, None)
        self.window.transport.set_loudness(-math.inf)

    def _forecast(self, track: Track | None) -> str:
        """What a separation of the song will take; it comes from a file, so asked once a job."""
        ended = sum(entry.state.has_ended for entry in self.bench.jobs.entries)
        shape, processor = track.mixture if track is not None else None, self.bench.processor
        occasion = (shape, track.name if track is not None else "", processor.choice, ended)
        if occasion != self._foretold_for:
            self._foretold_for = occasion
            seconds = shape.frames / shape.sample_rate if shape is not None else 60.0
            told = said(processor.forecast_text(seconds, processor.choice))
            self._foretold = (
                self.tr("Separating {song}: {forecast}").format(song=track.name, forecast=told)
                if track is not None
                else self.tr("Separating a minute of music: {forecast}").format(forecast=told)
            )
        return self._foretold

    def _device_told(self) -> str:
        """What computes, and why; before a model is loaded what is known already."""
        processor = self.bench.processor
        wish = processor.choice.device
        told = said(processor.device_text)
        if processor.worker.loaded is None and processor.worker.load_error is None:
            told = self.tr("the fastest device there is, once the model is loaded")
            if wish != "auto":
                told = wish.upper()
        elif processor.worker.load_error is not None:
            return told
        if wish != "auto":
            told = self.tr("{device} (chosen in the settings)").format(device=told)
        return self.tr("Computed by: {device}").format(device=told)

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
            parts.append(rate(player.device_rate))
            parts.append(self.tr("buffer {0} ms").format(f"{player.block_ms:g}"))
            if stage.is_playing:
                parts.append(
                    self.tr("load {percent} %").format(
                        percent=round(100 * statistics.render_factor)
                    )
                )
            if statistics.underruns:
                parts.append(self.tr("under-runs: {count}").format(count=statistics.underruns))
        parts += self._keeping()
        return "   ·   ".join(parts)

    def _keeping(self) -> list[str]:
        """What would be left of the work if the power failed now."""
        papers = self.bench.papers
        if papers.file.read_only:
            return [self.tr("read-only: nothing is saved here")]
        if papers.autosave_problem is not None:
            problem = said(papers.autosave_problem.problem)
            return [self.tr("not saved: {problem}").format(problem=problem)]
        since = papers.seconds_since_autosave
        if not self.bench.is_modified or since is None:
            return []
        return [self.tr("autosaved {seconds} s ago").format(seconds=round(since))]


def _heard(moment: Moment | None) -> dict[str, Heard] | None:
    if moment is None:
        return None
    return {
        name: Heard(levels.peak.tolist(), levels.power.tolist())
        for name, levels in moment.strips.items()
    }
