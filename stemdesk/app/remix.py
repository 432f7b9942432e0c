"""The use case: a song's stems through a mix, into one file."""

from __future__ import annotations

import math
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.app.model import load_card
from stemdesk.app.stems import Models, stems_of
from stemdesk.audio.formats import FORMATS, choose_output
from stemdesk.audio.levels import from_db
from stemdesk.audio.limiter import Limiter
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.reading import open_audio
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.audio.writing import AudioWriter
from stemdesk.errors import UserError
from stemdesk.files import (
    OverwritePolicy,
    atomic_path,
    ensure_writable_folder,
    resolve_target,
)
from stemdesk.mixing.recipe import Recipe, fitted
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from stemdesk.app.options import Report
    from stemdesk.audio.formats import OutputSpec
    from stemdesk.mixing.effects.effect import Block

    File = tuple[Path, OutputSpec, int, dict[str, str]]

BLOCK_FRAMES = 16_384
SEPARATE_SHARE = 0.8
MAX_GAIN_DB = 30.0
TRIES = 3
PEAK_MARGIN_DB = 0.05
LOUDNESS_TOLERANCE_LU = 0.5
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
    if not song.is_dir():
        # What cannot be is refused before a song is separated for it.
        fitted(recipe.mix, load_card(models.name).stems)
        if target.resolve() == song.resolve():
            raise UserError(f"{target} is what the remix is made from", "choose another name")
    ensure_writable_folder(target.parent)
    stems = stems_of(
        song, options.stems, models, lambda done, stage: report(SEPARATE_SHARE * done, stage)
    )
    if target.resolve() in {path.resolve() for path in (song, *stems.values())}:
        raise UserError(f"{target} is what the remix is made from", "choose another name")
    mix = fitted(recipe.mix, list(stems))

    def tell(done: float) -> None:
        report(SEPARATE_SHARE + (1 - SEPARATE_SHARE) * done, "mixing")

    notes: list[str] = []
    with ExitStack() as stack:
        sources = {
            name: stack.enter_context(closing(FileStem(path))) for name, path in stems.items()
        }
        renderer = stack.enter_context(closing(Renderer(sources, mix)))
        if faults := renderer.faults():
            raise UserError(faults[0].rstrip("."), "mend it, or leave it out of the mix")
        spec = _output(song, stems, options, renderer.channels)
        file = (target, spec, renderer.frames, _tags(song))
        if recipe.loudness_lufs is None:
            loudness, peak = _write(_blocks(renderer, file[2]), file, tell)
        else:
            loudness, peak = _write_as_loud(renderer, recipe, file, tell, notes)
        notes += renderer.faults()
    return Remix(song, target, stems, loudness, peak, time.monotonic() - started, notes)


def _write_as_loud(
    renderer: Renderer,
    recipe: Recipe,
    file: File,
    tell: Callable[[float], None],
    notes: list[str],
) -> tuple[float, float]:
    """Write the mix at the recipe's loudness, once more where its true peak came out too high.

    Between its samples a limited wave swings over by some tenths of a dB, and how much is known
    afterwards only.
    """
    wanted_lufs = recipe.loudness_lufs
    assert wanted_lufs is not None
    share = 1.0 / (1 + TRIES)
    gain = _gain_to(wanted_lufs, renderer, file[2], lambda done: tell(share * done), notes)
    ceiling_db = recipe.true_peak_dbtp
    loudness, peak = -math.inf, -math.inf
    for attempt in range(TRIES):
        renderer.seek(0)
        begun = share * (1 + attempt)
        blocks = _limited(renderer, file[2], gain, ceiling_db)
        loudness, peak = _write(blocks, file, partial(_tell_part, tell, begun, share))
        if peak <= recipe.true_peak_dbtp:
            break
        ceiling_db -= peak - recipe.true_peak_dbtp + PEAK_MARGIN_DB
    else:
        notes.append(f"The true peak is {peak:.1f} dBTP, above what was asked for.")
    if math.isfinite(loudness) and abs(loudness - wanted_lufs) > LOUDNESS_TOLERANCE_LU:
        notes.append(f"The loudness is {loudness:.1f} LUFS: the true peak leaves no room for more.")
    return loudness, peak


def _tell_part(tell: Callable[[float], None], begun: float, share: float, done: float) -> None:
    tell(begun + share * done)


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


def _blocks(renderer: Renderer, frames: int) -> Iterator[Block]:
    """So many frames, as announced to the file, whatever the renderer learns meanwhile."""
    left = frames
    while left:
        block = renderer.read(min(left, BLOCK_FRAMES))
        if not block.shape[1]:
            block = np.zeros((renderer.channels, min(left, BLOCK_FRAMES)), dtype=np.float32)
        left -= block.shape[1]
        yield block


def _gain_to(
    wanted_lufs: float,
    renderer: Renderer,
    frames: int,
    tell: Callable[[float], None],
    notes: list[str],
) -> float:
    """The gain that brings the mix to a loudness; 1 for silence."""
    meter = LoudnessMeter(renderer.sample_rate, renderer.channels)
    done = 0
    for block in _blocks(renderer, frames):
        meter.push(block)
        done += block.shape[1]
        tell(done / frames)
    if meter.integrated_lufs == -math.inf:
        notes.append("The mix is silent, so its loudness was left as it is.")
        return 1.0
    gain_db = wanted_lufs - meter.integrated_lufs
    if gain_db > MAX_GAIN_DB:
        notes.append(f"The mix is very quiet; it was raised by {MAX_GAIN_DB:g} dB, not more.")
        gain_db = MAX_GAIN_DB
    return from_db(gain_db)


def _limited(renderer: Renderer, frames: int, gain: float, ceiling_db: float) -> Iterator[Block]:
    """The mix times a gain and below a ceiling, as long as it was."""
    limiter = Limiter(renderer.sample_rate, renderer.channels, ceiling_db=ceiling_db)
    late = limiter.latency_frames
    skip = late
    for block in _blocks(renderer, frames):
        out = limiter.process(block * np.float32(gain))
        dropped = min(skip, out.shape[1])
        skip -= dropped
        yield out[:, dropped:]
    yield limiter.process(np.zeros((renderer.channels, late), dtype=np.float32))[:, skip:]


def _write(
    blocks: Iterator[Block], file: File, tell: Callable[[float], None]
) -> tuple[float, float]:
    """Write the mix; returns its loudness in LUFS and its true peak in dBTP."""
    target, spec, frames, tags = file
    loudness = LoudnessMeter(spec.sample_rate, spec.channels)
    peak = TruePeakMeter(spec.sample_rate, spec.channels)
    top = 1.0 - 2.0**-spec.grid_bits if spec.integer else math.inf
    done = 0
    with atomic_path(target) as unfinished, AudioWriter(unfinished, spec, frames, tags) as writer:
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
