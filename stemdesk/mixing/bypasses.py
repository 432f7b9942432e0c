"""Bypass of a whole strip's effects, or of all: laid over the effects' own, which stay as set."""

from __future__ import annotations

from stemdesk.mixing.addresses import find
from stemdesk.mixing.parameters import BYPASS
from stemdesk.mixing.settings import MixSettings, StripSettings, changed


def in_force(mix: MixSettings) -> MixSettings:
    """The mix as it sounds: effects of bypassed strips, or of a bypassed mix, are bypassed.

    Automation of what is switched off with others gives way. A mix in which nothing is bypassed
    as a whole is returned itself.

    Args:
        mix: checked.
    """
    shut = {strip.name for strip in (*mix.strips, mix.master) if mix.bypass or strip.bypass}
    if not shut:
        return mix

    def sounding(strip: StripSettings) -> StripSettings:
        if strip.name not in shut:
            return strip
        effects = tuple(changed(effect, bypass=True) for effect in strip.effects)
        off: StripSettings = changed(strip, effects=effects)
        return off

    def gives_way(address: str) -> bool:
        target = find(mix, address)
        return target.parameter is BYPASS and target.strip in shut

    new: MixSettings = changed(
        mix,
        strips=tuple(sounding(strip) for strip in mix.strips),
        master=sounding(mix.master),
        automation={
            address: points for address, points in mix.automation.items() if not gives_way(address)
        },
    )
    return new
