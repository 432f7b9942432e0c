"""How much of the timeline another mix of the same song changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.project.document import changed

if TYPE_CHECKING:
    from stemdesk.mixing.settings import MixSettings
    from stemdesk.project.document import Track


def differ_in_mix_alone(before: Track | None, after: Track | None) -> bool:
    """Whether it is the same song with the same strips, mixed otherwise."""
    if before is None or after is None or before.id != after.id or before.mix is after.mix:
        return False
    strips = [strip.name for strip in after.mix.strips]
    if strips != [strip.name for strip in before.mix.strips]:
        return False
    is_alone: bool = changed(before, mix=after.mix) == after
    return is_alone


def levels_moved_alone(before: Track | None, after: Track | None) -> bool:
    """Whether ruler and lanes look the same: what has changed shows in the headers at most.

    Lanes with automation folded out look otherwise all the same.
    """
    if before is None or after is None or not differ_in_mix_alone(before, after):
        return False
    return _switches(before.mix) == _switches(after.mix)


def _switches(mix: MixSettings) -> list[tuple[bool, bool]]:
    return [(strip.mute, strip.solo) for strip in (*mix.strips, mix.master)]
