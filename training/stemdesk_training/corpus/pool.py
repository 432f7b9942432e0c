"""The pool: minutes of finished stems as int16 arrays on disk, ready to be mixed at random.

A pool folder holds ``<split>/<stem>_<nn>.npy`` (int16 ``[frames, 2]`` at 44.1 kHz, to be opened
memory-mapped) and ``pool.json``. Every file depends on (seed, split, stem, number) alone, so the
order of making and the number of jobs change nothing.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from stemdesk_training.corpus.accompaniment import OtherStem
from stemdesk_training.corpus.bass import BassStem
from stemdesk_training.corpus.credits import CREDITS, HELD_OUT
from stemdesk_training.corpus.drums import DrumStem
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.vocals import VocalStem
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS, Audio, Rng

SPLITS = ("train", "valid")
MINUTES: dict[str, dict[str, float]] = {
    "train": {"vocals": 60, "drums": 45, "bass": 35, "other": 60},
    "valid": {"vocals": 4, "drums": 4, "bass": 4, "other": 4},
}
_FILE_SECONDS = 240.0
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
    """One file of the pool."""

    audio_root: Path
    pool: Path
    seed: int
    split: str
    stem: str
    number: int
    seconds: float

    @property
    def path(self) -> Path:
        """Where the file goes."""
        return self.pool / self.split / f"{self.stem}_{self.number:02d}.npy"


@lru_cache(maxsize=1)
def _shelf() -> SampleShelf:
    return SampleShelf()


@lru_cache(maxsize=8)
def _maker(audio_root: Path, split: str, stem: str) -> StemMaker:
    return _MAKERS[stem](audio_root, split, _shelf())


def plan(audio_root: Path, pool: Path, seed: int, minutes: Minutes) -> list[FileTask]:
    """Files in the order of making: validation first, then one of each stem in turn."""
    rounds: list[tuple[int, int, FileTask]] = []
    for split_index, split in enumerate(("valid", "train")):
        for stem, total in minutes.get(split, {}).items():
            count = max(1, round(total * 60 / _FILE_SECONDS))
            for number in range(count):
                task = FileTask(audio_root, pool, seed, split, stem, number, total * 60 / count)
                # Stems with fewer files are spread over the whole run.
                rounds.append((split_index, round(1000 * number / count), task))
    rounds.sort(key=lambda item: (item[0], item[1], STEMS.index(item[2].stem)))
    return [task for _, _, task in rounds]


def make_file(task: FileTask) -> dict[str, float]:
    """Fill one file with segments of 8 to 20 s; returns seconds by source.

    The file appears under its name only when it is whole.
    """
    maker = _maker(task.audio_root, task.split, task.stem)
    key = [task.seed, SPLITS.index(task.split), STEMS.index(task.stem), task.number]
    rng = np.random.default_rng(key)
    total = round(task.seconds * RATE_HZ)
    samples = np.zeros((total, 2), dtype=np.int16)
    sources: Counter[str] = Counter()
    filled = 0
    while filled < total:
        seconds = min(float(rng.uniform(8, 20)), (total - filled) / RATE_HZ)
        clip, source = maker.draw(max(seconds, 4.0), rng)
        count = min(clip.shape[1], total - filled)
        samples[filled : filled + count] = np.rint(clip[:, :count].T * 32767).astype(np.int16)
        filled += count
        sources[source] += round(count / RATE_HZ, 2)
    task.path.parent.mkdir(parents=True, exist_ok=True)
    partial = task.path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.save(file, samples)
    partial.replace(task.path)
    return dict(sources)


def _results(tasks: list[FileTask], jobs: int) -> Iterator[tuple[FileTask, dict[str, float]]]:
    if jobs <= 1:
        for task in tasks:
            yield task, make_file(task)
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield from zip(tasks, executor.map(make_file, tasks), strict=True)


def build_pool(
    audio_root: Path, pool: Path, seed: int, minutes: Minutes, report: Report, jobs: int = 1
) -> None:
    """Make every file of a pool, and ``pool.json``, which is renewed after each file.

    Args:
        audio_root: folder with voices/, speech/, instruments/, midi/ (songs/ is never opened).
        pool: folder to write; files of the same name are replaced.
        seed: the same seed gives the same pool.
        minutes: split to stem to minutes, as ``MINUTES``.
        report: told one line per file.
        jobs: processes.
    """
    tasks = plan(audio_root, pool, seed, minutes)
    seconds: dict[str, Counter[str]] = {split: Counter() for split in SPLITS}
    begun = time.monotonic()
    made = 0.0
    for task, sources in _results(tasks, jobs):
        seconds[task.split].update(sources)
        made += task.seconds
        speed = made / (time.monotonic() - begun)
        _write_json(pool, seed, seconds)
        report(f"{task.split}/{task.path.name}: {task.seconds:.0f} s, {speed:.1f} x real time")


def _write_json(pool: Path, seed: int, seconds: dict[str, Counter[str]]) -> None:
    content = {
        "format": 1,
        "seed": seed,
        "sample_rate": RATE_HZ,
        "stems": STEMS,
        "seconds": {s: {k: round(v, 1) for k, v in sorted(c.items())} for s, c in seconds.items()},
        "held_out": HELD_OUT,
        "credits": CREDITS,
    }
    partial = pool / "pool.json.partial"
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    partial.replace(pool / "pool.json")
