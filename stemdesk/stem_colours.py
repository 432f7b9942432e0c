"""A colour for every stem: in the window, and in the sessions that are written for DAWs.

Okabe and Ito's palette (2008): told apart by colour-blind eyes as well.
"""

from __future__ import annotations

ON_DARK = {"vocals": "#E69F00", "drums": "#009E73", "bass": "#56B4E9", "other": "#CC79A7"}
"""Stem -> `#RRGGBB`, on a dark ground; what DAWs get, most of which are dark."""

ON_LIGHT = {"vocals": "#B87F00", "drums": "#009E73", "bass": "#0072B2", "other": "#C46C9C"}
"""On a light ground: the same hues, darker where they would not stand out (3:1, WCAG 2.2)."""

FURTHER = ("#D55E00", "#F0E442", "#8C6BB1", "#999999")
FURTHER_ON_LIGHT = ("#D55E00", "#968D00", "#8C6BB1", "#8A8A8A")


def stem_colour(stem: str, *, on_light: bool = False) -> str:
    """`#RRGGBB`; a name that is not known has always the same one of a few others."""
    known, further = (ON_LIGHT, FURTHER_ON_LIGHT) if on_light else (ON_DARK, FURTHER)
    code = sum(stem.encode("utf-8", "surrogateescape"))
    return known.get(stem.lower()) or further[code % len(further)]
