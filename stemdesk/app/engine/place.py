"""One engine for each user: who comes second is told of the first."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from stemdesk.app.engine.client import running_engine
from stemdesk.app.engine.info import EngineInfo, engine_folder, read_info, remove_info, write_info
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk.project.lock import FolderLock, ProjectLocked

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWNER_ONLY = 0o700


class Place:
    """Where this engine publishes itself.

    Attributes:
        is_stale: the engine before this one left its file, so it was killed.
    """

    def __init__(self) -> None:
        self.is_stale = read_info() is not None
        self._published: EngineInfo | None = None

    def publish(self, info: EngineInfo) -> None:
        """Let clients find it.

        Raises:
            UserError: nothing can be written there.
        """
        write_info(info)
        self._published = info

    def withdraw(self) -> None:
        """Take that back."""
        if self._published is not None:
            with suppress(OSError):
                remove_info(self._published)


@contextmanager
def claimed_place() -> Iterator[Place]:
    """The place of the user's only engine, for as long as the context lasts.

    A file that a killed engine left does no harm: the lock is the system's, and ends with its
    process. Where a disk has no locks, an engine that answers is the first all the same.

    Raises:
        UserError: an engine runs already; names its address.
    """
    folder = engine_folder()
    ensure_writable_folder(folder)
    folder.chmod(_OWNER_ONLY)
    try:
        lock = FolderLock(folder)
    except ProjectLocked as error:
        raise _second(error) from error
    try:
        if running_engine() is not None:
            raise _second(None)
        place = Place()
        try:
            yield place
        finally:
            place.withdraw()
    finally:
        lock.release()


def _second(locked: ProjectLocked | None) -> UserError:
    first = running_engine()
    if first is not None:
        return UserError(
            f"An engine runs already at {first.address} (process {first.pid})",
            "use that one, or end it with 'stemdesk engine stop'",
        )
    holder = locked.holder if locked else None
    who = f" (process {holder.pid} on {holder.host})" if holder else ""
    return UserError(f"Another engine{who} is starting or ending", "wait a moment and try again")
