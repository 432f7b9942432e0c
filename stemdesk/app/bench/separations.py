"""The separations of a project's songs: one a song at most, waiting or at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stemdesk.app.bench.song_separation import SongSeparation
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.jobs.queue import GPU

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.errands import Errands
    from stemdesk.app.live.order import Focus
    from stemdesk.jobs.entry import Entry
    from stemdesk.project.document import Track

FOCUS_SECONDS = 1.0


class Separations:
    """See the module. All methods belong to one thread.

    Args:
        errands: where they are queued.
    """

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._entries: dict[str, Entry] = {}
        self._told_focus_at = 0.0

    def order(
        self, track: Track, begin: Callable[[], SongSeparation], finish: Callable[[Entry], None]
    ) -> None:
        """Queue a song.

        Args:
            track: the song.
            begin: makes the work once its turn has come.
            finish: called with the entry once it is done.

        Raises:
            UserError: the song is being separated.
        """
        self.require_rest(track)

        def begun() -> SongSeparation:
            self._entries[track.id] = entry  # a retry: the latest that began is the song's
            return begin()

        def finished(ended: Entry) -> None:
            if self._entries.get(track.id) is ended:
                del self._entries[track.id]
            finish(ended)

        entry = self._errands.add(track.name, "separate", begun, finished, GPU)
        self._entries[track.id] = entry

    def require_rest(self, track: Track) -> None:
        """Refuse a song that is being separated.

        Raises:
            UserError: it is.
        """
        if self.is_separating(track.id):
            raise UserError(f"{track.name} is being separated", "wait for it, or cancel it first")

    def prefer(self, track_id: str) -> None:
        """Let a song be the next, if it waits."""
        entry = self._entries.get(track_id)
        if entry is not None:
            self._errands.jobs.move_first(entry.id)

    def is_separating(self, track_id: str) -> bool:
        """Whether a song waits for its separation or is in it."""
        entry = self._entries.get(track_id)
        return entry is not None and not entry.state.has_ended

    def is_settled(self, track_id: str) -> bool:
        """Whether nothing comes of a song's separation any more: all of it has been taken over."""
        entry = self._entries.get(track_id)
        return entry is None or entry.state in (JobState.FAILED, JobState.CANCELLED)

    def cancelled(self) -> tuple[str, ...]:
        """Songs whose separation the user has broken off."""
        return tuple(
            track_id
            for track_id, entry in self._entries.items()
            if entry.state is JobState.CANCELLED
        )

    def follow(self, track_id: str, focus: Callable[[], Focus]) -> SongSeparation | None:
        """The work on a song, now and then told where the user listens; None where there is none.

        Args:
            track_id: of the song that is shown.
            focus: tells what of it is to come first.
        """
        entry = self._entries.get(track_id)
        work = entry.work if entry is not None else None
        if not isinstance(work, SongSeparation):
            return None
        now = time.monotonic()
        if now - self._told_focus_at > FOCUS_SECONDS:
            self._told_focus_at = now
            work.listen(focus())
        return work

    def forget(self) -> None:
        """Another project: its songs are others."""
        self._entries.clear()
