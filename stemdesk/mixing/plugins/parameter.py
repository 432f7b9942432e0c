"""What can be turned on a plug-in, and what it looks like to the mixer."""

from __future__ import annotations

import msgspec

from stemdesk.mixing.parameters import Parameter


class PluginParameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of a plug-in; its raw value goes from 0 to 1 whatever it means.

    Attributes:
        name: identifier, unique in the plug-in.
        title: as the plug-in calls it.
        unit: as the plug-in gives it; may be empty.
        default: raw.
        value: raw, when the list was made.
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

    def as_parameter(self) -> Parameter:
        """The same for the mixer: linear over the raw value, without the plug-in's unit."""
        default = min(1.0, max(0.0, self.default))
        return Parameter(self.name, self.title, "", 0.0, 1.0, default)
