"""TOML 1.0: the one place that reads it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from stemdesk.parsing.bounds import (
    MOST_BYTES_BY_HAND,
    MOST_LEVELS,
    Excessive,
    Kind,
    Unreadable,
    converted,
    require_plain,
    text_of,
    too_deep,
    too_long_a_number,
)

# The time that a dotted key takes to read grows with the square of its parts.
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_DOTTED = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}\.[ \t]*+){{{MOST_LEVELS}}}")


def read_toml(data: bytes | str) -> dict[str, Any]:
    """The table a text holds.

    Args:
        data: UTF-8, or text.

    Raises:
        Unreadable: it is no TOML; the reason names line and column.
        Excessive: it is, but nested too deeply, too long, or with numbers that nothing takes.
    """
    text = text_of(data)
    if len(text) > MOST_BYTES_BY_HAND:
        raise Excessive(f"it is larger than {MOST_BYTES_BY_HAND >> 20} MB")
    if _DOTTED.search(text):
        raise too_deep()
    try:
        value = tomllib.loads(text)
    except RecursionError as error:
        raise too_deep() from error
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        raise Unreadable(f"{told[:1].lower()}{told[1:]}") from error
    except ValueError as error:  # integers of more digits than Python takes
        raise too_long_a_number() from error
    require_plain(value, infinite=True)
    return value


def read_toml_as(data: bytes | str, kind: type[Kind]) -> Kind:
    """The table a text holds, as a struct.

    Raises:
        Unreadable: it is no TOML, or does not fit the type.
    """
    return converted(read_toml(data), kind)
