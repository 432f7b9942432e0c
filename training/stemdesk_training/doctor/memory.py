"""Examinations that are kept: a song whose files are the same is not looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from stemdesk.files import atomic_path
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk_training.datasets.contents import Contents
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
        self._contents = Contents(folder / "hashes.json")

    def key(self, song: Multitrack) -> str:
        """Of a song: what its files hold, and which of them is what.

        Raises:
            OSError: a file cannot be read.
        """
        return self._contents.key(song, f"{FORMAT} {self._listener}")

    def recall(self, key: str) -> Examination | None:
        """What is kept under a key."""
        try:
            data = file_bytes(self._folder / f"{key}.json")
            found = read_json_as(data, Examination, names=True)
        except (OSError, Unreadable):
            return None
        return found if found.format == FORMAT else None

    def keep(self, key: str, found: Examination) -> None:
        """Keep an examination; a cache that cannot be written is none."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic_path(self._folder / f"{key}.json") as partial:
                partial.write_bytes(msgspec.json.encode(found))
        except OSError:
            return
        self._contents.save()
