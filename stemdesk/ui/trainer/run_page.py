"""The third page of the trainer: how the training goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from stemdesk.app.training.progress import MEAN
from stemdesk.ui.panels.labels import heading
from stemdesk.ui.theme import GRID_PX
from stemdesk.ui.trainer.chart import Chart
from stemdesk.ui.trainer.curves import loss_plot, reference_plot, score_plot
from stemdesk.ui.words import real_minus, said

if TYPE_CHECKING:
    from stemdesk.app.training.progress import Progress


class RunPage(QWidget):
    """See the module.

    Args:
        parent: the window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runpage")
        self._shown: tuple[int, int] | None = None
        self.loss = Chart("losschart", self.tr("Loss over the steps"))
        self.scores = Chart("scorechart", self.tr("SDR of each stem on your songs"), "dB")
        self.reference = Chart("referencechart", self.tr("Mean SDR on the reference set"), "dB")
        self._facts = {name: _fact(name) for name in ("step", "device", "waiting", "loss", "gain")}
        self._log = QPlainTextEdit()
        self._log.setObjectName("runlog")
        self._log.setAccessibleName(self.tr("What happened on the way"))
        self._log.setReadOnly(True)
        self._log.setTabChangesFocus(True)
        self._lay_out()
        self.show_progress(None, 0.3)

    def show_progress(self, progress: Progress | None, guard_db: float) -> None:
        """Show a run; what has not changed costs nothing.

        Args:
            progress: None while there is no run.
            guard_db: how far the reference set may fall.
        """
        sign = (id(progress), progress.changes) if progress is not None else (0, 0)
        if sign == self._shown:
            return
        self._shown = sign
        if progress is None:
            for chart in (self.loss, self.scores, self.reference):
                chart.show_plot(type(chart.plot)(), self.tr("Nothing is being trained yet."))
            self._say({})
            self._log.setPlainText("")
            return
        waiting = self.tr("Not measured yet.")
        self.loss.show_plot(loss_plot(progress), waiting)
        self.scores.show_plot(score_plot(progress), waiting)
        self.reference.show_plot(reference_plot(progress, guard_db), waiting)
        self._say(_facts(progress))
        remarks = "\n".join(
            self.tr("Step {step}: {text}").format(step=step, text=real_minus(said(text)))
            for step, text in progress.remarks
        )
        if remarks != self._log.toPlainText():
            self._log.setPlainText(remarks)
            bar = self._log.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _say(self, facts: dict[str, str]) -> None:
        for name, label in self._facts.items():
            label.setText(facts.get(name, "–"))

    def _lay_out(self) -> None:
        titles = {
            "step": self.tr("Step"),
            "device": self.tr("Trains on"),
            "waiting": self.tr("Waiting for data"),
            "loss": self.tr("Loss"),
            "gain": self.tr("Gain on your songs"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(6 * GRID_PX)
        grid.setVerticalSpacing(0)
        for column, (name, label) in enumerate(self._facts.items()):
            title = heading("", titles[name])
            label.setAccessibleName(titles[name])
            grid.addWidget(title, 0, column)
            grid.addWidget(label, 1, column)
        grid.setColumnStretch(len(self._facts), 1)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.addWidget(_titled(self.tr("Loss"), self.loss))
        told = self.tr("Reference set: what must not be forgotten")
        below.addWidget(_titled(told, self.reference))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        whole.setSpacing(2 * GRID_PX)
        whole.addLayout(grid)
        whole.addWidget(
            _titled(self.tr("SDR on your held-out songs; dashed: the base model"), self.scores),
            5,
        )
        whole.addWidget(below, 4)
        notes = _titled(self.tr("Notes"), self._log)
        notes.setMaximumHeight(112)
        whole.addWidget(notes, 0)


def _facts(progress: Progress) -> dict[str, str]:
    facts = {"device": _device(progress.device)}
    if progress.steps:
        facts["step"] = f"{progress.step} / {progress.steps}"
    share = progress.waiting_share
    if share is not None:
        facts["waiting"] = f"{100 * share:.0f} %"
    if progress.losses:
        facts["loss"] = f"{progress.losses[-1][1]:.4g}"
    if progress.baseline and progress.scored and MEAN in progress.baseline.scores:
        gain = progress.scored[-1].scores.get(MEAN, 0.0) - progress.baseline.scores[MEAN]
        facts["gain"] = real_minus(f"{gain:+.2f} dB")
    return facts


def _device(name: str) -> str:
    known = {"cuda": "NVIDIA GPU", "mps": "Apple GPU", "cpu": "Processor"}
    kind = name.partition(":")[0]
    return QCoreApplication.translate("Settings", known[kind]) if kind in known else name or "–"


def _fact(name: str) -> QLabel:
    label = QLabel("–")
    label.setObjectName(f"fact:{name}")
    return label


def _titled(title: str, widget: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID_PX)
    column.addWidget(heading("", title))
    column.addWidget(widget, 1)
    return box
