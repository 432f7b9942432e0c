"""The file of a remix: its format, tags, and how blocks get into it."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.formats import FORMATS, choose_output
from stemdesk.audio.reading import open_audio
from stemdesk.audio.writing import AudioWriter
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from stemdesk.app.remixing.mixdown import Take
    from stemdesk.app.remixing.remix import RemixOptions
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.audio.info import AudioInfo
    from stemdesk.mixing.effects.effect import Block

FLOAT_BITS = 99  # deeper than any integer


@contextmanager
def writing(path: Path, spec: OutputSpec, frames: int, tags: Mapping[str, str]) -> Iterator[Take]:
    """Takes blocks into a file."""
    # An integer has no +1.0: the ceiling lies one step above its greatest value.
    top = 1.0 - 2.0**-spec.grid_bits if spec.integer else math.inf
    with AudioWriter(path, spec, frames, tags) as writer:

        def take(block: Block) -> None:
            exact = block.astype(np.float64)
            writer.write(np.minimum(exact, top) if spec.integer else exact)

        yield take


def check_suffix(path: Path) -> None:
    """Refuse a name that says no format.

    Raises:
        UserError: naming those there are.
    """
    known = [each.extension for each in FORMATS.values()]
    if path.suffix.lower() not in known:
        raise UserError(
            f"{path.name} says no format that a mix can be written in",
            f"end its name in one of {', '.join(known)}",
        )


def output_of(
    song: Path, stems: Mapping[str, Path], options: RemixOptions, channels: int
) -> OutputSpec:
    """How the mix is written; of a folder, its deepest stem is the measure."""
    infos = _infos(stems.values() if song.is_dir() else (song,))
    deepest = max(infos, key=lambda info: FLOAT_BITS if info.grid_bits is None else info.grid_bits)
    masks = [info.channel_mask for info in infos if info.channels == channels]
    mask = next((mask for mask in masks if mask is not None), None)
    format_name = options.output.suffix.lower().removeprefix(".")
    shaped = replace(deepest, channels=channels, channel_mask=mask)
    return choose_output(shaped, format_name, options.subtype)


def check_format(sources: Iterable[Path], options: RemixOptions) -> None:
    """Refuse a format that cannot hold what a mix is made from, before work begins.

    Args:
        sources: The song, or the stems of a folder.
        options: Where to.

    Raises:
        UserError: it cannot, or a file cannot be read.
    """
    format_name = options.output.suffix.lower().removeprefix(".")
    for info in _infos(sources):
        choose_output(info, format_name, options.subtype)


def _infos(sources: Iterable[Path]) -> list[AudioInfo]:
    infos = []
    for source in sources:
        with open_audio(source) as reader:
            infos.append(reader.info)
    return infos


def tags_of(song: Path) -> dict[str, str]:
    """A song's tags; a folder of stems has none."""
    if song.is_dir():
        return {}
    with open_audio(song) as reader:
        return reader.info.tags
