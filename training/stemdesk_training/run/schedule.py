"""The learning rate of every step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk_training.recipe import Optimiser

SECONDS_A_MINUTE = 60.0


def learning_rate(optimiser: Optimiser, step: int, seconds: float = 0.0) -> float:
    """Linear warm-up, then constant or half a cosine down to ``final`` x peak at a cycle's end.

    Args:
        optimiser: peak, schedule and length.
        step: how many steps came before.
        seconds: how long they took: a run of so many minutes decays over time.
    """
    begun = [first for first in (0, *optimiser.restart_steps) if first <= step]
    ends = [*optimiser.restart_steps, optimiser.steps]
    cycle = len(begun) - 1
    peak = optimiser.learning_rate * optimiser.restart**cycle
    step, steps = step - begun[-1], ends[cycle] - begun[-1]
    if step < optimiser.warm_up_steps:
        return peak * (step + 1) / optimiser.warm_up_steps
    if optimiser.schedule == "constant":
        return peak
    if optimiser.minutes is not None:
        done = seconds / (SECONDS_A_MINUTE * optimiser.minutes)
    else:
        done = (step - optimiser.warm_up_steps) / max(1, steps - optimiser.warm_up_steps)
    swing = 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return peak * (optimiser.final + (1 - optimiser.final) * swing)
