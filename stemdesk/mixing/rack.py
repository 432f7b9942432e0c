"""The rack: effects that exist, kept from one version of a mix to the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stemdesk.errors import Cancelled
from stemdesk.mixing.addresses import check_mix, with_strip
from stemdesk.mixing.chain import Chain, Slot
from stemdesk.mixing.effects.kinds import effect_kind
from stemdesk.mixing.plugins import known
from stemdesk.mixing.plugins.awaited import AwaitedPlugin
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.editing import opened
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.settings import PLUGIN, EffectSettings, MixSettings, StripSettings, changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stemdesk.mixing.effects.effect import Effect

    Place = tuple[str, str]
    Key = tuple[str, str, str, str, str, str]


class Rack:
    """Makes effects ahead of their use: loading a plug-in takes longer than the sound may wait.

    No lock is held while a plug-in is loaded. Until then an :class:`AwaitedPlugin` has its place.

    Args:
        sample_rate: Hz.
        channels: strip name -> channels, the master's included.
        waits: whether a mix is complete when it is prepared, as it must be for a file. Otherwise
            its owner calls :meth:`load` in the background for all that is :attr:`awaited`, and
            prepares the mix again after each; and nothing that ends is waited for.
    """

    def __init__(
        self, sample_rate: int, channels: Mapping[str, int], *, waits: bool = True
    ) -> None:
        self._sample_rate, self._channels, self._waits = sample_rate, dict(channels), waits
        self._slots: dict[Key, Slot] = {}
        self._wanted: set[Key] = set()  # of the last mix; others may still be fading out
        self._expected: set[Key] = set()  # of a mix to come
        self._lock = threading.Lock()

    def prepare(self, settings: MixSettings) -> dict[str, Chain]:
        """The chains of a mix: strip name -> chain; slots that go on are the same objects.

        Called outside the sound's thread, by one thread at a time.

        Raises:
            UserError: the mix is not possible, or a plug-in cannot be loaded.
        """
        check_mix(settings)
        with self._lock:
            before = set(self._slots)
        try:
            self._fill(settings)
            with self._lock:
                chains = {
                    strip.name: Chain([self._slot(strip, effect) for effect in strip.effects])
                    for strip in (*settings.strips, settings.master)
                }
            check_mix(settings)  # once more: now it is known what the plug-ins have to turn
        except BaseException:
            with self._lock:
                new = [self._slots.pop(key) for key in set(self._slots) - before]
            self.dispose(new)
            raise
        with self._lock:
            self._wanted = _keys(settings)
            self._expected -= self._wanted
        return chains

    def expect(self, strip: str, effect: EffectSettings) -> AwaitedPlugin | None:
        """A plug-in of a mix to come, to be loaded ahead; None if it is loaded already.

        It is kept until a mix has it, or :meth:`forget`.
        """
        key = _key(strip, effect)
        with self._lock:
            if key not in self._slots:
                self._slots[key] = self._make(strip, effect)
            self._expected.add(key)
            found = self._slots[key].effect
        return found if isinstance(found, AwaitedPlugin) else None

    def forget(self, strip: str, effect: EffectSettings) -> None:
        """No mix that has the plug-in will come: it ends with what is unused."""
        with self._lock:
            self._expected.discard(_key(strip, effect))

    def load(self, awaited: AwaitedPlugin) -> PluginEffect:
        """Load a plug-in, which takes its time; the next mix that is prepared has it. Any thread.

        Returns:
            The plug-in, which may have failed.

        Raises:
            Cancelled: it is not wanted any more.
        """
        effect = awaited.load()
        with self._lock:
            for key, slot in self._slots.items():
                if slot.effect is awaited:
                    new = Slot(awaited.settings, effect, awaited.channels, needs_rest=False)
                    self._slots[key] = new
                    return effect
        effect.close()
        raise Cancelled

    def awaited(self) -> dict[Place, AwaitedPlugin]:
        """(Strip, effect) -> what stands there until a plug-in of the last mix is loaded."""
        return {
            place: slot.effect
            for place, slot in self._slots_of_mix().items()
            if isinstance(slot.effect, AwaitedPlugin)
        }

    def loading(self) -> frozenset[Place]:
        """(Strip, effect) of all plug-ins of the last mix that are still to come, or again."""
        return frozenset(
            place for place, slot in self._slots_of_mix().items() if _is_coming(slot.effect)
        )

    def take_unused(self, settings: MixSettings, *fading: MixSettings) -> list[Slot]:
        """Effects that none of these mixes has, which are the caller's to :meth:`dispose` of.

        Args:
            settings: the mix that was asked for last.
            fading: others that are heard still; what they await will not come any more.
        """
        heard = set().union(*(_keys(each) for each in fading))
        with self._lock:
            used = _keys(settings) | self._expected
            return [
                self._slots.pop(key)
                for key, slot in list(self._slots.items())
                if key not in used and (key not in heard or isinstance(slot.effect, AwaitedPlugin))
            ]

    def dispose(self, slots: Iterable[Slot]) -> None:
        """Close effects that are used no longer; a plug-in may take a second to end."""
        effects = [slot.effect for slot in slots]
        if self._waits:
            _close(effects)
            return
        _close([effect for effect in effects if not isinstance(effect, PluginEffect)])
        plugins = [effect for effect in effects if isinstance(effect, PluginEffect)]
        if plugins:
            end = threading.Thread(target=_close, args=(plugins,), name="plug-in end", daemon=True)
            end.start()

    def faults(self) -> dict[Place, str]:
        """One sentence for every effect of the last mix that has failed, by (strip, effect)."""
        slots = self._slots_of_mix()
        return {place: fault for place, slot in slots.items() if (fault := _fault(slot))}

    def plugin(self, strip: str, effect: str) -> PluginEffect | None:
        """A plug-in of the last mix; None if there is none of that name, or it is not loaded."""
        slot = self._slots_of_mix().get((strip, effect))
        return slot.effect if slot and isinstance(slot.effect, PluginEffect) else None

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
            slots = list(self._slots.values())
            self._slots.clear()
        self.dispose(slots)

    def _fill(self, settings: MixSettings) -> None:
        """Make what is missing, and load it if it is to be waited for."""
        awaited = []
        with self._lock:
            for strip in (*settings.strips, settings.master):
                for effect in strip.effects:
                    key = _key(strip.name, effect)
                    if key not in self._slots:
                        self._slots[key] = self._make(strip.name, effect)
                    made = self._slots[key].effect
                    if isinstance(made, AwaitedPlugin):
                        awaited.append(made)
        if self._waits:
            for each in awaited:
                self.load(each)

    def _slots_of_mix(self) -> dict[Place, Slot]:
        with self._lock:
            return {key[:2]: slot for key, slot in self._slots.items() if key in self._wanted}

    def _slot(self, strip: StripSettings, settings: EffectSettings) -> Slot:
        slot = self._slots[_key(strip.name, settings)]
        if isinstance(slot.effect, PluginEffect) and slot.effect.was_loaded:
            known.note(settings, slot.effect.parameters)
        return slot

    def _with_state(self, strip: StripSettings, settings: EffectSettings) -> EffectSettings:
        with self._lock:
            slot = self._slots.get(_key(strip.name, settings))
        if slot is None or not isinstance(slot.effect, PluginEffect):
            return settings
        kept: EffectSettings = changed(settings, state=slot.effect.state)
        return kept

    def _make(self, strip: str, settings: EffectSettings) -> Slot:
        channels = self._channels[strip]
        if settings.kind == PLUGIN:
            effect: Effect = AwaitedPlugin(settings, self._sample_rate, channels)
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
        _key(strip.name, effect)
        for strip in (*settings.strips, settings.master)
        for effect in strip.effects
    }


def _key(strip: str, effect: EffectSettings) -> Key:
    plugin = (effect.plugin, effect.plugin_name, effect.state)
    return (strip, effect.name, effect.kind, *plugin)


def _close(effects: Iterable[Effect]) -> None:
    for effect in effects:
        effect.close()


def _is_coming(effect: Effect) -> bool:
    if isinstance(effect, AwaitedPlugin):
        return effect.fault is None
    return isinstance(effect, PluginEffect) and effect.is_loading


def _fault(slot: Slot) -> str:
    fault: str = getattr(slot.effect, "fault", None) or ""
    if not fault and slot.faulty:
        return f"{slot.settings.name} gave something that is no sound and is left out."
    return fault
