"""A TOML text that a form and a person change in turns: one value at a time, the rest untouched."""

from __future__ import annotations

import re
from typing import Any

import tomli_w

from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.toml_text import read_toml

_TABLE = re.compile(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(#.*)?$")
_KEY = re.compile(r'^\s*(?P<key>[A-Za-z0-9_-]+|"[^"]*")\s*=')
_PLACE = re.compile(r"\(at (?:line (?P<line>\d+), column \d+|end of document)\)")


class TomlMistake(ValueError):
    """The text is no TOML.

    Args:
        told: what is wrong.
        line: where, from 1.
    """

    def __init__(self, told: str, line: int) -> None:
        super().__init__(told)
        self.told, self.line = told, line


def read(text: str) -> dict[str, Any]:
    """What a text says.

    Raises:
        TomlMistake: it is no TOML.
    """
    try:
        return read_toml(text)
    except Unreadable as error:
        told = str(error)
        found = _PLACE.search(told)
        line = int(found["line"]) if found and found["line"] else max(1, text.count("\n"))
        raise TomlMistake(_PLACE.sub("", told).strip(), line) from error


def value_at(data: dict[str, Any], path: str) -> Any:
    """What stands at a path such as `tuning.freeze`; None where nothing does."""
    here: Any = data
    for name in path.split("."):
        if not isinstance(here, dict) or name not in here:
            return None
        here = here[name]
    return here


def with_value(text: str, path: str, value: Any) -> str:
    """The text with another value at a path; comments, order and all other lines stay.

    Args:
        text: valid TOML, whose tables are written as `[table]`.
        path: `key` or `table.key`.
        value: None takes the line out.

    Raises:
        TomlMistake: it was no TOML before, or the path leads into a value that is written in one
            line.
    """
    before = read(text)
    if value_at(before, path) == value:
        return text
    table, _, key = path.rpartition(".")
    lines = text.splitlines()
    first, end = _table_span(lines, table)
    if first is None and table and value_at(before, table) is not None:
        raise TomlMistake(f"{table} is written in one line", _line_of_key(lines, table) or 1)
    if first is None:
        if value is not None:
            lines += [*([""] if lines and lines[-1].strip() else []), f"[{table}]"]
            lines.append(_line(key, value))
    else:
        _change(lines, (first, end), key, value)
    changed = "\n".join(lines) + "\n"
    read(changed)
    return changed


def line_of(text: str, path: str) -> int | None:
    """The line, from 1, in which a path is said, or else its table; None where neither is."""
    lines = text.splitlines()
    heading, _ = _table_span(lines, path)
    if heading:
        return heading
    table, _, key = path.rpartition(".")
    while True:
        first, end = _table_span(lines, table)
        if first is not None:
            for place in range(first, end):
                if _key_in(lines[place]) == key:
                    return place + 1
            if table:
                return first
        if not table:
            return None
        table, _, key = table.rpartition(".")


def _change(lines: list[str], span: tuple[int, int], key: str, value: Any) -> None:
    first, end = span
    for place in range(first, end):
        if _key_in(lines[place]) == key:
            last = _value_end(lines, place, end)
            lines[place:last] = [] if value is None else [_line(key, value)]
            return
    if value is None:
        return
    while end > first and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, _line(key, value))


def _table_span(lines: list[str], table: str) -> tuple[int | None, int]:
    """The lines of a table, its heading apart; of the top where the name is empty."""
    first: int | None = None if table else 0
    for place, line in enumerate(lines):
        found = _TABLE.match(line)
        if found is None and not line.lstrip().startswith("[["):
            continue
        if first is not None:
            return first, place
        if found is not None and found["name"].strip() == table:
            first = place + 1
    return first, len(lines)


def _value_end(lines: list[str], place: int, end: int) -> int:
    """The line after a value: arrays and long texts may take several."""
    for last in range(place + 1, end + 1):
        try:
            read_toml("\n".join(lines[place:last]))
        except Unreadable:
            continue
        return last
    return place + 1


def _key_in(line: str) -> str | None:
    found = _KEY.match(line)
    return found["key"].strip('"') if found else None


def _line_of_key(lines: list[str], path: str) -> int | None:
    return line_of("\n".join(lines), path)


def _line(key: str, value: Any) -> str:
    return tomli_w.dumps({key: value}).strip()
