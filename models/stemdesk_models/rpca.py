"""Robust PCA: the accompaniment is of low rank, the voice sparse (Huang et al. 2012).

Nothing is learnt. The magnitudes of half a minute, one channel at a time, are taken apart into a
matrix of low rank and a sparse one (Candès, Li, Ma and Wright 2011) by the inexact augmented
Lagrange multiplier method (Lin, Chen and Ma 2010). Cards: the paper's front end, 16 kHz, Hann
1024, hop 256; ``masks = "ratio"``, two stems of which the network names the first.
"""

from __future__ import annotations

from typing import Literal

import torch

from stemdesk.separation.network import MaskNetwork

Mask = Literal["soft", "binary"]

GROWTH = 1.5  # of the penalty at each pass, and where it begins, as the method's authors have it
FIRST_PENALTY = 1.25
# Of the matrix, what the two parts may fail to sum to: 26 passes or so. A voice's SDR is the same
# to 0.001 dB with 1e-6; the published 1e-7 is more than float32 holds.
TOLERANCE = 1e-5
MOST_PASSES = 100
SILENCE = 1e-12


class Rpca(MaskNetwork):
    """Masks of one stem, the voice.

    Args:
        mask: ``soft`` gives the voice its share of the two magnitudes, ``binary`` (the paper's)
            the whole bin where it has the larger one.
        gain: how many times the low-rank part counts: above 1 less of a bin is the voice's.
    """

    def __init__(self, mask: Mask = "soft", gain: float = 1.0) -> None:
        super().__init__()
        if mask not in ("soft", "binary") or not gain > 0:
            raise ValueError("mask must be soft or binary, and gain above 0")
        self.mask, self.gain = mask, gain

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        """See :class:`MaskNetwork`; masks from 0 to 1 ``[batch, 1, channels, bins, steps]``."""
        masks = [self._voice(channel) for channel in mixture.abs().flatten(0, 1)]
        return torch.stack(masks).view(mixture.shape)[:, None]

    def _voice(self, magnitudes: torch.Tensor) -> torch.Tensor:
        # Eigenvalues in float64, for which a GPU is no help.
        low_rank, sparse = low_rank_and_sparse(magnitudes.cpu())
        voice, rest = sparse.abs(), self.gain * low_rank.abs()
        if self.mask == "binary":
            masks = (voice > rest).float()
        else:
            masks = voice / (voice + rest).clamp_min(SILENCE)
        return masks.to(magnitudes.device)


def low_rank_and_sparse(
    matrix: torch.Tensor, tolerance: float = TOLERANCE
) -> tuple[torch.Tensor, torch.Tensor]:
    """Two matrices that sum to ``matrix``: ``min ||L||_* + lambda ||S||_1``.

    ``lambda`` is ``1 / sqrt(max(rows, columns))``.

    Args:
        matrix: float32 ``[rows, columns]``.
        tolerance: the Frobenius norm of ``matrix - L - S`` against that of ``matrix``.

    Returns:
        L and S.
    """
    if matrix.shape[0] > matrix.shape[1]:
        low_rank, sparse = low_rank_and_sparse(matrix.T, tolerance)
        return low_rank.T, sparse.T
    if not matrix.any():
        return matrix, matrix
    weight = matrix.shape[1] ** -0.5
    # The largest singular value is 1 from here on.
    level = _singular(matrix)[0][-1]
    matrix = matrix / level
    multiplier = matrix / max(1.0, float(matrix.abs().max()) / weight)
    low_rank, sparse = torch.zeros_like(matrix), torch.zeros_like(matrix)
    penalty, norm = FIRST_PENALTY, float(matrix.norm())
    for _ in range(MOST_PASSES):
        rest = matrix + multiplier / penalty
        sparse = _shrunk(rest - low_rank, weight / penalty)
        low_rank = _of_lower_rank(rest - sparse, 1 / penalty)
        missing = matrix - low_rank - sparse
        multiplier = multiplier + penalty * missing
        penalty *= GROWTH
        if float(missing.norm()) < tolerance * norm:
            break
    return level * low_rank, level * sparse


def _shrunk(values: torch.Tensor, by: float) -> torch.Tensor:
    """Each value towards zero by as much."""
    return values - values.clamp(-by, by)


def _of_lower_rank(matrix: torch.Tensor, by: float) -> torch.Tensor:
    """The matrix with each singular value less by as much; those below it are gone."""
    values, vectors = _singular(matrix)
    kept = values > by
    vectors = vectors[:, kept]
    return (vectors * (1 - by / values[kept])) @ (vectors.T @ matrix)


def _singular(matrix: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Singular values, rising, and left vectors of a wide matrix.

    By the eigenvalues of ``matrix x matrix.T``, half the time that an SVD takes. In float64 their
    roots are good to 1e-8 of the largest, which is all that a float32 matrix holds.
    """
    wide = matrix.double()
    values, vectors = torch.linalg.eigh(wide @ wide.T)
    return values.clamp_min(0).sqrt().to(matrix.dtype), vectors.to(matrix.dtype)
