"""The jobs as they are listed: what runs first, what is done and of no more interest not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.jobs.entry import Entry

# What goes on by itself behind the scenes is listed while it runs, and where it fails.
QUIET_KINDS = frozenset({"open", "measure", "look", "null", "show", "load", "restart", "draft"})


def listed(entries: Iterable[Entry]) -> list[Entry]:
    """What is worth a row, the most urgent first; otherwise in the order of the queue."""
    shown = [
        entry
        for entry in entries
        if not (entry.kind in QUIET_KINDS and entry.state in (JobState.DONE, JobState.CANCELLED))
    ]
    return sorted(shown, key=_rank)


def _rank(entry: Entry) -> int:
    """What is being worked at, what is to be started, what has failed, what is over."""
    if entry.is_pending:
        return 1
    if not entry.state.has_ended:
        return 0
    return 2 if entry.state is JobState.FAILED else 3
