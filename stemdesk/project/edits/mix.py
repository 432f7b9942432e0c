"""Faders, pans, switches, and a whole mix at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing import addresses
from stemdesk.project.document import Track, changed

if TYPE_CHECKING:
    from stemdesk.mixing.settings import MixSettings


def set_value(track: Track, address: str, value: float) -> Track:
    """The song with one parameter of its mix changed.

    Args:
        track: before.
        address: such as `vocals.level_db` or `vocals.reverb.amount`.
        value: in the parameter's unit.

    Raises:
        UserError: there is no such parameter, or it cannot have that value.
    """
    mix = addresses.with_value(track.mix, address, value)
    return track if mix == track.mix else changed(track, mix=mix)


def set_ceiling(track: Track, ceiling_db: float) -> Track:
    """The song with another ceiling, in dBFS.

    Raises:
        UserError: out of range.
    """
    return set_value(track, "master.ceiling_db", ceiling_db)


def solo_only(track: Track, strip: str) -> Track:
    """The song with this strip alone soloed, or none if it was the only one.

    Raises:
        UserError: there is no such strip.
    """
    return changed(track, mix=addresses.solo_only(track.mix, strip))


def set_mix(track: Track, mix: MixSettings) -> Track:
    """The song with another mix for the same strips, as from a recipe.

    Raises:
        UserError: it has other strips, or values that cannot be.
    """
    here = [strip.name for strip in track.mix.strips]
    there = [strip.name for strip in mix.strips]
    if here != there:
        raise UserError(
            f"The mix is for {', '.join(there)}, but {track.name} has {', '.join(here)}",
            "fit it to this song first",
        )
    addresses.check_mix(mix)
    return track if mix == track.mix else changed(track, mix=mix)
