"""Songs that are one song: found again through another encoder, level or start.

Signs of the differences of band energies over time and frequency (Haitsma and Kalker 2002), at
ten frames a second: 0.5 of the bits differ by chance, less than a quarter where it is one song.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Bits = NDArray[np.uint8]

FRAMES_PER_SECOND = 10
BANDS = 17
LOWEST_HZ, HIGHEST_HZ = 200.0, 4000.0
MAX_SHIFT_SECONDS = 3.0
SAME_SONG = 0.25  # of the bits differ at most
LEAST_SECONDS = 5.0


def fingerprint(mono: NDArray[np.float32], sample_rate: int) -> Bits:
    """Bits `[frames, 16]` of a signal `[n]`; ten frames a second."""
    size = 1 << round(np.log2(0.2 * sample_rate))
    hop = round(sample_rate / FRAMES_PER_SECOND)
    count = max(2, 1 + (len(mono) - size) // hop)
    padded = np.pad(mono, (0, max(0, (count - 1) * hop + size - len(mono))))
    rows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop][:count]
    edges_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    edges = np.round(edges_hz * size / sample_rate).astype(int)
    energies = np.empty((count, BANDS))
    window = np.hanning(size).astype(np.float32)
    for row, frame in enumerate(rows):
        power = np.square(np.abs(np.fft.rfft(frame * window)))
        energies[row] = np.add.reduceat(power[: edges[-1]], edges[:-1])
    levels = np.log(energies + 1e-10)
    slope = levels[:, 1:] - levels[:, :-1]
    return (np.diff(slope, axis=0) > 0).astype(np.uint8)


def difference(one: Bits, other: Bits) -> float:
    """Share of the bits that differ, at the shift where they agree best; 0.5 by chance.

    Silence, which has no bit set, is like any other and says nothing: only frames in which both
    sound are compared.
    """
    least = round(LEAST_SECONDS * FRAMES_PER_SECOND)
    if min(len(one), len(other)) < least:
        return 0.5
    limit = round(MAX_SHIFT_SECONDS * FRAMES_PER_SECOND)
    best = 0.5
    for shift in range(-limit, limit + 1):
        a, b = one[max(0, shift) :], other[max(0, -shift) :]
        common = min(len(a), len(b))
        sounds = a[:common].any(axis=1) & b[:common].any(axis=1)
        if sounds.sum() >= least:
            best = min(best, float(np.mean(a[:common][sounds] != b[:common][sounds])))
    return best


def find_duplicates(prints: Mapping[str, Bits], hashes: Mapping[str, str]) -> dict[str, str]:
    """Song -> an earlier song that it is, by its samples or by its fingerprint.

    Args:
        prints: song -> fingerprint of its mixture.
        hashes: song -> hash of its samples; empty where there is none.
    """
    found: dict[str, str] = {}
    names = list(prints)
    for place, name in enumerate(names):
        for earlier in names[:place]:
            if earlier in found:
                continue
            if (hashes[name] and hashes[name] == hashes[earlier]) or (
                _alike_in_length(prints[name], prints[earlier])
                and difference(prints[name], prints[earlier]) < SAME_SONG
            ):
                found[name] = earlier
                break
    return found


def _alike_in_length(one: Bits, other: Bits) -> bool:
    return abs(len(one) - len(other)) <= 2 * MAX_SHIFT_SECONDS * FRAMES_PER_SECOND
