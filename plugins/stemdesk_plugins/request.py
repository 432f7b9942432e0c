"""The two text files through which a script in a host and StemDesk talk.

A line is a key and its values with tabs between; `%`, tab and line ends in values are `%25`, `%09`,
`%0A` and `%0D`, so that a script needs two substitutions to read or write them. Paths may hold any
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

REQUEST_NAME = "request.txt"
STATUS_NAME = "status.txt"
CANCEL_NAME = "cancel.txt"

_ESCAPES = {"%": "%25", "\t": "%09", "\n": "%0A", "\r": "%0D"}


@dataclass(frozen=True)
class Request:
    """What a script asks for.

    Attributes:
        inputs: one file; or several of one channel each, which together are the sound.
        start_seconds: where in them to begin.
        duration_seconds: how much; None is all the rest.
        output: the folder for the stems.
        model: id or folder; empty is the default.
    """

    inputs: tuple[Path, ...]
    start_seconds: float
    duration_seconds: float | None
    output: Path
    model: str


def escaped(value: str) -> str:
    """A value as it stands in a line."""
    return "".join(_ESCAPES.get(letter, letter) for letter in value)


def unescaped(text: str) -> str:
    """The value again."""
    for plain, code in reversed(_ESCAPES.items()):
        text = text.replace(code, plain)
    return text


def lines_text(lines: Iterable[Sequence[str]]) -> bytes:
    """Lines of keys and values as the bytes of a file."""
    text = "".join("\t".join(map(escaped, line)) + "\n" for line in lines)
    return text.encode("utf-8", "surrogateescape")


def read_lines(path: Path) -> list[list[str]]:
    """The lines of such a file as keys with their values."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return [[unescaped(part) for part in line.split("\t")] for line in text.split("\n") if line]


def read_request(folder: Path) -> Request:
    """The request in a folder.

    Raises:
        UserError: There is none, or it is damaged.
    """
    path = folder / REQUEST_NAME
    remedy = "start the script in the host again"
    try:
        lines = read_lines(path)
    except OSError as error:
        raise UserError(f"The request {path} cannot be read ({error.strerror})", remedy) from error
    try:
        inputs = tuple(Path(value) for key, value, *_ in lines if key == "input")
        single = {key: value for key, value, *_ in lines if key != "input"}
        duration = single.get("duration_seconds")
        request = Request(
            inputs,
            float(single.get("start_seconds", "0")),
            None if duration is None else float(duration),
            Path(single["output"]),
            single.get("model", ""),
        )
    except (KeyError, ValueError) as error:
        raise UserError(f"The request {path} is damaged ({error})", remedy) from error
    if not inputs:
        raise UserError(f"The request {path} names no file", remedy)
    return request
