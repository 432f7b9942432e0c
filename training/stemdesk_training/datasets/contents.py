"""What a song's files hold, as one short key: songs that are the same are not worked on again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from stemdesk.files import atomic_path, file_sha256
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk_training.datasets.multitrack import Multitrack


class Contents:
    """Hashes of files, each taken anew only if the file's size or time differs.

    Args:
        path: where they are kept between runs; can be lost at any time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._hashes = read_json_as(file_bytes(path), dict[str, str], names=True)
        except (OSError, Unreadable):
            self._hashes = {}

    def key(self, song: Multitrack, salt: str = "") -> str:
        """Of a song: what its files hold, and which of them is what.

        Args:
            song: its files.
            salt: whatever else the key is to tell apart.

        Raises:
            OSError: a file cannot be read.
        """
        digest = hashlib.sha256(salt.encode())
        parts = {**song.stems, "mixture": song.mixture}
        for stem in sorted(parts):
            for part in parts[stem]:
                digest.update(f"{stem} {part.stream} {part.channel} ".encode())
                digest.update(self._hash(part.path).encode())
        return digest.hexdigest()

    def save(self) -> None:
        """Keep the hashes; a cache that cannot be written is none."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_path(self._path) as partial:
                partial.write_bytes(msgspec.json.encode(self._hashes))
        except OSError:
            return

    def _hash(self, path: Path) -> str:
        status = path.stat()
        sign = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
        if sign not in self._hashes:
            self._hashes[sign] = file_sha256(path)
        return self._hashes[sign]
