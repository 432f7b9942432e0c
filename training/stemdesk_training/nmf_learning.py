"""Dictionaries of spectral patterns, learnt by multiplicative updates, not by gradients.

Non-negative matrix factorisation for the Kullback-Leibler divergence (Lee and Seung 2001): windows
of magnitudes are approximated by amounts times patterns, and no update makes the divergence larger.
Each pass goes over all windows in slices, so only the windows themselves have to fit into memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from stemdesk_models.simpson2015_nmf import SILENCE, amounts_improved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLICE_WINDOWS = 256


class Pass(NamedTuple):
    """One pass over the windows of both sources.

    Attributes:
        number: 1 for the first.
        vocals: the divergence that is left, as a share of all magnitude.
        other: that of the other source.
    """

    number: int
    vocals: float
    other: float


class Dictionary:
    """Patterns of one source, from a random start.

    Args:
        windows: float ``[count, ...]``, none negative; kept, not copied.
        bases: number of patterns.
        seed: of the start.

    Attributes:
        patterns: ``[bases, size of a window]``, each scaled to a largest value of 1.
        amounts: ``[count, bases]``.
    """

    def __init__(self, windows: torch.Tensor, bases: int, seed: int) -> None:
        self._windows = windows
        generator = torch.Generator().manual_seed(seed)
        size = windows[0].numel()
        mean = torch.zeros(size)
        for rows in self._slices():
            mean += rows.sum(dim=0) / len(windows)
        # The source's mean spectrum, unevenly: as far from the optimum, but of the right tilt.
        start = torch.rand(bases, size, generator=generator) * (mean + SILENCE)
        self.patterns = start / start.amax(dim=1, keepdim=True)
        self.amounts = torch.rand(len(windows), bases, generator=generator)

    def improve(self) -> float:
        """Update all amounts, then all patterns.

        Returns:
            The divergence between the two updates, over the sum of all magnitudes.
        """
        numerator = torch.zeros_like(self.patterns)
        divergence, magnitude, first = 0.0, 0.0, 0
        for rows in self._slices():
            amounts = self.amounts[first : first + len(rows)]
            amounts.copy_(amounts_improved(rows, amounts, self.patterns))
            approximation = (amounts @ self.patterns).clamp_min(SILENCE)
            ratio = rows / approximation
            # x log(x / y) - x + y, of which the first is nothing where x is.
            terms = torch.xlogy(rows, ratio).sub_(rows).add_(approximation)
            divergence += float(terms.sum(dtype=torch.float64))
            magnitude += float(rows.sum(dtype=torch.float64))
            numerator += amounts.T @ ratio
            first += len(rows)
        self.patterns *= numerator / self.amounts.sum(dim=0).clamp_min(SILENCE)[:, None]
        level = self.patterns.amax(dim=1, keepdim=True).clamp_min(SILENCE)
        self.patterns /= level
        self.amounts *= level.T
        return divergence / max(magnitude, SILENCE)

    def _slices(self) -> Iterator[torch.Tensor]:
        """The windows, flat and in float32, some at a time."""
        return (part.flatten(1).float() for part in torch.split(self._windows, SLICE_WINDOWS))


def learn_dictionaries(
    vocal_windows: torch.Tensor,
    other_windows: torch.Tensor,
    bases: int,
    iterations: int,
    seed: int,
    report: Callable[[Pass], bool],
) -> tuple[torch.Tensor, torch.Tensor]:
    """Learn a dictionary of each source, both in step.

    Args:
        vocal_windows: magnitudes of the voice alone, ``[count, ...]``.
        other_windows: magnitudes of all the rest, of the same form.
        bases: patterns of each.
        iterations: most passes.
        seed: of the random start.
        report: told of each pass; False ends the learning.

    Returns:
        Patterns ``[bases, size]`` of the voice, and of the rest.
    """
    vocals = Dictionary(vocal_windows, bases, seed)
    other = Dictionary(other_windows, bases, seed + 1)
    for number in range(1, iterations + 1):
        if not report(Pass(number, vocals.improve(), other.improve())):
            break
    return vocals.patterns, other.patterns
