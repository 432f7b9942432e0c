"""The recordings of a folder: names, lengths, fingerprints, remembered from run to run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk_training.catalogue.names import Title, title_of
from stemdesk_training.datasets.layouts.song_folders import audio_files
from stemdesk_training.doctor.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

MOST_SECONDS = 300.0  # the paper's: longer ones are medleys, concerts, mixes of a disc jockey


class Heard(msgspec.Struct, frozen=True):
    """What is kept of a file.

    Attributes:
        seconds: length.
        tags: as the file has them.
        audio_hash: of its samples; empty where they were not read.
        bits: fingerprint, packed.
        bit_frames: of the fingerprint.
        problem: why it cannot be used; empty if it can.
    """

    seconds: float = 0.0
    tags: dict[str, str] = {}
    audio_hash: str = ""
    bits: bytes = b""
    bit_frames: int = 0
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Recording:
    """A file of the catalogue.

    Attributes:
        path: the file.
        name: below its folder, with slashes.
        title: what it is called.
        heard: what is in it.
        print: fingerprint `[frames, 16]`.
    """

    path: Path
    name: str
    title: Title
    heard: Heard
    print: NDArray[np.uint8]


def find_recordings(
    folder: Path, cache: Path, report: Callable[[float, str], None]
) -> list[Recording]:
    """Every audio file below a folder, in a fixed order.

    Args:
        folder: only read.
        cache: folder for what is kept; made if it is not there.
        report: told the fraction done and the file at hand.

    Raises:
        UserError: there is no such folder, or nothing in it; the cache cannot be written.
    """
    if not folder.is_dir():
        raise UserError(f"{folder} is not a folder", "name a folder of recordings")
    paths = audio_files(folder)
    if not paths:
        raise UserError(f"There are no recordings in {folder}", "name the folder that has them")
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    for place, path in enumerate(paths):
        name = path.relative_to(folder).as_posix()
        report(place / len(paths), name)
        heard = _remembered(path, cache)
        bits = np.unpackbits(np.frombuffer(heard.bits, np.uint8))
        found.append(
            Recording(
                path,
                name,
                title_of(path, heard.tags),
                heard,
                bits.reshape(heard.bit_frames, -1) if heard.bit_frames else bits.reshape(0, 16),
            )
        )
    return found


def _remembered(path: Path, cache: Path) -> Heard:
    """What is in a file; listened to anew only if its size or time differs."""
    status = path.stat()
    sign = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}".encode(
        errors="surrogateescape"
    )
    place = cache / f"{hashlib.sha256(sign).hexdigest()}.msgpack"
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Heard)
    except (OSError, msgspec.DecodeError):
        heard = _listened(path)
    with atomic_path(place) as partial:
        partial.write_bytes(msgspec.msgpack.encode(heard))
    return heard


def _listened(path: Path) -> Heard:
    try:
        with open_audio(path) as reader:
            info = reader.info
            if info.seconds > MOST_SECONDS:
                problem = f"longer than {MOST_SECONDS / 60:g} minutes"
                return Heard(info.seconds, info.tags, problem=problem)
            samples = reader.read(info.frames).astype(np.float32)
    except UserError as error:
        return Heard(problem=str(error))
    bits = fingerprint(samples.mean(axis=0), info.sample_rate)
    return Heard(
        info.seconds,
        info.tags,
        hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest(),
        np.packbits(bits).tobytes(),
        len(bits),
    )
