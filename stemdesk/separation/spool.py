"""Estimates on disk while a song is being separated, with a journal to go on from.

The spool is raw float32, frame by frame (``stems - 1`` x ``channels`` values a frame), so that a
run that was killed can be cut back to its last whole chunk. The journal gets one line per chunk,
written after the chunk's samples are safely on disk.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from stemdesk.errors import UserError
from stemdesk.files import atomic_path

if TYPE_CHECKING:
    from pathlib import Path

Samples = npt.NDArray[np.float32]
BYTES = 4


class Spool:
    """One song's work folder: ``key.json``, ``journal.jsonl``, ``estimates.f32``.

    Args:
        folder: hidden folder beside the results.
        key: everything that decides the estimates; a folder with another key starts afresh.
        stems: number of estimated stems.
        channels: channels per stem.
    """

    def __init__(self, folder: Path, key: dict[str, Any], stems: int, channels: int) -> None:
        self._folder, self._key = folder, key
        self._shape = (stems, channels)
        self._journal_path = folder / "journal.jsonl"
        self._samples_path = folder / "estimates.f32"
        self._lock_path = folder / "lock"
        self._samples: IO[bytes] | None = None
        self._journal: IO[str] | None = None
        self.chunks_done = 0
        self.frames_done = 0

    @property
    def frame_bytes(self) -> int:
        """Bytes per frame."""
        return self._shape[0] * self._shape[1] * BYTES

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock()
        try:
            self._restore()
        except BaseException:
            self._lock_path.unlink(missing_ok=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._samples, self._journal):
            if file is not None:
                file.close()
        self._samples = self._journal = None
        self._lock_path.unlink(missing_ok=True)

    def _lock(self) -> None:
        """One process at a time; the lock of a process that is gone is taken over."""
        try:
            handle = os.open(self._lock_path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            if _alive(self._lock_path):
                raise UserError(
                    f"Another StemDesk is at work in {self._folder.parent}",
                    "wait for it or choose another output folder",
                ) from None
            self._lock_path.unlink(missing_ok=True)
            return self._lock()
        with os.fdopen(handle, "w") as lock:
            lock.write(str(os.getpid()))
        return None

    def _restore(self) -> None:
        key_path = self._folder / "key.json"
        wanted = json.dumps(self._key, sort_keys=True)
        if not key_path.exists() or key_path.read_text(encoding="utf-8") != wanted:
            self._samples_path.unlink(missing_ok=True)
            self._journal_path.unlink(missing_ok=True)
            with atomic_path(key_path) as partial:
                partial.write_text(wanted, encoding="utf-8")
        entries = self._whole_entries()
        self.chunks_done = len(entries)
        self.frames_done = entries[-1]["frames"] if entries else 0
        self._samples_path.touch()
        os.truncate(self._samples_path, self.frames_done * self.frame_bytes)
        with atomic_path(self._journal_path) as partial:
            partial.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
        self._samples = self._samples_path.open("ab")
        self._journal = self._journal_path.open("a", encoding="utf-8")

    def _whole_entries(self) -> list[dict[str, int]]:
        """Journal lines up to the first that is damaged or whose samples are not all there."""
        if not (self._journal_path.exists() and self._samples_path.exists()):
            return []
        entries: list[dict[str, int]] = []
        with self._samples_path.open("rb") as samples:
            for line in self._journal_path.read_text(encoding="utf-8").splitlines():
                try:
                    entry = json.loads(line)
                except ValueError:
                    break
                before = entries[-1]["frames"] if entries else 0
                data = samples.read((entry["frames"] - before) * self.frame_bytes)
                if zlib.crc32(data) != entry["crc32"]:
                    break
                entries.append(entry)
        return entries

    def append(self, samples: Samples) -> None:
        """Add a chunk's estimates ``[stems, channels, frames]``."""
        if self._samples is None or self._journal is None:
            raise ValueError("the spool is not open")
        data = np.ascontiguousarray(np.moveaxis(samples, -1, 0), dtype="<f4").tobytes()
        self._samples.write(data)
        self._samples.flush()
        os.fsync(self._samples.fileno())
        self.frames_done += samples.shape[-1]
        self.chunks_done += 1
        entry = {"frames": self.frames_done, "crc32": zlib.crc32(data)}
        self._journal.write(json.dumps(entry) + "\n")
        self._journal.flush()

    def open_samples(self) -> IO[bytes]:
        """The estimates for :func:`read_estimates`, from the beginning."""
        return self._samples_path.open("rb")

    def read_estimates(self, file: IO[bytes], frames: int) -> Samples:
        """The next ``[stems, channels, n]``, ``n <= frames``, ``n == 0`` at the end."""
        data = np.frombuffer(file.read(frames * self.frame_bytes), dtype="<f4")
        return np.moveaxis(data.reshape(-1, *self._shape), 0, -1)

    def discard(self) -> None:
        """Remove the work folder: the results stand."""
        self.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)


def _alive(lock_path: Path) -> bool:
    try:
        pid = int(lock_path.read_text())
        os.kill(pid, 0)
    except (ValueError, ProcessLookupError, FileNotFoundError):
        return False
    except PermissionError:
        return True
    return pid != os.getpid()
