"""YAML 1.1, every value as text: the one place that reads it."""

from __future__ import annotations

from typing import Any

import yaml

from stemdesk.parsing.bounds import Excessive, Unreadable, require_plain, text_of, too_deep

_MOST_BYTES = 1 << 17
"""A second's work for the parser."""


def read_yaml(data: bytes | str) -> Any:
    """The value a text holds; a title `No` and an artist `311` are texts as well.

    Raises:
        Unreadable: it is no YAML, or holds more than any real one.
    """
    text = text_of(data)
    if len(text) > _MOST_BYTES:
        raise Excessive(f"it is larger than {_MOST_BYTES >> 10} kB")
    try:
        value = yaml.BaseLoader(text).get_single_data()
    except RecursionError as error:
        raise too_deep() from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())) from error
    require_plain(value)
    return value
