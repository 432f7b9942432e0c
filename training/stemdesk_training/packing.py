"""A pool in a form that travels: Ogg/Opus in folders of limited size.

    python -m stemdesk_training.packing pack POOL FOLDER [--part-mib 60] [--kbits 64] [--jobs 2]
    python -m stemdesk_training.packing unpack PART... POOL [--jobs 16]

``FOLDER/part_00``, ``part_01`` and so on can be sent one by one. Opus knows no 44.1 kHz: files are
resampled to 48 kHz and back, and their length is kept in ``lengths.json``. What Opus loses is lost
to stems and mixture alike, so stems still sum to their mixture exactly.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk_training.corpus.waveform import RATE_HZ

OPUS_RATE_HZ = 48_000
LENGTHS_NAME = "lengths.json"
NOTES_NAME = "pool.json"
SUFFIX = ".opus"
# Of libsndfile, which gives no bit rate: 0 stands for 256 kbit/s a channel, 1 for 6 (its source).
_MOST_KBITS, _LEAST_KBITS = 256.0, 6.0
_BLOCK_FRAMES = 1 << 16
Int16 = npt.NDArray[np.int16]


def encode(samples: Int16, path: Path, kbits: float) -> None:
    """Write ``[frames, 2]`` at 44.1 kHz as Opus of about ``kbits`` kbit/s."""
    level = (_MOST_KBITS - kbits / 2) / (_MOST_KBITS - _LEAST_KBITS)
    resampled = soxr.resample(samples.astype(np.float32) / 32768, RATE_HZ, OPUS_RATE_HZ)
    with (
        atomic_path(path) as part,
        soundfile.SoundFile(
            part, "w", OPUS_RATE_HZ, 2, "OPUS", format="OGG", compression_level=level
        ) as file,
    ):
        for begin in range(0, len(resampled), _BLOCK_FRAMES):
            file.write(resampled[begin : begin + _BLOCK_FRAMES])


def decode(path: Path, frames: int) -> Int16:
    """What :func:`encode` wrote, cut to ``frames``."""
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    resampled = soxr.resample(audio, rate, RATE_HZ)[:frames]
    out = np.zeros((frames, 2), dtype=np.int16)
    out[: len(resampled)] = np.rint(np.clip(resampled, -1, 32767 / 32768) * 32768)
    return out


def _pack_file(path: Path, folder: Path, kbits: float) -> Path:
    packed = folder / f"{path.parent.name}_{path.stem}{SUFFIX}"
    encode(np.load(path, mmap_mode="r"), packed, kbits)
    return packed


def _unpack_file(path: Path, pool: Path, frames: int) -> None:
    split, name = path.stem.split("_", 1)
    (pool / split).mkdir(parents=True, exist_ok=True)
    with atomic_path(pool / split / f"{name}.npy") as part, part.open("wb") as file:
        np.save(file, decode(path, frames))


def pack(pool: Path, folder: Path, part_bytes: float, kbits: float, jobs: int) -> list[Path]:
    """Encode a pool into ``folder/part_NN``, each at most ``part_bytes``; returns the parts.

    Raises:
        UserError: there is no pool, or ``folder`` holds something already.
    """
    files = sorted(pool.glob("*/*.npy"))
    if not files or not (pool / NOTES_NAME).is_file():
        raise UserError(
            f"The folder {pool} holds no pool", "make one with python -m stemdesk_training.corpus"
        )
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"The folder {folder} is not empty", "choose another one")
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(jobs) as executor:
        packed = list(executor.map(partial(_pack_file, folder=folder, kbits=kbits), files))
    lengths = {
        done.name: len(np.load(path, mmap_mode="r"))
        for done, path in zip(packed, files, strict=True)
    }
    parts: list[list[Path]] = [[]]
    filled = 0
    for path in packed:
        size = path.stat().st_size
        if parts[-1] and filled + size > part_bytes:
            parts.append([])
            filled = 0
        parts[-1].append(path)
        filled += size
    return [
        _make_part(pool, folder / f"part_{number:02d}", paths, lengths)
        for number, paths in enumerate(parts)
    ]


def _make_part(pool: Path, part: Path, paths: list[Path], lengths: dict[str, int]) -> Path:
    part.mkdir()
    for path in paths:
        path.rename(part / path.name)
    own = {path.name: lengths[path.name] for path in paths}
    (part / LENGTHS_NAME).write_text(json.dumps(own, indent=1), encoding="utf-8")
    shutil.copy(pool / NOTES_NAME, part / NOTES_NAME)
    return part


def unpack(parts: list[Path], pool: Path, jobs: int) -> int:
    """Decode parts into a pool, which may hold other parts already; returns the files made.

    Raises:
        UserError: a folder is no part of a packed pool.
    """
    pool.mkdir(parents=True, exist_ok=True)
    lengths = {}
    for part in parts:
        try:
            own = read_json(file_bytes(part / LENGTHS_NAME))
        except (OSError, ValueError) as error:
            raise UserError(
                f"The folder {part} is no part of a packed pool ({error})", "pack the pool again"
            ) from error
        lengths.update({part / name: frames for name, frames in own.items()})
        shutil.copy(part / NOTES_NAME, pool / NOTES_NAME)
    with ProcessPoolExecutor(jobs) as executor:
        list(executor.map(_unpack_file, lengths, [pool] * len(lengths), lengths.values()))
    return len(lengths)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and do it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m stemdesk_training.packing")
    commands = parser.add_subparsers(dest="command", required=True)
    packing = commands.add_parser("pack", help="encode a pool into parts that travel")
    packing.add_argument("pool", type=Path)
    packing.add_argument("folder", type=Path)
    packing.add_argument("--part-mib", type=float, default=60.0)
    packing.add_argument("--kbits", type=float, default=64.0, help="of a stereo file")
    packing.add_argument("--jobs", type=int, default=1)
    unpacking = commands.add_parser("unpack", help="decode parts into a pool")
    unpacking.add_argument("parts", type=Path, nargs="+")
    unpacking.add_argument("pool", type=Path)
    unpacking.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        if options.command == "pack":
            limit = options.part_mib * 2**20
            made = pack(options.pool, options.folder, limit, options.kbits, options.jobs)
            lines = [str(part) for part in made]
        else:
            count = unpack(options.parts, options.pool, options.jobs)
            lines = [f"{count} files into {options.pool}"]
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
