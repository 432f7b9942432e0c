"""The document's regions, as the mixer plays them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stemdesk.mixing.regions import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.project.document import Region


def stretches(regions: Iterable[Region], stem: str) -> tuple[Stretch, ...]:
    """Those of one stem."""
    return tuple(
        Stretch(
            region.first_frame,
            region.end_frame,
            -math.inf if region.mute else region.gain_db,
        )
        for region in regions
        if region.stem == stem
    )
