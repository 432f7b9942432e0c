"""How fast work goes, in the words that suit it: fast against real time, slow against the song."""

from __future__ import annotations

SLOWEST_SHOWN = 1e-4
"""Times real time; below it nothing is known yet."""
_WHOLE_FROM = 10.0


def slowness(speed: float) -> float | None:
    """How many lengths of the song the work takes; None where it is as fast as it plays, or faster.

    Args:
        speed: times real time, above 0.
    """
    return 1.0 / speed if speed < 1.0 else None


def factor_text(factor: float) -> str:
    """A factor for people: `1.4`, `9.9`, `68`."""
    return f"{factor:.1f}" if round(factor, 1) < _WHOLE_FROM else f"{factor:.0f}"


def pace_text(speed: float) -> str:
    """`5.2 x real time`, or `takes 68 x the song's length`.

    Args:
        speed: times real time.
    """
    if speed <= 0.0:
        return "0 x real time"
    lengths = slowness(speed)
    if lengths is None:
        return f"{factor_text(speed)} x real time"
    return f"takes {factor_text(lengths)} x the song's length"
