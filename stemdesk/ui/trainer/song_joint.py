"""The page of songs, joined to the doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from stemdesk.app.training.songs import LibraryCheck
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.ui.trainer.part import Part

if TYPE_CHECKING:
    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.app.training.songs import Song
    from stemdesk.app.training.trainings import Trainings
    from stemdesk.jobs.entry import Entry
    from stemdesk.ui.trainer.window import TrainerWindow


class SongJoint(Part):
    """See the module.

    Signals:
        checked(): another library is shown.

    Attributes:
        originals: the songs of the library as they are in it, repaired copies apart.
    """

    checked = Signal()

    def __init__(self, page: TrainerWindow, trainings: Trainings, bench: Workbench) -> None:
        super().__init__(page, trainings, bench)
        self._entry: Entry | None = None
        self._copies: Path | None = None
        self.originals: tuple[Song, ...] = ()
        page.songs.folder_chosen.connect(self.check)
        page.songs.cancel_requested.connect(self.cancel)
        page.songs.fix_requested.connect(self.fix)

    def check(self, folder: Path) -> None:
        """Look at a library."""
        self._copies = None
        self._begin(folder, self.trainings.check(folder, listens=self.page.songs.listens))

    def fix(self, folder: Path, names: tuple[str, ...]) -> None:
        """Write repaired copies of songs, and train on these."""
        library = self.page.songs.folder
        if library is None:
            return
        with self.refusals_shown():
            if folder.resolve().is_relative_to(library.resolve()):
                raise UserError(
                    f"The repaired copies would lie among the songs of {library.name}",
                    "choose a folder outside of it",
                )
            self._copies = None
            self._begin(library, self.trainings.repair(library, folder, names))

    def cancel(self) -> None:
        """No more of it."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self.trainings.cancel(entry)
            self.page.songs.show_check(None, 0.0, "")

    def pump(self) -> None:
        """Show how far it is, and what came of it."""
        entry, songs = self._entry, self.page.songs
        if entry is None:
            return
        if not entry.state.has_ended:
            songs.show_check(songs.folder, entry.fraction, entry.stage)
            return
        self._entry = None
        songs.show_check(None, 0.0, "")
        if entry.state is JobState.DONE and isinstance(entry.work, LibraryCheck):
            self._take(entry.work)
        elif entry.state is JobState.FAILED:
            self.complain(entry.error)

    def _begin(self, folder: Path, entry: Entry) -> None:
        self.cancel()
        self._entry = entry
        self.bench.jobs.pump()
        self.page.songs.show_check(folder, 0.0, "reading")

    def _take(self, work: LibraryCheck) -> None:
        songs = self.page.songs
        self.page.problem_bar.withdraw(self)
        if work.fix is not None:
            # As the doctor finds them now: they are what is trained on.
            library = songs.folder
            self._copies = work.fix
            self._begin(library or work.folder, self.trainings.check(work.fix, listens=False))
            return
        if self._copies is None:
            self.originals = work.result
            songs.show_songs(work.folder, work.result)
        else:
            self._take_copies(work.result)
        self.checked.emit()

    def _take_copies(self, copies: tuple[Song, ...]) -> None:
        songs = self.page.songs
        mended = {song.name: song for song in copies}
        left_out = {song.name for song in songs.table.songs} - {s.name for s in songs.chosen}
        shown = [mended.get(song.name, song) for song in songs.table.songs]
        count = sum(new is not old for new, old in zip(shown, songs.table.songs, strict=True))
        folder = songs.folder or Path()
        songs.show_songs(folder, shown, frozenset(left_out))
        songs.tell(
            self.tr("{count} of these songs are repaired copies in {folder}.").format(
                count=count, folder=self._copies
            )
        )
