"""Whether one system is better than another, or only luckier."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import wilcoxon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RESAMPLES = 2000
LEAST_PAIRS = 6  # below it no result of the test can be significant at 5 %


class Interval(NamedTuple):
    """A median with its confidence interval of 95 %."""

    median: float
    low: float
    high: float


class Comparison(NamedTuple):
    """Two systems on the same songs.

    Attributes:
        first: name.
        second: name.
        difference: median of first minus second, dB.
        p: of the Wilcoxon signed-rank test, times the number of comparisons (Bonferroni), at most
            1; NaN where there are too few songs.
    """

    first: str
    second: str
    difference: float
    p: float


def bootstrap(values: Sequence[float], seed: int = 0) -> Interval:
    """The median and its percentile bootstrap interval (Efron 1979) over songs."""
    known = np.asarray([value for value in values if np.isfinite(value)])
    if not len(known):
        return Interval(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    medians = np.median(rng.choice(known, (RESAMPLES, len(known))), axis=1)
    low, high = np.percentile(medians, [2.5, 97.5])
    return Interval(float(np.median(known)), float(low), float(high))


def compare(scores: Mapping[str, Sequence[float]]) -> list[Comparison]:
    """All pairs of systems.

    Args:
        scores: system -> one score a song, in the same order; NaN where there is none.
    """
    pairs = list(combinations(scores, 2))
    found = []
    for first, second in pairs:
        differences = np.asarray(scores[first], float) - np.asarray(scores[second], float)
        known = differences[np.isfinite(differences)]
        p = np.nan
        if len(known) >= LEAST_PAIRS and known.any():
            p = min(1.0, float(wilcoxon(known).pvalue) * len(pairs))
        middle = float(np.median(known)) if len(known) else np.nan
        found.append(Comparison(first, second, middle, p))
    return found
