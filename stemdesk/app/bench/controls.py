"""Controls that move, on the screen or on a control surface, go into the document."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stemdesk.control.target import LOOP
from stemdesk.project.document import changed
from stemdesk.project.edits.places import set_looping
from stemdesk.project.edits.tracks import with_track

if TYPE_CHECKING:
    from stemdesk.app.bench.desk import Desk

SURFACE = "control surface"
REST_SECONDS = 1.0


class Controls:
    """What moves is heard at once, past the document, which takes it over. One thread.

    Args:
        desk: the document and the song that is shown.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._surface_moved_at = 0.0

    def set(self, address: str, value: float) -> None:
        """A control moves: heard at once; moves of one control are one step.

        Raises:
            UserError: no such parameter, or it cannot have that value.
        """
        stage = self._desk.stage
        if stage is not None:
            stage.listening.set(address, value)
            self._take_mix(address)

    def touch(self, address: str, *, down: bool) -> None:
        """A hand takes hold of a control, or lets go."""
        stage = self._desk.stage
        if stage is not None:
            stage.listening.touch(address, down=down)
            if not down:
                self._take_mix(address)
                self._desk.change(self._desk.papers.history.end_gesture)

    def pump(self) -> None:
        """Take what control surfaces moved; it is one step of undo until they rest."""
        before = self._desk.project
        self._take_mix(SURFACE)
        self._take_looping()
        now = time.monotonic()
        if self._desk.project is not before:
            self._surface_moved_at = now
        elif self._surface_moved_at and now - self._surface_moved_at > REST_SECONDS:
            self._surface_moved_at = 0.0
            self._desk.papers.history.end_gesture()

    def _take_mix(self, cause: str) -> None:
        stage, track = self._desk.stage, self._desk.track
        if stage is None or track is None:
            return
        mix = stage.mix
        if mix != track.mix:
            project = with_track(self._desk.project, changed(track, mix=mix))
            self._desk.papers.history.edit(cause, project, merge=cause)

    def _take_looping(self) -> None:
        """A control surface's loop button turns the document's loop on or off."""
        desk, stage, track = self._desk, self._desk.stage, self._desk.track
        if stage is None or track is None:
            return
        looping = stage.listening.get(LOOP) >= 0.5
        if looping != track.looping:
            project = with_track(desk.project, set_looping(track, looping=looping))
            desk.change(lambda: desk.papers.history.edit("Loop", project))
