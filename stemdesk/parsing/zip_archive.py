"""Zip files that other programs wrote: the one place that reads them."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from contextlib import contextmanager
from io import FileIO
from typing import TYPE_CHECKING

from stemdesk.files import require_space, write_refusal
from stemdesk.parsing.bounds import Excessive, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_DIRECTORY_BYTES = 8 << 20
"""Of a zip's list of entries: some ten thousands of them."""
FREE_BYTES = 1 << 30
MOST_RATIO = 100
"""An archive may unpack to this many times its size, and :data:`FREE_BYTES` above: so much
digital silence may lie in a project."""
_PIECE_BYTES = 1 << 20
_SHOWN = 80
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


class _Pieces(FileIO):
    """A file of which nobody takes much at once: `zipfile` reads the list of entries whole."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = MOST_DIRECTORY_BYTES + 1 if size is None or size < 0 else size
        if size is not None and size > MOST_DIRECTORY_BYTES:
            raise Excessive("it has too many entries")
        return super().read(wanted)


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip file to read from, checked against what it would unpack to.

    Args:
        path: of the file.

    Yields:
        The archive. Whatever its methods raise for damage becomes `Unreadable`.

    Raises:
        OSError: the system does not give it.
        Unreadable: it is no zip file, or damaged, or has no entry of that name.
        Excessive: it holds too many entries, or unpacks to far more than its size.
    """
    try:
        with _Pieces(path) as file, zipfile.ZipFile(file) as archive:
            size_bytes = path.stat().st_size
            unpacked_bytes = sum(entry.file_size for entry in archive.infolist())
            if unpacked_bytes > FREE_BYTES + MOST_RATIO * size_bytes:
                raise Excessive(f"it would unpack to {unpacked_bytes / 1e9:.1f} GB")
            yield archive
    except Unreadable:
        raise
    except KeyError as error:
        raise Unreadable(shortened(str(error.args[0])) if error.args else "an entry") from error
    except _DAMAGE as error:
        raise Unreadable(shortened(str(error)) or "it ends early") from error


def is_inside(name: str) -> bool:
    """Whether the name of an entry leads to a place below the folder it is unpacked to."""
    parts = name.replace("\\", "/").split("/")
    return parts[0] != "" and ":" not in parts[0] and ".." not in parts


def extract_entry(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Unpack one entry into a file of another name.

    Args:
        archive: of :func:`opened_zip`.
        name: of the entry.
        target: the file to be written; its folder exists.

    Raises:
        UserError: the disk refuses.
        Unreadable: there is no such entry, its name leads elsewhere, or it is damaged.
    """
    if not is_inside(name):
        raise Unreadable(f"the name {shortened(name)} leads out of the archive")
    entry = archive.getinfo(name)
    require_space(target.parent, entry.file_size)
    with archive.open(entry) as source:
        try:
            copy = target.open("wb")
        except OSError as error:
            raise write_refusal(target, error) from error
        with copy:
            while piece := source.read(_PIECE_BYTES):
                try:
                    copy.write(piece)
                except OSError as error:
                    raise write_refusal(target, error) from error


def shortened(name: str) -> str:
    """A name or reason of another program's, as far as a sentence has room for it."""
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}..."
