"""Lanes dragged out of the window, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE, RESIDUAL, SUM
from stemdesk.app.bench.offers import copy_for_offer, offer_at_once
from stemdesk.project.references import is_outside
from stemdesk.ui.export.drag import lane_name, start_lane_drag
from stemdesk.ui.timeline.wording import lane_title
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.wiring.filing import music_folder

if TYPE_CHECKING:
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow

FOLDER = "dragged"


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
        with self.refusals_shown():
            offered = self._offered(track, lane, path)
            if offered is None:
                self._copy(track, lane, path)
            else:
                self._start(track, lane, offered)

    def _start(self, track: Track, lane: str, offered: Path) -> None:
        # A lane that is let go over the window it came from would be opened as a song.
        self.window.setAcceptDrops(False)
        try:
            start_lane_drag(self.window, track, lane, offered)
        finally:
            self.window.setAcceptDrops(True)

    def _offered(self, track: Track, lane: str, path: Path) -> Path | None:
        """The file that is given away; None where it has to be copied first."""
        if lane == MIXTURE and is_outside(track.mixture) and path.is_file():
            return path  # the user's own file, under the name that they gave it
        return offer_at_once(path, lane_name(track, lane), self._folder)

    @property
    def _folder(self) -> Path:
        """Where files lie that others were given; they stay there."""
        file = self.bench.papers.file
        if file.is_unsaved or file.read_only:
            # A project without a place moves when it gets one, and what lies in it with it.
            exports = self.bench.preferences.exports
            return Path(exports) if exports else Path(music_folder()) / "StemDesk"
        return file.folder / FOLDER

    def _copy(self, track: Track, lane: str, path: Path) -> None:
        """On a disk without links: copied in the background, to be dragged after that."""
        title, name, folder = lane_title(lane), lane_name(track, lane), self._folder
        if any(
            entry.kind == "copy" and entry.title == name and not entry.state.has_ended
            for entry in self.bench.jobs.entries
        ):
            self.window.tell(self.tr("{lane} is still being copied.").format(lane=title))
            return
        self.bench.errands.start(
            name,
            "copy",
            lambda report: copy_for_offer(path, name, folder, report),
            lambda _: self.window.tell(
                self.tr("{lane} is ready: drag it once more.").format(lane=title)
            ),
        )
        self.window.tell(
            self.tr("{lane} is copied to {folder} first; drag it once more after that.").format(
                lane=title, folder=folder
            )
        )

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
