"""The training loop: random mixes in, a model folder out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec

from stemdesk_training.feed import Feed
from stemdesk_training.run import events
from stemdesk_training.run.control import STOP, WORDS, Wish
from stemdesk_training.run.early_stopping import is_exhausted
from stemdesk_training.run.folder import RunFolder
from stemdesk_training.run.initial import initial_network
from stemdesk_training.run.installing import install
from stemdesk_training.run.memory import give_back_freed, keeping_freed_memory
from stemdesk_training.run.model_writer import ModelWriter
from stemdesk_training.run.optimisers import make_optimiser
from stemdesk_training.run.options import RunOptions
from stemdesk_training.run.pace import Pace
from stemdesk_training.run.pieces import caution
from stemdesk_training.run.reporter import Reporter, silent
from stemdesk_training.run.schedule import SECONDS_A_MINUTE
from stemdesk_training.run.state import CHECKPOINT_NAME, Progress, TrainingState
from stemdesk_training.run.stepper import Stepper
from stemdesk_training.run.tensorboard_files import TensorBoardFiles
from stemdesk_training.scoring import Scoring
from stemdesk_training.tuning.fine_tuning import FineTuning

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.recipe import Memory, Recipe


CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


class Trainer:
    """One run in one folder; starting it again goes on from the last checkpoint.

    Args:
        recipe: what to do.
        pool: folder made by ``stemdesk_training.corpus`` or ``stemdesk_training.prepared``; a run
            may go on with another.
        folder: the run's folder; holds checkpoint, log and the model as of the last validation, or
            of the best one where the recipe has patience.
        emit: called with every event.
        options: device, control and the like.

    Raises:
        UserError: the folder belongs to a different recipe, or the model to begin from is of
            another kind.
    """

    def __init__(
        self,
        recipe: Recipe,
        pool: Path,
        folder: Path,
        emit: events.Emit,
        options: RunOptions | None = None,
    ) -> None:
        self._options = options or RunOptions()
        self._ranks, self._device = self._options.ranks, self._options.device
        self._recipe, self._pool, self._folder, self._emit = recipe, pool, folder, emit
        network, self._parent = initial_network(recipe, pool)
        # What cannot begin claims no folder, so that the mended recipe can have it.
        self._claimed = RunFolder(folder, recipe) if self._ranks.is_first else None
        self._network = network.to(self._device)
        optimiser = make_optimiser(recipe.optimiser, self._network)
        self._tuning: FineTuning | None = None
        if recipe.tuning is not None:
            self._tuning = FineTuning(recipe, recipe.tuning, pool, folder, self._device)
            self._tuning.attach(self._network, optimiser)
        self._state = TrainingState(self._network, optimiser, recipe.optimiser.ema_decay)
        self._report: events.Emit = silent
        self._scoring: Scoring | None = None
        self._pace = Pace()
        self._began, self._worked_before, self._scoring_seconds = self._options.began, 0.0, 0.0

    def stop(self) -> None:
        """Ask the run to end after its current step, with a checkpoint; safe from a signal."""
        self._options.control.tell(STOP)

    def run(self) -> Path | None:
        """Train to the end.

        Returns:
            The folder of the finished model; None if the run was stopped.

        Raises:
            UserError: another program is at work in the folder, the checkpoint is damaged, there is
                not enough memory or disk, or the loss is again and again no number.
        """
        recipe, ranks = self._recipe, self._ranks
        with ExitStack() as stack:
            if self._claimed is not None:
                stack.enter_context(self._claimed.at_work())
            self._state.load(self._folder)
            self._worked_before = self._progress.worked_seconds
            if self._claimed is not None:
                self._listen(self._claimed, stack)
            # `low` is to leave memory to others, and `high` has no room for what is kept.
            if self._device.type == "cpu" and self._memory == "auto":
                stack.enter_context(keeping_freed_memory())
            self._stepper = Stepper(recipe, self._network, self._state, ranks, self._report)
            self._feed = stack.enter_context(
                Feed(recipe, self._pool, self._device, ranks.place, ranks.size, self._tuning)
            )
            self._begin()
            while not self._is_over:
                if not self._may_go_on():
                    self._leave()
                    return None
                self._advance()
            return self._finish()

    def _listen(self, claimed: RunFolder, stack: ExitStack) -> None:
        """What only the first process does: write, report and score."""
        listeners = [self._emit]
        if self._options.tensorboard:
            files = TensorBoardFiles(self._folder, self._progress.step)
            stack.callback(files.close)
            listeners.append(files)
        self._report = Reporter(claimed.log, listeners)
        self._writer = ModelWriter(
            self._folder,
            self._recipe,
            self._pool,
            self._parent,
            name_songs=self._options.name_songs,
        )
        self._scoring = Scoring(
            self._recipe, self._pool, self._writer, self._options, self._report, self._tuning
        )

    @property
    def _memory(self) -> Memory:
        return self._options.memory or self._recipe.memory

    @property
    def _progress(self) -> Progress:
        return self._state.progress

    @property
    def _is_over(self) -> bool:
        progress, optimiser = self._progress, self._recipe.optimiser
        return (
            progress.step >= optimiser.steps
            or is_exhausted(progress, self._recipe.patience)
            or self._is_out_of_time
        )

    @property
    def _is_out_of_time(self) -> bool:
        progress, minutes = self._progress, self._recipe.optimiser.minutes
        wall_seconds = self._options.wall_seconds
        if wall_seconds is not None:
            # The last validation belongs to the time.
            return progress.worked_seconds + self._scoring_seconds >= wall_seconds
        return minutes is not None and progress.trained_seconds >= SECONDS_A_MINUTE * minutes

    @property
    def _is_validation_due(self) -> bool:
        return self._progress.step % self._recipe.validate_steps == 0 or self._is_over

    def _begin(self) -> None:
        """What a start needs, of which a resumed run has most already."""
        progress = self._progress
        self._report(
            events.Started(
                step=progress.step,
                steps=self._recipe.optimiser.steps,
                device=str(self._device),
                parameters=sum(value.numel() for value in self._network.parameters()),
                model=self._recipe.model.id,
            )
        )
        if progress.step and progress.processes != self._ranks.size:
            self._note(
                f"{self._ranks.size} processes go on with what {progress.processes} began, and the"
                " batch of a step changes with them"
            )
        progress.processes = self._ranks.size
        if self._ranks.size > 1 and not progress.step and (more := caution(self._network)):
            self._note(f"Every process learns from its own share of a batch{more}")
        if progress.step and self._is_validation_due and progress.validated != progress.step:
            self._validate()
        if self._is_over:
            return
        if self._progress.piece is None or self._options.memory is not None:
            self._stepper.choose_piece(self._memory)
        if self._parent is not None and self._progress.baseline is None and not self._progress.step:
            self._score(is_baseline=True)
        if not (self._folder / CHECKPOINT_NAME).exists():
            self._save()  # there is always somewhere to go back to
        self._feed.seek(self._progress.batch)

    def _advance(self) -> None:
        """One step, and what is due after it."""
        clock = CLOCKS[self._recipe.optimiser.clock]
        started, begun = time.perf_counter(), clock()
        stems = next(self._feed)
        waited = time.perf_counter() - started
        rate, progress = self._stepper.learning_rate, self._progress
        loss = self._stepper.step(stems, self._feed.rows.start)
        if loss is None:
            self._stepper.roll_back(self._folder)
            self._save()
            self._feed.seek(self._progress.batch)
            return
        seconds, spent, worked = self._ranks.mean(
            [time.perf_counter() - started, clock() - begun, time.time() - self._began]
        )
        progress.trained_seconds += spent
        progress.worked_seconds = self._worked_before + worked
        self._pace.add(seconds, waited, spent)
        self._report(
            events.Stepped(
                step=progress.step,
                loss=loss,
                seconds=seconds,
                waited_seconds=waited,
                learning_rate=rate,
                seconds_left=self._seconds_left(),
            )
        )
        if progress.step % self._recipe.checkpoint_steps == 0 or self._is_over:
            self._save()
        if self._is_validation_due:
            self._validate()

    def _seconds_left(self) -> float:
        if self._options.wall_seconds is None:
            return self._pace.seconds_left(self._recipe, self._progress)
        return max(0.0, self._options.wall_seconds - self._progress.worked_seconds)

    def _may_go_on(self) -> bool:
        """Rest while a pause is wished; False when it is a stop."""
        control = self._options.control
        wish = Wish(self._ranks.most(control.wish()))
        if wish is Wish.PAUSE:
            self._save()
            give_back_freed()
            self._report(events.Paused(step=self._progress.step))
            paused = time.time()
            while wish is Wish.PAUSE:
                mine = control.wait() if self._ranks.is_first else control.wish()
                wish = Wish(self._ranks.most(mine))
            self._began += time.time() - paused
            if wish is Wish.GO_ON:
                self._report(events.Resumed(step=self._progress.step))
        while control.unknown:
            self._note(f"{control.unknown.pop(0)!r} is no command: say {', '.join(WORDS)}")
        return wish is not Wish.STOP

    def _validate(self) -> None:
        self._score(is_baseline=False)
        self._save()

    def _score(self, *, is_baseline: bool) -> None:
        """The first process scores; all of them know what came of it."""
        begun = time.monotonic()
        if self._scoring is not None:
            (self._scoring.baseline if is_baseline else self._scoring.validate)(self._state)
        if self._ranks.size > 1:
            found = self._ranks.of_first(msgspec.msgpack.encode(self._progress))
            self._state.progress = msgspec.msgpack.decode(found, type=Progress)
        (self._scoring_seconds,) = self._ranks.mean([time.monotonic() - begun])

    def _save(self) -> None:
        if self._ranks.is_first:
            self._state.save(self._folder)
            self._report(events.Checkpointed(step=self._progress.step))

    def _leave(self) -> None:
        self._save()
        self._tell_waiting()
        self._report(events.Stopped(step=self._progress.step))

    def _finish(self) -> Path:
        model = self._folder / self._recipe.model.id
        if self._scoring is not None:
            self._scoring.conclude(self._state)
        if self._ranks.is_first and self._options.install:
            model = install(model)
        self._tell_waiting()
        self._report(
            events.Finished(
                step=self._progress.step, model=str(model), scores=self._progress.scores
            )
        )
        return model

    def _tell_waiting(self) -> None:
        share = self._pace.waiting_share
        if share is not None:
            self._note(f"{share:.1%} of the training time went by waiting for data")

    def _note(self, text: str) -> None:
        self._report(events.Note(text=text))
