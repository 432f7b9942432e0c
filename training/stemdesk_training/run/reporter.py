"""Tells everybody who listens what a run does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.files import write_refusal

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.run.events import Emit, Event


class Reporter:
    """Hands events to the log, first, and then to listeners.

    Args:
        log: file that lines are added to.
        listeners: called with every event.
    """

    def __init__(self, log: Path, listeners: list[Emit]) -> None:
        self._log, self._listeners = log, listeners

    def __call__(self, event: Event) -> None:
        """Report.

        Raises:
            UserError: the disk takes no more.
        """
        try:
            with self._log.open("ab") as log:
                log.write(event.line())
        except OSError as error:
            raise write_refusal(self._log, error) from error
        for listen in self._listeners:
            listen(event)


def silent(event: Event) -> None:
    """Where another process of the same run reports."""
    del event
