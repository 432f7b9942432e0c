"""The audio files of a project's folder: taken in, found again, and cleared away on request."""

from __future__ import annotations

import filecmp
import os
import re
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import (
    atomic_path,
    file_sha256,
    require_space,
    write_refusal,
)
from stemdesk.project.copying import copy_hashed, read_refusal, silent
from stemdesk.project.document import MediaRef, Project, changed
from stemdesk.project.references import is_outside, media_of
from stemdesk.unfinished_files import PARTIAL_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from stemdesk.project.copying import Report

MEDIA_FOLDER = "media"
_NAME_DIGITS = 12
_OWN_NAME = re.compile(r"[0-9a-f]{12}(-\d+)?(\.[a-z0-9]{1,8})?")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_INCOMING = ".incoming-"


@dataclass(frozen=True)
class MissingMedia:
    """A file that is not where the project says.

    Attributes:
        track_id: the song.
        track_name: for people.
        lane: `mixture`, or the stem's name.
        ref: the reference; its path ends in the file's name.
    """

    track_id: str
    track_name: str
    lane: str
    ref: MediaRef


class OtherBytes(UserError):
    """A file holds other bytes than the project knows."""

    def __init__(self, source: Path) -> None:
        super().__init__(
            f"{source} is another file than the one the project used",
            "choose the one it used, or add this one as a new song",
        )


