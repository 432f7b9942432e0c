"""The use case: a song's stems through a mix, into one file."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.mixdown import mix_down
from stemdesk.app.model import load_card
from stemdesk.app.stems import Models, stems_in, stems_of
from stemdesk.app.targets import Claims
from stemdesk.audio.formats import FORMATS, choose_output
from stemdesk.audio.reading import open_audio
from stemdesk.audio.writing import AudioWriter
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, atomic_path, ensure_writable_folder
from stemdesk.mixing.recipe import Recipe, fitted
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from stemdesk.app.mixdown import Take
    from stemdesk.app.options import Report
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.mixing.effects.effect import Block

SEPARATE_SHARE = 0.8
FLOAT_BITS = 99  # deeper than any integer


@dataclass(frozen=True)
class RemixOptions:
    """Where a remix goes and how it is written.

    Attributes:
        output: the file; its suffix is the format.
        subtype: `match` (the song's), `pcm16`, `pcm24` or `float`.
        stems: where stems are kept from one remix to the next.
        overwrite: what to do with a file that is there.
    """

    output: Path
    subtype: str = "match"
    stems: Path = Path("separated")
    overwrite: OverwritePolicy = OverwritePolicy.ASK


@dataclass(frozen=True)
class Remix:
    """What came of a remix.

    Attributes:
        song: what was remixed.
        file: the result; None where one was there and was left alone.
        stems: stem name -> file.
        loudness_lufs: integrated, of what was written; -inf for silence.
        true_peak_dbtp: of what was written.
        seconds: wall-clock time taken.
        notes: one sentence each about what went otherwise than asked.
    """

    song: Path
    file: Path | None
    stems: dict[str, Path]
    loudness_lufs: float = -math.inf
    true_peak_dbtp: float = -math.inf
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RemixPlan:
    """A song that was looked at, and asked about where that had to be, before any work.

    Attributes:
        song: a finished mix, or a folder of stems.
        recipe: what to do.
        options: where to, its `output` being the file to write.
        is_kept: that file is there and stays as it is.
    """

    song: Path
    recipe: Recipe
    options: RemixOptions
    is_kept: bool = False


def remix_song(
    song: Path,
    recipe: Recipe,
    options: RemixOptions,
    models: Models,
    report: Report,
    ask: Callable[[Path], bool],
) -> Remix:
    """Remix one song into one file.

    Args:
        song: a finished mix, or a folder of stems.
        recipe: what to do.
        options: where to.
        models: what to separate with, if the stems are not there yet.
        report: told the fraction done and the stage; may raise Cancelled.
        ask: whether a file may be replaced, under the policy ASK.

    Raises:
        UserError: the song cannot be read, the recipe does not fit it, or the file cannot be
            written.
    """
    claims = Claims(inputs_of([song]), options.overwrite, ask)
    return carry_out_remix(plan_remix(song, recipe, options, models, claims), models, report)


def inputs_of(songs: Iterable[Path]) -> list[Path]:
    """All files that remixes of these songs are made from, as far as they can be read."""
    files: list[Path] = []
    for song in songs:
        try:
            files += stems_in(song).values() if song.is_dir() else (song,)
        except (UserError, OSError):
            continue  # refused when its turn comes
    return files


def plan_remix(
    song: Path, recipe: Recipe, options: RemixOptions, models: Models, claims: Claims
) -> RemixPlan:
    """Refuse what cannot be, then decide where the mix goes, asking where that has to be asked.

    Args:
        song: a finished mix, or a folder of stems.
        recipe: what to do.
        options: where to.
        models: what would separate the song.
        claims: of the whole run; its inputs are those of :func:`inputs_of`.

    Raises:
        UserError: as for :func:`remix_song`, or another song's mix goes there.
    """
    target = options.output
    _check_suffix(target)
    if song.is_dir():
        fitted(recipe.mix, list(stems_in(song)))
    else:
        open_audio(song).close()
        fitted(recipe.mix, load_card(models.name).stems)
    if options.overwrite is not OverwritePolicy.RENAME:
        if claims.is_input(target):
            raise UserError(f"{target} is what a remix is made from", "choose another name")
        if claims.is_claimed(target):
            raise UserError(f"Two remixes would be {target}", "remix them one by one with --output")
    decided = claims.claim({"mix": target}).write.get("mix")
    if decided is None:
        return RemixPlan(song, recipe, options, is_kept=True)
    ensure_writable_folder(decided.parent)
    return RemixPlan(song, recipe, replace(options, output=decided))


def carry_out_remix(plan: RemixPlan, models: Models, report: Report) -> Remix:
    """Do what was planned.

    Args:
        plan: of :func:`plan_remix`.
        models: what to separate with, if the stems are not there yet.
        report: told the fraction done and the stage; may raise Cancelled.

    Raises:
        UserError: as for :func:`remix_song`.
    """
    song, options = plan.song, plan.options
    if plan.is_kept:
        return Remix(song, None, {})
    started = time.monotonic()
    stems = stems_of(
        song, options.stems, models, lambda done, stage: report(SEPARATE_SHARE * done, stage)
    )
    target = options.output
    if target.resolve() in {path.resolve() for path in stems.values()}:
        raise UserError(f"{target} is what a remix is made from", "choose another name")

    def tell(done: float) -> None:
        report(SEPARATE_SHARE + (1 - SEPARATE_SHARE) * done, "mixing")

    with ExitStack() as stack:
        sources = {
            name: stack.enter_context(closing(FileStem(path))) for name, path in stems.items()
        }
        mix = fitted(plan.recipe.mix, list(stems))
        renderer = stack.enter_context(closing(Renderer(sources, mix)))
        spec = _output(song, stems, options, renderer.channels)
        frames, tags = renderer.frames, _tags(song)
        unfinished = stack.enter_context(atomic_path(target))
        measured = mix_down(
            renderer, plan.recipe, lambda: _writing(unfinished, spec, frames, tags), tell
        )
    return Remix(
        song,
        target,
        stems,
        loudness_lufs=measured.loudness_lufs,
        true_peak_dbtp=measured.true_peak_dbtp,
        seconds=time.monotonic() - started,
        notes=measured.notes,
    )


@contextmanager
def _writing(path: Path, spec: OutputSpec, frames: int, tags: Mapping[str, str]) -> Iterator[Take]:
    """Takes blocks into a file."""
    # An integer has no +1.0: the ceiling lies one step above its greatest value.
    top = 1.0 - 2.0**-spec.grid_bits if spec.integer else math.inf
    with AudioWriter(path, spec, frames, tags) as writer:

        def take(block: Block) -> None:
            exact = block.astype(np.float64)
            writer.write(np.minimum(exact, top) if spec.integer else exact)

        yield take


def _check_suffix(path: Path) -> None:
    known = [each.extension for each in FORMATS.values()]
    if path.suffix.lower() not in known:
        raise UserError(
            f"{path.name} says no format that a mix can be written in",
            f"end its name in one of {', '.join(known)}",
        )


def _output(
    song: Path, stems: Mapping[str, Path], options: RemixOptions, channels: int
) -> OutputSpec:
    """How the mix is written; of a folder, its deepest stem is the measure."""
    infos = []
    for source in stems.values() if song.is_dir() else (song,):
        with open_audio(source) as reader:
            infos.append(reader.info)
    deepest = max(infos, key=lambda info: FLOAT_BITS if info.grid_bits is None else info.grid_bits)
    format_name = options.output.suffix.lower().removeprefix(".")
    return choose_output(replace(deepest, channels=channels), format_name, options.subtype)


def _tags(song: Path) -> dict[str, str]:
    if song.is_dir():
        return {}
    with open_audio(song) as reader:
        return reader.info.tags
