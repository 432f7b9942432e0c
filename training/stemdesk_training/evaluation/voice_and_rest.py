"""Models scored on the four stems and on the rest, which is everything but the vocals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk_training.datasets.multitrack import STEMS
from stemdesk_training.evaluation.systems import Oracle
from stemdesk_training.metrics import median_sdr, usdr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stemdesk_training.evaluation.systems import Model
    from stemdesk_training.evaluation.truth import Truth

    Audio = NDArray[np.float64]

COLUMNS = (*STEMS, "rest")
SHORT_SECONDS = 12.0  # an excerpt up to this is one frame of the metric
SILENT_PEAK = 1e-3


def with_rest(stems: Audio) -> Audio:
    """``[4, ...]`` to ``[5, ...]``: the sum of all but the vocals is the last."""
    return np.concatenate([stems, stems[1:].sum(axis=0, keepdims=True)])


def mixture_itself(truth: Truth) -> Audio:
    """The mixture as the estimate of everything, ``[columns, channels, frames]``."""
    return np.broadcast_to(truth.mixture, (len(COLUMNS), *truth.mixture.shape))


def ideal_ratio_mask(truth: Truth) -> Audio:
    """What masks |S| / sum |S| of the truth give, ``[columns, channels, frames]``."""
    return with_rest(Oracle("IRM1").estimate(truth))


def estimates(model: Model, truths: Sequence[Truth]) -> Iterator[Audio]:
    """What a model gives for each, ``[columns, channels, frames]``; NaN for stems it has not.

    Raises:
        UserError: it cannot separate one of them.
    """
    for truth, given in zip(truths, model.separate_all(truths), strict=True):
        yield _in_columns(given, truth)


def _in_columns(given: Mapping[str, NDArray[np.float32]], truth: Truth) -> Audio:
    found = np.full((len(COLUMNS), *truth.mixture.shape), np.nan)
    if given.keys() >= set(STEMS):
        found[:-1] = [given[stem] for stem in STEMS]
    elif "vocals" in given:
        found[0] = given["vocals"]
    found[-1] = sum(samples for name, samples in given.items() if name != "vocals")
    return found


def scored(truth: Truth, found: Audio, window_frames: int | None = None) -> Audio:
    """SDR and uSDR of every column in dB, ``[columns, 2]``; NaN for what is not there.

    Args:
        truth: with the four stems.
        found: ``[columns, channels, frames]``.
        window_frames: frame of the metric; by default a second, or all of a short excerpt.
    """
    frames = truth.mixture.shape[-1]
    is_short = frames <= SHORT_SECONDS * truth.sample_rate
    window = window_frames or (frames if is_short else truth.sample_rate)
    scores = np.full((len(COLUMNS), 2), np.nan)
    for place, (true, given) in enumerate(zip(with_rest(truth.references), found, strict=True)):
        if np.abs(true).max() > SILENT_PEAK and np.isfinite(given).all():
            scores[place, 0] = median_sdr(true[None], given[None], window)[0]
            scores[place, 1] = usdr(true[None], given[None])[0]
    return scores


def leak_db(truth: Truth, vocals: Audio) -> float:
    """Power of a vocal stem against the mixture where there are no vocals; NaN if that is nowhere.

    Where the mixture too is silent nothing can leak.
    """
    rate = truth.sample_rate
    kept = [0.0, 0.0]
    for start in range(0, truth.mixture.shape[-1] - rate + 1, rate):
        second = slice(start, start + rate)
        mixture = truth.mixture[:, second]
        if np.abs(truth.references[0][:, second]).max() < SILENT_PEAK < np.abs(mixture).max():
            kept[0] += float((vocals[:, second] ** 2).sum())
            kept[1] += float((mixture**2).sum())
    return float(10 * np.log10(kept[0] / kept[1] + 1e-12)) if kept[1] else float("nan")
