"""Effects of a strip: add, remove, put in order, switch, name. Automation follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.addresses import check_mix, with_strip, with_value
from stemdesk.mixing.settings import MASTER, PLUGIN, EffectSettings, MixSettings, StripSettings
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.project.document import Track, changed
from stemdesk.project.edits.owners import owner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stemdesk.mixing.settings import Point


def add_effect(track: Track, strip: str, effect: EffectSettings, index: int | None = None) -> Track:
    """The song with one more effect, under a name that is free in its strip.

    Args:
        track: before.
        strip: a stem's name or `master`.
        effect: its kind, or plug-in, and values; `reverb` becomes `reverb2` where there is one.
        index: its place in the chain, the end by default.

    Raises:
        UserError: no such strip or kind, a kind that does not go on the master, or a value out of
            range.
    """
    chain = _strip(track, strip).effects
    place = len(chain) if index is None else max(index, 0)
    name = _free_name(_checked(effect.name), {each.name for each in chain})
    named = mix_changed(effect, name=name)
    _check_alone(track, strip, named)
    return _with_chain(track, strip, (*chain[:place], named, *chain[place:]))


def with_plugin_states(track: Track, kept: MixSettings) -> Track:
    """The song, its plug-ins in the states in which another version of its mix has them.

    Args:
        track: itself is given back where nothing changes.
        kept: strips and plug-ins that the song does not have are left out.
    """
    mix = track.mix
    for strip in (*kept.strips, kept.master):
        states = {each.name: each for each in strip.effects if each.kind == PLUGIN}
        here = mix.strip(strip.name)
        if here is None or not states:
            continue
        effects = tuple(
            mix_changed(each, state=states[each.name].state)
            if each.name in states and _is_same_plugin(each, states[each.name])
            else each
            for each in here.effects
        )
        mix = with_strip(mix, mix_changed(here, effects=effects))
    return track if mix == track.mix else changed(track, mix=mix)


def _is_same_plugin(one: EffectSettings, other: EffectSettings) -> bool:
    return (one.plugin, one.plugin_name) == (other.plugin, other.plugin_name)


def remove_effect(track: Track, strip: str, name: str) -> Track:
    """The song without an effect and its automation.

    Raises:
        UserError: no such strip or effect.
    """
    _effect(track, strip, name)
    automation = {
        address: points
        for address, points in track.mix.automation.items()
        if owner(track.mix, address) != (strip, name)
    }
    without = [each for each in _strip(track, strip).effects if each.name != name]
    return _with_chain(track, strip, without, automation)


def rename_effect(track: Track, strip: str, name: str, new_name: str) -> Track:
    """The song with another name for an effect; its automation goes with it.

    Raises:
        UserError: no such strip or effect, or a name that is empty, has a dot, or is taken.
    """
    effect = _effect(track, strip, name)
    new_name = _checked(new_name)
    if new_name == name:
        return track
    chain = _strip(track, strip).effects
    if any(each.name == new_name for each in chain):
        raise UserError(f"{strip} has an effect named {new_name} already", "choose another name")
    automation = {
        _renamed(address, strip, name, new_name)
        if owner(track.mix, address) == (strip, name)
        else address: points
        for address, points in track.mix.automation.items()
    }
    renamed = mix_changed(effect, name=new_name)
    return _with_chain(
        track, strip, (renamed if each is effect else each for each in chain), automation
    )


def move_effect(track: Track, strip: str, name: str, index: int) -> Track:
    """The song with an effect elsewhere in its chain.

    Args:
        track: before.
        strip: a stem's name or `master`.
        name: the effect's.
        index: its place once it is there, 0 for the first; beyond the end is the end.

    Raises:
        UserError: no such strip or effect.
    """
    effect = _effect(track, strip, name)
    chain = [each for each in _strip(track, strip).effects if each is not effect]
    chain.insert(max(index, 0), effect)
    return _with_chain(track, strip, chain)


def bypass_effect(track: Track, strip: str, name: str, *, bypass: bool) -> Track:
    """The song with an effect switched off or on.

    Raises:
        UserError: no such strip or effect.
    """
    effect = _effect(track, strip, name)
    if effect.bypass == bypass:
        return track
    return changed(track, mix=with_value(track.mix, f"{strip}.{name}.bypass", float(bypass)))


def _with_chain(
    track: Track,
    strip: str,
    chain: Iterable[EffectSettings],
    automation: dict[str, tuple[Point, ...]] | None = None,
) -> Track:
    mix = with_strip(track.mix, mix_changed(_strip(track, strip), effects=tuple(chain)))
    if automation is not None and automation != mix.automation:
        mix = mix_changed(mix, automation=automation)
    return track if mix == track.mix else changed(track, mix=mix)


def _check_alone(track: Track, strip: str, effect: EffectSettings) -> None:
    """Refuse an effect that cannot be, whatever else of the mix could not be any more."""
    alone = mix_changed(_strip(track, strip), effects=(effect,))
    if strip == MASTER:
        check_mix(MixSettings(strips=(), master=alone))
    else:
        check_mix(MixSettings(strips=(alone,)))


def _renamed(address: str, strip: str, name: str, new_name: str) -> str:
    return f"{strip}.{new_name}.{address.removeprefix(f'{strip}.{name}.')}"


def _strip(track: Track, name: str) -> StripSettings:
    strip = track.mix.strip(name)
    if strip is None:
        known = ", ".join(each.name for each in track.mix.strips)
        raise UserError(f"{track.name} has no strip {name}", f"choose from {known}, {MASTER}")
    return strip


def _effect(track: Track, strip: str, name: str) -> EffectSettings:
    chain = _strip(track, strip).effects
    for effect in chain:
        if effect.name == name:
            return effect
    known = ", ".join(each.name for each in chain)
    remedy = f"choose from {known}" if known else "add one first"
    raise UserError(f"{strip} has no effect {name}", remedy)


def _checked(name: str) -> str:
    name = name.strip()
    if not name or "." in name:
        # A dot parts an address: `vocals.my.verb.amount` could be two things.
        raise UserError(
            f"An effect cannot be named '{name}'", "give it a name of one letter at least, no dots"
        )
    return name


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        number, free = number + 1, f"{name}{number}"
    return free
