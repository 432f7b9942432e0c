"""Addresses: how automation, control surfaces, recipes and the command line name a parameter.

`vocals.level_db` is a strip's own, `vocals.reverb.amount` an effect's, `master.pan` the master's.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.address_hints import remedy_for
from stemdesk.mixing.automation import check_points
from stemdesk.mixing.effects.kinds import effect_kind
from stemdesk.mixing.parameters import BYPASS, STRIP_PARAMETERS, Parameter, Taper
from stemdesk.mixing.plugins import known
from stemdesk.mixing.settings import (
    CEILING_DB,
    MASTER,
    PLUGIN,
    EffectSettings,
    MixSettings,
    StripSettings,
    changed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_NAMES = 16
_MASTER_OWN = ("level_db", "pan", "mute", "invert")


@dataclass(frozen=True)
class Target:
    """A parameter found: its strip, its effect if it belongs to one, and what it is."""

    strip: str
    effect: str
    parameter: Parameter


def find(settings: MixSettings, address: str) -> Target:
    """The parameter at an address.

    Raises:
        UserError: there is none; the refusal names the nearest that there is.
    """
    for strip in (*settings.strips, settings.master):
        if address.startswith(f"{strip.name}."):
            target = _in_strip(strip, address.removeprefix(f"{strip.name}."))
            if target is not None:
                return target
    there = [name for name, _ in addresses(settings)]
    raise UserError(
        f"There is no parameter {address} in this mix", remedy_for(settings, address, there)
    )


def addresses(settings: MixSettings) -> Iterator[tuple[str, Target]]:
    """Every address of the mix; a plug-in's once it was loaded."""
    for strip in (*settings.strips, settings.master):
        for name, parameter in own_parameters(strip.name).items():
            yield f"{strip.name}.{name}", Target(strip.name, "", parameter)
        for effect in strip.effects:
            for parameter in (BYPASS, *_of_kind(effect)):
                address = f"{strip.name}.{effect.name}.{parameter.name}"
                yield address, Target(strip.name, effect.name, parameter)


def own_parameters(strip: str) -> dict[str, Parameter]:
    """What a strip has without any effect."""
    if strip == MASTER:
        return {name: STRIP_PARAMETERS[name] for name in _MASTER_OWN} | {"ceiling_db": CEILING_DB}
    return STRIP_PARAMETERS


def get(settings: MixSettings, address: str) -> float:
    """The value of a parameter, automation apart.

    Raises:
        UserError: there is no such parameter.
    """
    target = find(settings, address)
    if target.parameter is CEILING_DB:
        return settings.ceiling_db
    strip = _strip(settings, target.strip)
    if not target.effect:
        return float(getattr(strip, target.parameter.name))
    effect = _effect(strip, target.effect)
    if target.parameter is BYPASS:
        return float(effect.bypass)
    return effect.values.get(target.parameter.name, target.parameter.default)


def with_value(settings: MixSettings, address: str, value: float) -> MixSettings:
    """The mix with one parameter changed.

    Raises:
        UserError: there is no such parameter, or it cannot have that value.
    """
    target = find(settings, address)
    value = target.parameter.check(value, address)
    if target.parameter is CEILING_DB:
        return changed(settings, ceiling_db=value)
    strip = _strip(settings, target.strip)
    if not target.effect:
        switch = target.parameter.taper is Taper.SWITCH
        new = changed(strip, **{target.parameter.name: value >= 0.5 if switch else value})
    else:
        effect = _effect(strip, target.effect)
        if target.parameter is BYPASS:
            moved = changed(effect, bypass=value >= 0.5)
        else:
            moved = changed(effect, values={**effect.values, target.parameter.name: value})
        new = changed(
            strip, effects=tuple(moved if each is effect else each for each in strip.effects)
        )
    return with_strip(settings, new)


def with_strip(settings: MixSettings, strip: StripSettings) -> MixSettings:
    """The mix with the strip of that name replaced."""
    if strip.name == MASTER:
        return changed(settings, master=strip)
    strips = tuple(strip if each.name == strip.name else each for each in settings.strips)
    return changed(settings, strips=strips)


def with_effect(settings: MixSettings, strip_name: str, effect: EffectSettings) -> MixSettings:
    """The mix with an effect at the end of a strip's chain, under a name that is free there.

    Raises:
        UserError: there is no such strip.
    """
    strip = _strip(settings, strip_name)
    taken = {each.name for each in strip.effects}
    name, count = effect.name, 2
    while name in taken:
        name, count = f"{effect.name}{count}", count + 1
    return with_strip(
        settings, changed(strip, effects=(*strip.effects, changed(effect, name=name)))
    )


