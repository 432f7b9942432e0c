"""OSC addresses of parameters: `/vocals/level_db` is `vocals.level_db`."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from stemdesk.control.target import POSITION, TRANSPORT_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TRAVEL = "travel"
"""Last part of an address whose number is a place on the fader's travel, 0 to 1."""

_TRANSPORT = "transport"
_OTHER = re.compile(r"[^\x21-\x7e]|[#*,/?\[\]{}]")  # what no part of an OSC address may hold
_PATTERN = re.compile(r"[*?\[{]")
_MOST_ALTERNATIVES = 32


class Names:
    """Both ways between a mix and OSC.

    A letter that OSC does not take is written `_`; names that become alike are numbered.

    Args:
        strips: of the mix, the master among them.
    """

    def __init__(self, strips: Sequence[str]) -> None:
        self._strips: dict[str, str] = {}
        for strip in strips:
            plain = _OTHER.sub("_", strip) or "_"
            name, number = plain, 2
            while name in self._strips or name == _TRANSPORT:
                name, number = f"{plain}_{number}", number + 1
            self._strips[name] = strip
        self._names = {strip: name for name, strip in self._strips.items()}

    @property
    def strips(self) -> tuple[str, ...]:
        """What the strips are called in OSC."""
        return tuple(self._strips)

    def addresses(self, osc_address: str) -> tuple[list[str], bool]:
        """Addresses of parameters, some of which may not exist, and whether travels are meant.

        Patterns of OSC may stand for strips: `/*/mute`, `/{vocals,drums}/solo`.
        """
        head, *rest = osc_address[1:].split("/")
        by_travel = rest[-1:] == [TRAVEL]
        below = ".".join(rest[:-1] if by_travel else rest)
        return [f"{strip}.{below}" for strip in self._matching(head)], by_travel

    def osc_address(self, address: str) -> str:
        """The other way about."""
        named = {} if address in TRANSPORT_PARAMETERS or address == POSITION else self._names
        for strip, name in named.items():
            if address.startswith(f"{strip}."):
                return f"/{name}/{address.removeprefix(f'{strip}.').replace('.', '/')}"
        return f"/{address.replace('.', '/')}"

    def _matching(self, head: str) -> list[str]:
        if not _PATTERN.search(head):
            return [head] if head == _TRANSPORT else list(filter(None, [self._strips.get(head)]))
        patterns = list(_alternatives(head))
        return [
            strip
            for name, strip in self._strips.items()
            if any(fnmatchcase(name, pattern) for pattern in patterns)
        ]


def _alternatives(pattern: str) -> Iterable[str]:
    """A pattern once for each word between its first braces."""
    before, brace, rest = pattern.partition("{")
    words, _, after = rest.partition("}")
    if not brace:
        return [pattern]
    return [f"{before}{word}{after}" for word in words.split(",")[:_MOST_ALTERNATIVES]]
