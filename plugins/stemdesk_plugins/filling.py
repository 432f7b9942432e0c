"""The program's path inside scripts, written as Lua and Python write strings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLACES = {".lua": '"@STEMDESK@"', ".py": '"@STEMDESK@"'}
"""What stands in the scripts for the program's path, by their suffix; a valid string as it is."""


def lua_string(text: str) -> str:
    """A Lua string literal, all of ASCII; other characters as the bytes of the file system."""
    pieces = []
    for byte in os.fsencode(text):
        letter = chr(byte)
        plain = 0x20 <= byte < 0x7F and letter not in '"\\'
        pieces.append(letter if plain else f"\\{byte:03d}")
    return '"' + "".join(pieces) + '"'


def filled(script: bytes, suffix: str, executable: Path) -> bytes:
    """A script with the program's path in its place.

    Args:
        script: as it lies in the repository.
        suffix: `.lua` or `.py`; other files stay as they are.
        executable: the program `stemdesk`.
    """
    place = PLACES.get(suffix)
    if place is None:
        return script
    literal = lua_string(str(executable)) if suffix == ".lua" else ascii(str(executable))
    return script.replace(place.encode("ascii"), literal.encode("ascii"))
