"""The one place where text becomes output: names cannot steer the terminal they are shown on.

File names, tags and device names hold whatever their makers put into them, escape sequences
included. `--json` tells them exactly.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_BIDI = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI}]")
_BREAKING = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_BIDI}]")


def one_line(text: object) -> str:
    """A name, path or sentence that stays on its line; what would steer is shown as an escape."""
    return _BREAKING.sub(_escaped, str(text))


@contextmanager
def plain_output() -> Iterator[None]:
    """Until it ends, what is printed holds no control characters but tabs and line ends."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _plain(sys.stdout), _plain(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def steerable(stream: TextIO) -> TextIO:
    """The stream itself, for our own bars and status lines; names in them go through `one_line`."""
    return stream.stream if isinstance(stream, _PlainStream) else stream


class _PlainStream:
    """A text stream that shows control characters instead of sending them."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(_STEERING.sub(_escaped, text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _plain(stream: TextIO) -> TextIO:
    # Without a console there is no stream at all.
    missing = cast("TextIO | None", stream) is None
    return stream if missing else cast("TextIO", _PlainStream(stream))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
