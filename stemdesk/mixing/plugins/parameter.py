"""What can be turned on a plug-in, and what it looks like to the mixer."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from numbers import Real

import msgspec

from stemdesk.errors import UserError
from stemdesk.mixing.parameters import Parameter


class PluginParameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of a plug-in; its raw value goes from 0 to 1 whatever it means.

    Attributes:
        name: identifier, unique in the plug-in.
        title: as the plug-in calls it.
        unit: as the plug-in gives it; may be empty.
        default: raw.
        value: raw, as it stood after loading, in the state that was given.
        text: of `value`, as the plug-in writes it.
        lowest: text of 0.
        highest: text of 1.
        steps: how many values there are, or 0 where it is continuous.
        is_switch: on or off.
        is_automatable: whether the plug-in wants it set by others at all.
    """

    name: str
    title: str
    unit: str
    default: float
    value: float
    text: str
    lowest: str
    highest: str
    steps: int
    is_switch: bool
    is_automatable: bool

    def as_parameter(self) -> PluginKnob:
        """The same for the mixer: linear over the raw value; untouched, it has `value`."""
        value = min(1.0, max(0.0, self.value))
        return PluginKnob(
            self.name,
            self.title,
            "",
            0.0,
            1.0,
            value,
            lowest=self.with_unit(self.lowest),
            highest=self.with_unit(self.highest),
        )

    def with_unit(self, text: str) -> str:
        """A value's text with the unit, which some plug-ins write themselves."""
        with contextlib.suppress(ValueError):  # words need no rounding
            text = f"{round(float(text), 4) + 0.0:.12g}"  # no -0
        return text if not self.unit or text.endswith(self.unit) else f"{text} {self.unit}"


@dataclass(frozen=True)
class PluginKnob(Parameter):
    """A plug-in's parameter as the mixer knows it, with what the plug-in calls its ends.

    Attributes:
        lowest: text of 0.
        highest: text of 1.
    """

    lowest: str = ""
    highest: str = ""

    def check(self, value: float, place: str) -> float:
        """`value` as a float, if this parameter may have it.

        Raises:
            UserError: not from 0 to 1, with what these mean to the plug-in.
        """
        if isinstance(value, Real) and 0.0 <= float(value) <= 1.0:
            return float(value)
        raise UserError(
            f"{place} cannot be {value}",
            f"choose a number from 0 ({self.lowest}) to 1 ({self.highest})",
        )
