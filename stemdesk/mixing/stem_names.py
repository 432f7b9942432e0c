"""Stems by the names that people give them: `Lead Vox`, `lead_vox` and `lead-vox` are one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_JOINTS = re.compile(r"[\s_-]+")


def plain_name(name: str) -> str:
    """A name without what tells spellings of it apart: letter case, and how words are joined."""
    return _JOINTS.sub("-", unicodedata.normalize("NFC", name).casefold())


def matching(name: str, names: Iterable[str]) -> str | None:
    """The one of some names that is meant; None if none is, or if several could be.

    Args:
        name: as somebody wrote it.
        names: those there are; the very same name goes before one that is only spelled alike.
    """
    there = list(dict.fromkeys(names))
    if name in there:
        return name
    alike = [each for each in there if plain_name(each) == plain_name(name)]
    return alike[0] if len(alike) == 1 else None


def strip_and_rest(address: str, strips: Iterable[str]) -> tuple[str, str]:
    """An address as the strip it names and what it names there.

    Args:
        address: such as `Lead Vox.reverb.amount`.
        strips: those there are; their names may hold dots. Of none of them, the name ends at the
            first dot.
    """
    there = list(strips)
    dots = [place for place, letter in enumerate(address) if letter == "."]
    for place in reversed(dots):
        strip = matching(address[:place], there)
        if strip is not None:
            return strip, address[place + 1 :]
    strip, _, rest = address.partition(".")
    return strip, rest
