"""The page of the result, joined to what blends models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from stemdesk.app.training.blending import Blend, BlendScores, Measured
from stemdesk.jobs.job import JobState
from stemdesk.ui.trainer.part import Part

if TYPE_CHECKING:
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.blending import Blended
    from stemdesk.app.training.trainings import Trainings
    from stemdesk.jobs.entry import Entry
    from stemdesk.ui.trainer.window import TrainerWindow


class ResultJoint(Part):
    """See the module.

    Signals:
        models_changed(): there is another model in the list.
        use_requested(id): a model is to separate from now on.
    """

    models_changed = Signal()
    use_requested = Signal(str)

    def __init__(self, page: TrainerWindow, trainings: Trainings, bench: Workbench) -> None:
        super().__init__(page, trainings, bench)
        self._measured = Measured()
        self._entries: list[Entry] = []
        self._told = ""
        result = page.result
        result.use_requested.connect(self.use_requested)
        result.folder_requested.connect(
            lambda folder: QDesktopServices.openUrl(QUrl.fromLocalFile(folder))
        )
        result.measure_requested.connect(self.measure)
        result.save_requested.connect(self.save)
        self._show()

    def forget(self) -> None:
        """Another run: nothing of it was measured."""
        for entry in self._entries:
            self.trainings.cancel(entry)
        self._entries, self._measured, self._told = [], Measured(), ""
        self._show()

    def measure(self) -> None:
        """Score what lies between the base and the new model."""
        run = self.trainings.running
        if run is None or self._entries:
            return
        self._entries = [self.trainings.measure(run.folder, self._measured.missing())]
        self._told = self.tr("Measuring…")
        self.bench.jobs.pump()
        self._show()

    def save(self, share: float) -> None:
        """A model of a blend, among the user's models."""
        run = self.trainings.running
        if run is None:
            return
        title = self.tr("{title}, {percent} %").format(
            title=run.folder.record.title, percent=round(100 * share)
        )
        self._entries.append(self.trainings.blend(run.folder, share, title))
        self._told = self.tr("Saving…")
        self.bench.jobs.pump()
        self._show()

    def pump(self) -> None:
        """Take what was measured and saved."""
        run = self.trainings.running
        if run is not None and run.state.has_ended and not self._measured.points:
            self._measured = Measured.of(run.progress)
            self._show()
        for entry in self._entries:
            if isinstance(entry.work, BlendScores):
                self._learn(entry.work.found)
        ended = [entry for entry in self._entries if entry.state.has_ended]
        if not ended:
            return
        self._entries = [entry for entry in self._entries if not entry.state.has_ended]
        for entry in ended:
            self._told = ""
            if entry.state is JobState.DONE and isinstance(entry.work, Blend):
                self._take(entry.work.result)
            elif entry.state is JobState.DONE:
                self._point_out()
            elif entry.state is JobState.FAILED:
                self.complain(entry.error)
        self._show()

    def _learn(self, found: list[Blended]) -> None:
        fresh = [each for each in found if each.share not in self._measured.points]
        for each in fresh:
            self._measured.points[each.share] = each
        if fresh:
            self._show()

    def _take(self, saved: Blended) -> None:
        self._measured.points[saved.share] = saved
        if saved.model is not None:
            self._told = self.tr("{model} is in the list of models now.").format(
                model=saved.model.name
            )
            self.models_changed.emit()

    def _point_out(self) -> None:
        """The slider goes where most is gained and the guard is kept."""
        run = self.trainings.running
        best = self._measured.best(self.page.guard_db)
        if best is not None and run is not None and run.progress.refusal:
            self.page.result.choose_share(best.share)

    def _show(self) -> None:
        self.page.result.show_blends(self._measured, is_busy=bool(self._entries), told=self._told)
