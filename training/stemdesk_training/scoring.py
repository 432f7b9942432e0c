"""Validation during a run: its time box, what it decides, and the model it leaves."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from stemdesk.separation.card import load_card
from stemdesk.separation.checkpoint import build_network
from stemdesk_training.run import events
from stemdesk_training.run.early_stopping import is_exhausted, judge
from stemdesk_training.run.model_writer import ModelWriter, machine_notes
from stemdesk_training.validation import Validation

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe
    from stemdesk_training.run.options import RunOptions
    from stemdesk_training.run.state import Progress, TrainingState
    from stemdesk_training.tuning.fine_tuning import FineTuning, Judged

DIGITS = 3


class Scoring:
    """Scores the averaged weights and keeps the model that they make.

    Args:
        recipe: patience, limit of time, and the model.
        pool: with the held-out mixes.
        writer: of the run's model.
        options: device and processes.
        report: told what comes of it.
        tuning: what is not to be forgotten, where a model is tuned.
    """

    def __init__(
        self,
        recipe: Recipe,
        pool: Path,
        writer: ModelWriter,
        options: RunOptions,
        report: events.Emit,
        tuning: FineTuning | None = None,
    ) -> None:
        self._recipe, self._writer, self._tuning = recipe, writer, tuning
        self._options, self._report = options, report
        self._judged: Judged | None = None
        self._validation = Validation(recipe, pool, tuning.post if tuning else ())

    def baseline(self, state: TrainingState) -> None:
        """Score what the run begins from."""
        reference = None
        if self._tuning is None:
            scores, _ = self._scored(self._network(state), state.progress)
        else:
            base = self._tuning.base(lambda network: self._scored(network, state.progress)[0])
            scores, reference = base.songs, base.reference
        state.progress.baseline = scores
        self._report(events.Baseline(scores=scores, reference=reference))

    def validate(self, state: TrainingState) -> None:
        """Score, judge, and keep the model where it is the best, or the last is wanted.

        Of tuned ones the best is wanted of those that may be saved: what forgets too much later on
        does not take it away.
        """
        progress, patience = state.progress, self._recipe.patience
        network = self._network(state)
        scores, seconds = self._scored(network, progress)
        if self._tuning is not None:
            self._judged = self._tuning.judge(network, scores)
        judged = self._judged
        allowed = judged is None or judged.allowed
        is_best = judge(progress, scores["mean"] if allowed else -math.inf, self._recipe.gain_db)
        wants_best = patience is not None or self._tuning is not None
        if allowed and (is_best or not wants_best or not self._writer.folder.exists()):
            made = {
                "steps": progress.step,
                **machine_notes(self._options.device, self._options.ranks.size),
            }
            completed = None if judged is None else judged.completed
            self._writer.write(network.state_dict(), scores, made, completed)
            progress.scores = scores
        progress.validated, progress.validation_seconds = progress.step, seconds
        reference = None if judged is None else judged.pair.reference
        self._report(
            events.Validated(
                step=progress.step, scores=scores, seconds=seconds, reference=reference
            )
        )
        if self._tuning is not None and (heard := self._tuning.listen(progress.step, network)):
            self._report(events.Listen(step=progress.step, folder=str(heard)))
        if is_exhausted(progress, patience):
            text = (
                f"{progress.stale} validations brought no gain: training ends, and the model is the"
                f" best, of {progress.best_db:g} dB"
            )
            self._report(events.Note(text=text))

    def conclude(self, state: TrainingState) -> None:
        """See to it that there is a model at the end, and tell where it is not that of the end.

        Raises:
            UserError: a tuned model forgot too much at every validation; reported as an event too.
        """
        if self._tuning is None:
            return
        if self._writer.folder.exists():
            self._tell_kept(state.step)
            return
        if self._judged is None:  # by a start of the run before this one
            self.validate(state)
        if self._judged is not None and not self._writer.folder.exists():
            error = self._tuning.refusal(
                self._judged, state.average, lambda one: self._scored(one, state.progress)[0]
            )
            self._report(events.Refused(reason=str(error)))
            raise error

    def _tell_kept(self, last: int) -> None:
        folder = self._writer.folder
        kept = load_card(folder).training["steps"]
        if kept != last:
            text = (
                f"The model is that of step {kept}, of those that forgot no more than is allowed"
                f' the best on your songs; stemdesk tune --blend 1 "{folder.parent}" makes one of'
                f" step {last}"
            )
            self._report(events.Note(text=text))

    def _network(self, state: TrainingState) -> MaskNetwork:
        """What is scored and kept: the averaged weights, or their blend with the base's."""
        network = build_network(self._recipe.model.card())
        average = state.average
        network.load_state_dict(average if self._tuning is None else self._tuning.weights(average))
        return network.to(self._options.device).eval()

    def _scored(self, network: MaskNetwork, progress: Progress) -> tuple[events.Scores, float]:
        limit = self._recipe.validation_seconds_limit
        if limit is not None and progress.validation_items is None:
            progress.validation_items = self._items_within(network, limit)
        begun = time.perf_counter()
        scores = self._validation.score(network, progress.validation_items)
        seconds = time.perf_counter() - begun
        return {stem: round(score_db, DIGITS) for stem, score_db in scores.items()}, seconds

    def _items_within(self, network: MaskNetwork, limit_seconds: float) -> int:
        """How many held-out mixes fit into the time; decided once, so that scores compare."""
        self._validation.score(network, 1)  # the first time takes longer
        begun = time.perf_counter()
        self._validation.score(network, 1)
        each_seconds = time.perf_counter() - begun
        there = self._recipe.data.validation_items
        fitting = min(there, max(1, int(limit_seconds / each_seconds)))
        if fitting < there:
            text = (
                f"Validation takes the first {fitting} of {there} held-out mixes, which fit into"
                f" {limit_seconds:g} seconds"
            )
            self._report(events.Note(text=text))
        return fitting
