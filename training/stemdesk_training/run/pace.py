"""How fast a run goes: the time left, and the share of it that waits for data."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from stemdesk_training.run.schedule import SECONDS_A_MINUTE

if TYPE_CHECKING:
    from stemdesk_training.recipe import Recipe
    from stemdesk_training.run.state import Progress

RECENT_STEPS = 25


class Pace:
    """Measured steps of this start of a run."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=RECENT_STEPS)
        self._spent: deque[float] = deque(maxlen=RECENT_STEPS)
        self._seconds = self._waited_seconds = 0.0

    def add(self, seconds: float, waited_seconds: float, spent_seconds: float) -> None:
        """Count a step.

        Args:
            seconds: it took.
            waited_seconds: of these, without data.
            spent_seconds: it took by the clock that the run's minutes are read from.
        """
        self._recent.append(seconds)
        self._spent.append(spent_seconds)
        self._seconds += seconds
        self._waited_seconds += waited_seconds

    @property
    def waiting_share(self) -> float | None:
        """Of the time of all steps; None before the first."""
        return self._waited_seconds / self._seconds if self._seconds else None

    def seconds_left(self, recipe: Recipe, progress: Progress) -> float:
        """To the end of the run, told after a step and before the validation that is due then.

        Steps count by the median of the last ones, validations by the last one.
        """
        pace = median(self._recent)
        to_come = float(recipe.optimiser.steps - progress.step)
        if recipe.optimiser.minutes is not None:
            left = SECONDS_A_MINUTE * recipe.optimiser.minutes - progress.trained_seconds
            to_come = min(to_come, max(0.0, left) / max(median(self._spent), 1e-9))
        every, last = recipe.validate_steps, progress.step + to_come
        validations = last // every - (progress.step - 1) // every + (last % every > 0)
        return to_come * pace + validations * progress.validation_seconds
