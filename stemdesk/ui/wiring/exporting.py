"""Export: the dialog, the job, and what came of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import shiboken6

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.exporting.export import export
from stemdesk.app.exporting.request import needs_awaited_stems
from stemdesk.app.exporting.source import look_at
from stemdesk.errors import UserError
from stemdesk.jobs.job import Job
from stemdesk.jobs.queue import CPU
from stemdesk.project.edits.stems import attach_stems
from stemdesk.project.references import is_outside
from stemdesk.ui.export.dialog import ExportDialog
from stemdesk.ui.wiring.base import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.exporting.export import Delivery
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.jobs.entry import Entry
    from stemdesk.project.document import Track
    from stemdesk.settings import Preferences


class Exporting(Wiring):
    """Files for others."""

    _dialog: ExportDialog | None = None

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {"export": self.open_dialog}

    def open_dialog(self) -> None:
        """Ask what and where to."""
        track = self.track
        if track is None:
            self.window.tell(self.tr("Open a song first."))
            return
        dialog = ExportDialog(
            track,
            self.window.timeline.selected_span,
            self._preferences(track),
            self.bench.papers.file.name,
            self.window,
            is_separating=not self.bench.separating.is_settled(track.id),
        )
        dialog.exported.connect(lambda request: self.export(track.id, request))
        dialog.finished.connect(self._dismiss)
        self._dialog = dialog
        self._look(track)
        dialog.open()

    def follow(self, track: Track | None) -> None:
        """The song that is shown has changed: so has what the dialog is about."""
        dialog = self._dialog
        if dialog is None or track is None:
            return
        if dialog.show_track(track, is_separating=not self.bench.separating.is_settled(track.id)):
            self._look(track)

    def _dismiss(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _look(self, track: Track) -> None:
        files, dialog = self._files(track), self._dialog
        assert dialog is not None, "just opened"
        self.bench.errands.start(
            track.name,
            "look",
            lambda _report: look_at(files),
            partial(_tell, dialog),
        )

    def _preferences(self, track: Track) -> Preferences:
        """The user's; a song that the project has taken in lies beside the project."""
        preferences, file = self.bench.preferences, self.bench.papers.file
        if preferences.exports or file.is_unsaved or is_outside(track.mixture):
            return preferences
        return preferences.but(exports=str(file.folder.parent))

    def export(self, track_id: str, request: ExportRequest) -> None:
        """Write, in the background, the song as it is now; stems to come are waited for."""
        track = self.bench.project.track(track_id)
        stage = self.bench.stage
        if track is None:
            return
        if stage is not None and self.track is track:
            # Plug-ins are asked now for what they hold: the export loads its own.
            track = stage.kept_track
        chosen = track

        def begin() -> Job:
            complete = self._complete(chosen, request)
            files = self._files(complete)
            return Job(lambda report: export(complete, files, request, report, lambda _: False))

        waits = needs_awaited_stems(track, request)
        self.bench.errands.add(
            track.name,
            "export",
            begin,
            partial(self._exported, track_id),
            CPU,
            lambda: not waits or self.bench.separating.is_settled(track_id),
        )
        if waits:
            self.window.tell(self.tr("The export starts when the stems are there."))
        self.window.show_jobs()

    def _complete(self, track: Track, request: ExportRequest) -> Track:
        """A song as it was when Export was pressed, with the stems that have come since.

        Raises:
            UserError: none have.
        """
        if not needs_awaited_stems(track, request):
            return track
        now = self.bench.project.track(track.id)
        if now is None or now.separated is None:
            raise UserError(
                f"{track.name} was not separated, so it was not exported",
                "separate it, then try again",
            )
        return attach_stems(track, now.separated)

    def _exported(self, track_id: str, entry: Entry) -> None:
        delivery: Delivery = entry.result
        if entry.work is not None:
            entry.work.notes.extend((*delivery.notes, *delivery.reasons))
        if delivery.files:
            self.bench.findings.note_delivery(track_id, delivery.verdict)
        self.window.tell(self._written_told(len(delivery.files), delivery.request.folder))

    def _written_told(self, count: int, folder: Path) -> str:
        told = {
            0: self.tr("Nothing was written to {folder}."),
            1: self.tr("One file was written to {folder}."),
        }.get(count, self.tr("{count} files were written to {folder}."))
        return told.format(count=count, folder=folder)

    def _files(self, track: Track) -> dict[str, Path]:
        papers = self.bench.papers
        stems = papers.files_of(track.separated) if track.separated else {}
        return {**stems, MIXTURE: papers.song_of(track)}


def _tell(dialog: ExportDialog, entry: Entry) -> None:
    """What was found of the files, unless the dialog has been closed meanwhile."""
    if shiboken6.isValid(dialog) and dialog.isVisible():
        dialog.show_source(entry.result)
