"""Parameters: what each is called, its unit and range, and where it lies on a fader's travel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from numbers import Real

from stemdesk.errors import UserError

MAX_LEVEL_DB = 12.0
SILENT_DB = -90.0  # the last step of a fader above -inf
_UNITY_TRAVEL = 0.75


class Taper(Enum):
    """How a value spreads over the travel 0..1 of a knob or fader."""

    LINEAR = "linear"
    LOG = "log"  # equal ratios take equal travel: frequencies, times
    FADER = "fader"  # dB from -inf at 0, 0 dB at three quarters, +12 dB at 1
    SWITCH = "switch"  # 0 or 1


@dataclass(frozen=True)
class Parameter:
    """One number that a user, an automation lane or a control surface may set.

    Attributes:
        name: identifier; the unit is its last part where it has one (`attack_ms`).
        title: for people, without the unit.
        unit: `dB`, `Hz`, `ms`, `s`, `st`, `%`, `:1` or nothing.
        minimum: least allowed value; a level may also be -inf.
        maximum: greatest allowed value.
        default: value of a fresh strip or effect.
        taper: spread over a knob's travel.
    """

    name: str
    title: str
    unit: str
    minimum: float
    maximum: float
    default: float
    taper: Taper = Taper.LINEAR

    def check(self, value: float, place: str) -> float:
        """`value` as a float, if this parameter may have it.

        Args:
            value: what was asked for.
            place: the parameter's address, named in the refusal.

        Raises:
            UserError: out of range, or not a number.
        """
        if not isinstance(value, Real) or not self.minimum <= float(value) <= self.maximum:
            unit = f" {self.unit}" if self.unit else ""
            least = "-inf" if self.minimum == -math.inf else f"{self.minimum:g}"
            raise UserError(
                f"{place} cannot be {value}{unit}",
                f"choose a number from {least} to {self.maximum:g}",
            )
        return float(value)

    def to_travel(self, value: float) -> float:
        """Position 0..1 of `value` on a knob or fader."""
        if self.taper is Taper.FADER:
            return fader_travel(value)
        if self.taper is Taper.SWITCH:
            return 1.0 if value >= 0.5 else 0.0
        if self.taper is Taper.LOG:
            return math.log(value / self.minimum) / math.log(self.maximum / self.minimum)
        return (value - self.minimum) / (self.maximum - self.minimum)

    def from_travel(self, travel: float) -> float:
        """The value at a position 0..1; the inverse of :meth:`to_travel`."""
        travel = min(1.0, max(0.0, travel))
        if self.taper is Taper.FADER:
            return fader_level_db(travel)
        if self.taper is Taper.SWITCH:
            return 1.0 if travel >= 0.5 else 0.0
        if self.taper is Taper.LOG:
            value = self.minimum * float((self.maximum / self.minimum) ** travel)
        else:
            value = self.minimum + travel * (self.maximum - self.minimum)
        return min(self.maximum, max(self.minimum, value))


def fader_travel(level_db: float) -> float:
    """Position 0..1 of a level: -inf at 0, 0 dB at 0.75, +12 dB at 1.

    Above unity the scale is linear in dB; below, amplitude falls with the fourth power of the
    travel, which spreads the steps near 0 dB and crowds those near silence, as mixing desks do.
    """
    if level_db >= 0.0:
        return min(1.0, _UNITY_TRAVEL + level_db / MAX_LEVEL_DB * (1 - _UNITY_TRAVEL))
    if level_db < SILENT_DB:
        return 0.0
    return _UNITY_TRAVEL * float(10.0 ** (level_db / 80.0))


def fader_level_db(travel: float) -> float:
    """The level at a position 0..1; the inverse of :func:`fader_travel`."""
    if travel >= _UNITY_TRAVEL:
        return (min(1.0, travel) - _UNITY_TRAVEL) / (1 - _UNITY_TRAVEL) * MAX_LEVEL_DB
    if travel <= 0.0:
        return -math.inf
    level_db = 80.0 * math.log10(travel / _UNITY_TRAVEL)
    return level_db if level_db >= SILENT_DB else -math.inf


LEVEL_DB = Parameter("level_db", "Level", "dB", -math.inf, MAX_LEVEL_DB, 0.0, Taper.FADER)
PAN = Parameter("pan", "Pan", "", -1.0, 1.0, 0.0)
MUTE = Parameter("mute", "Mute", "", 0.0, 1.0, 0.0, Taper.SWITCH)
SOLO = Parameter("solo", "Solo", "", 0.0, 1.0, 0.0, Taper.SWITCH)
INVERT = Parameter("invert", "Polarity", "", 0.0, 1.0, 0.0, Taper.SWITCH)
BYPASS = Parameter("bypass", "Bypass", "", 0.0, 1.0, 0.0, Taper.SWITCH)
STRIP_PARAMETERS = {each.name: each for each in (LEVEL_DB, PAN, MUTE, SOLO, INVERT)}
