"""Projects and files: opening, saving, leaving."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox

from stemdesk.app.demo import demo_song
from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError
from stemdesk.project.lock import ProjectLocked
from stemdesk.ui.wiring.base import Wiring
from stemdesk.ui.words import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu

    from stemdesk.app.bench.workbench import Workbench
    from stemdesk.ui.main_window import MainWindow

PROJECT_SUFFIX = ".stemdesk"
SAVES = 3  # as long as jobs still bring in something to save


class Filing(Wiring):
    """What is open."""

    def __init__(self, window: MainWindow, bench: Workbench) -> None:
        super().__init__(window, bench)
        self._then: Callable[[], object] | None = None
        self._saves_left = 0
        self._remembered: Path | None = None

    def pump(self) -> None:
        """Go on with what waited for a save; ten times a second."""
        self._remember()
        if self._then is not None and not self.bench.is_modified:
            then, self._then = self._then, None
            then()
        elif self._then is not None and not self._is_saving:
            # Something has come in meanwhile; where saving failed, the user decides anew.
            if self._saves_left and not self.bench.papers.file.is_unsaved and self.save():
                self._saves_left -= 1
            else:
                self._then = None

    @property
    def _is_saving(self) -> bool:
        return any(
            entry.kind == "save" and not entry.state.has_ended for entry in self.bench.jobs.entries
        )

    def handlers(self) -> dict[str, Callable[..., object]]:
        """Action -> what it does."""
        return {
            "new": self.new,
            "open": self.ask_songs,
            "open_project": self.ask_project,
            "save": self.save,
            "save_as": self.save_as,
            "find_missing": self.find_missing,
            "undo": self._changing(self.bench.undo),
            "redo": self._changing(self.bench.redo),
        }

    def _changing(self, change: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with self.refusals_shown():
                change()
            self.window.show_document()

        return run

    def open(self, paths: Sequence[Path]) -> None:
        """Songs, folders of songs, or a project."""
        projects = [path for path in paths if path.name.endswith(PROJECT_SUFFIX)]
        if projects:
            self.open_project(projects[0])
            if len(paths) > 1:
                told = self.tr("{0} was opened alone: drop the rest once it is there.")
                self.window.tell(told.format(projects[0].name))
            return
        with self.refusals_shown():
            self.bench.open(paths)
        self.window.show_document()

    def open_demo(self) -> None:
        """The song that comes with the program."""
        self.open([demo_song()])

    def new(self) -> None:
        """An empty project."""
        if self.may_leave(self.new):
            with self.refusals_shown():
                self.bench.files.new()
            self.window.show_document()

    def ask_songs(self) -> None:
        """Choose songs."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(AUDIO_SUFFIXES))
        names, _ = QFileDialog.getOpenFileNames(
            self.window,
            self.tr("Open songs"),
            music_folder(),
            self.tr("Audio and video ({patterns})").format(patterns=patterns)
            + ";;"
            + self.tr("All files (*)"),
        )
        if names:
            self.open([Path(name) for name in names])

    def ask_project(self) -> None:
        """Choose a project's folder."""
        name = QFileDialog.getExistingDirectory(
            self.window, self.tr("Open project"), self._projects_folder()
        )
        if name:
            self.open_project(Path(name))

    def open_project(self, folder: Path) -> None:
        """A project in the place of this one."""
        if self.bench.files.is_open(folder):
            name = self.bench.papers.file.name or folder.stem
            self.window.tell(self.tr("{name} is open already.").format(name=name))
            return
        if not self.may_leave(lambda: self.open_project(folder)):
            return
        before = self.bench.papers
        with self.refusals_shown():
            try:
                self.bench.files.open(folder)
            except ProjectLocked as refusal:
                if not self._wants_copy(refusal):
                    before.keep()
                    return
                self.bench.files.open_copy(folder)
        if self.bench.papers is before:
            before.keep()
            return
        loaded = self.bench.papers.file.loaded
        if loaded.damaged:
            # The autosave is all there is; what has become of the rest is told by its remarks.
            self.bench.files.take_recovery()
        elif loaded.recovery is not None:
            self._offer_recovery()
        self._remember()
        self.window.show_document()

    def list_recent(self, menu: QMenu) -> None:
        """Fill a menu with the projects used lately that are still there."""
        menu.clear()
        for name in self.bench.preferences.recent:
            folder = Path(name)
            if folder.is_dir():
                menu.addAction(folder.stem, partial(self.open_project, folder))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def save(self) -> bool:
        """Save; a project without a place gets one first. Whether it is saved or being saved."""
        if self.bench.papers.file.is_unsaved:
            return self.save_as()
        try:
            self.bench.files.save()
        except UserError as error:
            self.window.show_problem(error)
            return False
        self.window.show_document()
        return True

    def save_as(self) -> bool:
        """Save in another folder, in the background; False if the user thinks better of it."""
        track = self.track
        title = self.bench.papers.file.name or (track.name if track else self.tr("Project"))
        offered = Path(self._projects_folder()) / f"{title}{PROJECT_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(
            self.window,
            self.tr("Save project"),
            str(offered),
            self.tr("StemDesk project (*.stemdesk)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.bench.files.save_as(Path(name))
        return bool(name)

    def find_missing(self) -> None:
        """Look for files that are not where the project says."""
        name = QFileDialog.getExistingDirectory(
            self.window, self.tr("Find missing files"), music_folder()
        )
        if name:
            self.bench.files.find_missing(Path(name))

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether the project may be closed now: nothing to save, or given up.

        Args:
            then: called once it has been saved, where the user wants that first.
        """
        if not self._may_break_off():
            return False
        if not self.bench.is_modified or not self.bench.project.tracks:
            return self._is_kept()
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Unsaved changes"),
            self.tr("The project has changes that are not saved."),
            parent=self.window,
        )
        save = question.addButton(self.tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = question.addButton(self.tr("Don't save"), QMessageBox.ButtonRole.DestructiveRole)
        question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(save)
        question.exec()
        if question.clickedButton() is save:
            self._then, self._saves_left = then, SAVES
            if not self.save():
                self._then = None
            return False
        if question.clickedButton() is drop:
            self.bench.papers.give_up()
            return True
        return False

    def _is_kept(self) -> bool:
        """Whether what is not saved lies on the disk to be recovered, or is left behind."""
        while True:
            try:
                self.bench.secure()
            except UserError as error:
                refusal = error
            else:
                return True
            question = QMessageBox(
                QMessageBox.Icon.Warning,
                self.tr("Not saved"),
                self.tr("{problem}\nWhat is not saved would be lost.").format(problem=refusal),
                parent=self.window,
            )
            again = question.addButton(self.tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
            leave = question.addButton(
                self.tr("Leave without it"), QMessageBox.ButtonRole.DestructiveRole
            )
            question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
            question.setDefaultButton(again)
            question.exec()
            if question.clickedButton() is leave:
                self.bench.papers.leave_behind()
            elif question.clickedButton() is not again:
                return False

    def _may_break_off(self) -> bool:
        """Whether exports that are being written may be broken off; True where there are none."""
        busy = [
            entry.title
            for entry in self.bench.jobs.entries
            if entry.kind in ("export", "save") and not entry.state.has_ended
        ]
        if not busy:
            return True
        answer = QMessageBox.question(
            self.window,
            self.tr("Files are being written"),
            self.tr("Break off what is being written for {song}?").format(song=busy[0]),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Yes

    def _wants_copy(self, refusal: ProjectLocked) -> bool:
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Project in use"),
            self.tr("{problem}.\nOpen a copy of it as it was saved last?").format(
                problem=said(refusal.problem)
            ),
            parent=self.window,
        )
        copy = question.addButton(self.tr("Open a copy"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(copy)
        question.exec()
        return question.clickedButton() is copy

    def _offer_recovery(self) -> None:
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Recover"),
            self.tr("StemDesk did not end as it should. Go on from the last autosave?"),
            parent=self.window,
        )
        go_on = question.addButton(self.tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
        drop = question.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(go_on)
        question.setEscapeButton(go_on)  # only who says so gives it up
        question.exec()
        with self.refusals_shown():
            if question.clickedButton() is drop:
                self.bench.papers.file.discard_recovery()
            else:
                self.bench.files.take_recovery()

    def _remember(self) -> None:
        """Projects that are opened, or get a place, are among those used lately."""
        folder = self.bench.papers.file.folder
        if folder != self._remembered:
            self._remembered = folder
            if not self.bench.papers.file.is_unsaved:
                self.window.prefer(self.bench.preferences.with_recent(str(folder)))

    def _projects_folder(self) -> str:
        return self.bench.preferences.projects or music_folder()


def music_folder() -> str:
    """Where the user's music lies; their home where it has no such place."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
    return place if place and Path(place).is_dir() else str(Path.home())
