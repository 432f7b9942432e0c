"""What a text may hold at most, whichever format it is in: size, depth, numbers, characters."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

Kind = TypeVar("Kind")

MOST_BYTES = 64 << 20
"""Of a text that programs write, such as a project with a lot of automation."""
MOST_BYTES_BY_HAND = 1 << 20
"""Of a text that people write."""
MOST_LEVELS = 64
"""Of values within values; StemDesk's own files have fewer than ten."""
MOST_VALUES = 4_000_000
_INTEGERS = range(-(2**63), 2**64)
_LONE = re.compile("[\ud800-\udfff]")
_LONE_IN_NAMES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Unreadable(ValueError):
    """A text that cannot be read; what it says completes `... cannot be read (...)`."""


class Excessive(Unreadable):
    """A text that is well formed, but holds more than any real one."""


def file_bytes(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """What a file holds.

    Args:
        path: a file, or a pipe.
        most_bytes: more than any real one has.

    Raises:
        OSError: the system does not give it.
        Unreadable: it is larger, or the name cannot be that of a file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except ValueError as error:
        raise Unreadable("no file can have this name") from error
    if len(data) > most_bytes:
        raise Excessive(f"it is larger than {most_bytes >> 20} MB")
    return data


def text_of(data: bytes | str) -> str:
    """Bytes as text, without the byte order mark that some editors put in front.

    Raises:
        Unreadable: they are no UTF-8.
    """
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is no text in UTF-8") from error


def require_plain(value: Any, *, names: bool = False, infinite: bool = False) -> None:
    """Refuse values that no code further up would survive.

    Args:
        value: lists, mappings and scalars, as a parser returns them.
        names: let the characters through by which Python holds file names that are no UTF-8.
        infinite: let infinities and NaN through.

    Raises:
        Excessive: it is nested too deeply, too large, or holds a number beyond 64 bits or a lone
            half of a character.
    """
    lone = _LONE_IN_NAMES if names else _LONE
    pending: list[tuple[Any, int]] = [(value, 1)]
    seen = 0
    while pending:
        each, level = pending.pop()
        seen += 1
        if isinstance(each, (dict, list)):
            if level > MOST_LEVELS or seen + len(pending) > MOST_VALUES:
                raise too_deep() if level > MOST_LEVELS else Excessive("it holds too many values")
            inner = each if isinstance(each, list) else [*each.keys(), *each.values()]
            pending.extend((one, level + 1) for one in inner)
        else:
            _require_scalar(each, lone, infinite=infinite)


def too_deep() -> Excessive:
    """The refusal of brackets in brackets in brackets."""
    return Excessive(f"its values are nested more than {MOST_LEVELS} levels deep")


def too_long_a_number() -> Excessive:
    """The refusal of a number that no setting has."""
    return Excessive("it holds a number that is too large")


def _require_scalar(value: Any, lone: re.Pattern[str], *, infinite: bool) -> None:
    if isinstance(value, str):
        if not value.isascii() and lone.search(value):
            raise Excessive("it holds half of a character")
    elif isinstance(value, int):
        if value not in _INTEGERS:
            raise too_long_a_number()
    elif isinstance(value, float) and not infinite and not math.isfinite(value):
        raise too_long_a_number()


def converted(value: Any, kind: type[Kind]) -> Kind:
    """A plain value as a type that msgspec knows.

    Raises:
        Unreadable: it does not fit; the reason names the field.
    """
    try:
        return msgspec.convert(value, kind, str_keys=True)
    except (msgspec.ValidationError, OverflowError, RecursionError) as error:
        raise Unreadable(str(error)) from error
