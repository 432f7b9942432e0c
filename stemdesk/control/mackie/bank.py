"""Which strips the desks show, when there are more strips than faders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Bank:
    """One window over the strips, shared by a desk and its extenders.

    Attributes:
        width: faders of all units together.
        first: index of the strip under the leftmost fader.
    """

    width: int
    first: int = 0

    def move(self, by: int, count: int) -> None:
        """Move the window, as far as there are strips.

        Args:
            by: strips to the right.
            count: strips there are.
        """
        self.first = min(max(0, self.first + by), max(0, count - self.width))
