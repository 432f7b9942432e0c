"""The use case: a song's stems through a mix, into one file."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.stems import Models, stems_of
from stemdesk.audio.formats import FORMATS, choose_output
from stemdesk.audio.levels import from_db
from stemdesk.audio.limiter import Limiter
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.reading import open_audio
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.audio.writing import AudioWriter
from stemdesk.errors import UserError
from stemdesk.files import OverwritePolicy, atomic_path, resolve_target
from stemdesk.mixing.recipe import Recipe, fitted
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from stemdesk.app.options import Report
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.mixing.effects.effect import Block

BLOCK_FRAMES = 16_384
SEPARATE_SHARE = 0.8
MAX_GAIN_DB = 30.0


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
    started = time.monotonic()
    _check_suffix(options.output)
    target = resolve_target(options.output, options.overwrite, ask)
    if target is None:
        return Remix(song, None, {})
    stems = stems_of(
        song, options.stems, models, lambda done, stage: report(SEPARATE_SHARE * done, stage)
    )
    if target.resolve() in {path.resolve() for path in (song, *stems.values())}:
        raise UserError(f"{target} is what the remix is made from", "choose another name")
    mix = fitted(recipe.mix, list(stems))

    def tell(done: float) -> None:
        report(SEPARATE_SHARE + (1 - SEPARATE_SHARE) * done, "mixing")

    with ExitStack() as stack:
        sources = {
            name: stack.enter_context(closing(FileStem(path))) for name, path in stems.items()
        }
        renderer = stack.enter_context(closing(Renderer(sources, mix)))
        if faults := renderer.faults():
            raise UserError(faults[0].rstrip("."), "mend it, or leave it out of the mix")
        spec = _output(song, stems, options, renderer.channels)
        passes = 1 if recipe.loudness_lufs is None else 2
        gain = 1.0
        notes: list[str] = []
        if recipe.loudness_lufs is not None:
            gain = _gain_to(recipe.loudness_lufs, renderer, lambda done: tell(done / passes), notes)
            renderer.seek(0)
        with atomic_path(target) as partial:
            loudness, peak = _write(
                _finished(renderer, gain, recipe),
                (partial, spec, renderer.frames, _tags(song)),
                lambda done: tell((passes - 1 + done) / passes),
            )
        notes += renderer.faults()
    return Remix(song, target, stems, loudness, peak, time.monotonic() - started, notes)


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
    source = next(iter(stems.values())) if song.is_dir() else song
    with open_audio(source) as reader:
        format_name = options.output.suffix.lower().removeprefix(".")
        spec = choose_output(reader.info, format_name, options.subtype)
    return type(spec)(spec.format, spec.subtype, spec.sample_rate, channels)


def _tags(song: Path) -> dict[str, str]:
    if song.is_dir():
        return {}
    with open_audio(song) as reader:
        return reader.info.tags


def _blocks(renderer: Renderer) -> Iterator[Block]:
    while (block := renderer.read(BLOCK_FRAMES)).shape[1]:
        yield block


def _gain_to(
    wanted_lufs: float, renderer: Renderer, tell: Callable[[float], None], notes: list[str]
) -> float:
    """The gain that brings the mix to a loudness; 1 for silence."""
    meter = LoudnessMeter(renderer.sample_rate, renderer.channels)
    done = 0
    for block in _blocks(renderer):
        meter.push(block)
        done += block.shape[1]
        tell(done / renderer.frames)
    if meter.integrated_lufs == -math.inf:
        notes.append("The mix is silent, so its loudness was left as it is.")
        return 1.0
    gain_db = wanted_lufs - meter.integrated_lufs
    if gain_db > MAX_GAIN_DB:
        notes.append(f"The mix is very quiet; it was raised by {MAX_GAIN_DB:g} dB, not more.")
        gain_db = MAX_GAIN_DB
    return from_db(gain_db)


def _finished(renderer: Renderer, gain: float, recipe: Recipe) -> Iterator[Block]:
    """The mix as it is written: at its loudness, and below the true peak that was asked for."""
    if recipe.loudness_lufs is None:
        yield from _blocks(renderer)
        return
    # Between samples a limited wave may swing over by some tenths of a dB; the margin covers it.
    ceiling_db = min(0.0, recipe.true_peak_dbtp - 0.5)
    limiter = Limiter(renderer.sample_rate, renderer.channels, ceiling_db=ceiling_db)
    late = limiter.latency_frames
    skip = late
    for block in _blocks(renderer):
        out = limiter.process(block * np.float32(gain))
        dropped = min(skip, out.shape[1])
        skip -= dropped
        yield out[:, dropped:]
    yield limiter.process(np.zeros((renderer.channels, late), dtype=np.float32))[:, skip:]


def _write(
    blocks: Iterator[Block],
    file: tuple[Path, OutputSpec, int, dict[str, str]],
    tell: Callable[[float], None],
) -> tuple[float, float]:
    """Write the mix; returns its loudness in LUFS and its true peak in dBTP."""
    path, spec, frames, tags = file
    loudness = LoudnessMeter(spec.sample_rate, spec.channels)
    peak = TruePeakMeter(spec.sample_rate, spec.channels)
    top = 1.0 - 2.0**-spec.grid_bits if spec.integer else math.inf
    done = 0
    with AudioWriter(path, spec, frames, tags) as writer:
        for block in blocks:
            exact = block.astype(np.float64)
            # An integer has no +1.0: the ceiling lies one step above its greatest value.
            writer.write(np.minimum(exact, top) if spec.integer else exact)
            loudness.push(block)
            peak.push(block)
            done += block.shape[1]
            tell(done / max(1, frames))
    peak.finish()
    return loudness.integrated_lufs, peak.max_dbtp
