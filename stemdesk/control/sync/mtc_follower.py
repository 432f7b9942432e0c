"""Following MIDI time code, forwards and backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.control.sync.mtc_messages import (
    PIECES,
    QUARTERS,
    decoded,
    opened_full_frame,
)
from stemdesk.control.sync.pulse_line import PulseLine
from stemdesk.control.sync.state import Lock, SyncState

if TYPE_CHECKING:
    import mido

    from stemdesk.control.sync.timecode import FrameRate

_LATE_SECONDS = 0.06  # five to seven quarter frames: silent for longer, the code has dropped out
_GAP_SECONDS = 0.3  # over a longer silence the count is not carried


class TimeCodeFollower:
    """Where a MIDI time code stands.

    The label in eight quarter frames is that of the moment at which the first of them, piece 0,
    was due; piece p is due p quarters of a frame later, whichever way the code runs. Once a label
    is known, every quarter frame counts, and the time between them is read off a line through the
    last 48. A label that does not fit is believed when the next one agrees, since some generators
    fill the pieces from a running counter and splice two labels.

    MIDI time code has no message for a stop: it falls silent. It is then believed to go on for
    the freewheel time, and to have stopped where it was heard last.

    Args:
        offset_seconds: time code at which the song begins.
        freewheel_seconds: how long a silent code is believed to go on.
    """

    def __init__(self, offset_seconds: float = 0.0, freewheel_seconds: float = 0.4) -> None:
        self._offset_seconds, self._freewheel_seconds = offset_seconds, freewheel_seconds
        self.rate: FrameRate | None = None
        self._line = PulseLine()
        self._count = 0  # quarter frames, backwards ones subtracted
        self._base: int | None = None  # the quarter of the code at count 0
        self._rival: int | None = None  # what the last label says instead
        self._is_broken = False  # the next label is believed at once
        self._direction = 0
        self._piece: int | None = None
        self._in_row = 0
        self._values = [0] * PIECES
        self._stop_seconds = offset_seconds  # time code where it was last known to stand

    def feed(self, message: mido.Message, seconds: float) -> None:
        """Hear a message."""
        if message.type == "quarter_frame":
            self._quarter(message.frame_type, message.frame_value, seconds)
        elif message.type == "sysex":
            found = opened_full_frame(message)
            if found is not None:
                self._forget()
                self.rate = found[0]
                self._stop_seconds = found[0].seconds_of(found[1])

    def state(self, seconds: float) -> SyncState:
        """The master at a time."""
        silence_seconds = seconds - self._line.last_seconds - _LATE_SECONDS
        if silence_seconds > self._freewheel_seconds or not len(self._line):
            position = self._heard()
            return SyncState(Lock.STOPPED, position - self._offset_seconds)
        code, rate = self._code_seconds(seconds), self._line.rate
        if code is None or rate is None or self.rate is None:
            return SyncState(Lock.ACQUIRING, self._stop_seconds - self._offset_seconds)
        lock = Lock.LOCKED if silence_seconds <= 0.0 else Lock.FREEWHEEL
        speed = self.rate.seconds_of(rate / QUARTERS)
        return SyncState(lock, code - self._offset_seconds, speed)

    def _quarter(self, piece: int, value: int, seconds: float) -> None:
        if seconds - self._line.last_seconds > _GAP_SECONDS:
            self._stop_seconds = self._heard()
            self._forget()
        self._step(piece, seconds)
        self._piece, self._values[piece] = piece, value
        self._line.add(self._count, seconds)
        last = PIECES - 1 if self._direction > 0 else 0
        if self._in_row >= PIECES and piece == last:
            self._label(piece)

    def _step(self, piece: int, seconds: float) -> None:
        """Count a quarter frame: the next, the one before, or one after some that were lost."""
        if self._piece is None:
            self._in_row = 1
            return
        onwards = (piece - self._piece) % PIECES
        if self._direction != 0 and onwards == self._direction % PIECES:
            step = self._direction
        else:
            step = self._nearest(onwards, seconds) - self._count
            if step in (-1, 0, 1):  # the code has turned, within a quarter if it is 0
                self._turn(step or -self._direction)
            else:
                self._is_broken, self._in_row = True, 0
        self._count += step
        self._in_row += 1

    def _turn(self, direction: int) -> None:
        if self._direction != 0:
            self._line.clear()
        self._direction, self._in_row = direction, 1 if self._direction == 0 else 0
        self._set_nominal()

    def _nearest(self, onwards: int, seconds: float) -> int:
        """The count that fits both a piece and the line."""
        wanted = self._line.at(seconds)
        count = self._count + onwards
        off = (self._count if wanted is None else wanted) - count
        return count + PIECES * round(off / PIECES)

    def _label(self, piece: int) -> None:
        found = decoded(self._values)
        if found is None:
            return
        rate, number = found
        base = number * QUARTERS + piece - self._count
        if rate is not self.rate or self._base is None or self._is_broken or base == self._rival:
            self.rate = rate
            self._base, self._rival, self._is_broken = base, None, False
            self._set_nominal()
        elif base != self._base and not self._is_new_day(base):
            self._rival = base
        else:
            self._base, self._rival = base, None

    def _is_new_day(self, base: int) -> bool:
        rate = self.rate
        return (
            rate is not None
            and self._base is not None
            and abs(base - self._base) == rate.day_frames * QUARTERS
        )

    def _set_nominal(self) -> None:
        if self.rate is not None and self._direction != 0:
            self._line.nominal = float(self.rate.fps) * QUARTERS * self._direction

    def _code_seconds(self, seconds: float) -> float | None:
        count = self._line.at(seconds)
        if count is None or self._base is None or self.rate is None:
            return None
        return self.rate.seconds_of((self._base + count) / QUARTERS)

    def _heard(self) -> float:
        """Time code of the last quarter frame, or where a full frame put it."""
        if self._base is None or self.rate is None or not len(self._line):
            return self._stop_seconds
        return self.rate.seconds_of((self._base + self._count) / QUARTERS)

    def _forget(self) -> None:
        self._line.clear()
        self._base = self._rival = self._piece = None
        self._direction = self._in_row = self._count = 0
        self._is_broken = False