def solo_only(settings: MixSettings, strip_name: str) -> MixSettings:
    """Exclusive solo: this strip alone is soloed, or none if it was the only one.

    Raises:
        UserError: there is no such strip.
    """
    _strip(settings, strip_name)
    soloed = [strip.name for strip in settings.strips if strip.solo]
    wanted = () if soloed == [strip_name] else (strip_name,)
    strips = tuple(changed(strip, solo=strip.name in wanted) for strip in settings.strips)
    return changed(settings, strips=strips)


def check_mix(settings: MixSettings) -> None:
    """Refuse a mix that no graph could render: unknown kinds, values out of range, double names.

    Raises:
        UserError: with the address.
    """
    names = [strip.name for strip in settings.strips]
    for name in names:
        if names.count(name) > 1 or name == MASTER or not name:
            raise UserError(f"The mix has a strip too many named '{name}'", "rename the stem")
    for strip in (*settings.strips, settings.master):
        for name, parameter in own_parameters(strip.name).items():
            if parameter is not CEILING_DB:
                parameter.check(float(getattr(strip, name)), f"{strip.name}.{name}")
        _check_effects(strip)
    CEILING_DB.check(settings.ceiling_db, f"{MASTER}.ceiling_db")
    for address, points in settings.automation.items():
        check_points(points, find(settings, address).parameter, address)


def _check_effects(strip: StripSettings) -> None:
    seen: set[str] = set()
    for effect in strip.effects:
        place = f"{strip.name}.{effect.name}"
        if effect.name in seen:
            raise UserError(f"{strip.name} has two effects named {effect.name}", "rename one")
        seen.add(effect.name)
        if effect.kind != PLUGIN:
            kind = effect_kind(effect.kind)
            if strip.name == MASTER and not kind.on_master:
                raise UserError(f"{kind.title} does not go on the master", "put it on a stem")
        for name, value in effect.values.items():
            parameter = _of_effect(effect, name)
            if parameter is None:
                raise UserError(f"{place} has no parameter {name}", _meant(name, effect))
            parameter.check(value, f"{place}.{name}")


def _in_strip(strip: StripSettings, rest: str) -> Target | None:
    parameter = own_parameters(strip.name).get(rest)
    if parameter is not None:
        return Target(strip.name, "", parameter)
    for effect in strip.effects:
        if rest.startswith(f"{effect.name}."):
            found = _of_effect(effect, rest.removeprefix(f"{effect.name}."))
            if found is not None:
                return Target(strip.name, effect.name, found)
    return None


def _of_effect(effect: EffectSettings, name: str) -> Parameter | None:
    if name == BYPASS.name:
        return BYPASS
    if effect.kind == PLUGIN:
        told = known.parameters_of(effect)
        if (
            told is None
        ):  # until it is loaded, it is believed to have everything; all go from 0 to 1
            return Parameter(name, name, "", 0.0, 1.0, 0.0)
        return next((each.as_parameter() for each in told if each.name == name), None)
    return effect_kind(effect.kind).parameter(name)


def _of_kind(effect: EffectSettings) -> tuple[Parameter, ...]:
    if effect.kind != PLUGIN:
        return effect_kind(effect.kind).parameters
    told = known.parameters_of(effect) or ()
    # A plug-in's own bypass gives way to ours.
    return tuple(each.as_parameter() for each in told if each.name != BYPASS.name)


def _meant(name: str, effect: EffectSettings) -> str:
    names = [each.name for each in _of_kind(effect)]
    near = get_close_matches(name, names)
    if near and effect.kind == PLUGIN:
        return f"perhaps {' or '.join(near)} is meant"
    more = ", ..." if len(names) > _MOST_NAMES else ""
    return f"known are {', '.join(names[:_MOST_NAMES])}{more}" if names else "leave it out"


def _strip(settings: MixSettings, name: str) -> StripSettings:
    strip = settings.strip(name)
    if strip is None:
        strips = ", ".join(each.name for each in settings.strips)
        raise UserError(f"There is no strip {name} in this mix", f"choose from {strips}, {MASTER}")
    return strip


def _effect(strip: StripSettings, name: str) -> EffectSettings:
    return next(effect for effect in strip.effects if effect.name == name)
