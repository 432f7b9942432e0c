"""A library of multitracks as a pool: decoded once, at the trainer's rate, ready to be mixed.

    python -m stemdesk_training.prepared LIBRARY POOL [--layout NAME]

A song whose files are the same as last time is not read again. Songs keep their own balance: one
gain serves all stems of a song, so that neither they nor their sum clip.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from stemdesk.audio.clip import AudioClip
from stemdesk.errors import UserError
from stemdesk.files import atomic_path, ensure_writable_folder, require_space
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk.paths import cache_dir
from stemdesk_training.corpus.pool_index import FORMAT, NAME
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS
from stemdesk_training.datasets.contents import Contents
from stemdesk_training.datasets.library import LAYOUTS, find_songs
from stemdesk_training.datasets.multitrack import read_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from stemdesk_training.datasets.multitrack import Multitrack

    Report = Callable[[float, str], None]

VALID_SHARE = 0.15
FEW_SONGS = 4  # fewer: the end of each song is held out, in place of whole songs
VALID_PART = 0.2
STEREO = 2
HALF = 0.5  # of the songs are held out at most
_MAKING = 2  # of a song's files; another number makes pools anew
_CEILING = 32_000 / 32_768


def prepare(library: Path, layout: str | None, folder: Path, report: Report) -> Path:
    """Make a pool of a library, or bring one up to date.

    Args:
        library: see :func:`stemdesk_training.datasets.library.find_songs`.
        layout: how it is laid out; None: found out.
        folder: the pool's; only files that this function made are ever replaced in it.
        report: told the fraction done and the song at hand.

    Returns:
        ``folder``. Its ``pool.json`` lists the songs, with what is held out for validation: what
        the library says, else whole songs by artist, and with fewer than four songs the last
        fifth of each. A library's test songs are left out. What a song's stems lack of its mixture
        is taken from that; surround is folded down to stereo.

    Raises:
        UserError: there is no song, a file cannot be read, a song has nothing but one stem, or the
            disk is full; it is named.
    """
    songs = [song for song in find_songs(library, layout) if song.split != "test"]
    if not songs:
        raise UserError(f"All songs of {library} are test songs", "name a folder to train on")
    ensure_writable_folder(folder)
    known = _known(folder)
    contents = Contents(cache_dir() / "library" / "hashes.json")
    places = _splits(songs)
    entries: dict[str, Any] = {}
    for place, song in enumerate(songs):
        report(place / len(songs), song.name)
        # The name of its files is made of what the song holds: a changed song gets new ones.
        key = contents.key(song, f"{places[song.name]} {FORMAT} {_MAKING}")[:12]
        entry = known.get(key)
        if entry is None or not _is_whole(folder, entry):
            entry = _write(song, key, folder, places[song.name])
        entries[key] = {**entry, "name": song.name, "split": places[song.name]}
    contents.save()
    _drop_others(folder, known, entries)
    _write_index(folder, library, entries)
    report(1.0, "")
    return folder


def _splits(songs: Sequence[Multitrack]) -> dict[str, str]:
    """Song -> ``train``, ``valid`` or ``both``.

    An artist is held out where the hash of the name lies below a threshold, whoever else is there:
    songs that are added move none from ``valid`` to ``train``. Save three cases that only few
    artists bring about: where no hash lies below, the artist with the smallest one is held out
    until one does; an artist with whom more than half of the songs would be held out is not; and
    of fewer than four songs the ends are held out.
    """
    said = {song.name: song.split or "train" for song in songs}
    if "valid" in said.values():
        return said
    if len(songs) < FEW_SONGS:
        return dict.fromkeys(said, "both")
    by_artist: dict[str, list[str]] = {}
    for song in songs:
        by_artist.setdefault(song.artist or song.name, []).append(song.name)
    held = 0
    for artist in sorted(by_artist, key=_place_of):
        if held and _place_of(artist) >= VALID_SHARE:
            break
        if held + len(by_artist[artist]) <= HALF * len(songs):
            held += len(by_artist[artist])
            said |= dict.fromkeys(by_artist[artist], "valid")
    return said if held else dict.fromkeys(said, "both")


def _place_of(artist: str) -> float:
    """By hash, evenly spread from 0 to 1."""
    return int.from_bytes(hashlib.sha256(artist.encode()).digest()[:8]) / 2**64


def _write(song: Multitrack, key: str, folder: Path, split: str) -> dict[str, Any]:
    stems = _stems(song)
    frames = stems[STEMS[0]].shape[1]
    peaks = [np.abs(each).max() for each in (*stems.values(), sum(stems.values()))]
    gain = min(1.0, _CEILING / max(1e-9, *map(float, peaks)))
    cut = round(frames * (1 - VALID_PART)) if split == "both" else frames
    parts = {"valid" if split == "valid" else "train": slice(0, cut)}
    if split == "both":
        parts["valid"] = slice(cut, frames)
    require_space(folder, frames * len(STEMS) * STEREO * 2)
    for part, span in parts.items():
        (folder / part).mkdir(exist_ok=True)
        for stem in STEMS:
            samples = np.rint(stems[stem][:, span].T * (gain * 32_768)).astype(np.int16)
            with atomic_path(folder / _file(part, key, stem)) as partial, partial.open("wb") as out:
                np.save(out, samples)
    return {"seconds": round(frames / RATE_HZ, 3), "gain": gain, "files": sorted(parts)}


def _stems(song: Multitrack) -> dict[str, NDArray[np.float32]]:
    """All stems ``[2, frames]`` at 44.1 kHz.

    What the mixture has more than the stems is ``other`` where there is none, or the voice beside
    an instrumental; all else that the song does not have is silence.

    Raises:
        UserError: there is but one stem and no mixture, so nothing tells what the rest is.
    """
    if len(song.stems) < 2 and not song.mixture:
        raise UserError(
            f"The song {song.name} has nothing but {' and '.join(song.stems) or 'no stem'}",
            "put its mixture or its other stems beside it, or leave it out",
        )
    clips = {name: read_sum(parts, RATE_HZ, STEREO) for name, parts in song.stems.items()}
    rest = "vocals" if set(clips) == {"other"} else "other"
    if song.mixture and rest not in clips:
        clips[rest] = _less(read_sum(song.mixture, RATE_HZ, STEREO), clips.values())
    frames = max(clip.frames for clip in clips.values())
    stems = {stem: np.zeros((STEREO, frames), np.float32) for stem in STEMS}
    for name, clip in clips.items():
        stems[name][:, : clip.frames] = clip.samples
    return stems


def _less(mixture: AudioClip, stems: Collection[AudioClip]) -> AudioClip:
    """What a mixture has more than some stems, as long as the longest of them all."""
    frames = max(clip.frames for clip in (mixture, *stems))
    rest = np.zeros((STEREO, frames), np.float32)
    rest[:, : mixture.frames] = mixture.samples
    for clip in stems:
        rest[:, : clip.frames] -= clip.samples
    return AudioClip(rest, mixture.sample_rate)


def _file(split: str, key: str, stem: str) -> str:
    return f"{split}/song_{key}_{stem}.npy"


def _is_whole(folder: Path, entry: dict[str, Any]) -> bool:
    return all(
        (folder / _file(part, entry["key"], stem)).exists()
        for part in entry["files"]
        for stem in STEMS
    )


def _known(folder: Path) -> dict[str, dict[str, Any]]:
    """Key -> entry of the songs that are there; nothing of a pool that came about otherwise."""
    try:
        notes = read_json(file_bytes(folder / NAME), names=True)
    except (OSError, ValueError):
        return {}
    if "library" not in notes:
        raise UserError(f"{folder} holds a pool of another kind", "name another folder")
    return {
        key: {**entry, "key": key}
        for key, entry in notes.get("songs", {}).items()
        if notes.get("format") == FORMAT
    }


def _drop_others(folder: Path, known: dict[str, Any], entries: dict[str, Any]) -> None:
    for key in known.keys() - entries.keys():
        for part in known[key]["files"]:
            for stem in STEMS:
                (folder / _file(part, key, stem)).unlink(missing_ok=True)


def _write_index(folder: Path, library: Path, entries: dict[str, Any]) -> None:
    notes = {
        "format": FORMAT,
        "library": str(library.resolve()),
        "sample_rate": RATE_HZ,
        "stems": STEMS,
        "credits": {},
        "songs": {key: entries[key] for key in sorted(entries)},
    }
    with atomic_path(folder / NAME) as partial:
        partial.write_text(json.dumps(notes, indent=1, ensure_ascii=False), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(
        prog="stemdesk_training.prepared", description="Make a pool of a library of multitracks."
    )
    parser.add_argument("library", type=Path, help="a folder of songs in stems")
    parser.add_argument("pool", type=Path, help="folder to make")
    parser.add_argument("--layout", choices=LAYOUTS, help="of the library (default: found out)")
    options = parser.parse_args(arguments)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("", total=1.0)
            prepare(
                options.library,
                options.layout,
                options.pool,
                lambda done, told: progress.update(task, completed=done, description=told),
            )
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
