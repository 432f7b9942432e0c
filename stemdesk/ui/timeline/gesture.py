"""A drag from press to release, whatever it drags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SNAP_PX = 8.0


@dataclass(frozen=True)
class Hand:
    """Where the pointer is.

    Attributes:
        x: pixels from the left edge of the lanes.
        y: pixels from the widget's top.
        is_free: whether the user holds the key that switches snapping off.
    """

    x: float
    y: float
    is_free: bool = False

    @property
    def snap_px(self) -> float:
        """How near a beat must be to catch."""
        return 0.0 if self.is_free else SNAP_PX


class Gesture(Protocol):
    """One drag. It shows what it does in the scene, and asks for it at the end."""

    def move(self, hand: Hand) -> None:
        """The pointer has moved further than a click allows."""

    def release(self) -> None:
        """The hand lets go after a move."""

    def click(self) -> None:
        """The hand lets go where it pressed."""
