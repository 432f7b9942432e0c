"""How a network is run and its output read; without torch, so that cards are read at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

MaskKind = Literal["softmax", "sigmoid", "ratio", "magnitude", "binary", "complex", "spectrum"]

Reconstruction = Literal["null", "paper"]
"""How masks become stems.

``null``: they sum to one, and the closing stem takes what they and the transforms leave of the
mixture, so the stems sum to it. ``paper``: each stem is what its paper makes of the network's
answer, and nothing takes what that leaves over.
"""

RECONSTRUCTIONS: tuple[Reconstruction, ...] = get_args(Reconstruction)

MOST_CLAIM_DB = 20.0
"""By how much a stem may be let take more, or less, of what stems share."""

OracleName = Literal["MIX", "IBM1", "IRM1", "IRM2", "MWF"]
"""What stands in for a network where the true stems are known, see :mod:`.oracles`."""

ORACLES: tuple[OracleName, ...] = get_args(OracleName)
IDEALS = ORACLES[1:]
"""Those that lie above all that masks can do."""


@dataclass(frozen=True)
class MaskSettings:
    """How a network is run and its output read; a model card has one ready.

    Attributes:
        kind: see :func:`stemdesk.separation.masks.normalise`, and for ``spectrum``
            :func:`stemdesk.separation.masks.spectrum_masks`.
        stems: number of stems.
        closing: place of the closing stem in the network's order; -1: the last.
        ratio_power: exponent of ``ratio``.
        threshold: of ``binary`` with a missing stem.
        multiple_of: the network needs a multiple of so many steps.
    """

    kind: MaskKind
    stems: int
    closing: int = -1
    ratio_power: float = 1.0
    threshold: float = 0.5
    multiple_of: int = 1
