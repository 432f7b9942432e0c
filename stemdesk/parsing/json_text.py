"""JSON (RFC 8259): the one place that reads it."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from stemdesk.parsing.bounds import (
    Kind,
    Unreadable,
    converted,
    require_plain,
    text_of,
    too_deep,
    too_long_a_number,
)

_MOST_DIGITS = 4000
"""Python itself refuses integers of more than 4300."""
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[\[\]{}]|[^"\[\]{}]+', re.DOTALL)
_LONG_NUMBER = re.compile(r"-?\d{20,}")


def read_json(
    data: bytes | str, *, names: bool = False, infinite: bool = False, overflow: bool = False
) -> Any:
    """The value a text holds.

    Args:
        data: UTF-8, or text.
        names: it may hold file names that are no UTF-8, as Python escapes them.
        infinite: it may hold `Infinity` and `NaN`, as Python writes them.
        overflow: decimals that are too large are infinite, and the caller checks for that.

    Raises:
        Unreadable: it is no JSON.
        Excessive: it is, but nested too deeply, or with numbers or characters that nothing takes.
    """
    text = text_of(data)
    try:
        value = json.loads(text, parse_constant=None if infinite else _refuse, parse_int=_integer)
    except RecursionError as error:
        raise too_deep() from error
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}: {error.msg[:1].lower()}{error.msg[1:]}") from error
    require_plain(value, names=names, infinite=infinite or overflow)
    return value


def read_json_as(data: bytes | str, kind: type[Kind], *, names: bool = False) -> Kind:
    """The value a text holds, as a type that msgspec knows.

    Args:
        data: UTF-8, or text.
        kind: a struct, or such as `dict[str, float]`.
        names: it may hold file names that are no UTF-8.

    Raises:
        Unreadable: it is no JSON, or does not fit the type.
    """
    return converted(read_json(data, names=names), kind)


def outline(data: bytes | str) -> dict[str, Any]:
    """What stands at the top of an object that is too much to be read whole; else nothing.

    Whatever holds more values, and every long number, is None.
    """
    level, kept = 0, []
    for token in _TOKEN.findall(text_of(data)):
        if token in ("[", "{"):
            kept += [token] if level == 0 else ["null"] if level == 1 else []
            level += 1
        elif token in ("]", "}"):
            level -= 1
            kept += [token] if level == 0 else []
        elif level <= 1:
            kept.append(token if token[0] == '"' else _LONG_NUMBER.sub("null", token))
    try:
        value = json.loads("".join(kept))
        require_plain(value, names=True)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise too_long_a_number()
    return int(digits)


def _refuse(name: str) -> NoReturn:
    raise Unreadable(f"{name} is no number of JSON")
