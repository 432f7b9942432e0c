"""Following MIDI clock and its song position (MIDI 1.0 Detailed Specification)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.sync.pulse_line import PulseLine
from stemdesk.control.sync.state import Lock, SyncState

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

PULSES_A_BEAT = 24
PULSES_A_STEP = 6  # of the song position pointer
_USUAL_BPM = 120.0
_LATE_PULSES = 4.0  # missing so many, the clock has dropped out
_LATE_SECONDS = 0.1  # but not sooner
_SLOPE_BEATS = 1e-3


class ClockFollower:
    """Where a MIDI clock stands.

    The clock counts beats. With a map of the song's beats its position is theirs, and its speed
    tells how much faster than the song the master plays. Without one, the song runs at its own
    speed from where start, continue or the song position pointer put it, at the tempo of then.

    Args:
        seconds_at_beat: the song's time at a quarter note counted from 0, rising; None if the
            song's beats are not known.
        freewheel_seconds: how long a silent clock is believed to go on.
    """

    def __init__(
        self,
        seconds_at_beat: Callable[[float], float] | None = None,
        freewheel_seconds: float = 1.0,
    ) -> None:
        self._map, self._freewheel_seconds = seconds_at_beat, freewheel_seconds
        self._line = PulseLine()
        self._count = 0  # pulses ever heard
        self._pulse = 0  # the song's pulse at `_origin`
        self._origin: int | None = None  # the count at which the song began to run
        self._origin_seconds = 0.0
        self._is_armed = False  # the next pulse makes the song run
        self._base_seconds = 0.0  # the song's time at `_pulse`, without a map

    def feed(self, message: mido.Message, seconds: float) -> None:
        """Hear a message."""
        if message.type == "clock":
            self._tick(seconds)
        elif message.type == "start":
            self._locate(0)
            self._is_armed = True
        elif message.type == "continue":
            self._is_armed = self._origin is None
        elif message.type == "stop":
            self._halt(seconds)
            self._is_armed = False
        elif message.type == "songpos":
            self._is_armed = self._is_armed or self._origin is not None
            self._locate(message.pos * PULSES_A_STEP)

    def state(self, seconds: float) -> SyncState:
        """The master at a time."""
        tempo_bpm = self.tempo_bpm
        if self._origin is None:
            lock = Lock.ACQUIRING if self._is_armed else Lock.STOPPED
            return SyncState(lock, self._seconds_of(self._pulse), tempo_bpm=tempo_bpm)
        silence_seconds = seconds - self._line.last_seconds - self._late_seconds
        if silence_seconds > self._freewheel_seconds:
            position = self._position(self._line.last_seconds)
            return SyncState(Lock.STOPPED, position, tempo_bpm=tempo_bpm)
        lock = Lock.LOCKED if silence_seconds <= 0.0 else Lock.FREEWHEEL
        return SyncState(lock, self._position(seconds), self._speed(seconds), tempo_bpm)

    @property
    def tempo_bpm(self) -> float | None:
        """Quarter notes a minute; None until half a beat has been heard."""
        rate = self._line.rate
        if rate is None or len(self._line) <= PULSES_A_BEAT // 2:
            return None
        return rate * 60.0 / PULSES_A_BEAT

    @property
    def _late_seconds(self) -> float:
        rate = self._line.rate or _USUAL_BPM / 60.0 * PULSES_A_BEAT
        return max(_LATE_SECONDS, _LATE_PULSES / rate)

    def _tick(self, seconds: float) -> None:
        if seconds - self._line.last_seconds > self._late_seconds + self._freewheel_seconds:
            # As if it had been stopped where it was heard last, and continued now.
            self._is_armed = self._is_armed or self._origin is not None
            self._halt(self._line.last_seconds)
            self._line.clear()
        self._count += 1
        self._line.add(self._count, seconds)
        if self._is_armed:
            self._is_armed = False
            self._origin, self._origin_seconds = self._count, seconds

    def _locate(self, pulse: int) -> None:
        self._base_seconds = self._seconds_of(pulse)
        self._pulse, self._origin = pulse, None

    def _halt(self, seconds: float) -> None:
        if self._origin is not None:
            self._base_seconds = self._position(seconds)
            # The pulse after the last one heard is where a Continue takes up.
            self._pulse += self._count - self._origin + 1
            self._origin = None

    def _position(self, seconds: float) -> float:
        if self._map is not None:
            return self._map(self._beat(seconds))
        return self._base_seconds + max(0.0, seconds - self._origin_seconds)

    def _speed(self, seconds: float) -> float:
        rate = self._line.rate
        if self._map is None or rate is None:
            return 1.0
        beat = self._beat(seconds)
        rise = self._map(beat + _SLOPE_BEATS) - self._map(beat)
        return rise / _SLOPE_BEATS * rate / PULSES_A_BEAT

    def _beat(self, seconds: float) -> float:
        count = self._line.at(seconds)
        if count is None or self._origin is None:
            return self._pulse / PULSES_A_BEAT
        return max(self._pulse, self._pulse + count - self._origin) / PULSES_A_BEAT

    def _seconds_of(self, pulse: int) -> float:
        """The song's time at a pulse while it stands."""
        beat = pulse / PULSES_A_BEAT
        if self._map is not None:
            return self._map(beat)
        if pulse == self._pulse:
            return self._base_seconds
        return beat * 60.0 / (self.tempo_bpm or _USUAL_BPM)
