"""A pool in small, to ship: base material for replay, and the fixed reference set.

    python -m stemdesk_training.tuning.pack POOL FOLDER [--kbits 64]

What comes out is a part of a packed pool (:mod:`stemdesk_training.packing`), with short excerpts of
many files. Its ``train`` half is replayed while a model is tuned. Its ``valid`` half are mixes of
held-out sounds in which all four stems can be heard; they are scored as they are, so a score on
them means the same for every model and every year. The pool's credits travel in ``pool.json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk_training.corpus.mixing import RandomMixes, song_names
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.packing import LENGTHS_NAME, NOTES_NAME, pack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int16 = NDArray[np.int16]

SEED = 31_000
EXCERPT_SECONDS = 6.0
REFERENCES = 10
REPLAYED_SONGS = 10
REPLAYED_SEGMENTS = 13  # of each stem
KBITS = 64.0
# A stem counts as heard where it is no more than this below the mixture.
HEARD_DB = -20.0
_TRIES = 400
_HOP = RATE_HZ // 2
_UNLIMITED = float(1 << 40)


def make_pack(pool: Path, folder: Path, kbits: float = KBITS) -> Path:
    """Excerpts of a pool as a reference pack.

    Args:
        pool: made by ``python -m stemdesk_training.corpus``, with songs and segments.
        folder: to make; must not hold anything.
        kbits: of a stereo file.

    Raises:
        UserError: there is no such pool, it has too little in it, or the folder is not empty.
    """
    if not (pool / NOTES_NAME).is_file():
        raise UserError(
            f"The folder {pool} holds no pool", "make one with python -m stemdesk_training.corpus"
        )
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"The folder {folder} is not empty", "choose another one")
    with tempfile.TemporaryDirectory(prefix="stemdesk-pack-") as space:
        small, packed = Path(space) / "pool", Path(space) / "packed"
        for split in ("train", "valid"):
            (small / split).mkdir(parents=True)
        rng = np.random.default_rng(SEED)
        _replayed_songs(pool, small, rng)
        _replayed_segments(pool, small, rng)
        _references(pool, small)
        notes = read_json(file_bytes(pool / NOTES_NAME), names=True)
        kept = {name: notes[name] for name in ("format", "seed", "held_out") if name in notes}
        text = {**kept, "stems": STEMS, "credits": notes.get("credits", {})}
        (small / NOTES_NAME).write_text(
            json.dumps(text, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        (part,) = pack(small, packed, _UNLIMITED, kbits, 1)
        shutil.copytree(part, folder, dirs_exist_ok=True)
    return folder


def _replayed_songs(pool: Path, small: Path, rng: np.random.Generator) -> None:
    for number, name in enumerate(_spread(song_names(pool, "train"), REPLAYED_SONGS)):
        stems = [np.load(pool / "train" / f"{name}{stem}.npy", mmap_mode="r") for stem in STEMS]
        first = _fullest(stems, rng)
        _save(small / "train", number, [stem[first:] for stem in stems])


def _replayed_segments(pool: Path, small: Path, rng: np.random.Generator) -> None:
    for stem in STEMS:
        paths = sorted((pool / "train").glob(f"{stem}_*.npy"))
        for number, path in enumerate(_spread(paths, REPLAYED_SEGMENTS)):
            samples = np.load(path, mmap_mode="r")
            first = _fullest([samples], rng)
            excerpt = samples[first : first + _frames()]
            np.save(small / "train" / f"{stem}_{number:02d}.npy", np.asarray(excerpt))


def _references(pool: Path, small: Path) -> None:
    """Mixes as they are trained on, drawn from the held-out half, all four stems heard."""
    mixes = RandomMixes(pool, "valid", EXCERPT_SECONDS, SEED)
    found = 0
    for index in range(_TRIES):
        stems = mixes.batch(index, 1)[0]
        powers = np.square(stems).mean(axis=(1, 2))
        if powers.min() < powers.sum() * 10 ** (HEARD_DB / 10):
            continue
        _save(small / "valid", found, [_as_int16(stem) for stem in stems])
        found += 1
        if found == REFERENCES:
            return
    raise UserError(
        f"Only {found} of {REFERENCES} mixes with all four stems are to be had from {pool}",
        "make a pool with more in it",
    )


def _spread(found: list[Any], count: int) -> list[Any]:
    """So many of them, evenly over the list; all where there are fewer."""
    if len(found) <= count:
        return found
    return [found[place] for place in np.linspace(0, len(found) - 1, count).round().astype(int)]


def _fullest(stems: list[Int16], rng: np.random.Generator) -> int:
    """First frame of an excerpt in which the softest stem sounds: the best of some at random."""
    room = len(stems[0]) - _frames()
    starts = rng.integers(0, max(1, room // _HOP), 24) * _HOP

    def softest(first: int) -> float:
        cut = [np.asarray(stem[first : first + _frames() : 16], np.float64) for stem in stems]
        return min(float(np.square(each).mean()) for each in cut)

    return int(max(starts, key=softest))


def _save(folder: Path, number: int, stems: list[Int16]) -> None:
    for stem, samples in zip(STEMS, stems, strict=True):
        excerpt = np.asarray(samples[: _frames()])
        np.save(folder / f"song_{number:03d}_{stem}.npy", excerpt)


def _as_int16(stem: NDArray[np.float32]) -> Int16:
    return np.rint(np.clip(stem.T, -1, 32767 / 32768) * 32768).astype(np.int16)


def _frames() -> int:
    return round(EXCERPT_SECONDS * RATE_HZ)


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m stemdesk_training.tuning.pack")
    parser.add_argument("pool", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kbits", type=float, default=KBITS, help="of a stereo file")
    options = parser.parse_args(arguments)
    try:
        folder = make_pack(options.pool, options.folder, options.kbits)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = sum(path.stat().st_size for path in folder.iterdir())
    count = len(read_json(file_bytes(folder / LENGTHS_NAME)))
    sys.stdout.write(f"{count} files, {size / 1e6:.1f} MB in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
