"""Projects of older formats become projects of this one, one step at a time.

A step is a function from a format's document, as JSON has it, to that of the next. Fields at their
default are not written, so a new default asks for a step as well: it must write the old one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stemdesk.errors import UserError
from stemdesk.project.document import FORMAT

Document = dict[str, Any]
Migration = Callable[[Document], Document]

MIGRATIONS: dict[int, Migration] = {}
"""The format a step begins with -> the step. Format 1 is the first."""


class NewerFormat(UserError):
    """Written by a later StemDesk, in a form that this one does not know."""


def migrate(
    document: Document,
    place: str,
    steps: Mapping[int, Migration] = MIGRATIONS,
    newest: int = FORMAT,
) -> Document:
    """The document in the newest format.

    Args:
        document: as read; not changed.
        place: the file, named in a refusal.
        steps: one for every format before the newest.
        newest: the format to arrive at.

    Raises:
        NewerFormat: the document's format is later than that.
        UserError: the document says no format, or one that never was.
    """
    written = document.get("format")
    if isinstance(written, bool) or not isinstance(written, int) or written < 1:
        raise UserError(
            f"{place} does not say in which format it is written",
            "choose a project that StemDesk has saved",
        )
    if written > newest:
        author = document.get("written_by") or "a later StemDesk"
        raise NewerFormat(
            f"{place} was written by {author} in format {written}, and this StemDesk reads"
            f" formats up to {newest}",
            "open it with that version, or a later one",
        )
    for step in range(written, newest):
        document = {**steps[step](document), "format": step + 1}
    return document
