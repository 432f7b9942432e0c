"""When validation gains no more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk_training.run.state import Progress


def judge(progress: Progress, mean_db: float, gain_db: float) -> bool:
    """Count a validation; returns whether its score is the best so far.

    Small gains make a model the best one, but only ``gain_db`` over the score at the last such gain
    renews the patience: else a run could creep on for ever.

    Args:
        progress: its ``best_db``, ``mark_db`` and ``stale`` are brought up to date.
        mean_db: the score; one that is no number is no gain.
        gain_db: the least that counts.
    """
    mean_db = -math.inf if math.isnan(mean_db) else mean_db
    is_best = progress.best_db is None or mean_db > progress.best_db
    is_gain = progress.mark_db is None or mean_db >= progress.mark_db + gain_db
    # Without a least gain, equal is no gain either.
    is_gain = is_gain and (gain_db > 0 or is_best)
    # Nor does a score that never was a number gain on another one.
    is_gain = is_gain and (math.isfinite(mean_db) or progress.mark_db is None)
    if is_best:
        progress.best_db = mean_db
    if is_gain:
        progress.mark_db = mean_db
    progress.stale = 0 if is_gain else progress.stale + 1
    return is_best


def is_exhausted(progress: Progress, patience: int | None) -> bool:
    """Whether so many validations in a row brought no gain."""
    return patience is not None and progress.stale >= patience