class MediaStore:
    """The media folder of one project.

    A file's name comes from its bytes: `media/<first 12 digits of its SHA-256>.<suffix>`. What is
    there is never changed. May be used from any thread; one file is taken in at a time.

    Attributes:
        folder: of the project. It changes when the project is saved elsewhere: ask
            :meth:`path_of` each time.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.standstill = threading.RLock()  # held while a file comes in, or the folder changes

    def path_of(self, ref: MediaRef) -> Path:
        """Where the file lies, whether it is there or not."""
        return self.folder / ref.path  # an absolute path stays itself

    def take_in(self, ref: MediaRef, report: Report = silent, *, move: bool = False) -> MediaRef:
        """A file into the folder; the same bytes are never there twice.

        Args:
            ref: with an absolute path; one that is in the folder already returns as it is.
            report: told the fraction done and the stage; what it raises ends the work.
            move: the file is not needed where it is, such as a finished separation.

        Returns:
            The reference to take the place of `ref`, with its hash.

        Raises:
            OtherBytes: it is not the file that `ref` knows.
            UserError: it cannot be read, or there is no room.
        """
        return self._receive(ref, self.path_of(ref), report, move) if is_outside(ref) else ref

    def relink(self, ref: MediaRef, found: Path, report: Report = silent) -> MediaRef:
        """Bring back a missing file from where it was found.

        Args:
            ref: what is missing.
            found: the file.
            report: as for :meth:`take_in`.

        Returns:
            `ref` itself if it was in the folder and is there again; otherwise the reference to
            take its place.

        Raises:
            UserError: it holds other bytes than the missing one, or another length or form.
        """
        if not ref.sha256:
            _check_form(ref, found)
        if not is_outside(ref) and not self.path_of(ref).exists():
            self._restore(ref, found, report)
            return ref
        return self._receive(ref, found, report, move=False)

    def missing(self, project: Project) -> tuple[MissingMedia, ...]:
        """What the project needs and does not find."""
        return tuple(
            MissingMedia(track.id, track.name, lane, ref)
            for track, lane, ref in media_of(project)
            if not self.path_of(ref).is_file()
        )

    def files(self) -> set[Path]:
        """What lies in the media folder under a name that this store gave."""
        return {path for path in self._entries() if _OWN_NAME.fullmatch(path.name)}

    def collect(self, keep: Iterable[Project]) -> tuple[Path, ...]:
        """Remove files that no project of `keep` refers to; other people's files stay.

        Only while nothing is being separated or taken in: what is not yet in the document goes.

        Args:
            keep: the project as it is, as it was saved, and every snapshot undo can lead to.

        Returns:
            What was removed.

        Raises:
            UserError: a file cannot be removed.
        """
        with self.standstill:
            needed = {self.path_of(ref) for project in keep for _, _, ref in media_of(project)}
            removed = tuple(sorted(self.files() - needed))
            for path in removed:
                _remove(path)
        return removed

    def sweep(self) -> None:
        """Remove what a killed process left half copied; for the holder of the lock alone."""
        with self.standstill:
            for path in list(self._entries()):
                if path.name.startswith(_INCOMING):
                    path.unlink(missing_ok=True)

    def _receive(self, ref: MediaRef, source: Path, report: Report, move: bool) -> MediaRef:  # noqa: FBT001
        with self.standstill:
            incoming = self._incoming()
            try:
                sha256 = _linked(source, incoming, report) if move else ""
                sha256 = sha256 or self._copied(source, incoming, report)
                _check_bytes(ref, source, sha256)
                final = self._settle(incoming, sha256, source.suffix.lower())
            finally:
                incoming.unlink(missing_ok=True)
        if move:
            _remove(source)
        return changed(ref, path=f"{MEDIA_FOLDER}/{final.name}", sha256=sha256)

    def _restore(self, ref: MediaRef, source: Path, report: Report) -> None:
        with self.standstill:
            incoming = self._incoming()
            final = self.path_of(ref)
            try:
                _check_bytes(ref, source, self._copied(source, incoming, report))
                final.parent.mkdir(parents=True, exist_ok=True)
                _settle_as(final, incoming)
            finally:
                incoming.unlink(missing_ok=True)

    def _copied(self, source: Path, incoming: Path, report: Report) -> str:
        try:
            size_bytes = source.stat().st_size
        except OSError as error:
            raise read_refusal(source, error) from error
        require_space(self.folder, size_bytes)
        return copy_hashed(source, incoming, report)

    def _settle(self, incoming: Path, sha256: str, suffix: str) -> Path:
        """Give a complete file its name; where the same bytes are there already, theirs."""
        suffix = suffix if _SUFFIX.fullmatch(suffix) else ""
        start = sha256[:_NAME_DIGITS]
        for path in sorted(self.files()):
            if path.name.startswith(start) and filecmp.cmp(path, incoming, shallow=False):
                return path
        final, number = incoming.with_name(f"{start}{suffix}"), 2
        while final.exists():  # other bytes have the name: it was damaged, or hashes alike
            final, number = incoming.with_name(f"{start}-{number}{suffix}"), number + 1
        _settle_as(final, incoming)
        return final

    def _incoming(self) -> Path:
        folder = self.folder / MEDIA_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_refusal(folder, error) from error
        return folder / f"{_INCOMING}{secrets.token_hex(4)}{PARTIAL_SUFFIX}"

    def _entries(self) -> Iterator[Path]:
        folder = self.folder / MEDIA_FOLDER
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.is_file())


def _settle_as(final: Path, incoming: Path) -> None:
    with atomic_path(final) as partial:
        try:
            incoming.replace(partial)
        except OSError as error:
            raise write_refusal(final, error) from error


def _linked(source: Path, incoming: Path, report: Report) -> str:
    """A second name for the file, and its hash; empty where the disk is another one.

    The first name stays until the file has its last one, so that no failure can lose it.
    """
    try:
        os.link(source.resolve(), incoming)
    except OSError:
        return ""
    return file_sha256(incoming, report)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise write_refusal(path, error) from error


def _check_bytes(ref: MediaRef, source: Path, sha256: str) -> None:
    if ref.sha256 and ref.sha256 != sha256:
        raise OtherBytes(source)


def _check_form(ref: MediaRef, found: Path) -> None:
    from stemdesk.audio.reading import open_audio

    with open_audio(found) as reader:
        info = reader.info
    there = info.frames, info.sample_rate, info.channels
    wanted = ref.frames, ref.sample_rate, ref.channels
    if there != wanted:
        raise UserError(
            f"{found} has {there[0]} frames, {there[1]} Hz, {there[2]} channels, and the missing"
            f" file had {wanted[0]}, {wanted[1]} and {wanted[2]}",
            "choose the one the project used",
        )
