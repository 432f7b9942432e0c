"""Analysed recordings, made once and kept on disk: WORLD's analysis is slow, its reading is not."""

import hashlib
from collections import OrderedDict
from pathlib import Path

import numpy as np
import soundfile

from stemdesk.files import atomic_path
from stemdesk.paths import cache_dir
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.voice import world
from stemdesk_training.corpus.voice.world import Mono, Recording
from stemdesk_training.corpus.waveform import RATE_HZ

_MARGIN = round(0.05 * RATE_HZ)
_LEAST_STEPS = 10


class RecordingStore:
    """Recordings by file and span: in memory within a limit, on disk, else made anew."""

    def __init__(
        self, shelf: SampleShelf, folder: Path | None = None, limit_mib: float = 500.0
    ) -> None:
        """Keep analyses under ``folder`` (the user's cache folder by default)."""
        self._shelf = shelf
        self._folder = cache_dir() / "voices" if folder is None else folder
        self._kept: OrderedDict[tuple[Path, int, int], Recording] = OrderedDict()
        self._seconds: dict[Path, float] = {}
        self._bytes = 0
        self._limit_bytes = limit_mib * 2**20

    def seconds(self, path: Path) -> float:
        """Length of a file; its header tells, so that it need not be decoded."""
        if path not in self._seconds:
            self._seconds[path] = float(soundfile.info(path).duration)
        return self._seconds[path]

    def sound(self, path: Path) -> Mono:
        """The whole file, mono ``[frames]`` at 44.1 kHz."""
        return np.asarray(self._shelf.get(path).mean(axis=0), dtype=np.float32)

    def get(self, path: Path, start_seconds: float, end_seconds: float) -> Recording:
        """The analysis of a span of a file; beyond the file's end it is cut.

        Raises:
            ValueError: less than 50 ms are left.
        """
        first, last = round(start_seconds * RATE_HZ), round(end_seconds * RATE_HZ)
        key = (path, first, last)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        cached = self._folder / _name(path, first, last)
        if cached.exists():
            recording = _read(cached)
        else:
            recording = self._analysed(path, max(0, first), last)
            _write(cached, recording)
        self._kept[key] = recording
        self._bytes += _size(recording)
        while self._bytes > self._limit_bytes and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= _size(old)
        return recording

    def _analysed(self, path: Path, first: int, last: int) -> Recording:
        """Analyse with a margin: at its very edges a voice is not recognised as one."""
        sound = self._shelf.get(path)
        begin = max(0, first - _MARGIN)
        whole = world.analyse(sound[:, begin : last + _MARGIN].mean(axis=0))
        skip = round((first - begin) / world.HOP_FRAMES)
        steps = round((min(last, sound.shape[1]) - first) / world.HOP_FRAMES)
        if steps < _LEAST_STEPS:
            msg = f"less than 50 ms of {path.name} to analyse"
            raise ValueError(msg)
        return whole.between(skip, min(skip + steps, whole.steps))


def _name(path: Path, first: int, last: int) -> str:
    """Names a span by its file's place and size, so that no other is taken for it."""
    key = f"{world.VERSION}|{path.resolve()}|{path.stat().st_size}|{first}|{last}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:24]}.npz"


def _size(recording: Recording) -> int:
    return (
        recording.audio.nbytes
        + recording.pitch_hz.nbytes
        + recording.envelope.nbytes
        + recording.aperiodicity_db.nbytes
    )


def _write(path: Path, recording: Recording) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as partial, partial.open("wb") as file:
        np.savez(
            file,
            audio=np.rint(recording.audio * 8192).astype(np.int16),
            pitch_hz=recording.pitch_hz,
            envelope=recording.envelope,
            aperiodicity_db=recording.aperiodicity_db,
        )


def _read(path: Path) -> Recording:
    with np.load(path) as held:
        audio = (held["audio"] / np.float32(8192)).astype(np.float32)
        return Recording(audio, held["pitch_hz"], held["envelope"], held["aperiodicity_db"])
