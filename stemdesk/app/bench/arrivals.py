"""Songs that are opened together: read at the same time, they stand as they were named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.project.edits.tracks import add_track, choose_track

if TYPE_CHECKING:
    from stemdesk.project.document import Project, Track


class Arrivals:
    """The songs of one drop, dialog or command line, each with its place among them."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._shown: str | None = None

    def added(self, project: Project, track: Track, place: int, *, is_playing: bool) -> Project:
        """The project with a song that has been read.

        The first of these is shown, until it is there one that was sooner ready. But a song that
        sounds stays shown, and so does one that the user has chosen meanwhile.

        Args:
            project: before.
            track: the song.
            place: among those that were opened together.
            is_playing: the song that is shown sounds.
        """
        if self._shown is None:
            self._shown = project.current
        index = self._index(project, place)
        self._ids[place] = track.id
        new = add_track(project, track, index)
        if self._may_show(project, place, is_playing=is_playing):
            self._shown = track.id
            return new
        return choose_track(new, project.current)

    def _index(self, project: Project, place: int) -> int:
        """Behind those that were named before it, or before those after it, or at the end."""
        order = [track.id for track in project.tracks]
        here = {at: order.index(track_id) for at, track_id in self._ids.items()
                if track_id in order}  # fmt: skip
        before = [index for at, index in here.items() if at < place]
        after = [index for at, index in here.items() if at > place]
        return max(before) + 1 if before else min(after, default=len(order))

    def _may_show(self, project: Project, place: int, *, is_playing: bool) -> bool:
        if project.track(project.current) is None:
            return True
        is_as_we_left_it = project.current == self._shown
        is_first = self._ids[place] == self._ids[min(self._ids)]
        return is_as_we_left_it and is_first and not is_playing
