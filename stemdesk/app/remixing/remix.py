"""The use case: a song's stems through a mix, into one file."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.app.model import load_card
from stemdesk.app.remixing.file import check_format, check_suffix, output_of, tags_of, writing
from stemdesk.app.remixing.mixdown import LimitTap, mix_down, mix_frames
from stemdesk.app.remixing.remarks import mix_remarks
from stemdesk.app.remixing.stems import Models, stems_in, stems_of
from stemdesk.app.targets import Claims, same_name
from stemdesk.audio.channel_order import layout_remarks
from stemdesk.audio.tagging import tag_remarks
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, atomic_path, ensure_writable_folder
from stemdesk.mixing.rack import ask_plugins
from stemdesk.mixing.recipe import Recipe, fitted
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.settings import StripSettings, changed
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stemdesk.app.options import Report
    from stemdesk.mixing.settings import MixSettings

SEPARATE_SHARE = 0.8


@dataclass(frozen=True)
class RemixOptions:
    """Where a remix goes and how it is written.

    Attributes:
        output: the file; its suffix is the format.
        subtype: `match` (the song's), `pcm16`, `pcm24` or `float`.
        stems: where stems are kept from one remix to the next.
        overwrite: what to do with a file that is there.
        is_twin: another song is named alike but for its suffix, so the folder of this one's stems
            has the suffix in its name.
    """

    output: Path
    subtype: str = "match"
    stems: Path = Path("separated")
    overwrite: OverwritePolicy = OverwritePolicy.ASK
    is_twin: bool = False


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
        recipe: what was done, its plug-ins with all that they save; None where nothing was.
    """

    song: Path
    file: Path | None
    stems: dict[str, Path]
    loudness_lufs: float = -math.inf
    true_peak_dbtp: float = -math.inf
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    recipe: Recipe | None = None


@dataclass(frozen=True)
class RemixPlan:
    """A song that was looked at, and asked about where that had to be, before any work.

    Attributes:
        song: a finished mix, or a folder of stems.
        recipe: what to do.
        options: where to, its `output` being the file to write.
        is_kept: that file is there and stays as it is.
        may_replace: somebody has allowed it to be replaced.
    """

    song: Path
    recipe: Recipe
    options: RemixOptions
    is_kept: bool = False
    may_replace: bool = False


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
    check_suffix(target)
    if song.is_dir():
        stems = stems_in(song)
        check_format(stems.values(), options)
        fitted(recipe.mix, list(stems))
    else:
        check_format([song], options)
        fitted(recipe.mix, load_card(models.name).stems)
    ask_plugins(recipe.mix)
    if options.overwrite is not OverwritePolicy.RENAME:
        if claims.is_input(target):
            raise UserError(f"{target} is what a remix is made from", "choose another name")
        if claims.is_claimed(target):
            raise UserError(f"Two remixes would be {target}", "remix them one by one with --output")
    targets = claims.claim({"mix": target})
    decided = targets.write.get("mix")
    if decided is None:
        return RemixPlan(song, recipe, options, is_kept=True)
    ensure_writable_folder(decided.parent)
    may_replace = decided not in targets.fresh or options.overwrite is OverwritePolicy.YES
    chosen = replace(options, output=decided)
    return RemixPlan(song, recipe, chosen, may_replace=may_replace)


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
    stems, remarks = stems_of(
        song,
        options.stems,
        models,
        lambda done, stage: report(SEPARATE_SHARE * done, stage),
        is_twin=options.is_twin,
    )
    target, recipe = options.output, plan.recipe
    if same_name(target) in {same_name(path) for path in stems.values()}:
        raise UserError(f"{target} is what a remix is made from", "choose another name")

    def tell(done: float) -> None:
        report(SEPARATE_SHARE + (1 - SEPARATE_SHARE) * done, "mixing")

    with ExitStack() as stack:
        sources = {
            name: stack.enter_context(closing(FileStem(path))) for name, path in stems.items()
        }
        mix, tap = fitted(recipe.mix, list(stems)), LimitTap()
        renderer = stack.enter_context(closing(Renderer(sources, mix, tap=tap)))
        notes = mix_remarks(sources, mix, renderer.channels)
        spec = output_of(song, stems, options, renderer.channels)
        frames, tags = mix_frames(renderer, recipe), tags_of(song)
        notes += [*tag_remarks(tags, spec.format), *layout_remarks(spec)]
        unfinished = stack.enter_context(atomic_path(target, replace=plan.may_replace))
        measured = mix_down(
            renderer, tap, recipe, lambda: writing(unfinished, spec, frames, tags), tell
        )
        kept = _for_others(renderer.with_states(mix))
    return Remix(
        song,
        target,
        stems,
        loudness_lufs=measured.loudness_lufs,
        true_peak_dbtp=measured.true_peak_dbtp,
        seconds=time.monotonic() - started,
        notes=[*remarks, *notes, *measured.notes],
        recipe=changed(recipe, mix=kept),
    )


def _for_others(mix: MixSettings) -> MixSettings:
    """A mix without the strips that do nothing: other songs need not have these stems."""
    automated = tuple(mix.automation)
    strips = tuple(
        each
        for each in mix.strips
        if each != StripSettings(name=each.name)
        or any(address.startswith(f"{each.name}.") for address in automated)
    )
    kept: MixSettings = changed(mix, strips=strips)
    return kept
