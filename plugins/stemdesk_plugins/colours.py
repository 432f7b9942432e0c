"""The colours of stems in hosts: those of their lanes in the window."""

from __future__ import annotations

from stemdesk.stem_colours import FURTHER, ON_DARK

# All but the vocals, or all but what is named: the accompaniment's colour.
_LIKE_OTHER = ("instrumental", "rest")


def colour_of(stem: str, index: int) -> int:
    """The colour of a stem as 0xRRGGBB.

    Args:
        stem: its name.
        index: its place among the stems; chooses the colour of a name that has none.
    """
    known = ON_DARK.get("other" if stem in _LIKE_OTHER else stem)
    return int((known or FURTHER[index % len(FURTHER)]).removeprefix("#"), 16)
