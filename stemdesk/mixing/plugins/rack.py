"""The plug-in of one strip, in the child: as many instances as its channels need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.mixing.plugins.instance import Instance, Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

NEITHER_MONO_NOR_STEREO = "it takes neither mono nor stereo sound"
_TEXT_CHARACTERS = 200
_MOST_STEPS = 1000  # with more, a parameter is as good as continuous


@dataclass(frozen=True)
class Slot:
    """One instance and the strip's channels it serves.

    Attributes:
        instance: the plug-in.
        first: its first channel of the strip.
        channels: how many of the strip's channels it serves, 1 or 2.
        width: how many it works on: 2 where a single channel goes through a stereo plug-in.
    """

    instance: Instance
    first: int
    channels: int
    width: int


class Rack:
    """A strip's plug-in.

    Channels go in pairs through a plug-in that takes stereo, a channel left over alone; a plug-in
    that takes only mono gets an instance for each channel. A single channel before a plug-in that
    takes only stereo is sent into both sides, and the mean of what comes out is taken: that keeps
    the level of what is equal on both sides, and both halves of what is not.

    Args:
        path: file or bundle.
        name: which plug-in of the file, or empty.
        rate_hz: sample rate.
        channels: of the strip, 1 to 8.

    Raises:
        Unusable: it takes neither mono nor stereo, or is no effect.
    """

    def __init__(self, path: str, name: str, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self.slots: list[Slot] = []
        self.editing = False
        while (first := sum(slot.channels for slot in self.slots)) < channels:
            instance = Instance(path, name, rate_hz)
            self.slots.append(_slot(instance, first, channels - first))

    @property
    def _instances(self) -> list[Instance]:
        return [slot.instance for slot in self.slots]

    @property
    def first(self) -> Instance:
        """The instance whose window is shown and whose state is saved."""
        return self.slots[0].instance

    @property
    def reported_frames(self) -> int:
        """The latency that the plug-in reports."""
        return max(each.reported_frames for each in self._instances)

    def fresh(self) -> None:
        """Forget all sound."""
        for slot in self.slots:
            slot.instance.fresh(slot.width, editing=self.editing)

    def run(self, block: Samples) -> Samples:
        """What becomes of a block `[channels, frames]`; the same shape."""
        output = np.empty_like(block)
        for slot in self.slots:
            own = slice(slot.first, slot.first + slot.channels)
            if slot.width == slot.channels:
                output[own] = slot.instance.run(np.ascontiguousarray(block[own]))
            else:
                both = slot.instance.run(np.repeat(block[own], slot.width, axis=0))
                output[own] = both.mean(axis=0, keepdims=True)
        return output

    def set(self, values: Mapping[str, float]) -> dict[str, float]:
        """Give all instances raw values 0..1; returns what the first has made of them."""
        first, *_ = [each.set(values) for each in self._instances]
        return first

    def mirror(self, values: Mapping[str, float]) -> None:
        """Give the other instances what was changed in the first one's window."""
        for each in self._instances[1:]:
            each.set(values)

    @property
    def state(self) -> bytes:
        """All that the plug-in saves."""
        return bytes(self.first.plugin.raw_state)

    def restore(self, state: bytes) -> None:
        """Give all instances what :attr:`state` once returned."""
        for each in self._instances:
            each.plugin.raw_state = state

    def parameters(self) -> list[dict[str, Any]]:
        """What there is to turn, as the fields of `PluginParameter`."""
        return [_described(name, native) for name, native in self.first.native_parameters().items()]


def _slot(instance: Instance, first: int, left: int) -> Slot:
    if not instance.is_effect:
        raise Unusable("it is an instrument, not an effect")
    wanted = min(2, left)
    for width in (wanted, 3 - wanted):
        if instance.takes(width):
            return Slot(instance, first, min(width, left), width)
    raise Unusable(NEITHER_MONO_NOR_STEREO)


def _described(name: str, native: Any) -> dict[str, Any]:
    steps = int(native.num_steps) if native.is_discrete else 0
    return {
        "name": name,
        "title": str(native.name)[:_TEXT_CHARACTERS],
        "unit": str(native.label)[:_TEXT_CHARACTERS],
        "default": float(native.default_raw_value),
        "value": float(native.raw_value),
        "text": str(native.string_value)[:_TEXT_CHARACTERS],
        "lowest": str(native.get_text_for_raw_value(0.0))[:_TEXT_CHARACTERS],
        "highest": str(native.get_text_for_raw_value(1.0))[:_TEXT_CHARACTERS],
        "steps": steps if steps <= _MOST_STEPS else 0,
        "is_switch": bool(native.is_boolean) or steps == 2,
        "is_automatable": bool(native.is_automatable),
    }
