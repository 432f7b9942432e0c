"""The rack: effects that exist, kept from one version of a mix to the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stemdesk.mixing.addresses import check_mix
from stemdesk.mixing.chain import Chain, Slot
from stemdesk.mixing.effects.kinds import effect_kind
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.settings import PLUGIN, EffectSettings, MixSettings, StripSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.effects.effect import Effect

    Key = tuple[str, str, str, str, str, str]


class Rack:
    """Makes effects ahead of their use: loading a plug-in takes longer than the sound may wait.

    Args:
        sample_rate: Hz.
        channels: strip name -> channels, the master's included.
    """

    def __init__(self, sample_rate: int, channels: Mapping[str, int]) -> None:
        self._sample_rate, self._channels = sample_rate, dict(channels)
        self._slots: dict[Key, Slot] = {}
        self._lock = threading.Lock()

    def prepare(self, settings: MixSettings) -> dict[str, Chain]:
        """The chains of a mix: strip name -> chain; slots that go on are the same objects.

        Called outside the sound's thread.

        Raises:
            UserError: the mix is not possible, or a plug-in cannot be loaded.
        """
        check_mix(settings)
        with self._lock:
            return {
                strip.name: Chain([self._slot(strip, effect) for effect in strip.effects])
                for strip in (*settings.strips, settings.master)
            }

    def take_unused(self, *mixes: MixSettings) -> list[Slot]:
        """Effects that none of these mixes has, which are the caller's to close."""
        used = {
            _key(strip, effect)
            for settings in mixes
            for strip in (*settings.strips, settings.master)
            for effect in strip.effects
        }
        with self._lock:
            return [self._slots.pop(key) for key in list(self._slots) if key not in used]

    def faults(self) -> list[str]:
        """One sentence for every effect that has failed."""
        with self._lock:
            return [fault for slot in self._slots.values() if (fault := _fault(slot))]

    def close(self) -> None:
        """Close every effect."""
        with self._lock:
            for slot in self._slots.values():
                slot.effect.close()
            self._slots.clear()

    def _slot(self, strip: StripSettings, settings: EffectSettings) -> Slot:
        key = _key(strip, settings)
        if key not in self._slots:
            self._slots[key] = self._make(strip, settings)
        return self._slots[key]

    def _make(self, strip: StripSettings, settings: EffectSettings) -> Slot:
        channels = self._channels[strip.name]
        if settings.kind == PLUGIN:
            effect: Effect = PluginEffect(_choice(settings), self._sample_rate, channels)
            needs_rest = False
        else:
            kind = effect_kind(settings.kind)
            effect, needs_rest = kind.make(self._sample_rate, channels), kind.needs_rest
        effect.set(all_values(settings))
        return Slot(settings, effect, channels, needs_rest=needs_rest)


def all_values(settings: EffectSettings) -> dict[str, float]:
    """Every parameter of an effect, those at their defaults too; a plug-in's only as changed."""
    if settings.kind == PLUGIN:
        return settings.values
    defaults = {each.name: each.default for each in effect_kind(settings.kind).parameters}
    return {**defaults, **settings.values}


def _key(strip: StripSettings, effect: EffectSettings) -> Key:
    plugin = (effect.plugin, effect.plugin_name, effect.state)
    return (strip.name, effect.name, effect.kind, *plugin)


def _choice(settings: EffectSettings) -> PluginChoice:
    return PluginChoice(settings.plugin, settings.plugin_name, settings.state)


def _fault(slot: Slot) -> str:
    fault: str = getattr(slot.effect, "fault", None) or ""
    if not fault and slot.faulty:
        return f"{slot.settings.name} gave something that is no sound and is left out."
    return fault
