"""Whether a hand is on a control: told by a touch sensor, or guessed from its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.control.grip import Grip

REST_SECONDS = 0.3  # without a sensor, a control is let go so long after its last move
_LONG_AGO = float("-inf")


class Hold:
    """Tells a target when its parameter is taken hold of and let go.

    Args:
        grip: of the parameter.
    """

    def __init__(self, grip: Grip) -> None:
        self._grip = grip
        self._sensed = self._is_told = False
        self._moved_seconds = _LONG_AGO

    def sense(self, *, touched: bool) -> None:
        """A sensor feels a finger, or a button is down, or no more."""
        self._sensed = touched
        if not touched:
            self._moved_seconds = _LONG_AGO
        self._tell(down=touched)

    def moved(self, seconds: float) -> None:
        """The control is moving; to be called before the parameter is set."""
        self._moved_seconds = seconds
        self._tell(down=True)

    def is_held(self, seconds: float) -> bool:
        """Whether the control must not be moved by itself."""
        return self._sensed or seconds - self._moved_seconds < REST_SECONDS

    def settle(self, seconds: float) -> None:
        """Let go of what has rested; to be called some ten times a second or more."""
        if not self.is_held(seconds):
            self._tell(down=False)

    def let_go(self) -> None:
        """As if the hand were taken away."""
        self.sense(touched=False)

    def _tell(self, *, down: bool) -> None:
        if down != self._is_told and (not down or self._grip.parameter is not None):
            self._is_told = down
            self._grip.touch(down=down)
