"""How long a mix sounds on after its stems have ended, told from its settings alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stemdesk.mixing.effects.kinds import effect_kind
from stemdesk.mixing.parameters import BYPASS, LEVEL_DB, MUTE, SOLO
from stemdesk.mixing.rack import all_values
from stemdesk.mixing.settings import MASTER, PLUGIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stemdesk.mixing.chain import Chain, Slot
    from stemdesk.mixing.effects.effect import Effect
    from stemdesk.mixing.settings import EffectSettings, MixSettings, StripSettings

MAX_TAIL_SECONDS = 30.0


class Tails:
    """Asks effects that are kept for the asking, for those at work may be on their way somewhere.

    Args:
        sample_rate: Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._known: dict[tuple[object, ...], float] = {}

    def of(self, settings: MixSettings, chains: Mapping[str, Chain]) -> float:
        """Seconds to -90 dB, half a minute at most.

        Automated parameters count where the tail is longest; what can never be heard does not:
        bypassed effects, and strips that are muted, shut or shut out by a solo.
        """
        longest = max(
            (self._strip(settings, strip, chains[strip.name]) for strip in settings.strips),
            default=0.0,
        )
        master = self._strip(settings, settings.master, chains[MASTER])
        is_heard = _is_heard(settings, settings.master)
        return min(MAX_TAIL_SECONDS, longest + master) if is_heard else 0.0

    def _strip(self, settings: MixSettings, strip: StripSettings, chain: Chain) -> float:
        if not _is_heard(settings, strip):
            return 0.0
        return sum(
            self._effect(settings, f"{strip.name}.{effect.name}", effect, slot)
            for effect, slot in zip(strip.effects, chain.slots, strict=True)
        )

    def _effect(
        self, settings: MixSettings, address: str, effect: EffectSettings, slot: Slot
    ) -> float:
        bypass = _extremes(settings, f"{address}.{BYPASS.name}", float(effect.bypass))
        if min(bypass) >= BYPASS.maximum / 2:
            return 0.0
        if effect.kind == PLUGIN:
            return slot.effect.tail_seconds  # as measured; nobody knows what its knobs do
        extremes = {
            name: _extremes(settings, f"{address}.{name}", value)
            for name, value in all_values(effect).items()
        }
        key = (effect.kind, *sorted(extremes.items()))
        if key not in self._known:
            model = effect_kind(effect.kind).make(self._sample_rate, 1)
            self._known[key] = _longest(model, extremes)
            model.close()
        return self._known[key]


def _longest(model: Effect, extremes: Mapping[str, tuple[float, float]]) -> float:
    """The longest tail within the extremes; each value only ever lengthens it or shortens it."""

    def tail_seconds(values: Mapping[str, float]) -> float:
        model.set(values)
        model.reset()
        return model.tail_seconds

    values = {name: high for name, (_, high) in extremes.items()}
    longest = tail_seconds(values)
    for name, (low, high) in extremes.items():
        if low != high and (other := tail_seconds({**values, name: low})) > longest:
            values[name], longest = low, other
    return longest


def _extremes(settings: MixSettings, address: str, value: float) -> tuple[float, float]:
    points = settings.automation.get(address)
    if not points:
        return value, value
    return min(point.value for point in points), max(point.value for point in points)


def _is_heard(settings: MixSettings, strip: StripSettings) -> bool:
    """Whether anything of the strip may ever be heard."""

    def extremes(each: StripSettings, name: str, value: float) -> tuple[float, float]:
        return _extremes(settings, f"{each.name}.{name}", value)

    if min(extremes(strip, MUTE.name, float(strip.mute))) >= MUTE.maximum / 2:
        return False
    if max(extremes(strip, LEVEL_DB.name, strip.level_db)) == -math.inf:
        return False
    if strip.name == MASTER or strip.solo_safe:
        return True
    # A strip without a solo of its own is shut out if another always has one.
    own = max(extremes(strip, SOLO.name, float(strip.solo)))
    others = (min(extremes(each, SOLO.name, float(each.solo))) for each in settings.strips)
    return own >= SOLO.maximum / 2 or max(others) < SOLO.maximum / 2
