"""Separates what Bridge plug-ins captured, and gives them the stems."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from stemdesk.app.bridge.capture_file import Capture, read_capture, write_wav
from stemdesk.app.bridge.slots import (
    CAPTURE_SUFFIX,
    FAILED_SUFFIX,
    SEPARATING_SUFFIX,
    STEMS_SUFFIX,
    files_in,
    next_stems,
    slots,
)
from stemdesk.app.bridge.stem_file import write_stem_file
from stemdesk.errors import Cancelled
from stemdesk.files import write_refusal
from stemdesk.project.lock import FolderLock, ProjectLocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from stemdesk.app.options import Report

    Separate = Callable[[Path, Path, Report], Mapping[str, Path]]

_WORK_FOLDER = ".work"


class BridgeService:
    """Looks after the slots in a folder, for as long as no other service does.

    Args:
        separate: given a WAV file, an empty folder for the stems and a report, which may raise
            Cancelled; gives the stems' files by name, of the same rate, length and channels.
        folder: of all slots, see :func:`stemdesk.app.bridge.slots.slots_folder`; need not exist.
    """

    def __init__(self, separate: Separate, folder: Path) -> None:
        self._separate = separate
        self._folder = folder
        self._lock: FolderLock | None = None
        self._closing = threading.Event()

    def poll(self) -> bool:
        """Separate the capture that has waited longest, if there is one; for one thread.

        Returns:
            Whether there was one.

        Raises:
            UserError: it cannot be separated, or the disk refuses. The plug-in shows the former,
                and the capture stays, with another name, until one of that slot succeeds.
            Cancelled: :meth:`close` was called meanwhile; the capture waits for the next service.
        """
        if self._closing.is_set() or not self._has_lock():
            return False
        waiting = [
            captures[-1]
            for slot in slots(self._folder)
            if (captures := _only_newest(files_in(slot, CAPTURE_SUFFIX)))
        ]
        if not waiting:
            return False
        self._serve(min(waiting, key=_age))
        return True

    def close(self) -> None:
        """Stop what is being done, at its next report, and let other services work."""
        self._closing.set()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def _has_lock(self) -> bool:
        if self._lock is None and self._folder.is_dir():
            try:
                self._lock = FolderLock(self._folder)
            except ProjectLocked:
                return False
            for slot in slots(self._folder):
                _clean_up(slot)
        return self._lock is not None

    def _serve(self, waiting: Path) -> None:
        with _claimed(waiting) as claimed, _work_folder(waiting.parent) as work:
            capture = read_capture(claimed)
            song, output = work / f"{waiting.stem}.wav", work / "stems"
            write_wav(capture, song)
            output.mkdir()
            stems = self._separate(song, output, self._report)
            self._publish(capture, stems)

    def _publish(self, capture: Capture, stems: Mapping[str, Path]) -> None:
        slot = capture.path.parent
        older = files_in(slot, STEMS_SUFFIX)
        write_stem_file(next_stems(slot), stems, capture.origin_frame, self._check)
        for path in [*older, *files_in(slot, FAILED_SUFFIX)]:
            _remove(path)

    def _report(self, fraction: float, stage: str) -> None:
        del fraction, stage  # the engine, which separates, shows them
        self._check()

    def _check(self) -> None:
        if self._closing.is_set():
            raise Cancelled


@contextmanager
def _claimed(waiting: Path) -> Iterator[Path]:
    """The capture under the name that tells the plug-in what is going on."""
    claimed = waiting.with_suffix(SEPARATING_SUFFIX)
    try:
        waiting.rename(claimed)
    except OSError as error:
        raise write_refusal(waiting, error) from error
    try:
        yield claimed
    except (Cancelled, KeyboardInterrupt):
        claimed.rename(waiting)
        raise
    except BaseException:
        claimed.rename(waiting.with_suffix(FAILED_SUFFIX))
        raise
    _remove(claimed)


@contextmanager
def _work_folder(slot: Path) -> Iterator[Path]:
    work = slot / _WORK_FOLDER
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
    except OSError as error:
        raise write_refusal(work, error) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _clean_up(slot: Path) -> None:
    """What a service that was killed left behind is to be done again."""
    for claimed in files_in(slot, SEPARATING_SUFFIX):
        claimed.rename(claimed.with_suffix(CAPTURE_SUFFIX))
    shutil.rmtree(slot / _WORK_FOLDER, ignore_errors=True)


def _only_newest(captures: list[Path]) -> list[Path]:
    """A slot has one track: what it captured before counts no longer."""
    captures.sort(key=_age)
    for older in captures[:-1]:
        _remove(older)
    return captures[-1:]


def _age(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _remove(path: Path) -> None:
    # Windows keeps a file that a plug-in has mapped; the next stems take it away.
    with suppress(OSError):
        path.unlink()
