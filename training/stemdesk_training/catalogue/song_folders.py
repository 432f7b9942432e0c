"""Song folders written whole or not at all, under names that nothing has."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.formats import OutputSpec
from stemdesk.audio.writing import AudioWriter
from stemdesk.files import OverwritePolicy, resolve_target, safe_name, write_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Song = Mapping[str, NDArray[np.float32]]

_STAGED = ".unfinished"  # hidden: no reader of libraries looks there


def free_names(
    output: Path, title: str, starts: Sequence[int | None], sample_rate: int
) -> list[str]:
    """Names for a song's folders.

    Args:
        output: where they will be.
        title: artist and song.
        starts: first frame of each excerpt; None for a whole song.
        sample_rate: Hz.
    """
    names: list[str] = []
    for first in starts:
        name = safe_name(title)
        if first is not None:
            minutes, seconds = divmod(first // sample_rate, 60)
            name = f"{name} ({minutes}m{seconds:02d}s)"
        free = resolve_target(
            output / name,
            OverwritePolicy.RENAME,
            lambda _: False,
            lambda path: path.exists() or path.is_symlink() or path.name in names,
        )
        names.append("" if free is None else free.name)
    return names


def stage(output: Path, songs: Sequence[Song], sample_rate: int) -> list[Path]:
    """Write songs where nobody looks for any, 32-bit float.

    Args:
        output: the catalogue's folder.
        songs: name of a file -> `[channels, frames]`, for each.
        sample_rate: Hz.

    Raises:
        UserError: the disk refuses.
    """
    place = output / _STAGED
    shutil.rmtree(place, ignore_errors=True)  # of a run that was ended
    folders = [place / str(number) for number in range(len(songs))]
    for folder, song in zip(folders, songs, strict=True):
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise write_refusal(folder, error) from error
        for name, samples in song.items():
            spec = OutputSpec("wav", "FLOAT", sample_rate, len(samples))
            with AudioWriter(folder / f"{name}.wav", spec, samples.shape[1], {}) as writer:
                writer.write(samples.astype(np.float64))
    return folders


def move_in(staged: Sequence[Path], finals: Sequence[Path]) -> None:
    """Give staged songs their places; those that are there stay.

    Raises:
        UserError: the disk refuses.
    """
    for folder, final in zip(staged, finals, strict=True):
        if final.exists():
            continue
        try:
            folder.rename(final)
        except OSError as error:
            raise write_refusal(final, error) from error
    shutil.rmtree(staged[0].parent, ignore_errors=True)
