"""What somebody may have meant who named a parameter that is not there."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.settings import MASTER
from stemdesk.mixing.stem_names import plain_name, strip_and_rest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.settings import MixSettings

# Below this, two words have nothing in common but letters (`foo.pan` and `drums.pan`: 0.5).
LIKENESS = 0.65
SHORT_FORMS = {"key": f"{MASTER}.pitch.semitones"}
_USUAL = ("vocals", "drums", "bass", "other")
_MOST = 8


def remedy_for(settings: MixSettings, address: str, there: Sequence[str]) -> str:
    """What to do about an address that does not exist.

    Args:
        settings: the mix.
        address: what was asked for.
        there: all addresses of the mix.
    """
    strips = [*(strip.name for strip in settings.strips), MASTER]
    if "." not in address:
        meant = SHORT_FORMS.get(address.casefold()) or _long_form(address)
        remedy = "write it as STEM.PARAMETER, such as vocals.level_db"
        return f"perhaps {meant} is meant" if meant else remedy
    strip, rest = strip_and_rest(address, strips)
    if strip not in strips:
        near = get_close_matches(strip, strips, n=1, cutoff=LIKENESS)
        if near and f"{near[0]}.{rest}" in there:
            return f"perhaps {near[0]}.{rest} is meant"
        return f"the strips are {listed(strips)}"
    # Within an effect its name, which all share, would make everything look alike.
    effect, _, last = rest.rpartition(".")
    within = f"{strip}.{effect}." if effect else f"{strip}."
    own = [each for each in there if each.startswith(within)]
    if not own:
        effects = {each.split(".")[-2] for each in there if each.startswith(f"{strip}.")} - {strip}
        near = get_close_matches(effect, effects, n=1, cutoff=LIKENESS)
        if near and f"{strip}.{near[0]}.{last}" in there:
            return f"perhaps {strip}.{near[0]}.{last} is meant"
        own, last = [each for each in there if each.startswith(f"{strip}.")], rest
    names = {each.removeprefix(within): each for each in own}
    near = get_close_matches(last, names, n=1, cutoff=LIKENESS)
    return f"perhaps {names[near[0]]} is meant" if near else f"known are {listed(own)}"


def nearest_stem(name: str, stems: Sequence[str]) -> str | None:
    """The stem that a misspelt name is most like, if it is like any."""
    plain = {plain_name(each): each for each in stems}
    near = get_close_matches(plain_name(name), plain, n=1, cutoff=LIKENESS)
    return plain[near[0]] if near else None


def listed(names: Sequence[str]) -> str:
    """Names for a sentence, not too many of them."""
    more = " ..." if len(names) > _MOST else ""
    return f"{', '.join(names[:_MOST])}{more}"


def _long_form(address: str) -> str:
    """For `vocals-reverb`, as an option has it, `vocals.reverb.amount`; for `vocals`, its level."""
    strip, _, what = address.rpartition("-")
    if strip and what in EFFECT_KINDS:
        return f"{strip}.{what}.{EFFECT_KINDS[what].parameters[0].name}"
    return f"{address}.level_db" if address in (*_USUAL, MASTER) else ""
