"""The open project at work: what all windows talk to. No Qt; everything returns at once."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from stemdesk.app.bench.arrivals import Arrivals
from stemdesk.app.bench.errands import Errands
from stemdesk.app.bench.findings import Findings
from stemdesk.app.bench.importing import import_song
from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.bench.papers import Papers
from stemdesk.app.bench.plugins import PluginLoads
from stemdesk.app.bench.processor import Processor
from stemdesk.app.bench.separating import SongSeparation
from stemdesk.app.bench.separations import Separations
from stemdesk.app.bench.showing import Showing
from stemdesk.app.bench.verdict import Verdict
from stemdesk.app.bench.waveforms import Reading
from stemdesk.app.forecast import Choice
from stemdesk.app.live.order import Focus
from stemdesk.app.model import load_card
from stemdesk.app.songs import find_songs
from stemdesk.app.worker.client import Worker
from stemdesk.control.target import LOOP
from stemdesk.errors import UserError
from stemdesk.jobs.job import Job
from stemdesk.jobs.queue import CPU
from stemdesk.project.document import Project, Tempo, changed
from stemdesk.project.edits.effects import with_plugin_states
from stemdesk.project.edits.places import set_looping
from stemdesk.project.edits.stems import attach_stems, await_stems, strips_at_stake
from stemdesk.project.edits.tracks import choose_track, new_track, with_track
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.searching import search
from stemdesk.project.store import FOLDER_SUFFIX, project_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.app.bench.pictures import Pictures
    from stemdesk.app.bench.stage import Stage
    from stemdesk.app.bench.waveforms import Waveform
    from stemdesk.app.surfaces import Surfaces
    from stemdesk.jobs.entry import Entry
    from stemdesk.mixing.settings import EffectSettings
    from stemdesk.playback.device import Outputs
    from stemdesk.project.document import MediaRef, StemSet, Track
    from stemdesk.settings import Preferences

SURFACE = "control surface"
REST_SECONDS = 1.0


class Workbench:
    """One project, its sound, its pictures and its jobs. All methods belong to one thread.

    Args:
        preferences: the user's; changed through :meth:`prefer`.
        outputs: what opens sound devices; the computer's by default.
        worker: separates; a child process by default.
        file: the project to begin with; a fresh one by default.

    Attributes:
        preferences: as they are now.
        papers: the document.
        processor: what separates.
        jobs: all work in hand.
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
        self.processor = Processor(worker or Worker())
        self.problems: deque[UserError] = deque()
        self._errands = Errands(self.problems.append)
        self.jobs = self._errands.jobs
        self._reading = Reading()
        self._shown = Showing(self._reading, outputs, self.problems.append)
        self._plugins = PluginLoads(self._errands)
        self._findings = Findings(self.start)
        self.papers = Papers(file or ProjectFile.create())
        self._separations = Separations(self._errands)
        self._surface_moved_at = 0.0
        self._told_missing: set[MediaRef] = set()
        self._show_current()

    # The document.

    @property
    def project(self) -> Project:
        """The document; another object whenever it was edited."""
        return self.papers.project

    @property
    def track(self) -> Track | None:
        """The song that is shown."""
        return self.project.track(self.project.current)

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
        self._change(lambda: self.papers.history.edit(label, project, merge))

    def edit_track(self, label: str, track: Track, merge: str | None = None) -> None:
        """A new state of one song."""
        self.edit(label, with_track(self.project, track), merge)

    def choose(self, track_id: str) -> None:
        """Show another song; undo has nothing to do with where one looks.

        Raises:
            UserError: the project has no such song.
        """
        self._change(lambda: self.papers.history.look(choose_track(self.project, track_id)))

    def end_gesture(self) -> None:
        """The hand lets go: the next move is another step."""
        self._change(self.papers.history.end_gesture)

    def undo(self) -> None:
        """Take the last step back."""
        self._change(self.papers.history.undo)

    def redo(self) -> None:
        """Make it again."""
        self._change(self.papers.history.redo)

    def set_parameter(self, address: str, value: float) -> None:
        """A control moves: heard at once; moves of one control are one step.

        Raises:
            UserError: no such parameter, or it cannot have that value.
        """
        if self.stage is not None:
            self.stage.listening.set(address, value)
            self._take_mix(address)

    def touch(self, address: str, *, down: bool) -> None:
        """A hand takes hold of a control, or lets go."""
        if self.stage is not None:
            self.stage.listening.touch(address, down=down)
            if not down:
                self._take_mix(address)
                self.end_gesture()

    # Files.

    def open(self, paths: Sequence[Path]) -> None:
        """Add songs, files or folders of them, in the background; a project is opened instead.

        The song that is shown, if there is one, stays so.

        Raises:
            UserError: a project cannot be opened, or a folder holds no songs.
        """
        projects = [path for path in paths if path.name.endswith(FOLDER_SUFFIX)]
        if projects:
            self.open_project(projects[0])
            return
        arrivals = Arrivals()
        for place, song in enumerate(find_songs(paths, self.papers.file.folder)):
            self.start(
                song.path.name,
                "open",
                partial(import_song, song.path, self.papers.file.media),
                partial(self._opened, arrivals, place, song.path.stem),
            )

    def new_project(self) -> None:
        """Begin afresh; what was not saved stays to be recovered, unless it was given up."""
        self._change_file(ProjectFile.create())

    def open_project(self, folder: Path) -> None:
        """Open a project in the place of this one; nothing happens where it is this one.

        Raises:
            ProjectLocked: another StemDesk has it open.
            UserError: it cannot be read.
        """
        if not self.is_open(folder):
            self._change_file(ProjectFile.open(folder))

    def is_open(self, folder: Path) -> bool:
        """Whether a folder is that of the project that is open here."""
        return project_folder(folder.absolute()).resolve() == self.papers.file.folder.resolve()

    def open_copy(self, folder: Path) -> None:
        """Go on with a copy of a project that is open elsewhere, in the background.

        Until it is there, this project stays.
        """

        def opened(entry: Entry) -> None:
            self._change_file(entry.result)

        self.start(folder.stem, "copy", partial(ProjectFile.open_copy, folder), opened)

    def take_recovery(self) -> None:
        """Go on from the state that was never saved."""
        self.papers.took_recovery()
        self._show_current()

    def save(self) -> None:
        """Save where the project lies; songs from elsewhere are taken in first.

        Raises:
            UserError: it has no place yet, or cannot be written.
        """
        if not self.papers.outside:
            self.papers.save(self._kept_project())
            self._collect()
            return

        def saved(entry: Entry) -> None:
            self.papers.move_media(entry.result)
            self.papers.save(self._kept_project())
            self._collect()

        self.start(self.papers.file.name, "save", self.papers.taken_in, saved)

    def save_as(self, folder: Path) -> None:
        """Save in another folder, with all its files, in the background."""
        project, written, file = self.project, self._kept_project(), self.papers.file
        snapshots = tuple(self.papers.history.snapshots())

        def saved(entry: Entry) -> None:
            self.papers.saved_elsewhere(project, written, entry.result)
            self._show_current()

        self.start(
            folder.stem,
            "save",
            lambda report: file.save_as(folder, written, snapshots, report),
            saved,
        )

    def find_missing(self, folder: Path) -> None:
        """Look below a folder for files that are not where the project says, in the background."""
        media = self.papers.file.media
        wanted = [missing.ref for missing in media.missing(self.project)]

        def work(report: Callable[[float, str], None]) -> dict[MediaRef, MediaRef]:
            found = search(folder, wanted, report)
            return {ref: media.relink(ref, path, report) for ref, path in found.items()}

        def relinked(entry: Entry) -> None:
            self.papers.move_media(entry.result)
            lost = len(wanted) - len(entry.result)
            if lost:
                verb = "is" if lost == 1 else "are"
                problem = f"{lost} of {len(wanted)} files {verb} not below {folder}"
                self.problems.append(UserError(problem, "look in another folder"))
            self._show_current()

        self.start(folder.name, "search", work, relinked)

    def _collect(self) -> None:
        """Audio files that nothing leads to any more go, unless work in hand may bring some."""
        if not self._errands.is_busy:
            try:
                self.papers.collect()
            except UserError as error:
                self.problems.append(error)

    def _kept_project(self) -> Project:
        """The document with what the plug-ins of the current song hold of themselves."""
        if self.stage is None or self.track is None:
            return self.project
        return with_track(self.project, self.stage.kept_track)

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
            self.processor.worker.load(self.choice)
        except UserError as error:
            self.problems.append(error)

    def separate(self, track_id: str) -> None:
        """Queue a song for separation.

        A first separation is a fact, which undo leaves alone; another one is a step of undo.

        Raises:
            UserError: the model cannot be used, or the song is being separated.
        """
        track = self.papers.track(track_id)
        choice = self.choice  # as it is now, however long the song has to wait
        stems = load_card(choice.model).stems

        def begin() -> SongSeparation:
            song, media = self.papers.song_of(track), self.papers.file.media
            focus, worker = self._focus(track_id), self.processor.worker
            return SongSeparation(worker, track, song, choice, media, focus)

        self._separations.order(track, begin, partial(self._separated, track_id))
        self._separations.prefer(self.project.current)
        if track.separated is not None:
            return  # what there is goes on to be heard until the new stems are complete
        self.papers.rewrite_track(track_id, partial(await_stems, names=tuple(stems)))
        if self.project.current == track_id:
            self._shown.go_live(stems, self.papers.track(track_id))

    def loses_mix(self, track_id: str) -> tuple[str, ...]:
        """Strips whose mix, regions or automation a separation with the model would not keep.

        Raises:
            UserError: the model cannot be used, or the song is not there any more.
        """
        stems = tuple(load_card(self.choice.model).stems)
        return strips_at_stake(self.papers.track(track_id), stems)

    def is_separating(self, track_id: str) -> bool:
        """Whether a song waits for its separation or is in it."""
        return self._separations.is_separating(track_id)

    @property
    def coverage(self) -> tuple[tuple[int, int], ...]:
        """Which frames of the current song are separated."""
        return self.stage.spans if self.stage is not None else ()

    # The song that is shown.

    @property
    def stage(self) -> Stage | None:
        """The current song as it sounds; None while there is none, or it cannot be played."""
        return self._shown.stage

    @property
    def refusal(self) -> UserError | None:
        """Why the current song cannot be played; None where it can."""
        return self._shown.refusal

    def load_plugin(
        self, strip: str, effect: EffectSettings, finish: Callable[[Entry], None]
    ) -> None:
        """Load a plug-in that is to be added to the current song; one that fails is not.

        Args:
            strip: where it goes.
            effect: as the mix will name it.
            finish: called once it is loaded.
        """
        if self.stage is not None:
            self._plugins.add(self.stage, strip, effect, finish)

    def load_plugin_again(self, strip: str, effect: str) -> None:
        """Load a plug-in of the current song after all, whose loading was broken off."""
        if self.stage is not None:
            self._plugins.again(self.stage, (strip, effect))

    @property
    def pictures(self) -> Pictures | None:
        """The current song's lanes."""
        return self._shown.pictures

    @property
    def surfaces(self) -> Surfaces | None:
        """Control surfaces at work on the current song."""
        return self._shown.surfaces

    def waveform(self, lane: str) -> Waveform | None:
        """The picture of one of the current song's lanes."""
        return None if self.pictures is None else self.pictures.waveform(lane)

    def measures(self, track_id: str) -> SongMeasures | None:
        """What is known of a song; None until it has been measured."""
        return self._findings.measures.get(track_id)

    def verdict(self, track_id: str) -> Verdict:
        """Whether a song's stems on disk sum to it."""
        track = self.project.track(track_id)
        return Verdict() if track is None else self._findings.verdict(track)

    def note_delivery(self, track_id: str, verdict: Verdict) -> None:
        """An export has been written and read back."""
        self._findings.note_delivery(track_id, verdict)

    def forget_delivery(self, track_id: str) -> None:
        """Back to the project's own stems."""
        self._findings.delivered.pop(track_id, None)

    def delivered(self, track_id: str) -> Verdict | None:
        """The null of a song's last export; None where there is none, or its stems came after."""
        return self._findings.delivered.get(track_id)

    def check(self, track_id: str) -> None:
        """Read a song's stems back from the disk and hold them against it."""
        track = self.papers.track(track_id)
        if track.separated is not None:
            stems = list(self.papers.files_of(track.separated).values())
            self._findings.check(track, self.papers.song_of(track), stems)

    # Time.

    def start(
        self,
        title: str,
        kind: str,
        work: Callable[[Callable[[float, str], None]], Any],
        finish: Callable[[Entry], None],
    ) -> Entry:
        """Put work into the queue.

        Args:
            title: what it is about.
            kind: what is done to it.
            work: done in a thread of its own.
            finish: called from :meth:`pump` with the entry once it is done.
        """
        return self._errands.add(title, kind, lambda: Job(work), finish, CPU)

    def pump(self) -> None:
        """All that is due; to be called ten times a second."""
        self._plugins.pump(self.stage)
        self._errands.pump()
        self._follow_separation()
        self._take_surface_moves()
        if self.pictures is not None:
            self.problems.extend(self.pictures.new_problems())
        problem = self.papers.pump()
        if problem is not None:
            self.problems.append(problem)

    def pump_surfaces(self) -> None:
        """What control surfaces want; to be called thirty times a second."""
        if self.surfaces is not None:
            self.surfaces.pump()

    def renew_surfaces(self) -> None:
        """Control surfaces have been set up otherwise."""
        self._shown.renew_surfaces()

    def secure(self) -> None:
        """Have what is not saved on the disk, to be recovered once the project is left.

        Raises:
            UserError: it cannot be written.
        """
        self._keep_plugins()
        self.papers.secure()

    def close(self) -> None:
        """End everything; what is not saved stays to be recovered.

        Raises:
            UserError: it could not be kept, or what was given up not be removed; everything has
                ended all the same.
        """
        self._keep_plugins()
        self.jobs.close()
        self.processor.worker.close()
        self._shown.leave()
        self._reading.close()
        self.papers.close()

    def _opened(self, arrivals: Arrivals, place: int, name: str, entry: Entry) -> None:
        track = new_track(name, entry.result)
        is_playing = self.stage is not None and self.stage.is_playing
        project = arrivals.added(self.project, track, place, is_playing=is_playing)
        self.edit(f"Open {name}", project)
        if self.preferences.separate_on_open:
            self.separate(track.id)

    def _separated(self, track_id: str, entry: Entry) -> None:
        found = entry.result
        self._findings.delivered.pop(track_id, None)
        self._findings.note(track_id, found.stems, found.null)
        before = self.project.track(track_id)
        is_shown = self.project.current == track_id
        if before is not None and before.separated is not None:
            again = with_track(self.project, attach_stems(before, found.stems))
            self.papers.history.edit("Separate again", again)
            if is_shown:
                self._show_anew()
            return
        self.papers.rewrite_track(track_id, partial(_with_first_stems, stems=found.stems))
        track = self.project.track(track_id)
        if track is None or not is_shown:
            return
        if self.stage is None:
            self._show_current()
        else:
            self._shown.finish(self.papers.files_of(found.stems), track)

    def _change_file(self, file: ProjectFile) -> None:
        try:
            self.secure()
        except UserError:
            file.close()
            raise
        self._shown.leave()
        self._errands.clear()  # also what has ended: its files are not ours any more
        try:
            self.papers.close()
        except UserError as error:  # it is left all the same
            self.problems.append(error)
        self.papers = Papers(file)
        self._separations.forget()
        self._findings.forget()
        self._told_missing.clear()
        for remark in file.loaded.remarks:
            self.problems.append(
                UserError(remark.rstrip("."), "look the project over before you save it")
            )
        for track in self.project.tracks:
            self._missing(track)
        self._show_current()

    def _missing(self, track: Track) -> dict[str, UserError]:
        """Lane -> that its file is not where it should be; each is told once."""
        lost: dict[str, UserError] = {}
        for missing in self.papers.file.media.missing(Project(tracks=(track,))):
            lost[missing.lane] = UserError(
                f"The {missing.lane} of {missing.track_name} is not at {missing.ref.path}",
                "put the file back, or find it with Song > Find missing files",
            )
            if missing.ref not in self._told_missing:
                self._told_missing.add(missing.ref)
                self.problems.append(lost[missing.lane])
        return lost

    def _change(self, change: Callable[[], object]) -> None:
        """Change the document, and let sound and pictures be as it says."""
        before, shown = self.project, self.track
        change()
        track = self.track
        if self.project is before:
            return
        if track is None or shown is None or track.id != shown.id or self.stage is None:
            self._show_current()
        elif (track.mixture, track.separated) != (shown.mixture, shown.separated):
            self._findings.delivered.pop(track.id, None)
            self._show_anew()
        else:
            self._shown.follow(track)

    def _keep_plugins(self) -> None:
        """What the plug-ins of the song that is left hold of themselves goes with it."""
        if self.stage is not None:
            kept = self.stage.kept_track
            self.papers.rewrite_track(kept.id, lambda track: with_plugin_states(track, kept.mix))

    def _show_current(self) -> None:
        self._keep_plugins()
        track = self.track
        if track is None:
            self._shown.leave()
            return
        self._separations.prefer(track.id)
        lost = self._missing(track)
        if MIXTURE in lost:
            self._shown.refuse(lost[MIXTURE])
            return
        song = self.papers.song_of(track)
        stems = self.papers.files_of(track.separated) if track.separated and not lost else {}
        # Strips of stems that are not there: being separated, that was broken off, or files lack.
        strips = [strip.name for strip in track.mix.strips]
        live = strips if not stems and strips != [MIXTURE] else []
        device = self.preferences.audio_device or None
        self._shown.show(track, song, stems, live, device)
        if self.stage is None:
            return
        known = self.measures(track.id)
        if known is None:
            self._findings.measure(track, song, partial(self._know, track.id))
        self._shown.know(known)
        if stems and not self._findings.is_judged(track):
            self._findings.check(track, song, list(stems.values()))

    def _show_anew(self) -> None:
        """Other files of the same song: it goes on where it was."""
        before = self.stage
        if before is None:
            self._show_current()
            return
        position, is_playing = before.listening.position_seconds, before.is_playing
        is_original = before.monitor.is_original
        self._show_current()
        if self.stage is not None:
            self.stage.monitor.show_original(on=is_original)
            self.stage.listening.seek(position)
            if is_playing:
                self.stage.listening.player.play()

    def _know(self, track_id: str, measures: SongMeasures) -> None:
        """A song has been measured: its tempo, if nobody has said another, is a fact."""
        if self.project.current == track_id:
            self._shown.know(measures)
        found = measures.tempo
        if found is None:
            return
        tempo = Tempo(bpm=round(found.bpm, 2), first_beat_seconds=found.first_beat_seconds)
        self.papers.rewrite_track(
            track_id,
            lambda track: changed(track, tempo=tempo) if track.tempo is None else track,
        )
        track = self.track
        if track is not None and track.id == track_id:
            self._shown.follow(track)

    def _follow_separation(self) -> None:
        shown = self.project.current
        work = self._separations.follow(shown, lambda: self._focus(shown))
        # What is separated again is heard, and looked at, once all of it is there.
        if work is not None and self.track is not None and self.track.separated is None:
            self._shown.cover(work.coverage)

    def _focus(self, track_id: str) -> Focus:
        track = self.project.track(track_id)
        if track is None or self.stage is None or self.project.current != track_id:
            return Focus()
        loop = track.loop if track.looping else None
        return Focus(
            self.stage.position_frames, (loop.first_frame, loop.end_frame) if loop else None
        )

    def _take_surface_moves(self) -> None:
        """Moves of a control surface are one step of undo until it rests."""
        before = self.project
        self._take_mix(SURFACE)
        self._take_looping()
        now = time.monotonic()
        if self.project is not before:
            self._surface_moved_at = now
        elif self._surface_moved_at and now - self._surface_moved_at > REST_SECONDS:
            self._surface_moved_at = 0.0
            self.papers.history.end_gesture()

    def _take_looping(self) -> None:
        """A control surface's loop button turns the document's loop on or off."""
        track = self.track
        if self.stage is None or track is None:
            return
        looping = self.stage.listening.get(LOOP) >= 0.5
        if looping != track.looping:
            self.edit("Loop", with_track(self.project, set_looping(track, looping=looping)))

    def _take_mix(self, cause: str) -> None:
        """What was set past the document, by a fader or a control surface, goes into it."""
        track = self.track
        if self.stage is None or track is None:
            return
        mix = self.stage.mix
        if mix != track.mix:
            project = with_track(self.project, changed(track, mix=mix))
            self.papers.history.edit(cause, project, merge=cause)


def _with_first_stems(track: Track, stems: StemSet) -> Track:
    """A song with its stems; one that has some, which another way of undo leads to, keeps them."""
    return attach_stems(track, stems) if track.separated is None else track
