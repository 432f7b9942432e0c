"""Giving MIDI time code, so that others follow this song."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stemdesk.control.sync.mtc_messages import QUARTERS, full_frame, quarter_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import mido

    from stemdesk.control.sync.timecode import FrameRate

_JUMP_SECONDS = 0.1
_NEARLY = 1e-6  # of a quarter frame


class TimeCodeSender:
    """Sends the quarter frames that a song passes, either way, and full frames where it jumps.

    The steadier it is called, the steadier is the code: :meth:`wait_seconds` tells when the next
    quarter frame is due.

    Args:
        rate: of the code.
        send: takes a message.
        offset_seconds: time code at which the song begins.
    """

    def __init__(
        self,
        rate: FrameRate,
        send: Callable[[mido.Message], None],
        offset_seconds: float = 0.0,
    ) -> None:
        self._rate, self._send, self._offset_seconds = rate, send, offset_seconds
        self._quarters: float | None = None

    def locate(self, song_seconds: float) -> None:
        """The song stands at a place: tells everyone by a full frame."""
        quarters = self._at(song_seconds)
        frame = math.floor(quarters / QUARTERS + _NEARLY)
        self._quarters = quarters - _NEARLY  # the quarter that begins here is yet to be passed
        self._send(full_frame(frame, self._rate))

    def advance(self, song_seconds: float) -> None:
        """The song has run to a place: sends the quarter frames on the way.

        A step of more than a tenth of a second is a jump and sends a full frame instead.
        """
        before, after = self._quarters, self._at(song_seconds)
        jump = _JUMP_SECONDS * QUARTERS * float(self._rate.fps)
        if before is None or abs(after - before) > jump:
            self.locate(song_seconds)
            return
        if after >= before:
            due = range(math.floor(before) + 1, math.floor(after) + 1)
        else:
            due = range(math.ceil(before) - 1, math.ceil(after) - 1, -1)
        for quarter in due:
            self._send(quarter_frame(quarter % (self._rate.day_frames * QUARTERS), self._rate))
        self._quarters = after

    def wait_seconds(self, speed: float = 1.0) -> float:
        """Seconds until the next quarter frame is due at a speed; infinite while it is 0."""
        if self._quarters is None or speed == 0.0:
            return math.inf
        before = self._quarters
        due = math.floor(before) + 1 if speed > 0.0 else math.ceil(before) - 1
        return self._rate.seconds_of(abs(due - before) / QUARTERS) / abs(speed)

    def _at(self, song_seconds: float) -> float:
        code_seconds = song_seconds + self._offset_seconds
        return code_seconds * float(self._rate.fps) * QUARTERS
