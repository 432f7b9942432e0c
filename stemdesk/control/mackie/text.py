"""Names and values in the seven characters of a scribble strip, times in ten digits."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from stemdesk.control.mackie.protocol import CELL
from stemdesk.mixing.parameters import PAN, Taper

if TYPE_CHECKING:
    from stemdesk.control.sync.timecode import FrameRate
    from stemdesk.mixing.parameters import Parameter

_ROOM = CELL - 1  # a space parts neighbours
_VOWELS = "aeiou"


def cell(text: str) -> str:
    """Seven ASCII characters: accents go, lower-case vowels go from the end, then the end goes."""
    plain = unicodedata.normalize("NFKD", text)
    letters = [c for c in plain if not unicodedata.combining(c)]
    letters = [c if " " <= c <= "~" else "?" for c in letters]
    for index in range(len(letters) - 1, 0, -1):
        if len(letters) <= _ROOM:
            break
        if letters[index] in _VOWELS:
            del letters[index]
    return "".join(letters)[:_ROOM].ljust(CELL)


def value_text(parameter: Parameter, value: float) -> str:
    """A value as short as people write it: `-6.0dB`, `L50`, `on`, `1.2kHz`."""
    if parameter.taper is Taper.SWITCH:
        return "on" if value >= 0.5 else "off"
    if parameter == PAN:
        percent = round(abs(value) * 100)
        return "C" if percent == 0 else f"{'L' if value < 0 else 'R'}{percent}"
    if math.isinf(value):
        return "-inf"
    if parameter.unit == "Hz" and value >= 1000.0:
        return f"{_number(value / 1000.0)}kHz"
    return f"{_number(value)}{parameter.unit}"


def _number(value: float) -> str:
    size = abs(value)
    if size >= 100.0:
        return f"{value:.0f}"
    text = f"{value:.1f}" if size >= 1.0 or value == 0.0 else f"{value:.2f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def digits(seconds: float, rate: FrameRate | None) -> str:
    """Ten digits: hours (3), minutes (2), seconds (2), and frames or milliseconds (3).

    Args:
        seconds: the time; before 0 shown as 0.
        rate: frames of time code; None for milliseconds.
    """
    seconds = max(0.0, seconds)
    if rate is not None:
        code = rate.label(rate.frames_at(seconds))
        return f"{code.hours:3d}{code.minutes:02d}{code.seconds:02d}{code.frames:3d}"
    milliseconds = math.floor(seconds * 1000.0 + 1e-6)
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole // 3600 % 1000:3d}{whole // 60 % 60:02d}{whole % 60:02d}{rest:03d}"
