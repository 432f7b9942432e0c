"""Estimates on disk while a song is being separated, with a journal to go on from.

The spool is raw float32, frame by frame (``stems - 1`` x ``channels`` values a frame), every chunk
at its own place, so that chunks may come in any order; what is missing is a hole in the file. The
journal gets one line per chunk, written after the chunk's samples are safely on disk: which chunk,
its checksum, the state of the engine. A run that was killed goes on from the chunks that are whole.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk.locks import try_lock

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

Samples = npt.NDArray[np.float32]
BYTES = 4


@dataclass(frozen=True)
class Layout:
    """How a song's estimates lie in the file.

    Attributes:
        stems: number of estimated stems.
        channels: channels per stem.
        edges: first frame of every chunk, and the end of the last one.
    """

    stems: int
    channels: int
    edges: tuple[int, ...]

    @property
    def chunks(self) -> int:
        """How many chunks make the song."""
        return len(self.edges) - 1

    @property
    def frame_bytes(self) -> int:
        """Bytes per frame."""
        return self.stems * self.channels * BYTES

    def frames_of(self, chunk: int) -> int:
        """Length of a chunk's estimates."""
        return self.edges[chunk + 1] - self.edges[chunk]

    def spans(self, chunks: Collection[int]) -> list[tuple[int, int]]:
        """The stretches ``[first, end)`` of frames that some chunks make together."""
        spans: list[tuple[int, int]] = []
        for chunk in sorted(chunks):
            first, end = self.edges[chunk], self.edges[chunk + 1]
            if spans and spans[-1][1] == first:
                first = spans.pop()[0]
            spans.append((first, end))
        return spans


