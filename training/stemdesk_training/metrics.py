"""How good an estimate is, in dB.

museval 4's SDR equals a plain per-second ratio of signal to error (BSS Eval v4 with its
one-filter-per-song matching left at the reference), so it is computed as that.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Audio = npt.NDArray[np.float64]
USDR_FLOOR = 1e-7


def frame_sdr(references: Audio, estimates: Audio, sample_rate: int) -> Audio:
    """SDR per second in dB, ``[stems, seconds]``; NaN where any stem of a second is silent.

    Args:
        references: ``[stems, channels, frames]``.
        estimates: the same shape.
        sample_rate: Hz; a frame of the metric is one second without overlap.
    """
    stems, channels, frames = references.shape
    seconds = frames // sample_rate
    shape = (stems, channels, seconds, sample_rate)
    cut = seconds * sample_rate
    reference = references[..., :cut].reshape(shape)
    estimate = estimates[..., :cut].reshape(shape)
    signal = (reference**2).sum(axis=(1, 3))
    error = ((reference - estimate) ** 2).sum(axis=(1, 3))
    silent = (signal == 0).any(axis=0) | ((estimate**2).sum(axis=(1, 3)) == 0).any(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sdr = 10 * np.log10(signal / error)
    sdr[:, silent] = np.nan
    return np.asarray(sdr)


def median_sdr(references: Audio, estimates: Audio, sample_rate: int) -> Audio:
    """Median over a song's seconds of :func:`frame_sdr`, ``[stems]``; NaN where none counts.

    Unlike museval, a stem is judged on the seconds in which it sounds itself: a song without a
    bass still has a score for its vocals.
    """
    medians = []
    for reference, estimate in zip(references, estimates, strict=True):
        values = frame_sdr(reference[None], estimate[None], sample_rate)[0]
        counted = values[np.isfinite(values)]
        medians.append(float(np.median(counted)) if counted.size else float("nan"))
    return np.array(medians)


def usdr(references: Audio, estimates: Audio) -> Audio:
    """Whole-song SDR in dB, ``[stems]``, defined for silence too (Music Demixing Challenge)."""
    signal = (references**2).sum(axis=(1, 2)) + USDR_FLOOR
    error = ((references - estimates) ** 2).sum(axis=(1, 2)) + USDR_FLOOR
    return np.asarray(10 * np.log10(signal / error))
