"""File names for tracks whose names may be alike, or no file names at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.files import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable


def distinct_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """One safe name for each, all different also where letter case does not count.

    Args:
        names: of tracks.
        taken: what none of them may be called.
    """
    used = {name.casefold() for name in taken}
    distinct = []
    for name in names:
        plain = safe_name(name)
        candidate, number = plain, 2
        while candidate.casefold() in used:
            candidate, number = f"{plain} ({number})", number + 1
        used.add(candidate.casefold())
        distinct.append(candidate)
    return distinct