class ChunkStore:
    """Estimates of a song, chunk by chunk; where they are kept is a subclass's.

    Args:
        layout: of the estimates.

    Attributes:
        done: the chunks it holds.
        engine_state: what was appended last came with this; empty before the first.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.done: set[int] = set()
        self.engine_state: dict[str, Any] = {}

    @property
    def frames_done(self) -> int:
        """Frames of the chunks it holds."""
        return sum(self.layout.frames_of(chunk) for chunk in self.done)

    @property
    def is_complete(self) -> bool:
        """Whether no chunk is missing."""
        return len(self.done) == self.layout.chunks


class Spool(ChunkStore):
    """One song's work folder: ``key.json``, ``journal.jsonl``, ``estimates.f32``.

    Args:
        folder: hidden folder beside the results.
        key: everything that decides the estimates; a folder with another key starts afresh.
        layout: of the estimates; follows from the song and the model, and so from the key.

    Attributes:
        samples_path: the estimates.
        weights_path: for the weights of a network that was adapted to the song; as the key decides
            them, they go when it is another.
        discarded_chunks: those of an earlier run that could not be used, thrown away on opening.
    """

    def __init__(self, folder: Path, key: dict[str, Any], layout: Layout) -> None:
        super().__init__(layout)
        self.folder = folder
        self._key = key
        self._journal_path = folder / "journal.jsonl"
        self.samples_path = folder / "estimates.f32"
        self.weights_path = folder / "adapted.safetensors"
        self._lock: IO[bytes] | None = None
        self._samples: IO[bytes] | None = None
        self._journal: IO[str] | None = None
        self.discarded_chunks = 0

    def __enter__(self) -> Self:
        self._take_lock()
        try:
            self._restore()
        except OSError as error:
            self.__exit__()
            raise write_refusal(self.samples_path, error) from error
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
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / "lock").open("ab")
        except OSError as error:
            raise write_refusal(self.folder, error) from error
        if not try_lock(self._lock.fileno()):
            self.__exit__()
            raise UserError(
                f"Another StemDesk is at work in {self.folder.parent}",
                "wait for it or choose another output folder",
            )

    def _restore(self) -> None:
        key_path = self.folder / "key.json"
        wanted = json.dumps(self._key, sort_keys=True).encode()
        found = self._lines_found()
        if not key_path.exists() or key_path.read_bytes() != wanted:
            self.samples_path.unlink(missing_ok=True)
            self._journal_path.unlink(missing_ok=True)
            self.weights_path.unlink(missing_ok=True)
            with atomic_path(key_path) as partial:
                partial.write_bytes(wanted)
        entries = self._whole_entries()
        self.done = {entry["chunk"] for entry in entries}
        self.discarded_chunks = max(0, found - len(entries))
        self.engine_state = entries[-1]["engine"] if entries else {}
        self.samples_path.touch()
        end = max((self.layout.edges[chunk + 1] for chunk in self.done), default=0)
        os.truncate(self.samples_path, end * self.layout.frame_bytes)
        with atomic_path(self._journal_path) as partial:
            partial.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
        # Not for appending: there the system would ignore the place.
        self._samples = self.samples_path.open("r+b")
        self._journal = self._journal_path.open("a", encoding="utf-8")

    def _lines_found(self) -> int:
        """How many chunks an earlier run had finished; a line it was killed in does not count."""
        if not self._journal_path.exists():
            return 0
        return self._journal_path.read_bytes().count(b"\n")

    def _whole_entries(self) -> list[dict[str, Any]]:
        """Journal lines that are undamaged and whose samples are all there, one for a chunk."""
        if not (self._journal_path.exists() and self.samples_path.exists()):
            return []
        entries: dict[int, dict[str, Any]] = {}
        with self.samples_path.open("rb") as samples:
            for line in self._journal_path.read_bytes().splitlines():
                try:
                    entry = json.loads(line)
                    if self._is_whole(entry, samples):
                        entries.setdefault(entry["chunk"], entry)
                except (ValueError, TypeError, KeyError, RecursionError):
                    continue
        return list(entries.values())

    def _is_whole(self, entry: dict[str, Any], samples: IO[bytes]) -> bool:
        chunk = entry["chunk"]
        if not 0 <= chunk < self.layout.chunks:
            return False
        samples.seek(self.layout.edges[chunk] * self.layout.frame_bytes)
        size = self.layout.frames_of(chunk) * self.layout.frame_bytes
        data = samples.read(size)
        whole = len(data) == size and zlib.crc32(data) == entry["crc32"]
        return whole and isinstance(entry["engine"], dict)

    def append(self, chunk: int, samples: Samples, engine_state: dict[str, Any]) -> None:
        """Add a chunk's estimates ``[stems, channels, frames]`` and how the engine made them.

        Raises:
            UserError: the disk does not take them; what was there before is kept.
        """
        if self._samples is None or self._journal is None:
            raise ValueError("the spool is not open")
        if samples.shape[-1] != self.layout.frames_of(chunk):
            raise ValueError(f"chunk {chunk} has {samples.shape[-1]} frames: {self.layout}")
        data = np.ascontiguousarray(np.moveaxis(samples, -1, 0), dtype="<f4").tobytes()
        entry = {"chunk": chunk, "crc32": zlib.crc32(data), "engine": engine_state}
        try:
            self._samples.seek(self.layout.edges[chunk] * self.layout.frame_bytes)
            self._samples.write(data)
            self._samples.flush()
            os.fsync(self._samples.fileno())
            self._journal.write(json.dumps(entry) + "\n")
            self._journal.flush()
        except OSError as error:
            raise write_refusal(self.samples_path, error) from error
        self.engine_state = engine_state
        self.done.add(chunk)

    def open_samples(self) -> IO[bytes]:
        """The estimates for :func:`read_estimates`, from the beginning."""
        return self.samples_path.open("rb")

    def read_estimates(self, file: IO[bytes], frames: int) -> Samples:
        """The next ``[stems, channels, n]``, ``n <= frames``, ``n == 0`` at the end.

        Missing chunks are silent.
        """
        data = np.frombuffer(file.read(frames * self.layout.frame_bytes), dtype="<f4")
        return np.moveaxis(data.reshape(-1, self.layout.stems, self.layout.channels), 0, -1)

    def discard(self) -> None:
        """Remove the work folder: the results stand, or the user wants to start afresh.

        Raises:
            UserError: another StemDesk is at work there.
        """
        if self._lock is None and self.folder.exists():
            self._take_lock()
        self.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)
