"""All that the trainer's window has done, in the list of jobs: checks, recipes, runs, blends."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.training.blending import Blend, BlendScores
from stemdesk.app.training.drafting import Draft
from stemdesk.app.training.run import TrainingRun
from stemdesk.app.training.runs import Record, Standing, interrupted_runs, new_run
from stemdesk.app.training.selection import lay_out
from stemdesk.app.training.songs import LibraryCheck
from stemdesk.app.training.toml_text import read, value_at
from stemdesk.errors import UserError
from stemdesk.jobs.queue import STUDIO, TRAINING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk.app.training.runs import RunFolder
    from stemdesk.app.training.songs import Song
    from stemdesk.jobs.entry import Entry
    from stemdesk.jobs.queue import JobQueue
    from stemdesk.settings import Preferences


class Trainings:
    """Its methods return at once and belong to one thread.

    Args:
        jobs: where everything is listed.
        preferences: tells them as they are now.

    Attributes:
        run: the entry of the run at hand, or the last one; None before any.
    """

    def __init__(self, jobs: JobQueue, preferences: Callable[[], Preferences]) -> None:
        self._jobs, self._preferences = jobs, preferences
        self.run: Entry | None = None
        self._earlier: TrainingRun | None = None

    @property
    def is_training(self) -> bool:
        """Whether a run waits, goes on or rests."""
        return self.run is not None and not self.run.state.has_ended

    @property
    def running(self) -> TrainingRun | None:
        """The run at hand, or the last one, once it has begun; or an earlier one."""
        if self._earlier is not None:
            return self._earlier
        work = self.run.work if self.run is not None else None
        return work if isinstance(work, TrainingRun) else None

    def check(self, folder: Path, *, listens: bool) -> Entry:
        """Have the doctor look at a library; see :class:`LibraryCheck`."""
        return self._add(folder.name, "check", partial(LibraryCheck, folder, listens=listens))

    def repair(self, folder: Path, into: Path, only: tuple[str, ...]) -> Entry:
        """Write repaired copies of some fixable songs, or of all."""
        return self._add(folder.name, "repair", partial(LibraryCheck, folder, into, only))

    def draft(self, base: str, title: str, music_seconds: float) -> Entry:
        """A recipe to begin with."""
        wanted = self._preferences()
        begin = partial(
            Draft, base, title, music_seconds, device=wanted.device, threads=wanted.threads
        )
        return self._add(title, "draft", begin)

    def start(
        self, recipe: str, library: Path, songs: Sequence[Song], chosen: Sequence[Song]
    ) -> Entry:
        """Train.

        Args:
            recipe: its text.
            library: where the songs lie.
            songs: all of the library.
            chosen: to train on.

        Raises:
            UserError: nothing is chosen, a run goes on, or the disk refuses.
        """
        self._refuse_second()
        if not chosen:
            raise UserError("No song is chosen to train on", "tick at least one song")
        data = read(recipe)
        record = Record(
            title=str(value_at(data, "model.title") or library.name),
            base=str(value_at(data, "tuning.base") or value_at(data, "init") or ""),
            library=str(library),
            listen=str(value_at(data, "tuning.listen") or ""),
        )
        folder = new_run(record, recipe)

        def linked() -> Path:
            place = lay_out(library, songs, chosen, folder.links)
            folder.keep(Standing.RUNNING, songs=str(place))
            return place

        return self._train(folder, linked)

    def go_on(self, folder: RunFolder) -> Entry:
        """Go on with a run from its last checkpoint.

        Raises:
            UserError: another run goes on, or its songs are gone.
        """
        self._refuse_second()
        songs = Path(folder.record.songs)
        if not folder.record.songs or not songs.is_dir():
            raise UserError(
                f"The songs of the run {folder.record.title} are not at {songs}",
                "begin a new run with the songs where they are now",
            )
        return self._train(folder, lambda: songs)

    def measure(self, run: RunFolder, shares: Sequence[float]) -> Entry:
        """Score what lies between the base and the tuned model."""
        wanted = self._preferences()
        begin = partial(BlendScores, run.work, shares, wanted.device, wanted.threads)
        return self._add(run.record.title, "blend", begin)

    def blend(self, run: RunFolder, share: float, title: str) -> Entry:
        """Save a model between the base and the tuned one."""
        wanted = self._preferences()
        begin = partial(Blend, run.work, share, title, wanted.device, wanted.threads)
        return self._add(run.record.title, "blend", begin)

    def interrupted(self) -> tuple[RunFolder, ...]:
        """Runs that can be gone on with since the program ended while they went on."""
        own = self.running.folder.path if self.running is not None else None
        return tuple(run for run in interrupted_runs() if run.path != own)

    def look_at(self, folder: RunFolder) -> None:
        """Show an earlier run in place of the last one.

        Raises:
            UserError: a model is being trained, or its recipe is gone.
        """
        self._refuse_second()
        try:
            self._earlier = TrainingRun.resting(folder)
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"The run {folder.record.title} cannot be read ({error})", "choose another one"
            ) from error

    def pause(self) -> None:
        """Let the run rest."""
        if self.run is not None:
            self._jobs.pause(self.run.id)

    def resume(self) -> None:
        """Let it go on."""
        if self.run is not None:
            self._jobs.resume(self.run.id)

    def stop(self) -> None:
        """End it after the step at hand, with a checkpoint."""
        if self.run is not None:
            self._jobs.cancel(self.run.id)

    def leave_off(self) -> None:
        """The program ends: the run stops, and is offered at the next start."""
        running = self.running
        if running is not None and self.is_training:
            running.interrupt()

    def cancel(self, entry: Entry) -> None:
        """Break other work off."""
        if not entry.state.has_ended:
            self._jobs.cancel(entry.id)

    def _refuse_second(self) -> None:
        if self.is_training:
            raise UserError("A model is being trained already", "wait for it, or stop it first")

    def _train(self, folder: RunFolder, songs: Callable[[], Path]) -> Entry:
        wanted = self._preferences()
        self._earlier = None
        begin = partial(TrainingRun, folder, songs, wanted.device, wanted.threads)
        self.run = self._jobs.add(folder.record.title, "train", begin, TRAINING)
        return self.run

    def _add(self, title: str, kind: str, begin: Callable[[], object]) -> Entry:
        return self._jobs.add(title, kind, begin, STUDIO)  # type: ignore[arg-type]
