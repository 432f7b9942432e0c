"""Lanes dragged out of the window, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE, RESIDUAL, SUM
from stemdesk.ui.export.drag import start_lane_drag
from stemdesk.ui.timeline.wording import lane_title
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow


class Dragging(Wiring):
    """A lane's header dragged away is the lane's file, as it was separated, for a DAW or a folder.

    What was put into the project is given, without effects: those are the business of the export.
    """

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        window.timeline.wishes.drag_requested.connect(self.drag)

    def drag(self, lane: str) -> None:
        """Let the user drag a lane to wherever; returns when it is dropped or given up."""
        track = self.track
        if track is None:
            return
        path = self._file_of(track, lane)
        if path is None:
            self._tell_why(lane)
            return
        # A lane that is let go over the window it came from would be opened as a song.
        self.window.setAcceptDrops(False)
        try:
            with self.refusals_shown():
                start_lane_drag(self.window, track, lane, path)
        finally:
            self.window.setAcceptDrops(True)

    def _file_of(self, track: Track, lane: str) -> Path | None:
        if lane == MIXTURE:
            return self.bench.papers.song_of(track)
        if track.separated is None:
            return None
        return self.bench.papers.files_of(track.separated).get(lane)

    def _tell_why(self, lane: str) -> None:
        if lane in (SUM, RESIDUAL):
            said = self.tr("{lane} is drawn from the stems and has no file; export the mix.")
        else:
            said = self.tr("{lane} can be dragged away once it is separated.")
        self.window.tell(said.format(lane=lane_title(lane)))
