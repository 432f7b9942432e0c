"""How the stems of a song lie to each other and to their mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from scipy.linalg import LinAlgError, solve_toeplitz
from scipy.signal import fftconvolve

from stemdesk.audio.levels import db
from stemdesk_training.doctor.excerpts import loudest
from stemdesk_training.phase_correlation import peak, phase_correlation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Signal = NDArray[np.float32]

MAX_LAG_SECONDS = 1.0
EXCERPT_SECONDS = 60.0
EXCERPT_STEPS = 60
BLEED_TAPS = 32
SURE = 20.0  # peak of the correlation over its median
RELIEF_DB = 1.0
BLOCK_SECONDS = 0.1
SILENT_RMS = 1e-5


class Lag(msgspec.Struct, frozen=True):
    """`signal[n]` is about `polarity * target[n - lag_frames]`.

    Attributes:
        lag_frames: positive where the signal comes late.
        polarity: +1 or -1.
        sureness: height of the correlation's peak over its median; below :data:`SURE` a guess.
        relief_db: by how much less is left of the mixture once this has been mended.
    """

    lag_frames: int
    polarity: int
    sureness: float
    relief_db: float = 0.0

    @property
    def is_off(self) -> bool:
        """Whether there is surely something to mend."""
        is_moved = (self.lag_frames, self.polarity) != (0, 1)
        return is_moved and self.sureness >= SURE and self.relief_db >= RELIEF_DB


STILL = Lag(0, 1, 0.0)


class Sum(msgspec.Struct, frozen=True):
    """The stems' sum against the mixture, once they are aligned.

    Attributes:
        null_db: energy of what is left of the mixture, against the mixture's.
        gains: by least squares, stem -> factor.
        fitted_db: what is left with these gains.
        mastered_db: what is left once the sum went through a short filter and a gain that changes
            ten times a second: what mastering is made of, but a missing stem is not.
    """

    null_db: float
    gains: dict[str, float]
    fitted_db: float
    mastered_db: float


def find_lag(signal: Signal, target: Signal, sample_rate: int) -> Lag:
    """The lag at the peak of the phase correlation.

    Args:
        signal: mono `[frames]`.
        target: mono `[frames]`.
        sample_rate: Hz.
    """
    limit = round(MAX_LAG_SECONDS * sample_rate)
    first, end = loudest(target, round(EXCERPT_SECONDS * sample_rate), EXCERPT_STEPS)
    some = signal[max(0, first - limit) : end + limit]
    shift = min(first, limit)  # of `some` before the target's excerpt
    part = target[first:end]
    if np.sqrt(np.mean(part**2)) < SILENT_RMS or np.sqrt(np.mean(some**2)) < SILENT_RMS:
        return Lag(0, 1, 0.0)
    lags = np.arange(-limit, limit + 1) + shift
    values = phase_correlation(some, part).values[lags]
    best, sureness = peak(values)
    return Lag(best - limit, 1 if values[best] > 0 else -1, sureness)


def shifted(signal: Signal, frames: int) -> Signal:
    """`[..., n]` earlier by so many frames (later where negative), of the same length."""
    moved = np.zeros_like(signal)
    if frames >= 0:
        moved[..., : signal.shape[-1] - frames] = signal[..., frames:]
    else:
        moved[..., -frames:] = signal[..., :frames]
    return moved


def align(
    stems: Mapping[str, Signal], mixture: Signal, sample_rate: int
) -> tuple[Lag, dict[str, Lag], dict[str, Signal]]:
    """What must be moved or turned over so that the stems come closest to the mixture.

    First all of them together, then again and again the one that brings most: while one stem is
    wrong, the mixture without it is not what the others must be held against.

    Args:
        stems: `[channels, frames]` each.
        mixture: of the same shape.
        sample_rate: Hz.

    Returns:
        What was wrong with all together, what with each of them, and the stems as they should be.
    """
    aligned = dict(stems)
    total = np.sum([*aligned.values()], axis=0)
    whole = _relieved(find_lag(_mono(total), _mono(mixture), sample_rate), total, mixture)
    loudest = max(_rms(stem) for stem in aligned.values())
    heard = [name for name, stem in stems.items() if _rms(stem) > max(SILENT_RMS, loudest / 100)]
    alone = _lags(heard, aligned, mixture, sample_rate)
    best = max((lag.relief_db for lag in alone.values() if lag.is_off), default=0.0)
    if whole.is_off and whole.relief_db > best:
        aligned = {name: mended(stem, whole) for name, stem in aligned.items()}
        alone = _lags(heard, aligned, mixture, sample_rate)
    else:
        whole = STILL
    found: dict[str, Lag] = {}
    while off := [name for name, lag in alone.items() if lag.is_off and name not in found]:
        worst = max(off, key=lambda name: alone[name].relief_db)
        found[worst] = alone[worst]
        aligned[worst] = mended(aligned[worst], alone[worst])
        alone = _lags(heard, aligned, mixture, sample_rate)
    return whole, found, aligned


def _lags(
    names: Sequence[str], stems: Mapping[str, Signal], mixture: Signal, sample_rate: int
) -> dict[str, Lag]:
    """Each stem against the mixture without the others."""
    left = mixture - np.sum([*stems.values()], axis=0)
    if _rms(left) < SILENT_RMS:
        return {}
    lags = {}
    for name in names:
        rest = left + stems[name]
        lag = find_lag(_mono(stems[name]), _mono(rest), sample_rate)
        lags[name] = _relieved(lag, stems[name], rest)
    return lags


def mended(stem: Signal, lag: Lag) -> Signal:
    """A stem moved back, and turned over, by what was found."""
    moved: Signal = lag.polarity * shifted(stem, lag.lag_frames)
    return moved


def _mono(signal: Signal) -> Signal:
    mono: Signal = signal.mean(axis=0)
    return mono


def _relieved(lag: Lag, signal: Signal, target: Signal) -> Lag:
    before, after = _rms(target - signal), _rms(target - mended(signal, lag))
    relief_db = db(before) - db(after) if after > 0 and before > 0 else 200.0 * (before > after)
    return msgspec.structs.replace(lag, relief_db=relief_db)


def sum_against(stems: Mapping[str, Signal], mixture: Signal, sample_rate: int) -> Sum:
    """See :class:`Sum`; all `[channels, frames]` of one shape, aligned."""
    names = [name for name, stem in stems.items() if _rms(stem) > SILENT_RMS]
    total = np.sum([*stems.values()], axis=0)
    level = _rms(mixture) or 1.0
    columns = np.stack([stems[name].reshape(-1) for name in names], axis=1).astype(np.float64)
    gains, *_ = np.linalg.lstsq(columns, mixture.reshape(-1).astype(np.float64), rcond=None)
    fitted = (columns @ gains).reshape(mixture.shape)
    return Sum(
        db(_rms(mixture - total) / level),
        dict(zip(names, (round(float(gain), 6) for gain in gains), strict=True)),
        db(_rms(mixture - fitted) / level),
        db(_rms(mixture - _mastered(total, mixture, sample_rate)) / level),
    )


def _mastered(total: Signal, mixture: Signal, sample_rate: int) -> NDArray[np.float64]:
    """The sum through a filter of 32 taps a channel and one gain a block, by least squares."""
    made = np.stack([heard_through(one, other) for one, other in zip(mixture, total, strict=True)])
    block = max(1, round(BLOCK_SECONDS * sample_rate))
    starts = np.arange(0, made.shape[1], block)
    product = np.add.reduceat((made * mixture).sum(axis=0), starts)
    power = np.add.reduceat(np.square(made).sum(axis=0), starts)
    gains = np.divide(product, power, out=np.zeros_like(product), where=power > 0)
    centres = np.minimum(starts + block / 2, made.shape[1] - 1)
    return made * np.interp(np.arange(made.shape[1]), centres, gains)


def bleed_db(stem: Signal, other: Signal) -> float:
    """How much of a stem is another one, heard through a short filter, against the stem's energy.

    Args:
        stem: mono `[frames]`.
        other: mono `[frames]`.
    """
    level = _rms(stem)
    return db(_rms(heard_through(stem, other)) / level) if level > 0 else -np.inf


def heard_through(signal: Signal, other: Signal) -> NDArray[np.float64]:
    """What of a signal is another one, through a filter of 32 taps by least squares (Wiener).

    A room's first reflections count, and so does an equaliser.
    """
    a, b = signal.astype(np.float64), other.astype(np.float64)
    if not b.any():
        return np.zeros_like(a)
    taps = range(BLEED_TAPS)
    own = np.array([np.dot(b[: len(b) - lag], b[lag:]) for lag in taps])
    cross = np.array([np.dot(a[lag:], b[: len(b) - lag]) for lag in taps])
    own[0] *= 1 + 1e-6
    try:
        weights = solve_toeplitz(own, cross)
    except LinAlgError:
        return np.zeros_like(a)
    heard: NDArray[np.float64] = fftconvolve(b, weights)[: len(a)]
    return heard


def _rms(signal: NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.square(signal, dtype=np.float64))))
