"""From estimates to stems: gated, brought back to the song's rate, onto the grid, closed.

The one way there is, whether the song is a file and the estimates are on disk, or both are in
memory.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol, Self

import numpy as np

from stemdesk.app.resampled import ResampledStream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stemdesk.app.model import LoadedModel
    from stemdesk.app.outputs import Output, OutputPlan
    from stemdesk.app.resampled import Block, MixtureReader
    from stemdesk.separation.spool import Layout, Samples

BLOCK_FRAMES = 1 << 17


class Estimates(Protocol):
    """A song's finished estimates: those of a spool, on disk or in memory."""

    layout: Layout

    @property
    def frames_done(self) -> int:
        """How many frames there are at the model's rate."""

    def open_samples(self) -> IO[bytes]:
        """For :meth:`read_estimates`, from the beginning."""

    def read_estimates(self, file: IO[bytes], frames: int) -> Samples:
        """The next ``[stems, channels, n]``, ``n == 0`` at the end."""


@dataclass(frozen=True)
class Closing:
    """How estimates become stems.

    Attributes:
        plan: the outputs and their stems.
        stems: the model's stems, closing one last.
        model_rate: Hz of the estimates.
        closed: the closing stem is what the others leave of the mixture, and is not estimated.
        gate: share of the vocals' largest energy under which they are shut; None: never.
    """

    plan: OutputPlan
    stems: tuple[str, ...]
    model_rate: int
    closed: bool = True
    gate: float | None = None

    @classmethod
    def of(cls, model: LoadedModel, plan: OutputPlan) -> Self:
        """How a model's estimates become the outputs of a plan."""
        return cls(
            plan=plan,
            stems=tuple(model.card.stems),
            model_rate=model.card.sample_rate,
            closed=model.reconstruction == "null",
            gate=model.gate,
        )

    @property
    def estimated_stems(self) -> int:
        """How many stems are estimated."""
        return len(self.stems) - self.closed

    @property
    def groups(self) -> tuple[Output, ...]:
        """The outputs that are summed from estimates."""
        return self.plan.estimated if self.closed else (*self.plan.estimated, self.plan.closing)


@contextmanager
def closed_stems(
    closing: Closing,
    reader: MixtureReader,
    estimates: Estimates,
    grid_bits: int,
    gain: float = 1.0,
) -> Iterator[Iterator[dict[str, Block]]]:
    """Opens the estimates; gives blocks of every output, delivered or not, from first to last.

    Args:
        closing: how.
        reader: the mixture, anywhere; it is read from its start.
        estimates: of all of it.
        grid_bits: outputs are rounded to multiples of 2^-grid_bits.
        gain: common gain of all outputs.

    Yields:
        An iterator of output name -> float64 ``[channels, n]``, all of the mixture's length.
    """
    with estimates.open_samples() as file:
        stream = _at_song_rate(closing, reader, estimates, file)
        yield _closed_blocks(closing, reader, stream, grid_bits, gain)


def _closed_blocks(
    closing: Closing,
    reader: MixtureReader,
    estimates: ResampledStream,
    grid_bits: int,
    gain: float,
) -> Iterator[dict[str, Block]]:
    # Imported late: separation loads torch, and `stemdesk --help` must not wait for it.
    from stemdesk.separation.closure import close, unclosed

    names = [output.name for output in (*closing.plan.estimated, closing.plan.closing)]
    done = 0
    reader.seek(0)
    while done < reader.info.frames:
        mixture = reader.read(BLOCK_FRAMES) * gain
        groups = _grouped(closing, estimates.read(mixture.shape[1]) * gain)
        if closing.closed:
            blocks = close(mixture, groups, grid_bits)
        else:
            blocks = unclosed(groups, grid_bits)
        yield dict(zip(names, blocks, strict=True))
        done += mixture.shape[1]


def _at_song_rate(
    closing: Closing, reader: MixtureReader, estimates: Estimates, file: IO[bytes]
) -> ResampledStream:
    """All estimates side by side, ``[stems * channels, frames]``, at the song's rate."""
    rows = closing.estimated_stems * reader.info.channels
    shut = _gated(closing, estimates)

    def pull(frames: int) -> Block:
        block = shut(estimates.read_estimates(file, frames))
        return block.reshape(rows, -1).astype(np.float64)

    return ResampledStream(
        pull,
        channels=rows,
        in_rate=closing.model_rate,
        out_rate=reader.info.sample_rate,
        in_frames=estimates.frames_done,
        out_frames=reader.info.frames,
    )


def _gated(closing: Closing, estimates: Estimates) -> Callable[[Samples], Samples]:
    """What the energy gate makes of consecutive estimates; what it shuts is the closing stem's."""
    from stemdesk.separation.energy_gate import GATED_STEM, EnergyGate

    estimated = closing.stems[: closing.estimated_stems]
    if closing.gate is None or GATED_STEM not in estimated:
        return lambda block: block
    place = estimated.index(GATED_STEM)
    with estimates.open_samples() as file:
        gate = EnergyGate(_stem_alone(estimates, file, place), closing.model_rate, closing.gate)
    first = 0

    def shut(block: Samples) -> Samples:
        nonlocal first
        gains = gate.gains(first, block.shape[-1])
        first += block.shape[-1]
        block = block.copy()
        block[place] *= gains
        return block

    return shut


def _stem_alone(estimates: Estimates, file: IO[bytes], place: int) -> Iterator[Samples]:
    while (block := estimates.read_estimates(file, BLOCK_FRAMES)).shape[-1]:
        yield block[place]


def _grouped(closing: Closing, estimates: Block) -> list[Block]:
    """Sum the model's stems into the outputs."""
    stems = estimates.reshape(closing.estimated_stems, -1, estimates.shape[-1])
    indices = [[closing.stems.index(stem) for stem in group.stems] for group in closing.groups]
    return [stems[index].sum(axis=0) for index in indices]
