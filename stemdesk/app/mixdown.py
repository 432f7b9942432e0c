"""A mix from its first frame to its last, as loud as it was asked for, into whatever takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import from_db
from stemdesk.audio.limiter import Limiter
from stemdesk.audio.loudness import LoudnessMeter
from stemdesk.audio.true_peak import TruePeakMeter
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.renderer import Renderer

    Take = Callable[[Block], None]
    Sink = Callable[[], AbstractContextManager[Take]]

BLOCK_FRAMES = 16_384
MAX_GAIN_DB = 30.0
TRIES = 3
PEAK_MARGIN_DB = 0.05
LOUDNESS_TOLERANCE_LU = 0.5


@dataclass
class Measured:
    """A mix as it came out.

    Attributes:
        loudness_lufs: integrated; -inf for silence.
        true_peak_dbtp: its true peak.
        notes: one sentence each about what went otherwise than asked.
    """

    loudness_lufs: float = -math.inf
    true_peak_dbtp: float = -math.inf
    notes: list[str] = field(default_factory=list)


def mix_down(
    renderer: Renderer, recipe: Recipe, sink: Sink, tell: Callable[[float], None]
) -> Measured:
    """Render the whole mix into a sink, at the recipe's loudness if it has one.

    Args:
        renderer: at the beginning of the song, its mix being the recipe's.
        recipe: loudness and true peak.
        sink: opens what takes the blocks, float32 `[channels, n]`. Opened again, it begins anew.
        tell: told the fraction done.

    Raises:
        UserError: an effect cannot work.
    """
    if faults := renderer.faults():
        raise UserError(faults[0].rstrip("."), "mend it, or leave it out of the mix")
    frames = renderer.frames
    measured = Measured()
    if recipe.loudness_lufs is None:
        _pour(_blocks(renderer, frames), renderer, sink, measured, lambda done: tell(done / frames))
    else:
        _mix_as_loud(renderer, recipe, sink, measured, tell)
    measured.notes += renderer.faults()
    return measured


def _mix_as_loud(
    renderer: Renderer,
    recipe: Recipe,
    sink: Sink,
    measured: Measured,
    tell: Callable[[float], None],
) -> None:
    """Mix at the recipe's loudness, once more where the true peak came out too high.

    Between its samples a limited wave swings over by some tenths of a dB, and how much is known
    afterwards only.
    """
    wanted_lufs, frames = recipe.loudness_lufs, renderer.frames
    assert wanted_lufs is not None
    whole = frames * (1 + TRIES)
    gain = _gain_to(wanted_lufs, renderer, measured, lambda done: tell(done / whole))
    ceiling_db = recipe.true_peak_dbtp
    for attempt in range(1, 1 + TRIES):
        renderer.seek(0)

        def tell_part(done: int, begun: int = frames * attempt) -> None:
            tell((begun + done) / whole)

        _pour(_limited(renderer, frames, gain, ceiling_db), renderer, sink, measured, tell_part)
        if measured.true_peak_dbtp <= recipe.true_peak_dbtp:
            break
        ceiling_db -= measured.true_peak_dbtp - recipe.true_peak_dbtp + PEAK_MARGIN_DB
    else:
        measured.notes.append(
            f"The true peak is {measured.true_peak_dbtp:.1f} dBTP, above what was asked for."
        )
    loudness = measured.loudness_lufs
    if math.isfinite(loudness) and abs(loudness - wanted_lufs) > LOUDNESS_TOLERANCE_LU:
        measured.notes.append(
            f"The loudness is {loudness:.1f} LUFS: the true peak leaves no room for more."
        )


def _blocks(renderer: Renderer, frames: int) -> Iterator[Block]:
    """So many frames, as announced to the sink, whatever the renderer learns meanwhile."""
    left = frames
    while left:
        block = renderer.read(min(left, BLOCK_FRAMES))
        if not block.shape[1]:
            block = np.zeros((renderer.channels, min(left, BLOCK_FRAMES)), dtype=np.float32)
        left -= block.shape[1]
        yield block


def _gain_to(
    wanted_lufs: float, renderer: Renderer, measured: Measured, tell: Callable[[int], None]
) -> float:
    """The gain that brings the mix to a loudness; 1 for silence."""
    meter = LoudnessMeter(renderer.sample_rate, renderer.channels)
    done = 0
    for block in _blocks(renderer, renderer.frames):
        meter.push(block)
        done += block.shape[1]
        tell(done)
    if meter.integrated_lufs == -math.inf:
        measured.notes.append("The mix is silent, so its loudness was left as it is.")
        return 1.0
    gain_db = wanted_lufs - meter.integrated_lufs
    if gain_db > MAX_GAIN_DB:
        measured.notes.append(
            f"The mix is very quiet; it was raised by {MAX_GAIN_DB:g} dB, not more."
        )
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


def _pour(
    blocks: Iterator[Block],
    renderer: Renderer,
    sink: Sink,
    measured: Measured,
    tell: Callable[[int], None],
) -> None:
    """Give the blocks to the sink and measure them; `tell` is told the frames given."""
    loudness = LoudnessMeter(renderer.sample_rate, renderer.channels)
    peak = TruePeakMeter(renderer.sample_rate, renderer.channels)
    done = 0
    with sink() as take:
        for block in blocks:
            take(block)
            loudness.push(block)
            peak.push(block)
            done += block.shape[1]
            tell(done)
    peak.finish()
    measured.loudness_lufs, measured.true_peak_dbtp = loudness.integrated_lufs, peak.max_dbtp
