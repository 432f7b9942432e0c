"""Estimates on disk while a song is being separated, with a journal to go on from.

The spool is raw float32, frame by frame (``stems - 1`` x ``channels`` values a frame), so that a
run that was killed can be cut back to its last whole chunk. The journal gets one line per chunk,
written after the chunk's samples are safely on disk: frames so far, checksum, state of the engine.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import zlib
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

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

    Attributes:
        chunks_done: whole chunks it holds, and ``frames_done`` their frames.
        discarded_chunks: those of an earlier run that could not be used, thrown away on opening.
        engine_state: what :meth:`append` was given with the last chunk, empty before the first.
    """

    def __init__(self, folder: Path, key: dict[str, Any], stems: int, channels: int) -> None:
        self._folder, self._key = folder, key
        self._shape = (stems, channels)
        self._journal_path = folder / "journal.jsonl"
        self._samples_path = folder / "estimates.f32"
        self._lock: IO[bytes] | None = None
        self._samples: IO[bytes] | None = None
        self._journal: IO[str] | None = None
        self.chunks_done = self.discarded_chunks = 0
        self.frames_done = 0
        self.engine_state: dict[str, Any] = {}

    @property
    def frame_bytes(self) -> int:
        """Bytes per frame."""
        return self._shape[0] * self._shape[1] * BYTES

    def __enter__(self) -> Self:
        self._take_lock()
        try:
            self._restore()
        except OSError as error:
            self.__exit__()
            raise write_refusal(self._samples_path, error) from error
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self._samples, self._journal, self._lock):
            if file is not None:
                # What a full disk did not take is cut off at the next start.
                with suppress(OSError):
                    file.close()
        self._samples = self._journal = self._lock = None

    def _take_lock(self) -> None:
        """One spool at a time; the system itself releases the lock of a process that is gone."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self._folder / "lock").open("ab")
        except OSError as error:
            raise write_refusal(self._folder, error) from error
        if not _locked(self._lock):
            self.__exit__()
            raise UserError(
                f"Another StemDesk is at work in {self._folder.parent}",
                "wait for it or choose another output folder",
            )

    def _restore(self) -> None:
        key_path = self._folder / "key.json"
        wanted = json.dumps(self._key, sort_keys=True).encode()
        found = self._lines_found()
        if not key_path.exists() or key_path.read_bytes() != wanted:
            self._samples_path.unlink(missing_ok=True)
            self._journal_path.unlink(missing_ok=True)
            with atomic_path(key_path) as partial:
                partial.write_bytes(wanted)
        entries = self._whole_entries()
        self.chunks_done = len(entries)
        self.discarded_chunks = max(0, found - len(entries))
        self.frames_done = entries[-1]["frames"] if entries else 0
        self.engine_state = entries[-1]["engine"] if entries else {}
        self._samples_path.touch()
        os.truncate(self._samples_path, self.frames_done * self.frame_bytes)
        with atomic_path(self._journal_path) as partial:
            partial.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
        self._samples = self._samples_path.open("ab")
        self._journal = self._journal_path.open("a", encoding="utf-8")

    def _lines_found(self) -> int:
        """How many chunks an earlier run had finished; a line it was killed in does not count."""
        if not self._journal_path.exists():
            return 0
        return self._journal_path.read_bytes().count(b"\n")

    def _whole_entries(self) -> list[dict[str, Any]]:
        """Journal lines up to the first that is damaged or whose samples are not all there."""
        if not (self._journal_path.exists() and self._samples_path.exists()):
            return []
        entries: list[dict[str, Any]] = []
        with self._samples_path.open("rb") as samples:
            for line in self._journal_path.read_bytes().splitlines():
                before = entries[-1]["frames"] if entries else 0
                try:
                    entry = json.loads(line)
                    size = (entry["frames"] - before) * self.frame_bytes
                    data = samples.read(max(0, size))
                    whole = 0 < size == len(data) and zlib.crc32(data) == entry["crc32"]
                    whole = whole and isinstance(entry["engine"], dict)
                except (ValueError, TypeError, KeyError, OverflowError):
                    break
                if not whole:
                    break
                entries.append(entry)
        return entries

    def append(self, samples: Samples, engine_state: dict[str, Any]) -> None:
        """Add a chunk's estimates ``[stems, channels, frames]`` and how the engine made them.

        Raises:
            UserError: the disk does not take them; what was there before is kept.
        """
        if self._samples is None or self._journal is None:
            raise ValueError("the spool is not open")
        data = np.ascontiguousarray(np.moveaxis(samples, -1, 0), dtype="<f4").tobytes()
        frames = self.frames_done + samples.shape[-1]
        entry = {"frames": frames, "crc32": zlib.crc32(data), "engine": engine_state}
        try:
            self._samples.write(data)
            self._samples.flush()
            os.fsync(self._samples.fileno())
            self._journal.write(json.dumps(entry) + "\n")
            self._journal.flush()
        except OSError as error:
            raise write_refusal(self._samples_path, error) from error
        self.frames_done, self.engine_state = frames, engine_state
        self.chunks_done += 1

    def open_samples(self) -> IO[bytes]:
        """The estimates for :func:`read_estimates`, from the beginning."""
        return self._samples_path.open("rb")

    def read_estimates(self, file: IO[bytes], frames: int) -> Samples:
        """The next ``[stems, channels, n]``, ``n <= frames``, ``n == 0`` at the end."""
        data = np.frombuffer(file.read(frames * self.frame_bytes), dtype="<f4")
        return np.moveaxis(data.reshape(-1, *self._shape), 0, -1)

    def discard(self) -> None:
        """Remove the work folder: the results stand, or the user wants to start afresh.

        Raises:
            UserError: another StemDesk is at work there.
        """
        if self._lock is None and self._folder.exists():
            self._take_lock()
        self.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)


def _locked(file: IO[bytes]) -> bool:
    """Lock an open file for as long as it stays open; False where somebody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # A file system without locks (ENOLCK, ENOTSUP) must not keep anybody from working.
        return error.errno not in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
    return True
