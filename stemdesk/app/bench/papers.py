"""The document of the open project: its history, its place on disk, its autosaves."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.jobs.job import Job, JobState
from stemdesk.project.edits.tracks import with_track
from stemdesk.project.history import History
from stemdesk.project.media import OtherBytes
from stemdesk.project.references import is_outside, with_media

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stemdesk.project.document import MediaRef, Project, StemSet, Track
    from stemdesk.project.project_file import ProjectFile

    Report = Callable[[float, str], None]

AUTOSAVE_SECONDS = 5.0
GOODBYE_SECONDS = 5.0


class Papers:
    """One project. All methods belong to one thread, but those that say that they are for jobs.

    Args:
        file: held open.

    Attributes:
        autosave_problem: why the last autosave could not be written; None if it was.
    """

    def __init__(self, file: ProjectFile) -> None:
        self._file = file
        self._history = History(file.loaded.project, saved=not file.loaded.damaged)
        self._written = file.loaded.project
        self._autosaving: Job | None = None
        self._tried_at = time.monotonic()
        self._autosaved_at: float | None = None
        self.autosave_problem: UserError | None = None
        self._gives_up = self._leaves_behind = False

    @property
    def file(self) -> ProjectFile:
        """The folder."""
        return self._file

    @property
    def history(self) -> History:
        """All that was done."""
        return self._history

    @property
    def project(self) -> Project:
        """The document now."""
        return self._history.project

    def track(self, track_id: str) -> Track:
        """A song.

        Raises:
            UserError: it is not there any more.
        """
        track = self.project.track(track_id)
        if track is None:
            raise UserError("The song is not in the project any more", "choose one from the list")
        return track

    def song_of(self, track: Track) -> Path:
        """Where a song's file lies now."""
        return self._file.media.path_of(track.mixture)

    def files_of(self, stems: StemSet) -> dict[str, Path]:
        """Where stems lie now."""
        return {name: self._file.media.path_of(ref) for name, ref in stems.stems.items()}

    def rewrite_track(self, track_id: str, change: Callable[[Track], Track]) -> None:
        """A fact about a song that outlives undo, and is to be saved if the file lacks it."""

        def rewritten(project: Project) -> Project:
            track = project.track(track_id)
            return project if track is None else with_track(project, change(track))

        before = self.project
        self._history.rewrite(rewritten)
        if self.project == self._written:
            self._history.mark_saved()
        elif self.project is not before:
            self._history.mark_unsaved()

    def plugin_changed(self) -> None:
        """A plug-in holds something else of itself, which only a save takes into the file."""
        self._history.mark_unsaved()

    def move_media(self, places: Mapping[MediaRef, MediaRef]) -> None:
        """Files lie elsewhere now, wherever undo may lead."""
        if places:
            self._history.rewrite(lambda project: with_media(project, places))

    @property
    def outside(self) -> tuple[MediaRef, ...]:
        """Songs whose files have not been taken into the folder."""
        refs = (track.mixture for track in self.project.tracks)
        return tuple(dict.fromkeys(ref for ref in refs if is_outside(ref)))

    def taken_in(self, report: Report) -> dict[MediaRef, MediaRef]:
        """Take outside songs into the folder, but those that were changed there; for a job."""
        refs = self.outside
        places: dict[MediaRef, MediaRef] = {}
        for index, ref in enumerate(refs):

            def tell(done: float, stage: str, index: int = index) -> None:
                report((index + done) / len(refs), stage)

            with suppress(OtherBytes):
                places[ref] = self._file.media.take_in(ref, tell)
        return places

    def saved_elsewhere(
        self, project: Project, written: Project, places: Mapping[MediaRef, MediaRef]
    ) -> None:
        """A state of the document lies in a new folder; what came since does not.

        Args:
            project: that state.
            written: the same, plug-ins' states included.
            places: old reference -> new.
        """
        self.move_media(places)
        self._written = with_media(written, places)
        if self.project == with_media(project, places):
            self._history.mark_saved()

    def save(self, written: Project) -> None:
        """Write the document where the project lies.

        Args:
            written: the document, plug-ins' states included, which it lacks while they run.

        Raises:
            UserError: it has no place yet, or cannot be written.
        """
        project = self.project
        self._file.save(project, written)
        self._written = written
        self._history.mark_saved(project)

    def took_recovery(self) -> None:
        """Go on from the state that was never saved."""
        self._history = History(self._file.take_recovery(), saved=False)

    def pump(self) -> UserError | None:
        """Autosave if it is time, in the background.

        Returns:
            What the user can mend of the last one; the same is told once.
        """
        problem = None
        if self._autosaving is not None:
            if not self._autosaving.state.has_ended:
                return None
            job, self._autosaving = self._autosaving, None
            problem = self._take_autosave(job)
        if not self._file.read_only and time.monotonic() - self._tried_at >= AUTOSAVE_SECONDS:
            self._tried_at = time.monotonic()
            project, file = self.project, self._file
            self._autosaving = Job(lambda _: file.autosave(project))
            self._autosaving.start()
        return problem

    def _take_autosave(self, job: Job) -> UserError | None:
        before = self.autosave_problem
        if job.error is None:
            # What it wrote, or found on the disk already, is of the moment when it began.
            self._autosaved_at, self.autosave_problem = self._tried_at, None
            return None
        if not isinstance(job.error, UserError):
            raise job.error
        self.autosave_problem = job.error
        return None if before is not None and str(before) == str(job.error) else job.error

    @property
    def seconds_since_autosave(self) -> float | None:
        """How long ago all there was to keep lay on the disk; None where it never did."""
        return None if self._autosaved_at is None else time.monotonic() - self._autosaved_at

    def collect(self) -> None:
        """Remove audio files that neither undo nor any state on disk refers to.

        Only while nothing is being separated or taken in.

        Raises:
            UserError: a file cannot be removed.
        """
        if not self._file.read_only:
            self._file.collect(self.project, self._history.snapshots())

    def give_up(self) -> None:
        """The user wants nothing that is not saved, once the project is left."""
        self._gives_up = True

    def keep(self) -> None:
        """The project is not left after all."""
        self._gives_up = self._leaves_behind = False

    def leave_behind(self) -> None:
        """What could not be kept is lost with the user's consent; what could, stays."""
        self._leaves_behind = True

    def secure(self) -> None:
        """Have what is not saved on the disk, to be recovered once the project is left.

        Nothing is written where it was given up, or left behind.

        Raises:
            UserError: it cannot be written; the project is open as before.
        """
        if self._autosaving is not None and self._autosaving.state is JobState.RUNNING:
            self._autosaving.wait(GOODBYE_SECONDS)
        if self._history.is_modified and not (self._gives_up or self._leaves_behind):
            self._file.autosave(self.project)

    def close(self) -> None:
        """Leave the project; what is not saved stays to be recovered, unless it was given up.

        Raises:
            UserError: something could not be written or removed, see :meth:`secure`; the project
                is left all the same.
        """
        try:
            self.secure()
        finally:
            self._file.close(discard=self._gives_up, collect=True)
