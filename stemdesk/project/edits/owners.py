"""Whose parameter an address names, by names alone: whatever a plug-in has become since."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.mixing.settings import MixSettings


def owner(mix: MixSettings, address: str) -> tuple[str, str]:
    """Strip and effect of an address; the effect is empty for a strip's own parameter.

    Both are empty where there is no such strip.
    """
    owners = {("", ""): ""}
    for strip in (*mix.strips, mix.master):
        owners[strip.name, ""] = f"{strip.name}."
        for effect in strip.effects:
            owners[strip.name, effect.name] = f"{strip.name}.{effect.name}."
    fitting = [each for each, start in owners.items() if address.startswith(start)]
    return max(fitting, key=lambda each: len(owners[each]))
