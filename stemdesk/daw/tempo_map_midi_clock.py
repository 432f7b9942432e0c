"""Ticks of a MIDI file as seconds, by the tempi that the file itself states."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MICROSECONDS = 1_000_000


class MidiClock:
    """Ticks and seconds of one file.

    Args:
        tempi: tick, and microseconds a beat from there on: in order, the first at tick 0.
        ticks_per_beat: of the file.
    """

    def __init__(self, tempi: Iterable[tuple[int, int]], ticks_per_beat: int) -> None:
        self._ticks: list[int] = []
        self._seconds: list[float] = []
        self._tick_seconds: list[float] = []
        unit = ticks_per_beat * MICROSECONDS
        elapsed, tick_before, tempo_before = 0, 0, 0
        for tick, tempo in tempi:
            elapsed += (tick - tick_before) * tempo_before  # whole numbers add up exactly
            tick_before, tempo_before = tick, tempo
            self._ticks.append(tick)
            self._seconds.append(elapsed / unit)
            self._tick_seconds.append(tempo / unit)

    def tick_at(self, seconds: float) -> int:
        """The tick that is nearest to a moment after the beginning."""
        place = max(0, bisect_right(self._seconds, seconds) - 1)
        after = round((seconds - self._seconds[place]) / self._tick_seconds[place])
        return self._ticks[place] + after

    def seconds_at(self, tick: int) -> float:
        """The moment of a tick."""
        place = max(0, bisect_right(self._ticks, tick) - 1)
        return self._seconds[place] + (tick - self._ticks[place]) * self._tick_seconds[place]
