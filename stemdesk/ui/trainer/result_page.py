"""The last page of the trainer: what came of it, and what lies between it and the base model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSlider,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stemdesk.app.training.progress import MEAN
from stemdesk.jobs.job import JobState
from stemdesk.ui.dialogs.tall_rows import TallRows
from stemdesk.ui.menu_paths import as_in_menus
from stemdesk.ui.panels.buttons import plain_button
from stemdesk.ui.panels.figures import sentence
from stemdesk.ui.panels.labels import bold_font, heading, paragraph
from stemdesk.ui.theme import GRID_PX, ROW_PX, SMALL_PX
from stemdesk.ui.trainer.chart import Chart
from stemdesk.ui.trainer.curves import Curve, Level, Plot
from stemdesk.ui.trainer.findings import Light
from stemdesk.ui.trainer.verdict import NOTE, PASS, REJECT
from stemdesk.ui.words import real_minus, said, stem_title

if TYPE_CHECKING:
    from stemdesk.app.training.blending import Measured
    from stemdesk.app.training.progress import Progress
    from stemdesk.app.training.run import TrainingRun

PERCENT, STEP_PERCENT = 100, 5


class ResultPage(QWidget):
    """See the module.

    Signals:
        use_requested(id): the new model is to separate from now on.
        folder_requested(folder): of the new model, to be shown.
        measure_requested(): scores between the base and the new model.
        save_requested(share): a model of that blend.

    Args:
        parent: the window.
    """

    use_requested = Signal(str)
    folder_requested = Signal(str)
    measure_requested = Signal()
    save_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultpage")
        self._measured: Measured | None = None
        self._guard_db = 0.3
        self._model = ("", "")
        self._scores: list[tuple[str, str, str, str]] | None = None
        self._light = Light(NOTE)
        self._head, self._remedy = paragraph("resulthead"), paragraph("resultremedy")
        self._head.setFont(bold_font())
        self._table = QTreeWidget()
        self._table.setObjectName("resulttable")
        self._table.setAccessibleName(self.tr("Scores of the base and the new model"))
        self._table.setHeaderLabels(
            [self.tr("SDR in dB"), self.tr("Base"), self.tr("New"), self.tr("Change")]
        )
        self._table.setRootIsDecorated(False)
        self._table.setItemDelegate(TallRows(self._table))
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setAllColumnsShowFocus(True)
        for column in range(1, 4):
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._table.headerItem().setTextAlignment(column, right)
        for column in range(4):
            mode = QHeaderView.ResizeMode
            is_name = column == 0
            self._table.header().setSectionResizeMode(
                column, mode.Stretch if is_name else mode.ResizeToContents
            )
        self._table.header().setStretchLastSection(False)
        self._use = plain_button(
            "usemodel",
            self.tr("Separate with this model"),
            self.tr("From now on songs are taken apart by the new model"),
            "separate",
        )
        self._use.clicked.connect(lambda: self.use_requested.emit(self._model[0]))
        self._open = plain_button("openmodel", self.tr("Open folder"), picture="open")
        self._open.clicked.connect(lambda: self.folder_requested.emit(self._model[1]))
        self._chart = Chart("blendchart", self.tr("SDR between the base and the new model"), "dB")
        self._chart.name_steps(self.tr("{step} % new"))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("blend")
        self._slider.setAccessibleName(self.tr("Share of the new model, in per cent"))
        self._slider.setRange(0, PERCENT)
        self._slider.setSingleStep(STEP_PERCENT)
        self._slider.setPageStep(25)
        self._slider.setTickInterval(25)
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.setValue(PERCENT)
        self._slider.valueChanged.connect(lambda _: self._show_share())
        self._share = QLabel()
        self._share.setObjectName("blendtold")
        self._measure = plain_button(
            "measureblend",
            self.tr("Measure"),
            self.tr("Score the models between the base and the new one"),
        )
        self._measure.clicked.connect(self.measure_requested)
        self._save = plain_button("saveblend", self.tr("Save this blend"))
        self._save.clicked.connect(lambda: self.save_requested.emit(self._slider.value() / PERCENT))
        self._told = paragraph("blendnote", is_dim=True)
        self._lay_out()
        self.show_run(None, 0.3)

    @property
    def share(self) -> float:
        """Of the new model in the blend that is chosen."""
        return self._slider.value() / PERCENT

    def show_run(self, run: TrainingRun | None, guard_db: float) -> None:
        """Show what came of a run.

        Args:
            run: None while there is none.
            guard_db: how far the reference set may fall.
        """
        if guard_db != self._guard_db:
            self._guard_db = guard_db
            self._show_plot()
        progress = run.progress if run is not None else None
        model = progress.model if progress is not None else None
        is_done = run is not None and run.state is JobState.DONE and model is not None
        self._model = (model.name, str(model)) if is_done and model is not None else ("", "")
        for button in (self._use, self._open):
            button.setVisible(bool(self._model[0]))
        verdict, head, remedy = self._words(run)
        self._light.set_verdict(verdict)
        self._head.setText(head)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self._show_scores(progress)
        has_ended = run is not None and run.state.has_ended
        can_blend = has_ended and progress is not None and bool(progress.checkpoints)
        self._blending.setVisible(can_blend and progress is not None and bool(progress.baseline))

    def show_blends(self, measured: Measured, *, is_busy: bool, told: str = "") -> None:
        """Show what was measured between the base and the new model.

        Args:
            measured: what is known.
            is_busy: something is being measured or saved.
            told: a sentence about that, or about what was saved.
        """
        self._measured = measured
        self._show_plot()
        self._measure.setEnabled(not is_busy and bool(measured.missing()))
        self._save.setEnabled(not is_busy)
        self._told.setText(told)
        self._show_share()

    def choose_share(self, share: float) -> None:
        """Move the slider."""
        self._slider.setValue(round(PERCENT * share))

    def _show_plot(self) -> None:
        measured = self._measured
        if measured is None:
            return
        points = sorted(measured.points.items())
        songs = [(PERCENT * share, each.songs) for share, each in points if each.songs is not None]
        reference = [(PERCENT * share, each.reference) for share, each in points]
        curves = []
        if songs:
            curves.append(Curve(self.tr("Your songs"), songs, is_marked=True))
        if reference:
            curves.append(Curve(self.tr("Reference"), reference, "mixture", is_marked=True))
        base = measured.base
        levels = []
        if base is not None:
            levels = [Level(self.tr("Limit"), base.reference - self._guard_db, "alarm")]
        plot = Plot(curves, levels, PERCENT)
        self._chart.show_plot(plot, self.tr("Nothing has been measured yet."))

    def _show_share(self) -> None:
        share = self.share
        told = self.tr("{percent} % of the new model").format(percent=self._slider.value())
        found = self._measured.at(share) if self._measured is not None else None
        base = self._measured.base if self._measured is not None else None
        if found is not None and base is not None:
            blend, is_measured = found
            parts = []
            if blend.songs is not None and base.songs is not None:
                change = f"{blend.songs - base.songs:+.2f}"
                parts.append(self.tr("{change} dB on your songs").format(change=change))
            change = f"{blend.reference - base.reference:+.2f}"
            parts.append(self.tr("{change} dB on the reference set").format(change=change))
            how = ", ".join(parts)
            told += (
                f": {how}" if is_measured else ": " + self.tr("about {scores}").format(scores=how)
            )
        self._share.setText(real_minus(told))
        self._slider.setAccessibleDescription(self._share.text())

    def _words(self, run: TrainingRun | None) -> tuple[str, str, str]:
        if run is None:
            return NOTE, self.tr("Nothing has been trained yet."), ""
        title = run.folder.record.title
        if run.progress.refusal:
            own = self.tr("Choose a blend below that keeps more of the base model, and save it.")
            return REJECT, sentence(said(_problem(run.progress.refusal))), own
        if run.state is JobState.DONE:
            told = self.tr("{title} is finished, and in the list of models.")
            return PASS, told.format(title=title), ""
        if run.state is JobState.FAILED:
            problem = getattr(run.error, "problem", str(run.error))
            remedy = as_in_menus(getattr(run.error, "remedy", ""))
            return REJECT, sentence(said(problem)), sentence(said(remedy))
        if run.state is JobState.CANCELLED:
            told = self.tr("{title} was stopped.").format(title=title)
            return NOTE, told, self.tr("It can be gone on with, or used as a blend as it is.")
        return NOTE, self.tr("{title} is still being trained.").format(title=title), ""

    def _show_scores(self, progress: Progress | None) -> None:
        rows: list[tuple[str, float | None, float | None]] = []
        base = progress.baseline if progress is not None else None
        last = progress.scored[-1] if progress is not None and progress.scored else None
        if last is not None:
            names = [name for name in last.scores if name != MEAN]
            for name in names:
                before = base.scores.get(name) if base else None
                rows.append((stem_title(name), before, last.scores[name]))
            mean = base.scores.get(MEAN) if base else None
            rows.append((self.tr("Mean of your songs"), mean, last.scores.get(MEAN)))
            if last.reference:
                before = base.reference.get(MEAN) if base else None
                rows.append(
                    (self.tr("Mean of the reference set"), before, last.reference.get(MEAN))
                )
        told = [
            (name, _db(before), _db(after), _change(before, after)) for name, before, after in rows
        ]
        if told == self._scores:
            return
        self._scores = told
        self._table.clear()
        for row in told:
            item = QTreeWidgetItem(list(row))
            for column in range(1, 4):
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                item.setTextAlignment(column, right)
            self._table.addTopLevelItem(item)
        self._table.setFixedHeight((max(1, len(told)) + 1) * ROW_PX + 4)
        self._table.setVisible(bool(told))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID_PX)
        head.addWidget(self._light, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(GRID_PX)
        words.addWidget(self._head)
        words.addWidget(self._remedy)
        head.addLayout(words, 1)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID_PX)
        row.addWidget(self._use)
        row.addWidget(self._open)
        row.addStretch(1)
        self._blending = QWidget()
        column = QVBoxLayout(self._blending)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(heading("", self.tr("Between the base and the new model")))
        column.addWidget(self._chart, 1)
        ends = QHBoxLayout()
        ends.setSpacing(2 * GRID_PX)
        for label in (QLabel(self.tr("Base")), self._slider, QLabel(self.tr("New"))):
            ends.addWidget(label, int(label is self._slider))
        column.addLayout(ends)
        foot = QHBoxLayout()
        foot.setSpacing(2 * GRID_PX)
        foot.addWidget(self._share, 1)
        foot.addWidget(self._measure)
        foot.addWidget(self._save)
        column.addLayout(foot)
        column.addWidget(self._told)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        whole.setSpacing(3 * GRID_PX)
        whole.addLayout(head)
        whole.addWidget(self._table)
        whole.addLayout(row)
        whole.addWidget(self._blending, 1)
        whole.addStretch(0)
        self._share.setFont(bold_font(SMALL_PX + 1))


def _problem(reason: str) -> str:
    """The first part of a `UserError`; its remedy is for the command line."""
    problem, _, remedy = reason.rstrip(".").rpartition(": ")
    return problem or remedy


def _db(value: float | None) -> str:
    return "–" if value is None else real_minus(f"{value:.2f}")


def _change(before: float | None, after: float | None) -> str:
    return "–" if before is None or after is None else real_minus(f"{after - before:+.2f}")
