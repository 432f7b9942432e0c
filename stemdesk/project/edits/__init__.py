"""Everything a user does to a project, as functions from one immutable value to the next.

Those of a song take a Track and return one; those of the list take a Project. What cannot be is
refused with a :class:`stemdesk.errors.UserError` that names it; what changes nothing returns its
argument itself.
"""

from stemdesk.project.edits.automation import (
    add_point,
    clear_automation,
    move_point,
    remove_point,
    replace_points,
    set_points,
)
from stemdesk.project.edits.effects import (
    add_effect,
    bypass_effect,
    move_effect,
    remove_effect,
    rename_effect,
    with_plugin_states,
)
from stemdesk.project.edits.mix import set_ceiling, set_mix, set_value, solo_only
from stemdesk.project.edits.places import (
    add_marker,
    move_marker,
    remove_marker,
    rename_marker,
    set_loop,
    set_looping,
    set_tempo,
)
from stemdesk.project.edits.regions import clear_range, move_region, set_range
from stemdesk.project.edits.stems import attach_stems, await_stems, strips_at_stake
from stemdesk.project.edits.tracks import (
    add_track,
    choose_track,
    move_track,
    new_track,
    remove_track,
    rename_track,
    with_track,
)

__all__ = [
    "add_effect",
    "add_marker",
    "add_point",
    "add_track",
    "attach_stems",
    "await_stems",
    "bypass_effect",
    "choose_track",
    "clear_automation",
    "clear_range",
    "move_effect",
    "move_marker",
    "move_point",
    "move_region",
    "move_track",
    "new_track",
    "remove_effect",
    "remove_marker",
    "remove_point",
    "remove_track",
    "rename_effect",
    "rename_marker",
    "rename_track",
    "replace_points",
    "set_ceiling",
    "set_loop",
    "set_looping",
    "set_mix",
    "set_points",
    "set_range",
    "set_tempo",
    "set_value",
    "solo_only",
    "strips_at_stake",
    "with_plugin_states",
    "with_track",
]
