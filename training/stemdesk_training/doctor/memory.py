"""Examinations that are kept: a song whose files are the same is not looked at again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from stemdesk.files import atomic_path, file_sha256
from stemdesk_training.doctor.examination import FORMAT, Examination

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.datasets.multitrack import Multitrack


class Memory:
    """A folder of examinations by the contents of a song's files.

    Args:
        folder: made if it is not there; everything in it can be made again.
        listener: what heard the labels, as part of the key; empty where none were checked.
    """

    def __init__(self, folder: Path, listener: str) -> None:
        self._folder, self._listener = folder, listener
        self._hashes_path = folder / "hashes.json"
        self._hashes = self._known_hashes()

    def key(self, song: Multitrack) -> str:
        """Of a song: what its files hold, and which of them is what.

        Raises:
            OSError: a file cannot be read.
        """
        digest = hashlib.sha256(f"{FORMAT} {self._listener}".encode())
        parts = {**song.stems, "mixture": song.mixture}
        for stem in sorted(parts):
            for part in parts[stem]:
                digest.update(f"{stem} {part.stream} {part.channel} ".encode())
                digest.update(self._hash(part.path).encode())
        return digest.hexdigest()

    def recall(self, key: str) -> Examination | None:
        """What is kept under a key."""
        try:
            data = (self._folder / f"{key}.json").read_bytes()
            found = msgspec.json.decode(data, type=Examination)
        except (OSError, msgspec.DecodeError):
            return None
        return found if found.format == FORMAT else None

    def keep(self, key: str, found: Examination) -> None:
        """Keep an examination; a cache that cannot be written is none."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic_path(self._folder / f"{key}.json") as partial:
                partial.write_bytes(msgspec.json.encode(found))
            with atomic_path(self._hashes_path) as partial:
                partial.write_bytes(msgspec.json.encode(self._hashes))
        except OSError:
            return

    def _hash(self, path: Path) -> str:
        """A file's hash; taken anew only if its size or time differs."""
        status = path.stat()
        sign = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
        if sign not in self._hashes:
            self._hashes[sign] = file_sha256(path)
        return self._hashes[sign]

    def _known_hashes(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._hashes_path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}
