"""A large file over the network: resumed where it stopped, and checked byte by byte."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.app.model_store.connection import opened
from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, write_refusal
from stemdesk.locks import try_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Report = Callable[[float, str], None]

_PIECE_BYTES = 1 << 16
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """A file on a server.

    Attributes:
        address: where it is.
        size_bytes: what it must have; ``sha256`` likewise.
        remedy: what the user can do where the network fails.
    """

    address: str
    size_bytes: int
    sha256: str
    remedy: str


def download(wanted: Wanted, target: Path, report: Report) -> None:
    """Fetch a file; ``target`` exists only once it is whole and right.

    What has come of it stays beside the target when it is stopped, and the next call goes on there.

    Args:
        wanted: the file.
        target: where it is to be.
        report: called with the share that is done and a word; may raise to stop.

    Raises:
        UserError: the network or the disk fails, or it is another file.
    """
    ensure_writable_folder(target.parent)
    part = target.with_name(f"{target.name}.part")
    with _held(part) as file:
        rest = _Rest(file, wanted, report)
        rest.read_before()
        if rest.size_bytes < wanted.size_bytes:
            rest.fetch()
        if rest.sha256 != wanted.sha256:
            file.truncate(0)
            raise UserError(f"What came as {target.name} is not the expected file", wanted.remedy)
        file.flush()
        os.fsync(file.fileno())
    try:
        part.replace(target)
    except OSError as error:
        raise write_refusal(target, error) from error


@contextmanager
def _held(part: Path) -> Iterator[BinaryIO]:
    """The file so far, for us alone."""
    try:
        file = part.open("a+b")
    except OSError as error:
        raise write_refusal(part, error) from error
    with file:
        if not try_lock(file.fileno()):
            raise UserError(
                f"{part.stem} is being downloaded already", "wait until that is finished"
            )
        yield file


class _Rest:
    """What has come of a file, and what is still to come."""

    def __init__(self, file: BinaryIO, wanted: Wanted, report: Report) -> None:
        self._file, self._wanted, self._report = file, wanted, report
        self._restart()

    @property
    def sha256(self) -> str:
        """Of what has come."""
        return self._digest.hexdigest()

    def _restart(self) -> None:
        self.size_bytes, self._digest = 0, hashlib.sha256()

    def read_before(self) -> None:
        """Take up what earlier calls have fetched."""
        self._file.seek(0)
        while piece := self._file.read(1 << 20):
            self._count(piece, "checking")
        if self.size_bytes > self._wanted.size_bytes:
            self._file.truncate(0)
            self._restart()

    def fetch(self) -> None:
        """Fetch what is missing."""
        headers = {"Accept-Encoding": "identity"}
        if self.size_bytes:
            headers["Range"] = f"bytes={self.size_bytes}-"
        with opened(self._wanted.address, headers, self._wanted.remedy) as response:
            if response.status != HTTPStatus.PARTIAL_CONTENT:  # it sends the whole file again
                self._file.truncate(0)
                self._restart()
            while missing := self._wanted.size_bytes - self.size_bytes:
                piece = response.read1(min(missing, _PIECE_BYTES))
                if not piece:
                    break
                self._write(piece)
                self._count(piece, "downloading")
        if missing:
            raise UserError(
                f"The download broke off after {self.size_bytes / _MEGABYTE:.1f} of"
                f" {self._wanted.size_bytes / _MEGABYTE:.1f} MB",
                self._wanted.remedy,
            )

    def _write(self, piece: bytes) -> None:
        try:
            self._file.write(piece)
        except OSError as error:  # a full disk is not the network's fault
            raise write_refusal(Path(self._file.name), error) from error

    def _count(self, piece: bytes, word: str) -> None:
        self._digest.update(piece)
        self.size_bytes += len(piece)
        self._report(min(self.size_bytes / self._wanted.size_bytes, 1.0), word)
