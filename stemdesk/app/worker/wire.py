"""What goes between the app and its separating process: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from stemdesk.app.forecast import Choice
from stemdesk.app.live.order import Focus
from stemdesk.app.options import SeparateOptions, Separation
from stemdesk.audio.null import NullReport
from stemdesk.parsing.json_text import read_json

Message = dict[str, Any]


def line_of(message: Message) -> bytes:
    """A message as a line; paths that are no UTF-8 come through."""
    return json.dumps(message, default=_plain).encode() + b"\n"


def message_of(line: bytes) -> Message:
    """A line as a message.

    Raises:
        ValueError: it is none.
    """
    message = read_json(line, names=True, infinite=True)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")  # noqa: TRY004 - for who reads it is the same
    return message


def pack(value: Choice | Focus | SeparateOptions | Separation) -> Message:
    """A value as plain data."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def unpack_choice(data: Message) -> Choice:
    """The other way about."""
    return msgspec.convert(data, Choice)


def unpack_focus(data: Message) -> Focus:
    """The other way about."""
    return msgspec.convert(data, Focus)


def unpack_options(data: Message) -> SeparateOptions:
    """The other way about."""
    return msgspec.convert(data, SeparateOptions, dec_hook=_path)


def unpack_separation(data: Message) -> Separation:
    """The other way about."""
    null = data["null"]
    return Separation(
        **{
            **data,
            "source": Path(data["source"]),
            "files": {name: Path(path) for name, path in data["files"].items()},
            "kept": {name: Path(path) for name, path in data["kept"].items()},
            "null": None if null is None else msgspec.convert(null, NullReport),
        }
    )


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value, enc_hook=str)


def _path(kind: type, value: Any) -> Any:
    if kind is not Path:
        raise NotImplementedError(kind)
    return Path(value)
