"""The two exceptions that cross every layer: a refusal the user can mend, and a stop."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can mend: shown as one sentence, never with a traceback.

    Args:
        problem: What is wrong, naming the file or value, without a full stop.
        remedy: What to do about it, lower case, without a full stop.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}: {remedy}.")
        self.problem = problem
        self.remedy = remedy


class Cancelled(Exception):
    """The user asked for a stop; work unwinds and leaves nothing under a final name."""
