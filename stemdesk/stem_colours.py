"""A colour for every stem: in the window, and in the sessions that are written for DAWs.

Okabe and Ito's palette (2008): told apart by colour-blind eyes as well.
"""

from __future__ import annotations

ON_DARK = {"vocals": "#E69F00", "drums": "#009E73", "bass": "#56B4E9", "other": "#CC79A7"}
"""Stem -> `#RRGGBB`, on a dark ground; what DAWs get, most of which are dark."""

ON_LIGHT = {**ON_DARK, "bass": "#0072B2"}
"""The same on a light ground."""

FURTHER = ("#D55E00", "#F0E442", "#8C6BB1", "#999999")


def stem_colour(stem: str, known: dict[str, str] = ON_DARK) -> str:
    """`#RRGGBB`; a name that is not known has always the same one of a few others."""
    code = sum(stem.encode("utf-8", "surrogateescape"))
    return known.get(stem.lower()) or FURTHER[code % len(FURTHER)]
