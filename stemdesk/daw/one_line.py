"""Users' words in formats made of lines, in which a control character would end or break one."""

from __future__ import annotations

import re

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """A text in valid Unicode in which a space stands for all control characters in a row."""
    return _BREAKS.sub(" ", text).encode("utf-8", "replace").decode()
