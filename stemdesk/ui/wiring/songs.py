"""The songs of a project: which is shown, taken apart, named, in what order, how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QMessageBox

from stemdesk.app.bench.separating import PLAIN
from stemdesk.project.document import Tempo
from stemdesk.project.edits.places import set_tempo
from stemdesk.project.edits.tracks import move_track, remove_track, rename_track
from stemdesk.ui.dialogs.separation import SeparationDialog
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import stem_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk.app.bench.separating import Wishes
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.project.document import Track
    from stemdesk.ui.main_window import MainWindow


class Songs(Wiring):
    """The tabs and what is done with a song as a whole."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        window.tabs.song_chosen.connect(self.choose)
        window.tabs.song_moved.connect(self.move)
        window.tabs.rename_requested.connect(self.ask_name)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "separate": self.separate,
            "separate_with_options": self.separate_with_options,
            "separate_all": self.separate_all,
            "next_song": lambda: self._step(1),
            "previous_song": lambda: self._step(-1),
            "rename_song": lambda: self.ask_name(self.bench.project.current),
            "song_forward": lambda: self._shift(-1),
            "song_back": lambda: self._shift(1),
            "remove_song": self.remove_song,
            "find_tempo": self.find_tempo,
        }

    def separate(self) -> None:
        """Take the song that is shown apart; asks first where that would cost its mix."""
        if self.track is not None:
            self._separate(self.track)
            self.window.show_document()

    def separate_with_options(self) -> None:
        """Take the song that is shown apart as a dialog asks."""
        track = self.track
        if track is None:
            return
        dialog: SeparationDialog | None = None
        separating = self.bench.separating
        with self.refusals_shown():
            dialog = SeparationDialog(
                separating.stems,
                separating.wishes(track.id),
                can_adapt=separating.can_adapt,
                parent=self.window,
            )
        if dialog is None:
            return
        if dialog.exec() == SeparationDialog.DialogCode.Accepted:
            self._separate(track, dialog.wishes)
        dialog.deleteLater()
        self.window.show_document()

    def separate_all(self) -> None:
        """Queue every song without stems."""
        for track in self.bench.project.tracks:
            if track.separated is None and not self.bench.separating.is_separating(track.id):
                self._separate(track)
        self.window.show_document()

    def _separate(self, track: Track, wishes: Wishes = PLAIN) -> None:
        with self.refusals_shown():
            lost = self.bench.separating.loses_mix(track.id, wishes)
            if not lost or self._gives_up_mix(track, lost):
                self.bench.separating.separate(track.id, wishes)

    def choose(self, track_id: str) -> None:
        """Show another song."""
        if track_id and track_id != self.bench.project.current:
            with self.refusals_shown():
                self.bench.choose(track_id)
            self.window.show_document()

    def rename(self, track_id: str, name: str) -> None:
        """A song by another name."""
        with self.refusals_shown():
            self.bench.edit(
                self.tr("Rename song"), rename_track(self.bench.project, track_id, name)
            )
        self.window.show_document()

    def ask_name(self, track_id: str) -> None:
        """Another name for a song."""
        track = self.bench.project.track(track_id)
        if track is None:
            return
        name, is_meant = QInputDialog.getText(
            self.window, self.tr("Rename song"), self.tr("Name"), text=track.name
        )
        if is_meant:
            self.rename(track_id, name)

    def move(self, track_id: str, index: int) -> None:
        """A song elsewhere in the list."""
        with self.refusals_shown():
            self.bench.edit(self.tr("Move song"), move_track(self.bench.project, track_id, index))
        self.window.show_document()

    def remove_song(self) -> None:
        """The song that is shown goes; undo brings it back."""
        if self.track is not None:
            with self.refusals_shown():
                self.bench.edit(
                    self.tr("Remove song"), remove_track(self.bench.project, self.track.id)
                )
            self.window.show_document()

    def find_tempo(self) -> None:
        """Take the tempo that was heard when the song was measured."""
        track = self.track
        measures = self.bench.findings.measures.get(track.id) if track else None
        if measures is None:
            self.window.tell(self.tr("The song is still being measured."))
        elif measures.tempo is None:
            self.window.tell(self.tr("No steady tempo was found; tap it with T."))
        else:
            found = measures.tempo
            before = track.tempo if track else None
            self.edit(
                self.tr("Find tempo"),
                lambda track: set_tempo(
                    track,
                    Tempo(
                        bpm=round(found.bpm, 2),
                        first_beat_seconds=found.first_beat_seconds,
                        beats_per_bar=before.beats_per_bar if before else 4,
                        beat_unit=before.beat_unit if before else 4,
                    ),
                ),
            )

    def _gives_up_mix(self, track: Track, strips: Sequence[str]) -> bool:
        names = ", ".join(stem_title(strip) for strip in strips)
        told = self.tr(
            "The model gives {song} other stems. Levels, effects, automation and regions of"
            " {strips} would be gone."
        ).format(song=track.name, strips=names)
        if track.separated is not None:
            told += " " + self.tr("Undo brings them back.")
        question = QMessageBox(
            QMessageBox.Icon.Question, self.tr("Other stems"), told, parent=self.window
        )
        go_on = question.addButton(self.tr("Separate"), QMessageBox.ButtonRole.AcceptRole)
        cancel = question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(cancel)
        question.exec()
        return question.clickedButton() is go_on

    def _shift(self, by: int) -> None:
        place = self._place_beside(by)
        if place is not None:
            self.move(self.bench.project.current, place)

    def _step(self, by: int) -> None:
        place = self._place_beside(by)
        if place is not None:
            self.choose(self.bench.project.tracks[place].id)

    def _place_beside(self, by: int) -> int | None:
        """Where in the list lies so many songs from the one that is shown; None: nowhere."""
        project = self.bench.project
        ids = [track.id for track in project.tracks]
        if project.current not in ids:
            return None
        place = ids.index(project.current) + by
        return place if 0 <= place < len(ids) else None
