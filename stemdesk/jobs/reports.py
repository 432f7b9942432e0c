"""What stands between work and whoever is told of its progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Report = Callable[[float, str], None]


def never_back(report: Report) -> Report:
    """A report whose fraction never falls: stems that would clip are written twice."""
    furthest = 0.0

    def forward(fraction: float, stage: str) -> None:
        nonlocal furthest
        furthest = max(furthest, fraction)
        report(furthest, stage)

    return forward
