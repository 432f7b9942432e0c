"""The open document, and the song of it that is shown, always as the document says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.bench.missing import MissingFiles
from stemdesk.app.bench.papers import Papers
from stemdesk.project.document import Tempo, changed
from stemdesk.project.edits.effects import with_plugin_states
from stemdesk.project.edits.tracks import with_track

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.bench.analysis import SongMeasures
    from stemdesk.app.bench.findings import Findings
    from stemdesk.app.bench.separations import Separations
    from stemdesk.app.bench.showing import Showing
    from stemdesk.app.bench.stage import Stage
    from stemdesk.errors import UserError
    from stemdesk.project.document import Project, Track
    from stemdesk.project.project_file import ProjectFile


class Desk:
    """What the parts of the workbench share. All methods belong to one thread.

    Nothing is shown before :meth:`show_current`.

    Args:
        file: the project to begin with.
        shown: shows the current song.
        findings: what is known of songs.
        separations: those in hand; that of the current song is the next.
        device: tells which sound output the user wants; None for the computer's own.
        complain: told what the user can mend.

    Attributes:
        papers: the document; others once another project is open.
        shown: the current song.
        findings: what is known of the project's songs.
    """

    def __init__(
        self,
        file: ProjectFile,
        shown: Showing,
        findings: Findings,
        separations: Separations,
        device: Callable[[], str | None],
        complain: Callable[[UserError], None],
    ) -> None:
        self.papers = Papers(file)
        self.shown, self.findings = shown, findings
        self._separations, self._device = separations, device
        self._missing = MissingFiles(complain)

    @property
    def project(self) -> Project:
        """The document; another object whenever it was edited."""
        return self.papers.project

    @property
    def track(self) -> Track | None:
        """The song that is shown."""
        return self.project.track(self.project.current)

    @property
    def stage(self) -> Stage | None:
        """The current song as it sounds; None while there is none, or it cannot be played."""
        return self.shown.stage

    def take(self, file: ProjectFile) -> None:
        """Another project takes the place of this one, which has been left and closed."""
        self.papers = Papers(file)
        self._separations.forget()
        self.findings.forget()
        self._missing.forget()
        for track in self.project.tracks:
            self._missing.look(track, file.media)
        self.show_current()

    def change(self, change: Callable[[], object]) -> None:
        """Change the document, and let sound and pictures be as it says."""
        before, shown = self.project, self.track
        change()
        track = self.track
        if self.project is before:
            return
        if track is None or shown is None or track.id != shown.id or self.stage is None:
            self.show_current()
        elif (track.mixture, track.separated) != (shown.mixture, shown.separated):
            self.findings.forget_delivery(track.id)
            self.show_anew()
        else:
            self.shown.follow(track)

    def show_current(self) -> None:
        """Show the current song from the beginning, whatever was shown before."""
        self.keep_plugins()
        track = self.track
        if track is None:
            self.shown.leave()
            return
        self._separations.prefer(track.id)
        lost = self._missing.look(track, self.papers.file.media)
        if MIXTURE in lost:
            self.shown.refuse(lost[MIXTURE])
            return
        song = self.papers.song_of(track)
        stems = self.papers.files_of(track.separated) if track.separated and not lost else {}
        # Strips of stems that are not there: being separated, that was broken off, or files lack.
        strips = [strip.name for strip in track.mix.strips]
        live = strips if not stems and strips != [MIXTURE] else []
        self.shown.show(track, song, stems, live, self._device())
        if self.stage is None:
            return
        known = self.findings.measures.get(track.id)
        if known is None:
            self.findings.measure(track, song, partial(self._know, track.id))
        self.shown.know(known)
        if stems and not self.findings.is_judged(track):
            self.findings.check(track, self.papers)

    def show_anew(self) -> None:
        """Other files of the same song: it goes on where it was."""
        before = self.stage
        if before is None:
            self.show_current()
            return
        position, is_playing = before.listening.position_seconds, before.is_playing
        is_original = before.monitor.is_original
        self.show_current()
        if self.stage is not None:
            self.stage.monitor.show_original(on=is_original)
            self.stage.listening.seek(position)
            if is_playing:
                self.stage.listening.player.play()

    @property
    def kept_project(self) -> Project:
        """The document with what the plug-ins of the current song hold of themselves."""
        if self.stage is None or self.track is None:
            return self.project
        return with_track(self.project, self.stage.kept_track)

    def keep_plugins(self) -> None:
        """What the plug-ins of the song that is left hold of themselves goes with it."""
        if self.stage is not None:
            kept = self.stage.kept_track
            self.papers.rewrite_track(kept.id, lambda track: with_plugin_states(track, kept.mix))

    def secure(self) -> None:
        """Have what is not saved on the disk, to be recovered once the project is left.

        Raises:
            UserError: it cannot be written.
        """
        self.keep_plugins()
        self.papers.secure()

    def _know(self, track_id: str, measures: SongMeasures) -> None:
        """A song has been measured: its tempo, if nobody has said another, is a fact."""
        if self.project.current == track_id:
            self.shown.know(measures)
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
            self.shown.follow(track)
