"""Values as words and back: what a control shows, and what may be typed into it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from stemdesk.mixing.parameters import PAN, Taper
from stemdesk.ui.words import MINUS, level_text, real_minus

if TYPE_CHECKING:
    from stemdesk.mixing.parameters import Parameter

translate = QCoreApplication.translate

_NUMBER = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(\S*)")
_SILENT = {"-inf", "-infinity", "-∞", "inf", "off", "silent"}
_UNITS = {
    "dB": {"db": 1.0},
    "Hz": {"hz": 1.0, "k": 1000.0, "khz": 1000.0},
    "ms": {"ms": 1.0, "s": 1000.0},
    "s": {"s": 1.0, "ms": 0.001},
    "st": {"st": 1.0, "ct": 0.01},
    ":1": {":1": 1.0},
    "%": {"%": 1.0},
    "": {"%": 0.01},
}


class NotAValue(ValueError):
    """What was typed is no value of the parameter; the text says why, in a few words."""


def value_text(parameter: Parameter, value: float) -> str:
    """A value with its unit, and its sign where it may have either: `-3.0 dB`, `L 30`."""
    if parameter.taper is Taper.SWITCH:
        return translate("Value", "on") if value >= 0.5 else translate("Value", "off")
    if parameter.name == PAN.name:
        return _pan_text(value)
    if not math.isfinite(value):
        return level_text(value)
    if parameter.unit == "Hz" and round(value) >= 1000:
        return f"{value / 1000:.{_decimals_khz(value)}f} kHz"
    decimals = _decimals(parameter, value)
    rounded_value = round(value, decimals) + 0.0  # no minus before zero
    sign = "+" if parameter.minimum < 0 < rounded_value else ""
    figures = real_minus(f"{sign}{rounded_value:.{decimals}f}")
    if parameter.unit == ":1":
        return f"{figures}:1"
    return f"{figures} {parameter.unit}".rstrip()


def range_text(parameter: Parameter) -> str:
    """`-60.0 dB to 0.0 dB`."""
    least, most = value_text(parameter, parameter.minimum), value_text(parameter, parameter.maximum)
    return translate("Value", "{0} to {1}").format(least, most)


def rounded(parameter: Parameter, value: float) -> float:
    """A value as exact as it is shown, within the range: what a hand can set it to."""
    if parameter.taper is Taper.SWITCH or not math.isfinite(value):
        return value
    exact = round(value, _decimals(parameter, value)) + 0.0
    return min(parameter.maximum, max(parameter.minimum, exact))


def read_value(parameter: Parameter, text: str) -> float:
    """What was typed, with a unit or without; for levels also `-inf` or `off`.

    Raises:
        NotAValue: it is no number, has another unit, or is out of range.
    """
    words = text.strip().lower().replace(",", ".").replace(MINUS, "-")
    value = _read_words(parameter, words)
    if value is None:
        value = _read_number(parameter, words)
    if not parameter.minimum <= value <= parameter.maximum:
        raise NotAValue(range_text(parameter))
    return round(value, 6) + 0.0


def _read_words(parameter: Parameter, words: str) -> float | None:
    if parameter.taper is Taper.FADER and words.removesuffix("db").strip() in _SILENT:
        return -math.inf
    if parameter.name == PAN.name:
        return _read_pan(words)
    return None


def _read_number(parameter: Parameter, words: str) -> float:
    found = _NUMBER.fullmatch(words)
    if found is None:
        raise NotAValue(translate("Value", "A number, please"))
    number, unit = found.groups()
    if not unit:
        return float(number)
    units = _UNITS.get(parameter.unit, {})
    if unit not in units:
        if parameter.unit:
            raise NotAValue(translate("Value", "In {0}, please").format(parameter.unit))
        raise NotAValue(translate("Value", "A number without a unit, please"))
    return float(number) * units[unit]


def _pan_text(value: float) -> str:
    percent = round(100 * value)
    if percent == 0:
        return translate("Value", "C")
    side = translate("Value", "L") if percent < 0 else translate("Value", "R")
    return f"{side} {abs(percent)}"


def _read_pan(words: str) -> float:
    """`L 30`, `30 L`, `C`, `-30` (per cent), `-0.3`."""
    if words in {"c", translate("Value", "C").lower(), "0"}:
        return 0.0
    bare = words.removesuffix("%").strip()
    left, right = translate("Value", "L").lower(), translate("Value", "R").lower()
    for side, sign in (("l", -1.0), ("r", 1.0), (left, -1.0), (right, 1.0)):
        if bare.startswith(side) or bare.endswith(side):
            bare = bare.removeprefix(side).removesuffix(side).strip()
            if not re.fullmatch(r"\d+(\.\d*)?", bare):
                raise NotAValue(range_text(PAN))
            return sign * float(bare) / 100
    found = _NUMBER.fullmatch(bare)
    if found is None or found.group(2):
        raise NotAValue(range_text(PAN))
    number = float(found.group(1))
    is_fraction = "." in bare and abs(number) <= 1.0
    return number if is_fraction else number / 100


def _decimals(parameter: Parameter, value: float) -> int:
    """How many decimals of a value are worth showing; below none, zeros before the point."""
    size = abs(value)
    if parameter.unit == "Hz":
        return 2 - math.floor(math.log10(size)) if size >= 1 else 2
    if parameter.unit == "ms":
        return 2 if size < 1 else 1 if size < 100 else 0
    if parameter.unit in {"dB", ":1", "%"}:
        return 1
    return 2


def _decimals_khz(value: float) -> int:
    return 2 if value < 9995 else 1
