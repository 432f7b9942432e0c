"""Curves of a run as TensorBoard reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk_training.run.events import Baseline, Event, Stepped, Validated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER_NAME = "tensorboard"
FLUSH_SECONDS = 10


class TensorBoardFiles:
    """Writes every step and validation below a run's folder.

    Args:
        folder: the run's.
        step: where the run begins or goes on: later points of a killed start give way.

    Raises:
        UserError: TensorBoard is not installed, or not as it should be.
    """

    def __init__(self, folder: Path, step: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise UserError(
                f"TensorBoard is not there ({error})", "install it with: pip install tensorboard"
            ) from error
        self._writer: Any = SummaryWriter(
            str(folder / FOLDER_NAME), purge_step=step + 1, flush_secs=FLUSH_SECONDS
        )

    def __call__(self, event: Event) -> None:
        """Take what can be drawn from an event."""
        if isinstance(event, Stepped):
            waited = event.waited_seconds / event.seconds if event.seconds else 0.0
            self._add("loss", event.loss, event.step)
            self._add("learning rate", event.learning_rate, event.step)
            self._add("seconds a step", event.seconds, event.step)
            self._add("share of waiting for data", waited, event.step)
        elif isinstance(event, Validated | Baseline):
            step = event.step if isinstance(event, Validated) else 0
            self._add_scores("held out dB", event.scores, step)
            self._add_scores("reference dB", event.reference or {}, step)

    def close(self) -> None:
        """Write what is still to be written."""
        self._writer.close()

    def _add_scores(self, group: str, scores: Mapping[str, float], step: int) -> None:
        for stem, score_db in scores.items():
            self._add(f"{group}/{stem}", score_db, step)

    def _add(self, name: str, value: float, step: int) -> None:
        self._writer.add_scalar(name, value, step)
