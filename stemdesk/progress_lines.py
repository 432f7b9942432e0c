"""Progress where there is no terminal for a bar: a line for every tenth of the work."""

from __future__ import annotations

import sys
import time

STEPS = 10


class ProgressLines:
    """Lines on standard error, for logs and pipes.

    Args:
        quiet_seconds: nothing is said of work that is done so soon.
    """

    def __init__(self, quiet_seconds: float = 0.0) -> None:
        self._told = -1
        self._quiet_seconds = quiet_seconds
        self._begun: float | None = None

    def show(self, fraction: float, told: str, left: str = "") -> None:
        """Print a line if another tenth is done, or the first time that anything is.

        Args:
            fraction: of the whole work; at 0 nothing is begun yet, and nothing is said.
            told: what is worked on.
            left: the time that is left, if it is known.
        """
        step = int(STEPS * fraction + 1e-9)
        if fraction <= 0 or step <= self._told:
            return
        if self._begun is None:
            self._begun = time.monotonic()
        if time.monotonic() - self._begun < self._quiet_seconds:
            return
        self._told = step
        parts = ", ".join(part for part in (told, left) if part)
        print(f"{step * 100 // STEPS:3} %  {parts}".rstrip(), file=sys.stderr, flush=True)  # noqa: T201 - see the module
