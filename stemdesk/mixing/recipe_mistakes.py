"""What is wrong with a recipe: which file, which line, which field."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.mixing.settings import EffectSettings, MixSettings, StripSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_STRUCTS = (MixSettings, StripSettings, EffectSettings)
_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]+)`")


def unreadable(path: Path, error: OSError) -> UserError:
    """The refusal of a recipe that the system does not give."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError(f"The recipe {path} does not exist", "check the name and the folder")
    if isinstance(error, IsADirectoryError):
        return UserError(f"The recipe {path} is a folder", "name a file")
    return UserError(
        f"The recipe {path} cannot be read ({error.strerror or error})",
        "see to it that you may read it",
    )


def not_text(path: Path) -> UserError:
    """The refusal of a file that is no recipe at all."""
    return UserError(
        f"The recipe {path} is no text file", "name one that --save-recipe has written"
    )


def mistaken(
    path: Path, text: str, error: msgspec.ValidationError, own: Iterable[str]
) -> UserError:
    """The refusal of a recipe with a mistake.

    Args:
        path: of the recipe.
        text: what stands in it.
        error: msgspec's, of a field.
        own: the recipe's own fields.
    """
    told = str(error)
    found = _PLACE.search(told)
    place = found["place"] if found else ""
    told = _PLACE.sub("", told)
    unknown = _UNKNOWN.search(told)
    field = unknown["field"] if unknown else place.rpartition(".")[2].partition("[")[0]
    line = _line(text, field)
    where = ", ".join(filter(None, (f"line {line}" if line else "", place)))
    where = f" at {where}" if where else ""
    if unknown is None:
        told = f"{told[:1].lower()}{told[1:]}".replace("`", "")
        return UserError(f"The recipe {path} has a mistake{where}: {told}", "mend it")
    known = [*own, *(each.name for kind in _STRUCTS for each in msgspec.structs.fields(kind))]
    near = get_close_matches(field, known, n=1)
    remedy = f"perhaps {near[0]} is meant" if near else "leave it out"
    return UserError(f"The recipe {path} has the unknown field {field}{where}", remedy)


def _line(text: str, field: str) -> int | None:
    """The line in which a field is set, if there is only one."""
    if not field:
        return None
    setting = re.compile(rf'^\s*(\[+.*\b)?["\']?{re.escape(field)}["\']?\s*[=\]]')
    lines = [number for number, line in enumerate(text.splitlines(), 1) if setting.match(line)]
    inline = re.compile(rf'[{{,]\s*["\']?{re.escape(field)}["\']?\s*=')
    lines += [number for number, line in enumerate(text.splitlines(), 1) if inline.search(line)]
    return lines[0] if len(set(lines)) == 1 else None
