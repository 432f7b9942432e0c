"""The list of songs: add, remove, rename, put in order, choose."""

from __future__ import annotations

import secrets

from stemdesk.errors import UserError
from stemdesk.mixing.settings import neutral
from stemdesk.project.document import MediaRef, Project, Track, changed
from stemdesk.project.references import MIXTURE


def new_track(name: str, mixture: MediaRef) -> Track:
    """A song as it is when it comes in: neutral, not separated, with an id of its own.

    Raises:
        UserError: the name is empty.
    """
    return Track(
        id=secrets.token_hex(6),
        name=_checked(name),
        mixture=mixture,
        mix=neutral([MIXTURE]),
    )


def add_track(project: Project, track: Track, index: int | None = None) -> Project:
    """The project with one more song, which becomes the one that is shown.

    Args:
        project: before.
        track: from :func:`new_track`.
        index: its place in the list, the end by default.

    Raises:
        UserError: the project has it already.
    """
    if project.track(track.id) is not None:
        raise UserError(f"The song {track.name} is in the project already", "leave it there")
    place = len(project.tracks) if index is None else index
    tracks = (*project.tracks[:place], track, *project.tracks[place:])
    return changed(project, tracks=tracks, current=track.id)


def with_track(project: Project, track: Track) -> Project:
    """The project with the song of that id replaced.

    Raises:
        UserError: the project has no such song (any more).
    """
    place = _place(project, track.id)
    if project.tracks[place] is track:
        return project
    return changed(project, tracks=(*project.tracks[:place], track, *project.tracks[place + 1 :]))


def remove_track(project: Project, track_id: str) -> Project:
    """The project without a song; if it was shown, the one after it is, or else the last.

    Raises:
        UserError: the project has no such song.
    """
    place = _place(project, track_id)
    tracks = (*project.tracks[:place], *project.tracks[place + 1 :])
    current = project.current
    if current == track_id:
        current = tracks[min(place, len(tracks) - 1)].id if tracks else ""
    return changed(project, tracks=tracks, current=current)


def rename_track(project: Project, track_id: str, name: str) -> Project:
    """The project with another name for a song.

    Raises:
        UserError: the name is empty, or the project has no such song.
    """
    track = project.tracks[_place(project, track_id)]
    if _checked(name) == track.name:
        return project
    return with_track(project, changed(track, name=_checked(name)))


def move_track(project: Project, track_id: str, index: int) -> Project:
    """The project with a song elsewhere in the list.

    Args:
        project: before.
        track_id: the song.
        index: its place once it is there, 0 for the first; beyond the end is the end.

    Raises:
        UserError: the project has no such song.
    """
    place = _place(project, track_id)
    tracks = list(project.tracks)
    tracks.insert(max(index, 0), tracks.pop(place))
    if tuple(tracks) == project.tracks:
        return project
    return changed(project, tracks=tuple(tracks))


def choose_track(project: Project, track_id: str) -> Project:
    """The project with this song shown.

    Raises:
        UserError: the project has no such song.
    """
    _place(project, track_id)
    return project if project.current == track_id else changed(project, current=track_id)


def _place(project: Project, track_id: str) -> int:
    for place, track in enumerate(project.tracks):
        if track.id == track_id:
            return place
    raise UserError(
        f"The song {track_id} is not in the project any more", "choose one from the list"
    )


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise UserError("A song's name cannot be empty", "give it one letter at least")
    return name
