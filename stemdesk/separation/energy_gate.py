"""The energy gate: passages in which a stem is next to silent are made silent (Pretet 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

Samples = npt.NDArray[np.float32]

GATED_STEM = "vocals"
BLOCK_SECONDS = 0.01
WINDOW_SECONDS = 0.23
LEAST_SECONDS = 1.0
FADE_SECONDS = 0.05


class EnergyGate:
    """Gains for one stem of one song: 0 where its moving energy is low for long, else 1.

    The energy over 0.23 s counts as low under ``share`` of its maximum in the song; only what is
    low for longer than a second is shut, with fades that lie within it.

    Args:
        stem: all of it, in blocks ``[channels, frames]``.
        sample_rate: Hz.
        share: of the largest energy.
    """

    def __init__(self, stem: Iterable[Samples], sample_rate: int, share: float) -> None:
        self._block = max(1, round(BLOCK_SECONDS * sample_rate))
        energy = _moving_mean(_energies(stem, self._block), _blocks(WINDOW_SECONDS))
        low = energy < share * energy.max(initial=0.0)
        self._gains = _open_gains(low)

    def gains(self, first: int, frames: int) -> npt.NDArray[np.float32]:
        """Factors for the frames from ``first`` on, ``[frames]``."""
        places = (np.arange(first, first + frames) + 0.5) / self._block - 0.5
        return np.interp(places, np.arange(len(self._gains)), self._gains).astype(np.float32)


def _blocks(seconds: float) -> int:
    return max(1, round(seconds / BLOCK_SECONDS))


def _energies(stem: Iterable[Samples], block: int) -> npt.NDArray[np.float64]:
    """Mean square of every full block; what is left at the end is one, too."""
    found: list[npt.NDArray[np.float64]] = []
    rest = np.zeros(0)
    for samples in stem:
        power = np.concatenate((rest, np.square(samples, dtype=np.float64).mean(axis=0)))
        whole = len(power) // block * block
        found.append(power[:whole].reshape(-1, block).mean(axis=1))
        rest = power[whole:]
    if len(rest):
        found.append(rest.mean(keepdims=True))
    return np.concatenate(found) if found else np.zeros(0)


def _moving_mean(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """Centred; at the ends over what there is."""
    if not len(values):
        return values
    sums = np.concatenate(([0.0], np.cumsum(values)))
    centres = np.arange(len(values))
    low = np.maximum(0, centres - width // 2)
    high = np.minimum(len(values), centres + width // 2 + 1)
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _open_gains(low: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """One gain a block, from where the energy is low."""
    gains = np.ones(len(low))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low.astype(np.int8), [0]))))
    fade = _blocks(FADE_SECONDS)
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        if end - first <= _blocks(LEAST_SECONDS):
            continue
        distance = np.minimum(np.arange(end - first) + 1, np.arange(end - first, 0, -1))
        # The song's own ends need no fade: there is nothing to fade from.
        if first == 0:
            distance = np.arange(end - first, 0, -1)
        if end == len(low):
            distance = np.arange(end - first) + 1 if first else np.full(end - first, fade)
        gains[first:end] = np.maximum(0.0, 1.0 - distance / fade)
    return gains
