"""The open project at work: what all windows talk to. No Qt; everything returns at once."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from stemdesk.app.analysis import SongMeasures, measure
from stemdesk.app.forecast import Choice, forecast
from stemdesk.app.importing import import_song
from stemdesk.app.live_order import Focus
from stemdesk.app.model import load_card
from stemdesk.app.pictures import Pictures
from stemdesk.app.separating import SongSeparation
from stemdesk.app.songs import find_songs
from stemdesk.app.stage import Stage
from stemdesk.app.surfaces import Surfaces
from stemdesk.app.verdict import Verdict, heard_otherwise, judged
from stemdesk.app.waveforms import Reading
from stemdesk.app.worker_client import Worker
from stemdesk.audio.levels import from_db
from stemdesk.audio.null import measure_null
from stemdesk.errors import UserError
from stemdesk.jobs.job import Job, JobState
from stemdesk.jobs.queue import CPU, GPU, JobQueue
from stemdesk.mixing.settings import changed as mix_changed
from stemdesk.mixing.settings import neutral
from stemdesk.mixing.sources import FileStem
from stemdesk.project.document import Project, StemSet, Track, changed
from stemdesk.project.edits.stems import attach_stems
from stemdesk.project.edits.tracks import add_track, new_track, with_track
from stemdesk.project.history import History
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.references import is_outside, with_media

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from stemdesk.app.waveforms import Waveform
    from stemdesk.jobs.entry import Entry
    from stemdesk.playback.device import Outputs
    from stemdesk.project.document import MediaRef
    from stemdesk.settings import Preferences

AUTOSAVE_SECONDS = 5.0
FOCUS_SECONDS = 1.0
PROJECT_SUFFIX = ".stemdesk"


class Workbench:
    """One project, its sound, its pictures and its jobs. All methods belong to one thread.

    Args:
        preferences: the user's; changed through :meth:`prefer`.
        outputs: what opens sound devices; the computer's by default.
        worker: separates; a child process by default.
        file: the project to begin with; a fresh one by default.

    Attributes:
        preferences: as they are now.
        jobs: all work in hand.
        stage: the current song as it sounds; None while there is none, or it cannot be played.
        pictures: the current song's lanes.
        surfaces: control surfaces at work on the current song.
        problems: what went wrong, for the window to show; it takes them out.
    """

    def __init__(
        self,
        preferences: Preferences,
        outputs: Outputs | None = None,
        worker: Worker | None = None,
        file: ProjectFile | None = None,
    ) -> None:
        self.preferences = preferences
        self._outputs = outputs
        self._worker = worker or Worker()
        self.jobs = JobQueue()
        self._reading = Reading()
        self._file = file or ProjectFile.create()
        self._history = History(self._file.loaded.project)
        self.stage: Stage | None = None
        self.pictures: Pictures | None = None
        self.surfaces: Surfaces | None = None
        self.problems: deque[UserError] = deque()
        self._finishers: dict[int, Callable[[Entry], None]] = {}
        self._separations: dict[str, Entry] = {}
        self._measures: dict[str, SongMeasures] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._checks: dict[str, Entry] = {}
        self._gives_up = False
        self._told_coverage: Any = None
        self._told_focus = 0.0
        self._autosaving: Job | None = None
        self._autosaved_at = time.monotonic()
        self._show_current()

    # The document.

    @property
    def project(self) -> Project:
        """The document; another object whenever it was edited."""
        return self._history.project

    @property
    def track(self) -> Track | None:
        """The song that is shown."""
        return self.project.track(self.project.current)

    @property
    def folder(self) -> Path:
        """Where the project lies."""
        return self._file.folder

    @property
    def name(self) -> str:
        """The project's; empty until it is saved."""
        return self._file.name

    @property
    def is_modified(self) -> bool:
        """Whether there is something to save."""
        return self._history.is_modified

    @property
    def is_unsaved(self) -> bool:
        """Whether the project has no place yet."""
        return self._file.is_unsaved

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` would take back."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` would do again."""
        return self._history.redo_label

    def edit(self, label: str, project: Project, merge: str | None = None) -> None:
        """A new state of the document, one step of undo.

        Args:
            label: what the user did.
            project: the new state.
            merge: key of a gesture, see :meth:`stemdesk.project.history.History.edit`.
        """
        before = self.project
        self._history.edit(label, project, merge)
        self._follow_document(before)

    def edit_track(self, label: str, track: Track, merge: str | None = None) -> None:
        """A new state of one song."""
        self.edit(label, with_track(self.project, track), merge)

    def end_gesture(self) -> None:
        """The hand lets go: the next move is another step."""
        before = self.project
        self._history.end_gesture()
        self._follow_document(before)

    def undo(self) -> None:
        """Take the last step back."""
        before = self.project
        self._history.undo()
        self._follow_document(before)

    def redo(self) -> None:
        """Make it again."""
        before = self.project
        self._history.redo()
        self._follow_document(before)

    def set_parameter(self, address: str, value: float) -> None:
        """A control moves: heard at once; moves of one control are one step.

        Raises:
            UserError: no such parameter, or it cannot have that value.
        """
        if self.stage is None:
            return
        self.stage.listening.set(address, value)
        self._take_mix(address, address)

    def touch(self, address: str, *, down: bool) -> None:
        """A hand takes hold of a control, or lets go."""
        if self.stage is None:
            return
        self.stage.listening.touch(address, down=down)
        if not down:
            self._take_mix(address, address)
            self.end_gesture()

    # Files.

    def open(self, paths: Sequence[Path]) -> None:
        """Add songs, files or folders of them, in the background; a project is opened instead."""
        projects = [path for path in paths if path.name.endswith(PROJECT_SUFFIX)]
        if projects:
            self.open_project(projects[0])
            return
        try:
            songs = find_songs(paths, self.folder)
        except UserError as error:
            self.problems.append(error)
            return
        for song in songs:
            self._start(
                song.path.name,
                "open",
                partial(import_song, song.path, self._file.media),
                partial(self._opened, song.path.stem),
            )

    def new_project(self) -> None:
        """Begin afresh; what was not saved stays to be recovered."""
        self._change_file(ProjectFile.create())

    def open_project(self, folder: Path) -> None:
        """Open a project in the place of this one.

        Raises:
            ProjectLocked: another StemDesk has it open.
            UserError: it cannot be read.
        """
        self._change_file(ProjectFile.open(folder))

    def take_recovery(self) -> None:
        """Go on from the state that was never saved."""
        project = self._file.take_recovery()
        before = self.project
        self._history = History(project, saved=False)
        self._follow_document(before)

    @property
    def has_recovery(self) -> bool:
        """Whether the project holds a state that was never saved."""
        return self._file.loaded.recovery is not None

    def discard_recovery(self) -> None:
        """Give that state up."""
        self._file.discard_recovery()

    def save(self) -> None:
        """Save where the project lies; songs from elsewhere are taken in first.

        Raises:
            UserError: it has no place yet, or cannot be written.
        """
        outside = [track.mixture for track in self.project.tracks if is_outside(track.mixture)]
        project, media = self.project, self._file.media
        if not outside:
            self._file.save(project)
            self._history.mark_saved(project)
            return
        self._start(
            self.name or self.folder.stem,
            "save",
            lambda report: _taken_in(outside, media.take_in, report),
            lambda entry: self._saved_in_place(entry.result),
        )

    def save_as(self, folder: Path) -> None:
        """Save in another folder, with all its files, in the background."""
        project, snapshots = self.project, tuple(self._history.snapshots())
        self._start(
            folder.stem,
            "save",
            lambda report: self._file.save_as(folder, project, snapshots, report),
            lambda entry: self._saved_elsewhere(project, entry.result),
        )

    def prefer(self, preferences: Preferences) -> None:
        """Other preferences are in force from now on."""
        before, self.preferences = self.preferences, preferences
        if self.stage is not None and preferences.audio_device != before.audio_device:
            self.stage.set_device(preferences.audio_device or None)

    # Separation.

    @property
    def choice(self) -> Choice:
        """What separates."""
        wanted = self.preferences
        return Choice(wanted.model or None, wanted.device, wanted.threads or None)

    def warm_up(self) -> None:
        """Load the model before it is needed."""
        try:
            self._worker.load(self.choice)
        except UserError as error:
            self.problems.append(error)

    @property
    def device_text(self) -> str:
        """Which device separates, and why no better one does."""
        if self._worker.load_error is not None:
            return str(self._worker.load_error)
        loaded = self._worker.loaded
        if loaded is None:
            return ""
        why = loaded.get("why", "")
        return f"{loaded['description']}{f': {why}' if why else ''}"

    def forecast_text(self, track: Track) -> str:
        """What a separation of a song is expected to take."""
        shape = track.mixture
        expected = forecast(shape.frames / shape.sample_rate, self.choice)
        about = "" if expected.is_measured else "roughly "
        minutes, seconds = divmod(round(expected.seconds), 60)
        return f"{about}{minutes}:{seconds:02d}, {expected.memory_bytes / 2**20:.0f} MiB"

    def separate(self, track_id: str) -> None:
        """Queue a song for separation.

        Raises:
            UserError: the model cannot be used, or the song is being separated.
        """
        track = self._track(track_id)
        if self.is_separating(track_id):
            raise UserError(f"{track.name} is being separated", "wait for it, or cancel it first")
        card = load_card(self.choice.model)
        song = self._file.media.path_of(track.mixture)
        entry = self.jobs.add(
            track.name,
            "separate",
            lambda: SongSeparation(
                self._worker, track, song, self.choice, self._file.media, self._focus(track_id)
            ),
            lane=GPU,
        )
        self._separations[track_id] = entry
        self._finishers[entry.id] = lambda entry: self._separated(track_id, entry)
        self._go_live(track_id, card.stems)

    def is_separating(self, track_id: str) -> bool:
        """Whether a song waits for its separation or is in it."""
        entry = self._separations.get(track_id)
        return entry is not None and not entry.state.has_ended

    @property
    def coverage(self) -> tuple[tuple[int, int], ...]:
        """Which frames of the current song are separated."""
        return self.stage.spans if self.stage is not None else ()

    # Looks.

    def waveform(self, lane: str) -> Waveform | None:
        """The picture of one of the current song's lanes."""
        return None if self.pictures is None else self.pictures.waveform(lane)

    def measures(self, track_id: str) -> SongMeasures | None:
        """What is known of a song; None until it has been measured."""
        return self._measures.get(track_id)

    def verdict(self, track_id: str) -> Verdict:
        """Whether a song's stems on disk sum to it."""
        track = self.project.track(track_id)
        if track is None or track.separated is None:
            return Verdict()
        check = self._checks.get(track_id)
        if check is not None and not check.state.has_ended:
            return Verdict("checking", "The stems of the project", fraction=check.fraction)
        verdict = self._verdicts.get(track_id, Verdict())
        if verdict.report is None:
            return verdict
        return judged(verdict.subject, verdict.report, heard_otherwise(track))

    def check(self, track_id: str) -> None:
        """Read a song's stems back from the disk and hold them against it."""
        track = self._track(track_id)
        if track.separated is None:
            return
        media = self._file.media
        song = media.path_of(track.mixture)
        stems = [media.path_of(ref) for ref in track.separated.stems.values()]
        self._checks[track_id] = self._start(
            track.name,
            "null",
            lambda report: measure_null(song, stems, report),
            lambda entry: self._checked(track_id, entry),
        )

    # Time.

    def pump(self) -> None:
        """All that is due; to be called ten times a second."""
        self.jobs.pump()
        for entry in self.jobs.entries:
            if entry.state.has_ended and entry.id in self._finishers:
                finish = self._finishers.pop(entry.id)
                self._finish(entry, finish)
        self._follow_separation()
        self._take_mix("control surface", "control surface")
        self._autosave()

    def pump_surfaces(self) -> None:
        """What control surfaces want; to be called thirty times a second."""
        if self.surfaces is not None:
            self.surfaces.pump()

    @property
    def seconds_since_autosave(self) -> float:
        """How old the last autosave is; 0 where there is nothing new."""
        return time.monotonic() - self._autosaved_at

    def close(self) -> None:
        """End everything; what is not saved stays to be recovered."""
        self.jobs.close()
        self._worker.close()
        self._leave_song()
        self._reading.close()
        if self._autosaving is not None:
            self._autosaving.wait(5.0)
        self._leave_file()

    def give_up(self) -> None:
        """The user wants nothing of this project that is not saved, once it is left."""
        self._gives_up = True

    # Inside.

    def _track(self, track_id: str) -> Track:
        track = self.project.track(track_id)
        if track is None:
            raise UserError("The song is not in the project any more", "choose one from the list")
        return track

    def _start(
        self,
        title: str,
        kind: str,
        work: Callable[[Callable[[float, str], None]], Any],
        finish: Callable[[Entry], None],
        lane: str = CPU,
    ) -> Entry:
        entry = self.jobs.add(title, kind, lambda: Job(work), lane)
        self._finishers[entry.id] = finish
        return entry

    def _finish(self, entry: Entry, finish: Callable[[Entry], None]) -> None:
        if entry.state is JobState.DONE:
            try:
                finish(entry)
            except UserError as error:
                self.problems.append(error)
        elif isinstance(entry.error, UserError):
            self.problems.append(entry.error)
            self._finishers[entry.id] = finish  # for when it is tried again
        elif entry.error is not None:
            raise entry.error
        elif entry.state is JobState.CANCELLED:
            self._finishers[entry.id] = finish

    def _opened(self, name: str, entry: Entry) -> None:
        track = new_track(name, entry.result)
        self.edit(f"Open {name}", add_track(self.project, track))
        path = self._file.media.path_of(track.mixture)
        self._start(
            name, "measure", lambda report: _measured(path, report), partial(self._know, track.id)
        )
        if self.preferences.separate_on_open:
            self.separate(track.id)

    def _know(self, track_id: str, entry: Entry) -> None:
        found: SongMeasures = entry.result
        self._measures[track_id] = found
        if self.stage is not None and self.project.current == track_id:
            self.stage.monitor.original_peak = from_db(found.true_peak_dbtp)

    def _separated(self, track_id: str, entry: Entry) -> None:
        found = entry.result
        del self._separations[track_id]
        self._attach(track_id, found.stems)
        if found.null is not None:
            self._verdicts[track_id] = judged("The stems of the project", found.null)
        track = self.project.track(track_id)
        if track is not None and self.project.current == track_id:
            files = self._files(found.stems)
            if self.stage is not None:
                self.stage.finish(files, track)
            if self.pictures is not None:
                self.pictures.show_stems(files)

    def _attach(self, track_id: str, stems: StemSet) -> None:
        """A fact that outlives undo: the stems are there."""

        def attached(project: Project) -> Project:
            track = project.track(track_id)
            return project if track is None else with_track(project, attach_stems(track, stems))

        self._history.rewrite(attached)

    def _checked(self, track_id: str, entry: Entry) -> None:
        self._verdicts[track_id] = judged("The stems of the project", entry.result)

    def _saved_in_place(self, places: dict[MediaRef, MediaRef]) -> None:
        self._history.rewrite(lambda project: with_media(project, places))
        self._file.save(self.project)
        self._history.mark_saved()

    def _saved_elsewhere(self, project: Project, places: dict[MediaRef, MediaRef]) -> None:
        self._history.mark_saved(project)
        self._history.rewrite(lambda old: with_media(old, places))
        self._show_current()

    def _change_file(self, file: ProjectFile) -> None:
        self._leave_song()
        for entry in self.jobs.entries:
            self._finishers.pop(entry.id, None)
            if not entry.state.has_ended:
                self.jobs.remove(entry.id)
        self._leave_file()
        self._file = file
        self._history = History(file.loaded.project)
        for known in (self._separations, self._measures, self._verdicts, self._checks):
            known.clear()
        for missing in file.media.missing(file.loaded.project):
            self.problems.append(
                UserError(
                    f"The {missing.lane} of {missing.track_name} is not at {missing.ref.path}",
                    "put the file back, or relink it in the inspector",
                )
            )
        self._show_current()

    def _leave_file(self) -> None:
        if self.is_modified and not self._gives_up:
            self._file.autosave(self.project)
        self._file.close(discard=self._gives_up)
        self._gives_up = False

    # The current song.

    def _follow_document(self, before: Project) -> None:
        """Let sound and pictures be as the document says."""
        track = self.track
        if track is None or self.project.current != before.current or self.stage is None:
            if self.project is not before:
                self._show_current()
            return
        if self.stage is not None:
            try:
                self.stage.show(track)
            except UserError as error:
                self.problems.append(error)

    def _show_current(self) -> None:
        self._leave_song()
        track = self.track
        if track is None:
            return
        media = self._file.media
        song = media.path_of(track.mixture)
        stems = self._files(track.separated) if track.separated else {}
        try:
            if self.is_separating(track.id) and not stems:
                names = load_card(self.choice.model).stems
                self.stage = Stage(
                    changed(track, mix=neutral(["mixture"])), song, {}, *self._device
                )
                self.stage.go_live(names, track)
            else:
                self.stage = Stage(track, song, stems, *self._device)
        except UserError as error:
            self.problems.append(error)
            return
        self.pictures = Pictures(song, track.mixture, self._reading)
        if stems:
            self.pictures.show_stems(stems)
            if track.id not in self._verdicts and track.id not in self._checks:
                self.check(track.id)
        elif self.is_separating(track.id):
            self.pictures.go_live(load_card(self.choice.model).stems)
        self._told_coverage = None
        if track.id in self._measures:
            self.stage.monitor.original_peak = from_db(self._measures[track.id].true_peak_dbtp)
        try:
            self.surfaces = Surfaces(self.stage.listening)
        except UserError as error:
            self.problems.append(error)

    @property
    def _device(self) -> tuple[str | None, Outputs | None]:
        return self.preferences.audio_device or None, self._outputs

    def _leave_song(self) -> None:
        if self.surfaces is not None:
            self.surfaces.close()
        if self.stage is not None:
            self.stage.close()
        if self.pictures is not None:
            self.pictures.close()
        self.surfaces = self.stage = self.pictures = None

    def _files(self, stems: StemSet) -> dict[str, Path]:
        return {name: self._file.media.path_of(ref) for name, ref in stems.stems.items()}

    def _go_live(self, track_id: str, stems: Sequence[str]) -> None:
        """Strips for the stems to come, so that they can be mixed while they come."""

        def prepared(project: Project) -> Project:
            track = project.track(track_id)
            if track is None or {strip.name for strip in track.mix.strips} == set(stems):
                return project
            mix = mix_changed(neutral(list(stems)), master=track.mix.master)
            return with_track(project, changed(track, mix=mix))

        self._history.rewrite(prepared)
        track = self._track(track_id)
        if self.project.current == track_id and self.stage is not None:
            self.stage.go_live(stems, track)
            if self.pictures is not None:
                self.pictures.go_live(stems)
            self._told_coverage = None

    def _follow_separation(self) -> None:
        entry = self._separations.get(self.project.current)
        work = entry.work if entry is not None else None
        if not isinstance(work, SongSeparation) or self.stage is None:
            return
        coverage = work.coverage
        if coverage is not None and coverage is not self._told_coverage:
            self._told_coverage = coverage
            self.stage.follow(coverage.path, coverage.spans)
            if self.pictures is not None:
                self.pictures.follow(coverage.path, coverage.spans)
        now = time.monotonic()
        if now - self._told_focus > FOCUS_SECONDS:
            self._told_focus = now
            work.listen(self._focus(self.project.current))

    def _focus(self, track_id: str) -> Focus:
        track = self.project.track(track_id)
        if track is None or self.stage is None or self.project.current != track_id:
            return Focus()
        loop = track.loop if track.looping else None
        return Focus(
            self.stage.position_frames, (loop.first_frame, loop.end_frame) if loop else None
        )

    def _take_mix(self, label: str, merge: str) -> None:
        """What was set past the document goes into it."""
        track = self.track
        if self.stage is None or track is None:
            return
        mix = self.stage.mix
        if mix != track.mix:
            self._history.edit(label, with_track(self.project, changed(track, mix=mix)), merge)

    def _autosave(self) -> None:
        if self._autosaving is not None:
            if self._autosaving.state is JobState.RUNNING:
                return
            if isinstance(self._autosaving.error, UserError):
                self.problems.append(self._autosaving.error)
            self._autosaving = None
        if time.monotonic() - self._autosaved_at < AUTOSAVE_SECONDS:
            return
        self._autosaved_at = time.monotonic()
        project = self.project
        self._autosaving = Job(lambda _: self._file.autosave(project))
        self._autosaving.start()


def _measured(path: Path, report: Callable[[float, str], None]) -> SongMeasures:
    source = FileStem(path)
    try:
        return measure(source, report)
    finally:
        source.close()


def _taken_in(
    refs: Iterable[MediaRef],
    take_in: Callable[..., MediaRef],
    report: Callable[[float, str], None],
) -> dict[MediaRef, MediaRef]:
    wanted = list(dict.fromkeys(refs))
    places = {}
    for index, ref in enumerate(wanted):

        def tell(done: float, stage: str, index: int = index) -> None:
            report((index + done) / len(wanted), stage)

        places[ref] = take_in(ref, tell)
    return places
