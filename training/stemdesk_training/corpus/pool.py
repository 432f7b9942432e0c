"""The pool: minutes of finished stems as int16 arrays on disk, ready to be mixed.

A pool folder holds two kinds of material, all int16 ``[frames, 2]`` at 44.1 kHz, to be opened
memory-mapped, and ``pool.json``:

- ``<split>/<stem>_<nn>.npy``: independent segments of one stem, one after the other;
- ``<split>/song_<nnn>_<stem>.npy``: the four stems of one song, aligned, their sum its master.

Every file depends on (seed, split, stem, number) alone, so the order of making, the number of jobs
and the choice of stems change nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.pool_index import PoolIndex
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.songs import FinishedSong, SongMaker
from stemdesk_training.corpus.vocals import VocalStem
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS, Audio, Rng

SPLITS = ("train", "valid")
SONGS = "songs"
KINDS = (*STEMS, SONGS)
MINUTES: dict[str, dict[str, float]] = {
    "train": {"vocals": 60, "drums": 60, "bass": 45, "other": 90, SONGS: 60},
    "valid": dict.fromkeys(KINDS, 5.0),
}
_FILE_SECONDS = 240.0
_SONG_SECONDS = 65.0
Minutes = Mapping[str, Mapping[str, float]]
Report = Callable[[str], None]


class StemMaker(Protocol):
    """What the four stem generators have in common."""

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        ...


_MAKERS: dict[str, Callable[[Path, str, SampleShelf], StemMaker]] = {
    "vocals": VocalStem,
    "drums": DrumStem,
    "bass": BassStem,
    "other": OtherStem,
}


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file of the pool, or one song (``stem`` is ``songs``)."""

    audio_root: Path
    pool: Path
    seed: int
    split: str
    stem: str
    number: int
    seconds: float

    @property
    def name(self) -> str:
        """Path of the file inside the pool, or what the paths of a song's files begin with."""
        if self.stem == SONGS:
            return f"{self.split}/song_{self.number:03d}"
        return f"{self.split}/{self.stem}_{self.number:02d}.npy"

    def generator(self) -> Rng:
        """The randomness of this file alone."""
        key = [self.seed, SPLITS.index(self.split), KINDS.index(self.stem), self.number]
        return np.random.default_rng(key)


@lru_cache(maxsize=1)
def _shelf() -> SampleShelf:
    return SampleShelf()


@lru_cache(maxsize=8)
def _maker(audio_root: Path, split: str, stem: str) -> StemMaker:
    return _MAKERS[stem](audio_root, split, _shelf())


@lru_cache(maxsize=2)
def _songs(audio_root: Path, split: str) -> SongMaker:
    return SongMaker(audio_root, split, _shelf())


def plan(audio_root: Path, pool: Path, seed: int, minutes: Minutes) -> list[FileTask]:
    """Files in the order of making: validation first, then one of each stem in turn.

    Args:
        audio_root: folder with voices/, speech/, instruments/, midi/ (songs/ is never opened).
        pool: folder to write.
        seed: the same seed gives the same pool.
        minutes: split to stem (or ``songs``) to minutes, as ``MINUTES``.
    """
    rounds: list[tuple[int, int, FileTask]] = []
    for split_index, split in enumerate(("valid", "train")):
        for stem, total in minutes.get(split, {}).items():
            length = _SONG_SECONDS if stem == SONGS else _FILE_SECONDS
            count = max(1, round(total * 60 / length))
            for number in range(count):
                task = FileTask(audio_root, pool, seed, split, stem, number, total * 60 / count)
                # Stems with fewer files are spread over the whole run.
                rounds.append((split_index, round(1000 * number / count), task))
    rounds.sort(key=lambda item: (item[0], item[1], KINDS.index(item[2].stem)))
    return [task for _, _, task in rounds]


def make(task: FileTask) -> dict[str, Any]:
    """Make what a task asks for; returns its entry for the index."""
    return _make_song(task) if task.stem == SONGS else _make_file(task)


def _make_file(task: FileTask) -> dict[str, Any]:
    """Fill one file with segments of 8 to 20 s; returns seconds by source."""
    maker = _maker(task.audio_root, task.split, task.stem)
    rng = task.generator()
    total = round(task.seconds * RATE_HZ)
    samples = np.zeros((total, 2), dtype=np.int16)
    sources: Counter[str] = Counter()
    filled = 0
    while filled < total:
        seconds = min(float(rng.uniform(8, 20)), (total - filled) / RATE_HZ)
        clip, source = maker.draw(max(seconds, 4.0), rng)
        count = min(clip.shape[1], total - filled)
        samples[filled : filled + count] = _integers(clip[:, :count])
        filled += count
        sources[source] += round(count / RATE_HZ, 2)
    _save(task.pool / task.name, samples)
    return {"seconds": round(task.seconds, 2), "sources": dict(sorted(sources.items()))}


def _make_song(task: FileTask) -> dict[str, Any]:
    rng = task.generator()
    seconds = task.seconds * float(rng.uniform(0.75, 1.35))
    song = _songs(task.audio_root, task.split).make(seconds, rng)
    for stem, clip in song.stems.items():
        _save(task.pool / f"{task.name}_{stem}.npy", _integers(clip))
    return _described(song)


def _described(song: FinishedSong) -> dict[str, Any]:
    form = song.form
    return {
        "seconds": round(form.seconds, 2),
        "bpm": round(60 / form.beat_seconds, 2),
        "key": form.sections[0].song.key,
        "sections": [[s.name, round(s.start, 3), sorted(s.rests)] for s in form.sections],
        "sources": song.sources,
    }


def _save(path: Path, samples: NDArray[np.int16]) -> None:
    """The file appears under its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, samples)
    partial.replace(path)


def _integers(clip: Audio) -> NDArray[np.int16]:
    return np.rint(clip.T * 32767).clip(-32768, 32767).astype(np.int16)


def _results(tasks: list[FileTask], jobs: int) -> Iterator[tuple[FileTask, dict[str, Any]]]:
    # Matrix products with a thread per core in every process would only stand in each other's way.
    if jobs <= 1:
        with threadpool_limits(1):
            for task in tasks:
                yield task, make(task)
        return
    with ProcessPoolExecutor(jobs, initializer=threadpool_limits, initargs=(1,)) as executor:
        yield from zip(tasks, executor.map(make, tasks), strict=True)


def unmade(tasks: list[FileTask]) -> list[FileTask]:
    """Tasks that the index of their pool, of the same seed, does not list as done."""
    return [task for task in tasks if not PoolIndex(task.pool, task.seed).holds(task.name)]


def build_pool(tasks: list[FileTask], report: Report, jobs: int = 1) -> None:
    """Make every file of a plan, and ``pool.json``, which is renewed after each file.

    Args:
        tasks: see :func:`plan`; files of the same name are replaced, others stay.
        report: told one line per file.
        jobs: processes.
    """
    if not tasks:
        return
    tasks[0].pool.mkdir(parents=True, exist_ok=True)
    index = PoolIndex(tasks[0].pool, tasks[0].seed)
    begun = time.monotonic()
    made = 0.0
    for task, entry in _results(tasks, jobs):
        index.add("songs" if task.stem == SONGS else "files", task.name, entry)
        made += entry["seconds"]
        speed = made / (time.monotonic() - begun)
        pace = f"{speed:.1f} x real time" if speed >= 1 else f"takes {1 / speed:.1f} x its length"
        report(f"{task.name}: {entry['seconds']:.0f} s, {pace}")
