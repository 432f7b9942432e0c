"""The rack: effects that exist, kept from one version of a mix to the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stemdesk.mixing.addresses import check_mix, with_strip
from stemdesk.mixing.chain import Chain, Slot
from stemdesk.mixing.effects.kinds import effect_kind
from stemdesk.mixing.plugins import known
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.editing import opened
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.settings import PLUGIN, EffectSettings, MixSettings, StripSettings, changed

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
        self._wanted: set[Key] = set()  # of the last mix; others may still be fading out
        self._lock = threading.Lock()

    def prepare(self, settings: MixSettings) -> dict[str, Chain]:
        """The chains of a mix: strip name -> chain; slots that go on are the same objects.

        Called outside the sound's thread.

        Raises:
            UserError: the mix is not possible, or a plug-in cannot be loaded.
        """
        check_mix(settings)
        with self._lock:
            before = set(self._slots)
            try:
                chains = {
                    strip.name: Chain([self._slot(strip, effect) for effect in strip.effects])
                    for strip in (*settings.strips, settings.master)
                }
                check_mix(settings)  # once more: now it is known what the plug-ins have to turn
            except BaseException:
                for key in set(self._slots) - before:
                    self._slots.pop(key).effect.close()
                raise
            self._wanted = _keys(settings)
            return chains

    def take_unused(self, *mixes: MixSettings) -> list[Slot]:
        """Effects that none of these mixes has, which are the caller's to close."""
        used = set().union(*(_keys(settings) for settings in mixes))
        with self._lock:
            return [self._slots.pop(key) for key in list(self._slots) if key not in used]

    def faults(self) -> list[str]:
        """One sentence for every effect of the last mix that has failed."""
        with self._lock:
            slots = [slot for key, slot in self._slots.items() if key in self._wanted]
        return [fault for slot in slots if (fault := _fault(slot))]

    def plugin(self, strip: str, effect: str) -> PluginEffect | None:
        """A plug-in of the last mix; None if there is none of that name."""
        with self._lock:
            for key in self._wanted:
                slot = self._slots.get(key)
                if key[:2] == (strip, effect) and slot is not None:
                    return slot.effect if isinstance(slot.effect, PluginEffect) else None
        return None

    def with_states(self, settings: MixSettings) -> MixSettings:
        """A mix as it is to be kept: its plug-ins with all that they save, as they are now.

        It is for files: given to this rack again, every plug-in would be loaded anew. Plug-ins
        that are not in this rack stay as they are, those that hang cost their time limit.
        """
        for strip in (*settings.strips, settings.master):
            effects = tuple(self._with_state(strip, effect) for effect in strip.effects)
            if effects != strip.effects:
                settings = with_strip(settings, changed(strip, effects=effects))
        return settings

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
        slot = self._slots[key]
        if isinstance(slot.effect, PluginEffect) and slot.effect.was_loaded:
            known.note(settings, slot.effect.parameters)
        return slot

    def _with_state(self, strip: StripSettings, settings: EffectSettings) -> EffectSettings:
        with self._lock:
            slot = self._slots.get(_key(strip, settings))
        if slot is None or not isinstance(slot.effect, PluginEffect):
            return settings
        kept: EffectSettings = changed(settings, state=slot.effect.state)
        return kept

    def _make(self, strip: StripSettings, settings: EffectSettings) -> Slot:
        channels = self._channels[strip.name]
        if settings.kind == PLUGIN:
            effect: Effect = PluginEffect.load(settings, self._sample_rate, channels)
            needs_rest = False
        else:
            kind = effect_kind(settings.kind)
            effect, needs_rest = kind.make(self._sample_rate, channels), kind.needs_rest
        effect.set(all_values(settings))
        return Slot(settings, effect, channels, needs_rest=needs_rest)


def ask_plugins(settings: MixSettings) -> None:
    """Load every plug-in of a mix once, so that what cannot be is refused before hours of work.

    Raises:
        UserError: one cannot be loaded, lacks a parameter of the mix, or cannot have a value.
    """
    for strip in (*settings.strips, settings.master):
        for effect in strip.effects:
            if effect.kind == PLUGIN and known.parameters_of(effect) is None:
                choice = PluginChoice(effect.plugin, effect.plugin_name, effect.state)
                with opened(choice) as client:
                    known.note(effect, client.loaded.parameters)
    check_mix(settings)


def all_values(settings: EffectSettings) -> dict[str, float]:
    """Every parameter of an effect, those at their defaults too; a plug-in's only as changed."""
    if settings.kind == PLUGIN:
        return settings.values
    defaults = {each.name: each.default for each in effect_kind(settings.kind).parameters}
    return {**defaults, **settings.values}


def _keys(settings: MixSettings) -> set[Key]:
    return {
        _key(strip, effect)
        for strip in (*settings.strips, settings.master)
        for effect in strip.effects
    }


def _key(strip: StripSettings, effect: EffectSettings) -> Key:
    plugin = (effect.plugin, effect.plugin_name, effect.state)
    return (strip.name, effect.name, effect.kind, *plugin)


def _fault(slot: Slot) -> str:
    fault: str = getattr(slot.effect, "fault", None) or ""
    if not fault and slot.faulty:
        return f"{slot.settings.name} gave something that is no sound and is left out."
    return fault
