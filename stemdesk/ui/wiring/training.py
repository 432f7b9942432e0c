"""The trainer's window, joined to the main window; the run itself."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QMenu, QMessageBox

from stemdesk.app.training.runs import Standing, known_runs
from stemdesk.app.training.trainings import Trainings
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.ui.trainer.listen_joint import ListenJoint
from stemdesk.ui.trainer.recipe_joint import RecipeJoint
from stemdesk.ui.trainer.result_joint import ResultJoint
from stemdesk.ui.trainer.song_joint import SongJoint
from stemdesk.ui.trainer.window import TrainerWindow
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.run import TrainingRun
    from stemdesk.app.training.runs import RunFolder
    from stemdesk.ui.main_window import MainWindow

MOST_RUNS = 20


class Training(Wiring):
    """Everything of the trainer. Its window is made when it is first asked for.

    Attributes:
        trainings: what is done.
        page: the window; None before it was asked for. ``songs``, ``recipe``, ``listen`` and
            ``result`` join its pages.
    """

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self.trainings = Trainings(bench.jobs, lambda: bench.preferences)
        self.page: TrainerWindow | None = None
        self._told: object = None

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {"train": self.open}

    def open(self) -> TrainerWindow:
        """Show the trainer."""
        page = self.page
        if page is None:
            page = self.page = self._made()
        self.recipe.show_models()
        page.show()
        page.raise_()
        page.activateWindow()
        if not page.recipe.text:
            self.recipe.draft_unless_edited()
        self.pump()
        return page

    def start(self) -> None:
        """Train with what is shown; a run that was stopped is gone on with."""
        page, running = self.page, self.trainings.running
        if page is None:
            return
        with self.songs.refusals_shown():
            if running is not None and self._is_same(running):
                self.trainings.go_on(running.folder)
            else:
                library = page.songs.folder or Path()
                originals, chosen = self.songs.originals, page.songs.chosen
                self.trainings.start(page.recipe.text, library, originals, chosen)
            self.result.forget()
            page.show_page(page.run)
        self.bench.jobs.pump()
        self.pump()

    def pump(self) -> None:
        """All that is due, ten times a second."""
        self._tell_end()
        if self.page is None:
            return
        for joint in (self.songs, self.recipe, self.result):
            joint.pump()
        if self.page.isVisible():
            self._show_run(self.page)
            self.listen.pump()

    def offer_interrupted(self) -> None:
        """A run that ended with the program can be gone on with."""
        for run in self.trainings.interrupted():
            with self.refusals_shown():
                if self._goes_on(run):
                    self.go_on(run)
                    return

    def go_on(self, run: RunFolder) -> None:
        """Go on with a run, with its recipe shown.

        Raises:
            UserError: it cannot be gone on with.
        """
        self.trainings.go_on(run)
        self.bench.jobs.pump()
        text = run.recipe.read_text(encoding="utf-8")
        page = self.open()
        page.recipe.show_text(text)
        page.show_page(page.run)

    def may_leave(self) -> bool:
        """Whether the program may end; asks where a run goes on."""
        if not self.trainings.is_training:
            return True
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("A model is being trained"),
            self.tr(
                "Quitting stops the training at a checkpoint. At the next start it can be gone"
                " on with."
            ),
            parent=self.window,
        )
        leave = question.addButton(self.tr("Stop and quit"), QMessageBox.ButtonRole.AcceptRole)
        stay = question.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(stay)
        question.exec()
        return question.clickedButton() is leave

    def close(self) -> None:
        """The program ends."""
        self.trainings.leave_off()
        if self.page is not None:
            self.recipe.close()
            self.listen.close()
            self.page.close()

    def _made(self) -> TrainerWindow:
        page = TrainerWindow(self.window)
        self.songs = SongJoint(page, self.trainings, self.bench)
        self.recipe = RecipeJoint(page, self.trainings, self.bench)
        self.listen = ListenJoint(page, self.trainings, self.bench)
        self.result = ResultJoint(page, self.trainings, self.bench)
        self.songs.checked.connect(self.recipe.draft_unless_edited)
        self.result.models_changed.connect(self._show_models)
        self.result.use_requested.connect(self._use)
        control = page.control
        control.start_requested.connect(self.start)
        control.pause_requested.connect(self.trainings.pause)
        control.resume_requested.connect(self.trainings.resume)
        control.stop_requested.connect(self.trainings.stop)
        control.earlier_requested.connect(self._choose_earlier)
        return page

    def _choose_earlier(self) -> None:
        menu, page = QMenu(self.page), self.page
        if page is None:
            return
        for run in islice(known_runs(), MOST_RUNS):
            told = QLocale.system().toString(
                QDateTime.fromSecsSinceEpoch(int(run.changed_at)), QLocale.FormatType.ShortFormat
            )
            menu.addAction(f"{run.record.title} ({told})", partial(self._look_at, run))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)
        menu.popup(page.control.mapToGlobal(page.control.rect().topRight()))

    def _look_at(self, run: RunFolder) -> None:
        page = self.page
        with self.songs.refusals_shown():
            self.trainings.look_at(run)
            self.result.forget()
            if page is not None and self.trainings.running is not None:
                page.recipe.show_text(self.trainings.running.recipe_text)
                page.show_page(page.run)
        self.pump()

    def _show_run(self, page: TrainerWindow) -> None:
        running, guard_db = self.trainings.running, self.recipe.guard_db
        page.guard_db = guard_db
        page.control.show_run(running, self._hint(page))
        page.run.show_progress(running.progress if running else None, guard_db)
        page.result.show_run(running, guard_db)

    def _hint(self, page: TrainerWindow) -> str:
        """What is still needed before a training can be started."""
        running = self.trainings.running
        if self.trainings.is_training:
            return ""
        if self.recipe.has_mistake:
            return self.tr("The recipe has a mistake.")
        if running is not None and self._is_same(running):
            return ""
        if not page.songs.chosen:
            return self.tr("Choose songs to train on first.")
        return "" if page.recipe.text else self.tr("The recipe is being made.")

    def _is_same(self, running: TrainingRun) -> bool:
        """Whether a run that has stopped can be gone on with as it is shown."""
        page, progress = self.page, running.progress
        if running.state not in (JobState.CANCELLED, JobState.FAILED) or page is None:
            return False
        if progress.refusal or not progress.checkpoints:
            return False
        return running.recipe_text == page.recipe.text

    def _goes_on(self, run: RunFolder) -> bool:
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Training was interrupted"),
            self.tr(
                "The training of {title} was interrupted. Go on from its last checkpoint?"
            ).format(title=run.record.title),
            parent=self.window,
        )
        go_on = question.addButton(self.tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
        later = question.addButton(self.tr("Not now"), QMessageBox.ButtonRole.RejectRole)
        drop = question.addButton(self.tr("Give it up"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(go_on)
        question.setEscapeButton(later)
        question.exec()
        if question.clickedButton() is drop:
            run.keep(Standing.DISMISSED)
        return question.clickedButton() is go_on

    def _tell_end(self) -> None:
        """A run that has ended shows in the list of models, or why it failed."""
        entry = self.trainings.run
        if entry is None or not entry.state.has_ended or (entry.work, entry.error) == self._told:
            return
        self._told = (entry.work, entry.error)
        if entry.state is JobState.DONE:
            self._show_models()
            told = self.tr("{title} is finished, and in the list of models.")
            self.window.tell(told.format(title=entry.title))
        elif entry.state is JobState.FAILED:
            if not isinstance(entry.error, UserError):
                raise entry.error or RuntimeError("no reason was given")
            running = self.trainings.running
            if self.page is not None and running is not None and running.progress.refusal:
                self.page.show_page(self.page.result)  # which says it, and what can be done
            else:
                (self.page or self.window).show_problem(entry.error, self.trainings)

    def _show_models(self) -> None:
        self.window.helping.show_models()
        if self.page is not None:
            self.recipe.show_models()

    def _use(self, model: str) -> None:
        self.window.helping.choose_model(model)
        self._show_models()
        self.window.tell(self.tr("Songs are separated by {model} now.").format(model=model))
