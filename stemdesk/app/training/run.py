"""A training run: the program, what it has told, and the folder it can be gone on with."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from stemdesk.app.training.child import Child
from stemdesk.app.training.errand import Errand
from stemdesk.app.training.progress import replayed
from stemdesk.app.training.runs import RunFolder, Standing
from stemdesk.errors import UserError
from stemdesk.files import write_refusal
from stemdesk.jobs.job import JobState
from stemdesk.processes import training_command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stemdesk.app.training.errand import Event
    from stemdesk.project.lock import FolderLock

TRAINER = "stemdesk_training"
EXIT_INTERRUPTED = 130
_READING = re.compile(r"Reading the songs, \d+ ?% done: (?P<song>.*)")
PATIENCE_SECONDS = 60.0
"""How long a step and its checkpoint may take after a wish to stop."""


class TrainingRun(Errand):
    """Trains; started anew on the same folder it goes on from the last checkpoint.

    Args:
        folder: of the run, with its recipe.
        songs: makes the folder of songs, and may take its time.
        device: `auto`, `cpu`, `cuda` or `mps`.
        threads: processor threads; 0 for all.
        command: how to start the trainer; only tests give one.

    Attributes:
        folder: the same.
        progress: what has been told.
        recipe_text: the recipe that is run.
    """

    def __init__(
        self,
        folder: RunFolder,
        songs: Callable[[], Path],
        device: str = "auto",
        threads: int = 0,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(command or (), f"The training of {folder.record.title}")
        self.folder, self._songs = folder, songs
        self._wishes = [f"--device={device}", *([f"--threads={threads}"] if threads else [])]
        self._lock: FolderLock | None = None
        self._has_finished = self._is_interrupted = False
        self.recipe_text = folder.recipe.read_text(encoding="utf-8")
        self.progress = replayed(folder.log)
        self.fraction = self.progress.fraction

    @classmethod
    def resting(cls, folder: RunFolder) -> TrainingRun:
        """A run as it was left, to be looked at and listened to."""
        run = cls(folder, lambda: folder.path)
        states = {Standing.FINISHED: JobState.DONE, Standing.FAILED: JobState.FAILED}
        states[Standing.REFUSED] = JobState.FAILED
        # Nothing is written: how it stands is as it was.
        run._state = states.get(folder.record.standing, JobState.CANCELLED)
        if run._state is JobState.FAILED:
            run.error = UserError("The training was not finished", "go on with it, or begin anew")
        return run

    def start(self) -> None:
        """Link the songs and start the program, in a thread of its own.

        Raises:
            UserError: another StemDesk trains in this folder.
        """
        self._lock = self.folder.lock()
        self._state = JobState.RUNNING
        self.stage = "preparing"
        self.folder.keep(Standing.RUNNING)
        threading.Thread(target=self._begin, name="training", daemon=True).start()

    def cancel(self) -> None:
        """Stop after the step at hand, with a checkpoint."""
        self._is_stopping = True
        child = self.child
        if child is not None:
            child.say("stop")
            watch = threading.Timer(PATIENCE_SECONDS, child.kill)
            watch.daemon = True
            watch.start()
        elif self._state is JobState.QUEUED:
            self._end(JobState.CANCELLED)

    def interrupt(self) -> None:
        """Stop as with :meth:`cancel`, but to be gone on with: the program ends, not the user."""
        self._is_interrupted = True
        self.cancel()

    def take(self, event: Event) -> None:
        """See :class:`stemdesk.app.training.progress.Progress`."""
        kind = event["event"]
        if kind == "note" and (found := _READING.match(str(event["text"]))):
            # A note a song, before there is anything to train: that is where it stands.
            self.stage = f"Reading {found['song']}"
            return
        self.progress.take(event)
        self.fraction = self.progress.fraction
        if kind == "step":
            self.stage = "training"
            self._set_left(self.progress.seconds_left)
        elif kind == "progress":  # of what is done before the first step
            self.stage = str(event.get("stage", self.stage))
        elif kind in ("note", "rollback", "refused"):
            self.notes = [text for _, text in self.progress.remarks]
        elif kind == "paused":
            self._is_paused = True
        elif kind == "resumed":
            self._is_paused = False
        elif kind == "finished":
            self._has_finished = True

    def outcome(self) -> Any:
        """The folder of the model.

        Raises:
            UserError: the model was not saved, or the trainer has not finished.
        """
        if self.progress.refusal:
            raise UserError(
                # Its own remedy is for the command line.
                self.progress.refusal.rstrip(".").rpartition(": ")[0] or self.progress.refusal,
                "find a blend with the base model on the last page of Tools > Train a model",
            )
        if not self._has_finished:
            return self._raise(0)
        return self.progress.model

    def _begin(self) -> None:
        try:
            songs = self._songs()
            if self._is_stopping:
                self._end(JobState.CANCELLED)
                return
            self.child = Child(self._command(songs), self._take_line, self._take_end)
        except UserError as error:
            self._fail(error)
        except OSError as error:
            self._fail(write_refusal(self.folder.path, error))
        else:
            if self._is_paused:
                self.child.say("pause")
            if self._is_stopping:
                self.child.say("stop")

    def _command(self, songs: Path) -> list[str]:
        places = [f"--songs={songs}", f"--run={self.folder.work}"]
        words = [str(self.folder.recipe), *places, "--control=stdin", "--install", *self._wishes]
        return [*self.command, *words] if self.command else training_command(TRAINER, *words)

    def _is_well(self, status: int) -> bool:
        return status == 0 or bool(self.progress.refusal)

    def _take_end(self, status: int) -> None:
        if status == EXIT_INTERRUPTED or self.progress.is_stopped:
            self._is_stopping = self._is_stopping or not self._has_finished
        super()._take_end(status)

    def _end(self, state: JobState) -> None:
        standing = {
            JobState.DONE: Standing.FINISHED,
            JobState.CANCELLED: Standing.RUNNING if self._is_interrupted else Standing.STOPPED,
            JobState.FAILED: Standing.REFUSED if self.progress.refusal else Standing.FAILED,
        }[state]
        try:
            self.folder.keep(standing)
        except UserError as error:
            self.error = self.error or error
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
        super()._end(state)
