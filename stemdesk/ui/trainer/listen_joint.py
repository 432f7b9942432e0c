"""The page of listening, joined to what sounds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from stemdesk.app.training.blind import BASE, TUNED, BlindTest, Question
from stemdesk.app.training.desk import Desk, keep_outcome, kept_outcomes
from stemdesk.app.training.renderings import found
from stemdesk.app.training.switching import levelled
from stemdesk.errors import UserError
from stemdesk.ui.trainer.part import Part
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.run import TrainingRun
    from stemdesk.app.training.switching import Levelled
    from stemdesk.app.training.trainings import Trainings
    from stemdesk.jobs.entry import Entry
    from stemdesk.ui.trainer.window import TrainerWindow


class ListenJoint(Part):
    """See the module.

    Attributes:
        desk: what sounds; None while nothing is open.
    """

    def __init__(self, page: TrainerWindow, trainings: Trainings, bench: Workbench) -> None:
        super().__init__(page, trainings, bench)
        self.desk: Desk | None = None
        self._wanted: tuple[int, str] | None = None
        self._run: TrainingRun | None = None
        self._folders: dict[int, Path] = {}
        listen = page.listen
        listen.pair_chosen.connect(self._open)
        listen.heard.connect(self._hear)
        listen.play_requested.connect(self._play_or_pause)
        listen.sought.connect(self._seek)
        listen.answered.connect(self._keep)
        page.closed.connect(self.rest)

    def pump(self) -> None:
        """Show what can be heard, and where it plays."""
        run, listen = self.trainings.running, self.page.listen
        renderings = list(run.progress.renderings) if run is not None else []
        folders = {each.step: each.folder for each in renderings}
        if run is not self._run or folders != self._folders:
            self._run, self._folders = run, folders
            listen.show_pairs({step: tuple(found(folder)) for step, folder in folders.items()})
            self._show_record()
        if self.desk is not None:
            listen.show_playing(on=self.desk.is_playing, fraction=self.desk.fraction)

    def rest(self) -> None:
        """Fall silent."""
        if self.desk is not None and self.desk.is_playing:
            self.desk.play_or_pause()

    def close(self) -> None:
        """Give the sound card back."""
        desk, self.desk = self.desk, None
        if desk is not None:
            desk.close()

    def _open(self, step: int, stem: str) -> None:
        self._wanted = (step, stem)
        self.page.listen.set_ready(on=False)
        self.close()
        files = found(self._folders[step]).get(stem)
        if files is not None:
            # Both are as loud as each other when they are written; measured, it is sure.
            self.bench.errands.start(
                stem, "look", lambda _: levelled(files), partial(self._opened, (step, stem))
            )

    def _opened(self, pair: tuple[int, str], entry: Entry) -> None:
        if pair != self._wanted:
            return
        files: dict[str, Levelled] = {name: entry.result[name] for name in (BASE, TUNED)}
        with self.refusals_shown():
            self.desk = Desk(files, self.bench.preferences.audio_device or None)
            self.page.listen.set_ready(on=True)

    def _hear(self, name: str) -> None:
        if self.desk is not None:
            self.desk.hear(name)

    def _seek(self, fraction: float) -> None:
        if self.desk is not None:
            self.desk.seek(fraction)

    def _play_or_pause(self) -> None:
        stage, desk = self.bench.stage, self.desk
        if desk is None:
            return
        if not desk.is_playing and stage is not None and stage.is_playing:
            stage.listening.player.pause()  # one song at a time
        desk.play_or_pause()
        if desk.message:
            self.page.show_problem(UserError(desk.message, "choose another output"), self)

    def _keep(self, test: BlindTest) -> None:
        run, pair = self._run, self.page.listen.pair
        if run is None or pair is None:
            return
        with self.refusals_shown():
            about = {"step": pair[0], "stem": pair[1], "song": run.folder.record.listen}
            keep_outcome(run.folder.path, test, about)
        self._show_record()

    def _show_record(self) -> None:
        entries = kept_outcomes(self._run.folder.path) if self._run is not None else []
        self.page.listen.show_record([self._told(entry) for entry in entries])

    def _told(self, entry: dict[str, Any]) -> str:
        told = (
            self.tr("Step {step}, {stem}: told apart in {right} of {count} (p = {p})")
            if entry.get("question") == Question.SAME.value
            else self.tr("Step {step}, {stem}: new model preferred in {right} of {count} (p = {p})")
        )
        return told.format(
            step=entry.get("step"),
            stem=stem_title(str(entry.get("stem", ""))),
            right=entry.get("tuned_or_right"),
            count=len(entry.get("trials", ())),
            p=f"{float(entry.get('p_value', 1.0)):.3f}",
        )
