"""What each action needs before it can do anything: the table by which they are enabled."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.project.document import Project, Span


class Need(Enum):
    """Something that is there, or not."""

    SONG = auto()
    SONGS = auto()
    """Another one to go to."""
    SOUND = auto()
    """A song that can be played: its file is there."""
    VOCALS = auto()
    LOOP = auto()
    SELECTION = auto()


NEEDS: dict[str, Need] = {
    **dict.fromkeys(
        (
            *("export", "separate", "separate_with_options", "separate_all", "remove_song"),
            *("find_missing", "select_none"),
            *("select_all", "mute_region", "gain_region", "clear_region"),
            *("tap_tempo", "find_tempo", "loop", "bypass_all", "neutral", "clear_solo"),
            *("open_mix", "zoom_in", "zoom_normal", "zoom_out", "zoom_fit", "rename_song"),
            *("play", "pause"),  # where there is no sound they say why
        ),
        Need.SONG,
    ),
    **dict.fromkeys(
        (
            *("to_start", "to_end", "back", "forward", "original", "record"),
            *("marker", "next_marker", "previous_marker", "save_mix"),
        ),
        Need.SOUND,
    ),
    "next_song": Need.SONGS,
    "previous_song": Need.SONGS,
    "song_forward": Need.SONGS,
    "song_back": Need.SONGS,
    "karaoke": Need.VOCALS,
    "clear_loop": Need.LOOP,
    "zoom_selection": Need.SELECTION,
}
"""Actions that are not among them can always do something, or tell themselves why not.

Regions are made of a selection too, but a key that does nothing without one should say so.
"""


def what_is_there(project: Project, selected: Span | None, *, has_sound: bool) -> set[Need]:
    """Which needs are met.

    Args:
        project: the document.
        selected: stretch of the current song.
        has_sound: whether that can be played.
    """
    track = project.track(project.current)
    if track is None:
        return set()
    met = {
        Need.SONG: True,
        Need.SONGS: len(project.tracks) > 1,
        Need.SOUND: has_sound,
        Need.VOCALS: track.mix.strip("vocals") is not None,
        Need.LOOP: track.loop is not None,
        Need.SELECTION: selected is not None,
    }
    return {need for need, is_met in met.items() if is_met}
