"""A project as the bytes of its file, and back."""

from __future__ import annotations

import functools
import importlib.metadata
import json
from dataclasses import dataclass
from typing import Any

import msgspec

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json
from stemdesk.project.checks import repaired
from stemdesk.project.document import FORMAT, Project
from stemdesk.project.fitting import fitted, writable
from stemdesk.project.migrations import migrate

_HEAD = ("format", "written_by", "revision")


@dataclass(frozen=True)
class Decoded:
    """What a project's file holds.

    Attributes:
        project: the document.
        written_by: the StemDesk that wrote it.
        revision: counts the saves; an autosave is numbered one after the save it follows.
        remarks: what was left out or mended, one sentence each.
    """

    project: Project
    written_by: str
    revision: int
    remarks: tuple[str, ...] = ()


@functools.cache
def program() -> str:
    """The name and version that go into a file."""
    try:
        return f"StemDesk {importlib.metadata.version('stemdesk')}"
    except importlib.metadata.PackageNotFoundError:
        return "StemDesk"  # run from a source tree that is not installed


def encoded(project: Project, revision: int) -> bytes:
    """UTF-8 JSON, indented, with a line end.

    Raises:
        ValueError: the project holds a number that is none, or +inf, which no edit lets in.
    """
    fields = {name: getattr(project, name) for name in project.__struct_fields__}
    head = {"format": FORMAT, "written_by": program(), "revision": revision}
    document: Any = {**head, **fields}
    try:
        data = msgspec.json.encode(document)
        if b"null" in data:
            # What msgspec makes of silence, or just a name. The way round costs ten times as much.
            data = msgspec.json.encode(writable(msgspec.to_builtins(document)))
        return msgspec.json.format(data, indent=1) + b"\n"
    except UnicodeEncodeError:
        # The path of a song whose name is no UTF-8: Python holds such bytes as lone surrogates,
        # which JSON can only hold escaped.
        text = json.dumps(writable(msgspec.to_builtins(document)), indent=1, allow_nan=False)
        return text.encode() + b"\n"


def decoded(data: bytes, place: str) -> Decoded:
    """The project in the bytes of a file.

    Args:
        data: the file.
        place: what to call it in a refusal.

    Raises:
        NewerFormat: written by a later StemDesk.
        UserError: damaged, or no project.
    """
    document = migrate(_parsed(data, place), place)
    body = {key: value for key, value in document.items() if key not in _HEAD}
    fit, unknown = fitted(body, Project)
    try:
        project = msgspec.convert(fit, Project)
    except msgspec.ValidationError as error:
        raise _damaged(place, str(error)) from error
    project, remarks = repaired(project, place)
    if unknown:
        remarks = (
            f"{place} has fields that this StemDesk does not know and leaves out:"
            f" {', '.join(unknown)}.",
            *remarks,
        )
    revision = document.get("revision", 0)
    return Decoded(
        project=project,
        written_by=str(document.get("written_by", "")),
        revision=revision if isinstance(revision, int) else 0,
        remarks=remarks,
    )


def _parsed(data: bytes, place: str) -> dict[str, Any]:
    try:
        document = read_json(data, names=True, overflow=True)
    except Unreadable as error:
        raise _damaged(place, str(error)) from error
    if not isinstance(document, dict):
        raise _damaged(place, "it holds no project")
    return document


def _damaged(place: str, why: str) -> UserError:
    return UserError(f"{place} is damaged ({why})", "bring it back from a backup")
