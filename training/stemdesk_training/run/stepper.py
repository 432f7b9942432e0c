"""One step of the optimiser, and the way back where it leads nowhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from stemdesk.errors import UserError
from stemdesk_training.losses.objective import Objective
from stemdesk_training.run import events
from stemdesk_training.run.descent import Descent
from stemdesk_training.run.memory_probe import chosen_piece
from stemdesk_training.run.pieces import loss_in_pieces
from stemdesk_training.run.schedule import learning_rate

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Memory, Recipe
    from stemdesk_training.run.distributed import Ranks
    from stemdesk_training.run.state import TrainingState

MOST_ROLLBACKS = 5


class Stepper:
    """Moves a network's weights, batch by batch.

    Args:
        recipe: how.
        network: whose weights.
        state: of the same network.
        ranks: the processes that share a batch.
        report: told what happens.
    """

    def __init__(
        self,
        recipe: Recipe,
        network: MaskNetwork,
        state: TrainingState,
        ranks: Ranks,
        report: events.Emit,
    ) -> None:
        self._recipe, self._network, self._state = recipe, network, state
        self._ranks, self._report = ranks, report
        self._device = next(network.parameters()).device
        self._objective = Objective(recipe, self._device)
        self._descent = Descent(network, self._objective, recipe.seed, ranks)

    @property
    def learning_rate(self) -> float:
        """Of the step that is due: half the schedule's for each return to a checkpoint."""
        progress = self._state.progress
        rate = learning_rate(self._recipe.optimiser, progress.step, progress.trained_seconds)
        return rate * 0.5**progress.rollbacks

    def choose_piece(self, preset: Memory) -> None:
        """Items that go through the network at once: all of a batch, if there is room."""
        choice = chosen_piece(self._recipe, preset, self._network, self._objective, self._device)
        if choice.note:
            self._report(events.Note(text=choice.note))
        self._state.progress.piece = -self._ranks.most(-choice.piece)

    def step(self, stems: torch.Tensor, row: int) -> float | None:
        """Move the weights.

        Args:
            stems: this process's items of the batch that is due.
            row: number of the first of them within the batch.

        Returns:
            The loss; None, and the weights stay, where it or its gradient is no finite number.

        Raises:
            UserError: there is not enough memory.
        """
        optimiser, rate = self._state.optimiser, self.learning_rate
        total = loss_in_pieces(self._descent, stems, self._state.progress, row, self._report)
        (loss,) = self._ranks.mean([float(total)])
        longest = self._recipe.optimiser.clip_norm or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self._network.parameters(), longest)
        if not math.isfinite(loss) or not math.isfinite(norm):
            return None
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        self._state.after_step()
        return loss

    def roll_back(self, folder: Path) -> None:
        """Return to the checkpoint, to pass over the batches since then, half as fast.

        Raises:
            UserError: that was done too often.
        """
        before = self._state.progress
        if before.rollbacks == MOST_ROLLBACKS:
            raise UserError(
                f"The loss is no longer a number at step {before.step + 1}, after"
                f" {MOST_ROLLBACKS} returns to a checkpoint",
                "look for damaged songs with `stemdesk dataset check`, or lower learning_rate in"
                " the recipe, and start a new run",
            )
        self._state.load(folder)
        now = self._state.progress
        now.rollbacks, now.piece = before.rollbacks + 1, before.piece
        now.skipped = before.batch + 1 - now.step
        now.trained_seconds = before.trained_seconds
        self._report(
            events.RolledBack(
                step=before.step + 1,
                to=now.step,
                reason="The loss is no longer a number: its batches are passed over, and the"
                " learning rate is halved",
            )
        )
