"""Port names as people know them: without the numbers that systems add and change."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALSA_NUMBERS = re.compile(r"\s+\d+:\d+$")  # client and port: another pair after each plugging
_WINDOWS_NUMBER = re.compile(r"\s+\d+$")  # place in the list: differs between inputs and outputs
_OUR_OWN = re.compile(r"RtMidi(In|Out) Client\b")


def stable_names(names: Iterable[str], platform: str = sys.platform) -> dict[str, str]:
    """Names that stay the same from one plugging to the next.

    Args:
        names: as the system lists them.
        platform: as in `sys.platform`.

    Returns:
        stable name -> system's name, in the same order; equal devices are numbered `(2)`, `(3)`.
        Ports that RtMidi itself makes are left out.
    """
    pattern = _WINDOWS_NUMBER if platform == "win32" else _ALSA_NUMBERS
    found: dict[str, str] = {}
    for name in names:
        if _OUR_OWN.match(name):
            continue
        stable = base = pattern.sub("", name)
        count = 1
        while stable in found:
            count += 1
            stable = f"{base} ({count})"
        found[stable] = name
    return found


def partner(name: str, others: Mapping[str, str]) -> str | None:
    """The output that leads to the device of an input.

    Args:
        name: stable name of the input.
        others: stable names of the outputs, as keys.

    Returns:
        The output of the same name; else the one that shares most of its first words, if there is
        only one such; else None.
    """
    if name in others:
        return name
    shared = {other: _shared_words(name, other) for other in others}
    most = max(shared.values(), default=0)
    best = [other for other, count in shared.items() if count == most]
    return best[0] if most > 0 and len(best) == 1 else None


def _shared_words(first: str, second: str) -> int:
    count = 0
    for one, other in zip(first.split(), second.split(), strict=False):
        if one != other:
            break
        count += 1
    return count
