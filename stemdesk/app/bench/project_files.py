"""The project's folder: another one is opened, this one is saved, its files are found again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.seals import MediaChanged
from stemdesk.errors import UserError
from stemdesk.project.project_file import ProjectFile
from stemdesk.project.searching import search
from stemdesk.project.store import project_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.bench.desk import Desk
    from stemdesk.app.bench.errands import Errands
    from stemdesk.jobs.entry import Entry
    from stemdesk.project.document import MediaRef


class ProjectFiles:
    """What the File menu does. All methods belong to one thread.

    Args:
        desk: the document and the song that is shown.
        errands: for what takes its time.
        complain: told what the user can mend.
    """

    def __init__(self, desk: Desk, errands: Errands, complain: Callable[[UserError], None]) -> None:
        self._desk, self._errands, self._complain = desk, errands, complain

    def new(self) -> None:
        """Begin afresh; what was not saved stays to be recovered, unless it was given up.

        Raises:
            UserError: what is not saved could not be kept; the project is open as before.
        """
        self._change_to(ProjectFile.create())

    def open(self, folder: Path) -> None:
        """Open a project in the place of this one; nothing happens where it is this one.

        Raises:
            ProjectLocked: another StemDesk has it open.
            UserError: it cannot be read.
        """
        if not self.is_open(folder):
            self._change_to(ProjectFile.open(folder))

    def is_open(self, folder: Path) -> bool:
        """Whether a folder is that of the project that is open here."""
        here = self._desk.papers.file.folder
        return project_folder(folder.absolute()).resolve() == here.resolve()

    def open_copy(self, folder: Path) -> None:
        """Go on with a copy of a project that is open elsewhere, in the background.

        Until it is there, this project stays.
        """

        def opened(entry: Entry) -> None:
            self._change_to(entry.result)

        self._errands.start(folder.stem, "copy", partial(ProjectFile.open_copy, folder), opened)

    def take_recovery(self) -> None:
        """Go on from the state that was never saved."""
        self._desk.papers.took_recovery()
        self._desk.show_current()

    def save(self) -> None:
        """Save where the project lies; songs from elsewhere are taken in first.

        Raises:
            UserError: it has no place yet, or cannot be written.
        """
        desk = self._desk
        if not desk.papers.outside:
            desk.papers.save(desk.kept_project)
            self._collect()
            return

        def saved(entry: Entry) -> None:
            desk.papers.move_media(entry.result)
            desk.papers.save(desk.kept_project)
            self._tell_left_outside()
            self._collect()

        self._errands.start(desk.papers.file.name, "save", desk.papers.taken_in, saved)

    def save_as(self, folder: Path) -> None:
        """Save in another folder, with all its files, in the background."""
        desk = self._desk
        project, written, file = desk.project, desk.kept_project, desk.papers.file
        snapshots = tuple(desk.papers.history.snapshots())

        def saved(entry: Entry) -> None:
            desk.papers.saved_elsewhere(project, written, entry.result)
            self._tell_left_outside()
            desk.show_current()

        self._errands.start(
            folder.stem,
            "save",
            lambda report: file.save_as(folder, written, snapshots, report),
            saved,
        )

    def find_missing(self, folder: Path) -> None:
        """Look below a folder for files that are not where the project says, in the background."""
        desk = self._desk
        media = desk.papers.file.media
        wanted = [missing.ref for missing in media.missing(desk.project)]

        def work(report: Callable[[float, str], None]) -> dict[MediaRef, MediaRef]:
            found = search(folder, wanted, report)
            return {ref: media.relink(ref, path, report) for ref, path in found.items()}

        def relinked(entry: Entry) -> None:
            desk.papers.move_media(entry.result)
            lost = len(wanted) - len(entry.result)
            if lost:
                verb = "is" if lost == 1 else "are"
                problem = f"{lost} of {len(wanted)} files {verb} not below {folder}"
                self._complain(UserError(problem, "look in another folder"))
            desk.show_current()

        self._errands.start(folder.name, "search", work, relinked)

    def _tell_left_outside(self) -> None:
        """Songs that were changed since they were opened are not what the project is made of."""
        media = self._desk.papers.file.media
        for ref in self._desk.papers.outside:
            if media.path_of(ref).is_file():
                self._complain(MediaChanged(media.path_of(ref)))

    def _collect(self) -> None:
        """Audio files that nothing leads to any more go, unless work in hand may bring some."""
        if not self._errands.is_busy:
            try:
                self._desk.papers.collect()
            except UserError as error:
                self._complain(error)

    def _change_to(self, file: ProjectFile) -> None:
        try:
            self._desk.secure()
        except UserError:
            file.close()
            raise
        self._desk.shown.leave()
        self._errands.clear()  # also what has ended: its files are not ours any more
        try:
            self._desk.papers.close()
        except UserError as error:  # it is left all the same
            self._complain(error)
        for remark in file.loaded.remarks:
            self._complain(
                UserError(remark.rstrip("."), "look the project over before you save it")
            )
        self._desk.take(file)
