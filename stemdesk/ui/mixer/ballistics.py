"""How a meter moves: numbers in, numbers out, no clock of its own."""

from __future__ import annotations

import math

HOLD_SECONDS = 1.5
FALL_DB_PER_SECOND = 20.0
RMS_SECONDS = 0.3
FLOOR_DB = -60.0
TOP_DB = 6.0


class Ballistics:
    """One channel's meter.

    The bar rises at once and falls by 20 dB/s; the peak line stays for 1.5 s and then falls alike.
    RMS is power averaged with a time constant of 300 ms.

    Attributes:
        bar_db: the bar's top.
        held_db: the peak line.
        clipped: whether a sample has passed full scale (1.0) since the lamp was cleared.
        highest_db: highest peak since then.
    """

    def __init__(self) -> None:
        self.bar_db = self.held_db = self.highest_db = -math.inf
        self.clipped = False
        self._power = 0.0
        self._held_seconds = 0.0

    @property
    def rms_db(self) -> float:
        """The inner bar's top."""
        return 10.0 * math.log10(self._power) if self._power > 0.0 else -math.inf

    @property
    def is_still(self) -> bool:
        """Whether nothing shows or falls any more."""
        return max(self.bar_db, self.held_db, self.rms_db) < FLOOR_DB

    def advance(self, peak: float, power: float, seconds: float) -> None:
        """Time goes on.

        Args:
            peak: greatest magnitude since the last call, re full scale; 0.0 without sound.
            power: mean square.
            seconds: since the last call.
        """
        peak_db = 20.0 * math.log10(peak) if peak > 0.0 else -math.inf
        fall_db = FALL_DB_PER_SECOND * seconds
        self.bar_db = max(peak_db, self.bar_db - fall_db)
        if peak_db >= self.held_db:
            self.held_db, self._held_seconds = peak_db, 0.0
        else:
            self._fall_held(seconds)
        keep = math.exp(-seconds / RMS_SECONDS)
        self._power = keep * self._power + (1.0 - keep) * power
        self.highest_db = max(self.highest_db, peak_db)
        self.clipped = self.clipped or peak > 1.0

    def clear_clip(self) -> None:
        """The lamp was clicked."""
        self.clipped, self.highest_db = False, -math.inf

    def _fall_held(self, seconds: float) -> None:
        before = self._held_seconds
        self._held_seconds += seconds
        falling_seconds = self._held_seconds - max(before, HOLD_SECONDS)
        if falling_seconds > 0.0:
            self.held_db -= FALL_DB_PER_SECOND * falling_seconds
        self.held_db = max(self.held_db, self.bar_db)
