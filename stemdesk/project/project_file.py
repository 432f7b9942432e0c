"""One project on disk, from opening to closing: the lock, the saves, the autosaves."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Self

from stemdesk.errors import UserError
from stemdesk.project.carrying import carry, carry_file
from stemdesk.project.copying import silent
from stemdesk.project.document import Project
from stemdesk.project.lock import FolderLock, lock_if_writable
from stemdesk.project.media import MediaStore
from stemdesk.project.recovery import (
    is_in_unsaved,
    new_unsaved_folder,
    note_closed,
    note_open,
    remove_unsaved,
)
from stemdesk.project.references import with_media
from stemdesk.project.staging import settle, staging_folder, with_suffix
from stemdesk.project.store import (
    AUTOSAVE_FILE,
    PROJECT_FILE,
    Loaded,
    load,
    project_folder,
    remove_autosave,
    set_aside,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from stemdesk.project.copying import Report
    from stemdesk.project.document import MediaRef


class ProjectFile:
    """A project's folder, held open.

    Made by :meth:`create`, :meth:`open` or :meth:`open_copy`. Saves and autosaves may come from
    any thread.

    Attributes:
        folder: the project's; :meth:`save_as` changes it.
        media: its audio files.
        loaded: what was in it when it was opened.
        read_only: nothing can be saved here, only elsewhere.
    """

    def __init__(self, folder: Path, lock: FolderLock | None, loaded: Loaded) -> None:
        self.folder = folder
        self.media = MediaStore(folder)
        self.loaded = loaded
        self.read_only = lock is None
        self._is_unsaved = is_in_unsaved(folder)  # kept, as it is asked for often
        self._lock = lock
        self._writing = threading.RLock()
        self._revision = loaded.revision
        self._saved: Project | None = None if loaded.damaged else loaded.project
        self._autosaved: Project | None = None
        self._undecided = loaded.recovery is not None and not self.read_only
        self._aside = loaded.damaged

    @classmethod
    def create(cls) -> Self:
        """A fresh project that has no place yet.

        Raises:
            UserError: the user's data folder cannot be written to.
        """
        folder = new_unsaved_folder()
        lock = FolderLock(folder)
        project = Project()
        try:
            write(folder, PROJECT_FILE, project, 1)
        except BaseException:
            lock.release()
            raise
        return cls(folder, lock, Loaded(project, None, "", 1))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open a project, or what a crash left of one.

        Args:
            path: the folder, or the document in it.
            read_only: look at it only, whoever else has it open.

        Returns:
            The file; see `loaded` for what it holds, and `media.missing` for what it lacks. On a
            disk that takes no writes it is `read_only`.

        Raises:
            ProjectLocked: another StemDesk has it open.
            NewerFormat: a later StemDesk wrote it.
            UserError: there is no project, or it cannot be read.
        """
        folder = project_folder(path.absolute())
        if read_only or not folder.is_dir():
            return cls(folder, None, load(folder))
        lock = lock_if_writable(folder)
        try:
            file = cls(folder, lock, load(folder))
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        if lock is not None:
            file.media.sweep()
            if not file.is_unsaved:
                note_open(folder)
        return file

    @classmethod
    def open_copy(cls, path: Path, report: Report = silent) -> Self:
        """A project that has no place yet, with all that another one holds as it was saved.

        Args:
            path: of the other one, which may be open elsewhere.
            report: told the fraction done and the stage; what it raises ends the work.

        Raises:
            UserError: the other one cannot be read, or there is no room.
        """
        source = project_folder(path.absolute())
        loaded = load(source)
        file = cls.create()
        try:
            places = carry(
                MediaStore(source), file.media, [loaded.project], link=False, report=report
            )
            project = with_media(loaded.project, places)
            file.autosave(project)
        except BaseException:
            file.close(discard=True)
            raise
        file.loaded = Loaded(project, None, loaded.written_by, 1, loaded.remarks)
        return file

    @property
    def is_unsaved(self) -> bool:
        """Whether it was not given a place yet."""
        return self._is_unsaved

    @property
    def name(self) -> str:
        """The project's; empty for one that was not given a place yet."""
        return "" if self.is_unsaved else self.folder.stem

    def save(self, project: Project, written: Project | None = None) -> None:
        """Write the document; the autosave is gone then.

        Args:
            project: the document, as autosaves know it.
            written: the same with more in it, where the file is to hold that.

        Raises:
            UserError: it has no place yet, is read-only, has a recovery that nobody has decided
                about, or cannot be written.
        """
        with self._writing:
            if self.is_unsaved:
                raise UserError("The project has no place yet", "save it under a name")
            self._require_lock()
            if self._undecided:
                raise UserError(
                    f"{self.folder.stem} has a later state that was never saved",
                    "take it or discard it first",
                )
            if self._aside:
                set_aside(self.folder)
            write(self.folder, PROJECT_FILE, written or project, self._revision + 1)
            self._aside = False
            self._revision += 1
            self._saved, self._autosaved = project, None
            remove_autosave(self.folder)

    def autosave(self, project: Project) -> bool:
        """Write the document beside the saved one, if it is not the one that was written last.

        While a recovery waits for :meth:`take_recovery` or :meth:`discard_recovery`, nothing is
        written over it.

        Returns:
            Whether the disk was touched.

        Raises:
            UserError: it cannot be written.
        """
        with self._writing:
            if self._lock is None or self._undecided or project is self._autosaved:
                return False
            if project is self._saved or project == self._saved:
                if self._autosaved is not None:
                    remove_autosave(self.folder)
                    self._autosaved = None
                    return True
                return False
            write(self.folder, AUTOSAVE_FILE, project, self._revision + 1)
            self._revision += 1
            self._autosaved = project
            return True

    def take_recovery(self) -> Project:
        """The state that was never saved: the user wants it, and autosaves go on from it."""
        if self.loaded.recovery is None:
            raise ValueError("there is no recovery")
        self._undecided, self._autosaved = False, self.loaded.recovery
        return self.loaded.recovery

    def discard_recovery(self) -> None:
        """Give up the state that was never saved.

        Raises:
            UserError: it cannot be removed.
        """
        with self._writing:
            if self._undecided:
                remove_autosave(self.folder)
                self._undecided = False

    def save_as(
        self,
        folder: Path,
        project: Project,
        snapshots: Iterable[Project] = (),
        report: Report = silent,
    ) -> dict[MediaRef, MediaRef]:
        """Make a folder that holds the project and all its files, and go on there.

        What was there before stays whole until the new folder is complete. Then a project without
        a place is gone, and a saved one is as it was saved last. Takes as long as the copying of
        all files: meant for a job. An edit that comes in the meantime is not saved, and goes into
        the next autosave.

        Args:
            folder: the new place; gets the suffix `.stemdesk`. It must not exist, or be empty.
            project: the document.
            snapshots: where undo can lead; their files come along.
            report: told the fraction done and the stage; what it raises ends the work.

        Returns:
            Old reference -> new of files from outside, for :func:`with_media` on the document and
            its history.

        Raises:
            UserError: the place is taken or cannot be written to, or a file cannot be read.
        """
        target = with_suffix(folder.absolute())
        if target == self.folder:
            self.save(project)
            return {}
        with staging_folder(target) as staging:
            before = self.media.files()
            link = self.is_unsaved
            store = MediaStore(staging)
            places = carry(self.media, store, [project, *snapshots], link=link, report=report)
            with self.media.standstill, self._writing:
                for late in self.media.files() - before:
                    carry_file(late, staging / late.relative_to(self.folder))
                saved = with_media(project, places)
                write(staging, PROJECT_FILE, saved, 1)
                self._go_on(target, settle(staging, target), saved)
        return places

    def collect(self, project: Project, snapshots: Iterable[Project] = ()) -> tuple[Path, ...]:
        """Remove audio files that neither the project, on disk or here, nor undo refers to.

        Only while nothing is being separated or taken in. Where a document of the folder cannot
        be read whole, or somebody keeps another one beside it, all stays: it may need them.

        Args:
            project: the document.
            snapshots: where undo can lead.

        Returns:
            What was removed.

        Raises:
            UserError: read-only, or a file cannot be removed.
        """
        with self._writing:
            self._require_lock()
            on_disk = load(self.folder)
            if on_disk.damaged or on_disk.remarks or self._other_documents():
                return ()
            keep = [project, *snapshots, on_disk.project]
            if on_disk.recovery is not None:
                keep.append(on_disk.recovery)
            return self.media.collect(keep)

    def close(self, *, discard: bool = False, collect: bool = False) -> None:
        """Give back the lock; twice does no harm.

        Args:
            discard: the user gives up what is not saved. Otherwise it stays to be recovered.
            collect: remove audio files as well that no state on disk refers to.

        Raises:
            UserError: what is given up cannot be removed.
        """
        with self._writing:
            lock, self._lock = self._lock, None
            if lock is None:
                return
            try:
                if discard:
                    remove_autosave(self.folder)
                is_left = (self.folder / AUTOSAVE_FILE).exists()
                if collect:
                    self._clear(lock)
            finally:
                lock.release()
            if not is_left:
                note_closed(self.folder)
            if self.is_unsaved and (discard or not (is_left or self._holds_songs())):
                remove_unsaved(self.folder)

    def _clear(self, lock: FolderLock) -> None:
        self._lock = lock  # still ours
        # What cannot be read or removed now is no reason not to leave: the next time is soon.
        with contextlib.suppress(UserError):
            self.collect(load(self.folder).project)
        self._lock = None

    def _other_documents(self) -> bool:
        own = {PROJECT_FILE, AUTOSAVE_FILE}
        return any(path.name not in own for path in self.folder.glob("*.json"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _go_on(self, target: Path, lock: FolderLock, saved: Project) -> None:
        old_folder, old_lock, undecided = self.folder, self._lock, self._undecided
        self.folder = self.media.folder = target
        self._is_unsaved = is_in_unsaved(target)
        self._lock, self.read_only = lock, False
        self._revision, self._saved, self._autosaved = 1, saved, None
        self._undecided = self._aside = False
        note_open(target)
        if old_lock is None:
            return
        old_lock.release()
        if undecided:
            return  # what waits to be recovered there still does
        # The new folder is complete. What cannot be cleared away here is offered as recovery.
        with contextlib.suppress(UserError):
            remove_autosave(old_folder)
            note_closed(old_folder)
            if is_in_unsaved(old_folder):
                remove_unsaved(old_folder)

    def _require_lock(self) -> None:
        if self._lock is None:
            raise UserError(
                f"{self.folder.stem} was opened read-only", "save it under another name"
            )

    def _holds_songs(self) -> bool:
        return self._saved is None or bool(self._saved.tracks)
