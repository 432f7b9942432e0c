"""The open project at work: what all windows talk to. No Qt; everything returns at once."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.arrivals import Arrivals
from stemdesk.app.bench.controls import Controls
from stemdesk.app.bench.desk import Desk
from stemdesk.app.bench.errands import Errands
from stemdesk.app.bench.findings import Findings
from stemdesk.app.bench.importing import Imported, import_song
from stemdesk.app.bench.plugins import PluginLoads
from stemdesk.app.bench.processor import Processor
from stemdesk.app.bench.project_files import ProjectFiles
from stemdesk.app.bench.separating import Separating
from stemdesk.app.bench.separations import Separations
from stemdesk.app.bench.showing import Showing
from stemdesk.app.bench.waveforms import Reading
from stemdesk.app.songs import find_songs
from stemdesk.app.worker.client import Worker
from stemdesk.project.edits.tracks import choose_track, new_track, with_track
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.store import FOLDER_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk.app.bench.papers import Papers
    from stemdesk.app.bench.stage import Stage
    from stemdesk.errors import UserError
    from stemdesk.jobs.entry import Entry
    from stemdesk.playback.device import Outputs
    from stemdesk.project.document import Project, Track
    from stemdesk.settings import Preferences


class Workbench:
    """One project, its sound, its pictures and its jobs. All methods belong to one thread.

    Args:
        preferences: the user's; changed through :meth:`prefer`.
        outputs: what opens sound devices; the computer's by default.
        worker: separates; a child process by default.
        file: the project to begin with; a fresh one by default.

    Attributes:
        preferences: as they are now.
        problems: what went wrong, for the window to show; it takes them out.
        errands: takes work that is done in the background.
        jobs: all work in hand.
        files: opens and saves projects.
        shown: the current song: its sound, its pictures, the control surfaces at work on it.
        controls: take what a hand moves.
        plugins: load those of the current song.
        findings: what is known of the project's songs.
        processor: what separates.
        separating: has the project's songs separated.
    """

    def __init__(
        self,
        preferences: Preferences,
        outputs: Outputs | None = None,
        worker: Worker | None = None,
        file: ProjectFile | None = None,
    ) -> None:
        self.preferences = preferences
        self.problems: deque[UserError] = deque()
        complain = self.problems.append
        self.errands = Errands(complain)
        self.jobs = self.errands.jobs
        self.processor = Processor(worker or Worker(), lambda: self.preferences, complain)
        self._reading = Reading()
        self.shown = Showing(self._reading, outputs, complain)
        self.plugins = PluginLoads(self.errands, self.shown)
        self.findings = Findings(self.errands.start)
        separations = Separations(self.errands)
        self._desk = Desk(
            file or ProjectFile.create(),
            self.shown,
            self.findings,
            separations,
            lambda: self.preferences.audio_device or None,
            complain,
        )
        self.controls = Controls(self._desk)
        self.separating = Separating(self._desk, separations, self.processor)
        self.files = ProjectFiles(self._desk, self.errands, complain)
        self._desk.show_current()

    # The document.

    @property
    def papers(self) -> Papers:
        """The document, its history and its place on disk."""
        return self._desk.papers

    @property
    def project(self) -> Project:
        """The document; another object whenever it was edited."""
        return self._desk.project

    @property
    def track(self) -> Track | None:
        """The song that is shown."""
        return self._desk.track

    @property
    def stage(self) -> Stage | None:
        """The current song as it sounds; None while there is none, or it cannot be played."""
        return self._desk.stage

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save."""
        return self.papers.history.is_modified

    def edit(self, label: str, project: Project, merge: str | None = None) -> None:
        """A new state of the document, one step of undo.

        Args:
            label: what the user did.
            project: the new state.
            merge: key of a gesture, see :meth:`stemdesk.project.history.History.edit`.
        """
        self._desk.change(lambda: self.papers.history.edit(label, project, merge))

    def edit_track(self, label: str, track: Track, merge: str | None = None) -> None:
        """A new state of one song."""
        self.edit(label, with_track(self.project, track), merge)

    def choose(self, track_id: str) -> None:
        """Show another song; undo has nothing to do with where one looks.

        Raises:
            UserError: the project has no such song.
        """
        self._desk.change(lambda: self.papers.history.look(choose_track(self.project, track_id)))

    def end_gesture(self) -> None:
        """The hand lets go: the next move is another step."""
        self._desk.change(self.papers.history.end_gesture)

    def undo(self) -> None:
        """Take the last step back."""
        self._desk.change(self.papers.history.undo)

    def redo(self) -> None:
        """Make it again."""
        self._desk.change(self.papers.history.redo)

    def open(self, paths: Sequence[Path]) -> None:
        """Add songs, files or folders of them, in the background; a project is opened instead.

        The song that is shown, if there is one, stays so.

        Raises:
            UserError: a project cannot be opened, or a folder holds no songs.
        """
        projects = [path for path in paths if path.name.endswith(FOLDER_SUFFIX)]
        if projects:
            self.files.open(projects[0])
            return
        arrivals = Arrivals()
        for place, song in enumerate(find_songs(paths, self.papers.file.folder)):
            self.errands.start(
                song.path.name,
                "open",
                partial(
                    import_song,
                    song.path,
                    self.papers.file.media,
                    accept_incomplete=self.preferences.accept_incomplete,
                ),
                partial(self._opened, arrivals, place, song.path.stem),
            )

    def _opened(self, arrivals: Arrivals, place: int, name: str, entry: Entry) -> None:
        imported: Imported = entry.result
        if entry.work is not None:
            entry.work.notes.extend(imported.remarks)
        track = new_track(name, imported.media)
        is_playing = self.stage is not None and self.stage.is_playing
        project = arrivals.added(self.project, track, place, is_playing=is_playing)
        self.edit(f"Open {name}", project)
        if self.preferences.separate_on_open:
            self.separating.separate(track.id)

    # All of it.

    def prefer(self, preferences: Preferences) -> None:
        """Other preferences are in force from now on."""
        before, self.preferences = self.preferences, preferences
        if self.stage is not None and preferences.audio_device != before.audio_device:
            self.stage.set_device(preferences.audio_device or None)

    def pump(self) -> None:
        """All that is due; to be called ten times a second."""
        self.plugins.pump()
        self.errands.pump()
        self.separating.pump()
        self.controls.pump()
        if self.shown.pictures is not None:
            self.problems.extend(self.shown.pictures.new_problems())
        problem = self.papers.pump()
        if problem is not None:
            self.problems.append(problem)

    def secure(self) -> None:
        """Have what is not saved on the disk, to be recovered once the project is left.

        Raises:
            UserError: it cannot be written.
        """
        self._desk.secure()

    def close(self) -> None:
        """End everything; what is not saved stays to be recovered.

        Raises:
            UserError: it could not be kept, or what was given up not be removed; everything has
                ended all the same.
        """
        self._desk.keep_plugins()
        self.jobs.close()
        self.processor.worker.close()
        self.shown.leave()
        self._reading.close()
        self.papers.close()
