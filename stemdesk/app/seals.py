"""Whether files still are what was read of them; asked before anything made of them is kept."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from stemdesk.audio.reading import unhindered
from stemdesk.audio.source import open_source
from stemdesk.errors import UserError
from stemdesk.files import file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from stemdesk.app.options import Report

    Check = Callable[[], None]


class SourceChanged(UserError):
    """A file is another one than at the beginning, so what was made of it is of no use."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was changed while StemDesk was reading it",
            "wait until the file is complete, then start again",
        )


class MediaChanged(UserError):
    """A file of a project is not the one that the project was made with."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was changed outside the project",
            "put the original file back, or add the changed one as a new song",
        )


class Seal:
    """A file as it was when this was made.

    Args:
        path: the file.
        check: called between pieces while it is read; may raise Cancelled.

    Attributes:
        path: the file.
        sha256: of its bytes, 64 lower-case hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, check: Check = unhindered) -> None:
        self.path = path
        self._status = _status(path)
        self.sha256 = file_sha256(path, lambda *_: check())

    def require(self, check: Check = unhindered) -> None:
        """Read the file once more.

        Raises:
            SourceChanged: it holds other bytes, or is gone.
        """
        try:
            status = _status(self.path)
            sha256 = file_sha256(self.path, lambda *_: check())
        except OSError as error:
            raise SourceChanged(self.path) from error
        if sha256 != self.sha256:
            raise SourceChanged(self.path)
        self._status = status

    def glance(self) -> None:
        """As :meth:`require`, but the file is read only if the system says it was written to.

        Raises:
            SourceChanged: it holds other bytes, or is gone.
        """
        try:
            is_as_it_was = _status(self.path) == self._status
        except OSError as error:
            raise SourceChanged(self.path) from error
        if not is_as_it_was:
            self.require()

    def watching(self, report: Report) -> Report:
        """A report that glances at the file first, so that a change ends the work early."""

        def told(fraction: float, stage: str) -> None:
            self.glance()
            report(fraction, stage)

        return told


class Seals:
    """Several files, see :class:`Seal`; one that is named twice is read once."""

    def __init__(self, paths: Iterable[Path], check: Check = unhindered) -> None:
        self._seals = {path: _sealed(path, check) for path in dict.fromkeys(paths)}

    @classmethod
    def of_media(cls, known: Mapping[Path, str], check: Check = unhindered) -> Self:
        """Those of a project.

        Args:
            known: file -> SHA-256 that the project knows; empty where it does not.
            check: as for :class:`Seal`.

        Raises:
            MediaChanged: a file is another one than the project's.
            UserError: one cannot be read.
        """
        seals = cls(known, check)
        for path, sha256 in known.items():
            if sha256 and seals._seals[path].sha256 != sha256:
                raise MediaChanged(path)
        return seals

    def sha256_of(self, path: Path) -> str:
        """SHA-256 of a file as it was."""
        return self._seals[path].sha256

    def require(self, check: Check = unhindered) -> None:
        """Read all of them once more.

        Raises:
            SourceChanged: one holds other bytes, or is gone.
        """
        for seal in self._seals.values():
            seal.require(check)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What fails within because a file was changed is said to fail of that.

        Raises:
            SourceChanged: a file was changed.
        """
        with telling_changes(*self._seals.values()):
            yield


@contextmanager
def telling_changes(*seals: Seal) -> Iterator[None]:
    """A file that is overwritten while it is read looks damaged: report the change instead.

    Raises:
        SourceChanged: work within failed, and a file was changed.
    """
    try:
        yield
    except SourceChanged:
        raise
    except (UserError, OSError) as error:
        try:
            for seal in seals:
                seal.glance()
        except SourceChanged as change:
            raise change from error
        raise


def _sealed(path: Path, check: Check) -> Seal:
    open_source(path).close()  # refuses what is no file, or would never end
    try:
        return Seal(path, check)
    except OSError as error:
        raise UserError(
            f"{str(path)[:80]} cannot be opened ({error.strerror or error})",
            "check the name, or copy the file to another place",
        ) from error


def _status(path: Path) -> tuple[int, ...]:
    """What changes with each write; the last, where the system keeps it, cannot be set back."""
    status = path.stat()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
