"""Model cards of older formats become cards of this one, one step at a time.

A step is a function from a format's card, as TOML has it, to that of the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]

FORMAT = 2


def _name_the_source(card: Document) -> Document:
    """Format 2 says where converted weights came from; models of format 1 were all trained here."""
    return {**card, "licence_note": "", "source": "", "source_sha256": ""}


MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _name_the_source}
"""The format a step begins with -> the step."""


def migrated(card: Document, written: int) -> Document:
    """The card in the newest format.

    Args:
        card: as read; not changed.
        written: its format. Raises ``ValueError`` where there never was such a format.
    """
    if written not in (*MIGRATIONS, FORMAT):
        raise ValueError(f"there is no card format {written}")
    for step in range(written, FORMAT):
        card = MIGRATIONS[step](card)
    return {**card, "format": FORMAT}
