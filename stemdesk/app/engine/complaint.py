"""What the engine says to nobody in particular."""

from __future__ import annotations

import logging
import sys
import traceback

log = logging.getLogger(__name__)


def complain(sentence: object) -> None:
    """One line for whoever looks at the terminal or the log."""
    print(f"stemdesk: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - see above


def complain_of_fault() -> None:
    """The exception at hand, which is a fault of the program's own."""
    log.error("a fault of the engine", exc_info=True)  # noqa: LOG014 - called by a handler
    traceback.print_exc(file=sys.stderr)
