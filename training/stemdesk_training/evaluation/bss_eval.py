"""BSS Eval version 4 (Stöter, Liutkus and Ito 2018, after Vincent et al. 2012).

An estimate is taken apart into what it must be, what a filter of 512 taps did to it in space, what
comes from the other sources through such filters, and what comes from nowhere. The filters are
fitted once for the whole song, and applied to each frame of it by itself, tails included; the four
ratios are told for every frame.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.linalg import LinAlgError, cho_factor, cho_solve, lstsq

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Audio = NDArray[np.float64]

TAPS = 512


class Ratios(NamedTuple):
    """All in dB, ``[stems, frames]``; NaN where a source is silent, in truth or estimate.

    Attributes:
        sdr: source to distortion: everything that is wrong.
        isr: source image to spatial distortion.
        sir: source to interference.
        sar: sources to artefacts.
    """

    sdr: Audio
    isr: Audio
    sir: Audio
    sar: Audio


def bss_eval(references: Audio, estimates: Audio, window_frames: int, hop_frames: int) -> Ratios:
    """The four ratios of estimates in the order of their references.

    Args:
        references: ``[stems, channels, frames]``.
        estimates: the same shape.
        window_frames: length of a frame of the result.
        hop_frames: from one to the next.
    """
    stems, channels, frames = references.shape
    size = next_fast_len(frames + TAPS - 1, real=True)
    spectra = rfft(references.reshape(-1, frames), size, axis=1)
    places = _windows(frames, window_frames, hop_frames)
    heard = [place for place in places if _all_sound(references, estimates, place)]
    solve_all = _Solver(_gram(spectra, size))
    ratios = np.full((4, stems, len(places)), np.nan)
    for stem in range(stems):
        signals = slice(stem * channels, (stem + 1) * channels)
        cross = _cross(spectra, rfft(estimates[stem], size, axis=1), size)
        own = cross[signals.start * TAPS : signals.stop * TAPS]
        filters = solve_all(cross), _Solver(_gram(spectra[signals], size))(own)
        for column, place in enumerate(places):
            if place in heard:
                parts = _taken_apart(
                    references[..., place], estimates[stem, :, place], stem, filters
                )
                ratios[:, stem, column] = _ratios(*parts)
    return Ratios(*ratios)


def _taken_apart(
    references: Audio, estimate: Audio, stem: int, filters: tuple[Audio, Audio]
) -> tuple[Audio, Audio, Audio, Audio]:
    """True image, spatial distortion, interference and artefacts of a frame, tails included."""
    channels, frames = estimate.shape
    whole = frames + TAPS - 1
    size = next_fast_len(whole, real=True)
    spectra = rfft(references.reshape(-1, frames), size, axis=1)
    everything = _filtered(spectra, filters[0], size, whole)
    alone = _filtered(spectra[stem * channels : (stem + 1) * channels], filters[1], size, whole)
    true, given = (np.pad(each, ((0, 0), (0, TAPS - 1))) for each in (references[stem], estimate))
    return true, alone - true, everything - alone, given - everything


def _windows(frames: int, window: int, hop: int) -> list[slice]:
    count = (frames - window) // hop + 1 if frames >= window else 1
    return [slice(place * hop, place * hop + window) for place in range(count)]


def _all_sound(references: Audio, estimates: Audio, place: slice) -> bool:
    both = (references[..., place], estimates[..., place])
    return all(bool(signals.any(axis=(1, 2)).all()) for signals in both)


def _gram(spectra: NDArray[np.complex128], size: int) -> Audio:
    """Inner products of all delayed references, ``[signals x taps, signals x taps]``."""
    signals = len(spectra)
    gram = np.empty((signals * TAPS, signals * TAPS))
    lags = np.arange(TAPS)
    toeplitz = lags[:, None] - lags  # [i, j] -> i - j
    for one in range(signals):
        for other in range(one, signals):
            correlation = irfft(spectra[one] * np.conj(spectra[other]), size)
            # sum_n a[n - i] b[n - j] depends on j - i alone.
            block = correlation[-toeplitz]
            rows = slice(one * TAPS, (one + 1) * TAPS)
            columns = slice(other * TAPS, (other + 1) * TAPS)
            gram[rows, columns] = block
            gram[columns, rows] = block.T
    return gram


def _cross(spectra: NDArray[np.complex128], estimate: NDArray[np.complex128], size: int) -> Audio:
    """Inner products of delayed references with an estimate, ``[signals x taps, channels]``."""
    columns = []
    for channel in estimate:
        correlations = irfft(channel * np.conj(spectra), size, axis=1)
        columns.append(correlations[:, :TAPS].reshape(-1))
    return np.stack(columns, axis=1)


def _filtered(spectra: NDArray[np.complex128], filters: Audio, size: int, frames: int) -> Audio:
    """The references through filters ``[signals x taps, channels]``, summed; ``[channels, n]``."""
    made = np.empty((filters.shape[1], frames))
    for channel in range(filters.shape[1]):
        taps = rfft(filters[:, channel].reshape(len(spectra), TAPS), size, axis=1)
        made[channel] = irfft((spectra * taps).sum(axis=0), size)[:frames]
    return made


class _Solver:
    """Solves with one matrix many times; by least squares where sources depend on each other."""

    def __init__(self, gram: Audio) -> None:
        self._gram = gram
        self._cholesky: tuple[Audio, bool] | None = None
        with suppress(LinAlgError):
            self._cholesky = cho_factor(gram, check_finite=False)

    def __call__(self, right: Audio) -> Audio:
        if self._cholesky is not None:
            return np.asarray(cho_solve(self._cholesky, right, check_finite=False))
        return np.asarray(lstsq(self._gram, right, check_finite=False)[0])


def _ratios(
    true: Audio, spatial: Audio, interference: Audio, artefacts: Audio
) -> tuple[float, float, float, float]:
    """SDR, ISR, SIR and SAR."""
    target = true + spatial
    return (
        _db(true, spatial + interference + artefacts),
        _db(true, spatial),
        _db(target, interference),
        _db(target + interference, artefacts),
    )


def _db(above: Audio, below: Audio) -> float:
    energy, error = float(np.square(above).sum()), float(np.square(below).sum())
    if error == 0.0:
        return np.inf
    return 10 * np.log10(energy / error) if energy > 0.0 else -np.inf
