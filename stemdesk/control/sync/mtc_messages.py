"""MIDI time code's messages: quarter frames and full frames (MIDI 1.0 Detailed Specification)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mido

from stemdesk.control.sync.timecode import FrameRate, Timecode

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECES = 8  # quarter frames that carry one label
QUARTERS = 4  # quarter frames to a frame
_FULL_FRAME = (0x7F, 0x7F, 0x01, 0x01)  # real time, every device, time code, full
_DEVICE = 1
_RATE_SHIFT, _HOURS = 5, 0x1F


def quarter_frame(quarter: int, rate: FrameRate) -> mido.Message:
    """The quarter frame that is due at a quarter of a frame, counted from 0.

    Every eighth begins a label, that of the frame which begins there.
    """
    group, piece = divmod(quarter, PIECES)
    code = rate.label(group * PIECES // QUARTERS)
    hours = code.hours | rate.value << _RATE_SHIFT
    fields = (code.frames, code.seconds, code.minutes, hours)
    value = fields[piece // 2] >> (4 * (piece % 2)) & 0x0F
    return mido.Message("quarter_frame", frame_type=piece, frame_value=value)


def decoded(values: Sequence[int]) -> tuple[FrameRate, int] | None:
    """Rate and number of the frame that eight values tell; None if they make no label.

    Args:
        values: of the quarter frames, by piece.
    """
    frames, seconds, minutes, hours = (
        values[piece] | values[piece + 1] << 4 for piece in range(0, PIECES, 2)
    )
    return _numbered(hours, minutes, seconds, frames)


def full_frame(number: int, rate: FrameRate) -> mido.Message:
    """Tells every device where the time code stands now."""
    code = rate.label(number)
    hours = code.hours | rate.value << _RATE_SHIFT
    data = (*_FULL_FRAME, hours, code.minutes, code.seconds, code.frames)
    return mido.Message("sysex", data=data)


def opened_full_frame(message: mido.Message) -> tuple[FrameRate, int] | None:
    """Rate and number of the frame in a full frame message; None for any other."""
    data = tuple(message.data)
    is_full = len(data) == len(_FULL_FRAME) + 4 and all(
        byte == wanted or place == _DEVICE
        for place, (byte, wanted) in enumerate(zip(data, _FULL_FRAME, strict=False))
    )
    return _numbered(*data[len(_FULL_FRAME) :]) if is_full else None


def _numbered(hours: int, minutes: int, seconds: int, frames: int) -> tuple[FrameRate, int] | None:
    rate = FrameRate(hours >> _RATE_SHIFT & 0x03)
    try:
        return rate, rate.number(Timecode(hours & _HOURS, minutes, seconds, frames))
    except ValueError:
        return None
