"""At the foot of the trainer, on every page: how the run stands, and start, pause and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from stemdesk.jobs.job import JobState
from stemdesk.ui.panels.buttons import give_role, plain_button
from stemdesk.ui.panels.figures import time_left
from stemdesk.ui.panels.labels import Line
from stemdesk.ui.panels.progress_line import ProgressLine
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from stemdesk.app.training.run import TrainingRun


class ControlBar(QWidget):
    """See the module.

    Signals:
        start_requested(): train.
        pause_requested(): rest.
        resume_requested(): go on.
        stop_requested(): end after the step at hand.
        earlier_requested(): an earlier run is to be shown.

    Args:
        parent: the window.
    """

    start_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    earlier_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("traincontrol")
        self._state: JobState | None = None
        self._told = Line("runtold", self.tr("How the training stands"))
        self._left = QLabel()
        self._left.setObjectName("runleft")
        self._bar = ProgressLine("runprogress", self.tr("Progress of the training"))
        self._start = plain_button(
            "starttraining", self.tr("Start training"), self.tr("Train now (Ctrl+Return)"), "play"
        )
        self._start.clicked.connect(self.start_requested)
        self._pause = plain_button("pausetraining", self.tr("Pause"), picture="pause")
        self._pause.clicked.connect(self._pause_or_go_on)
        self._stop = plain_button(
            "stoptraining",
            self.tr("Stop"),
            self.tr("Stop after this step; the run can be gone on with later"),
            "stop",
        )
        self._stop.clicked.connect(self.stop_requested)
        self._earlier = plain_button(
            "earlierruns", self.tr("Earlier runs…"), self.tr("Look at a run of another day")
        )
        self._earlier.clicked.connect(self.earlier_requested)
        self._lay_out()
        self.show_run(None, "")

    def show_run(self, run: TrainingRun | None, hint: str) -> None:
        """Show how it stands.

        Args:
            run: the run at hand, or the last one.
            hint: what is still needed before it can be started; empty where nothing is.
        """
        state = run.state if run is not None else None
        at_work = state in (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED)
        self._start.setVisible(not at_work)
        self._earlier.setVisible(not at_work)
        self._start.setEnabled(not hint)
        can_go_on = state in (JobState.CANCELLED, JobState.FAILED) and not hint
        again = self.tr("Go on training") if can_go_on and _can_go_on(run) else ""
        self._say(self._start, again or self.tr("Start training"))
        for button in (self._pause, self._stop):
            button.setVisible(at_work)
        if state is not self._state:
            self._state = state
            is_paused = state is JobState.PAUSED
            self._say(self._pause, self.tr("Go on") if is_paused else self.tr("Pause"))
            give_role(self._pause, "play" if is_paused else "pause", self._pause.text())
        self._bar.setVisible(run is not None)
        self._bar.set_fraction(run.fraction if run else 0.0, rests=state is not JobState.RUNNING)
        self._told.set_text(self._words(run, state) if run is not None and not hint else hint)
        seconds = run.seconds_left if run is not None and at_work else None
        self._left.setText(time_left(seconds) if seconds else "")

    def start(self) -> None:
        """As the button does."""
        if self._start.isVisible() and self._start.isEnabled():
            self._start.click()

    def _words(self, run: TrainingRun, state: JobState | None) -> str:
        title = run.folder.record.title
        told = (
            {
                JobState.QUEUED: self.tr("{title} waits for its turn."),
                JobState.PAUSED: self.tr("{title} rests."),
                JobState.DONE: self.tr("{title} is finished."),
                JobState.FAILED: self.tr("{title} was not finished."),
                JobState.CANCELLED: self.tr("{title} was stopped."),
            }.get(state)
            if state is not None
            else None
        )
        if told is None:
            stage = said(run.stage) or self.tr("training")
            return f"{title}: {stage}"
        return told.format(title=title)

    def _pause_or_go_on(self) -> None:
        if self._state is JobState.PAUSED:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()

    @staticmethod
    def _say(button: QWidget, text: str) -> None:
        if button.property("text") != text:
            button.setProperty("text", text)
            button.setAccessibleName(text)

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(2 * GRID_PX)
        words.addWidget(self._told, 1)
        words.addWidget(self._left)
        column = QVBoxLayout()
        column.setSpacing(GRID_PX)
        column.addLayout(words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        row.setSpacing(2 * GRID_PX)
        row.addLayout(column, 1)
        for button in (self._earlier, self._start, self._pause, self._stop):
            row.addWidget(button)


def _can_go_on(run: TrainingRun | None) -> bool:
    return run is not None and not run.progress.refusal and bool(run.progress.checkpoints)
