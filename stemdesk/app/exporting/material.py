"""What goes into the files, block by block: a mix, its strips, or stems as they were separated."""

from __future__ import annotations

import math
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np

from stemdesk.app.bench.lanes import MIXTURE
from stemdesk.app.exporting.passage import open_passage
from stemdesk.app.exporting.request import lanes_of, span_of, stem_files
from stemdesk.app.exporting.strips import StripTap
from stemdesk.app.remixing.mixdown import LimitTap, mix_down, mix_frames
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk.mixing.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from stemdesk.app.exporting.file import FileInProgress, Samples
    from stemdesk.app.exporting.passage import Passage
    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.app.remixing.mixdown import Take
    from stemdesk.audio.reading import AudioReader
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.renderer import Renderer
    from stemdesk.project.document import Track

    Tags = Callable[[str], Mapping[str, str]]
    Tell = Callable[[float], None]

BLOCK_FRAMES = 16_384


class Material(Protocol):
    """Something to fill files with."""

    @property
    def frames(self) -> int:
        """How many there are."""

    @property
    def channels(self) -> int:
        """How many there are."""

    def pour(
        self, files: Mapping[str, FileInProgress], tags: Tags, gain: float, tell: Tell
    ) -> list[str]:
        """Write it all; returns what is to be told of it.

        Args:
            files: lane -> file.
            tags: lane -> what its tags say.
            gain: of all stems alike; a mix has its limiter instead.
            tell: told the fraction done; may raise Cancelled.

        Raises:
            WouldClip: stems rise above what the files can hold.
        """


@dataclass(frozen=True)
class Order:
    """What is to be exported of what.

    Attributes:
        track: the song.
        files: stem name -> file, and `mixture` -> the song.
        request: what is asked for.
        check: called between blocks; may raise Cancelled.
    """

    track: Track
    files: Mapping[str, Path]
    request: ExportRequest
    check: Callable[[], None]


def open_material(order: Order, stack: ExitStack) -> Material:
    """Open what a request needs; the stack closes it.

    Raises:
        UserError: a file cannot be read, or the mix is not possible.
    """
    if order.request.is_as_heard:
        return _Mix(order, stack)
    if order.request.what == "stems_with_effects":
        return _Strips(order, stack)
    return _Raw(order, stack)


class _Mix:
    """The mix as it is heard, in one file, at a loudness if one is asked for."""

    def __init__(self, order: Order, stack: ExitStack) -> None:
        request = order.request
        self._recipe = Recipe(
            loudness_lufs=request.loudness_lufs, true_peak_dbtp=request.true_peak_dbtp
        )
        self._tap = LimitTap()
        passage = open_passage(order.track, order.files, request, stack, order.check, self._tap)
        self._mix = _as_renderer(passage)
        self.frames = mix_frames(self._mix, self._recipe)
        self.channels = passage.channels

    def pour(
        self, files: Mapping[str, FileInProgress], tags: Tags, gain: float, tell: Tell
    ) -> list[str]:
        (file,) = files.values()
        assert gain == 1.0, "a mix is limited, never lowered"
        spec = file.spec
        # An integer has no +1.0: the ceiling lies one step above its greatest value.
        top = 1.0 - 2.0**-spec.grid_bits if spec.integer else math.inf

        @contextmanager
        def sink() -> Iterator[Take]:
            with file.writing(tags(file.lane)) as take:
                yield lambda block: take(np.minimum(block.astype(np.float64), top))

        return mix_down(self._mix, self._tap, self._recipe, sink, tell).notes


class _Strips:
    """What the strips add to the mix, each in a file, all in step."""

    def __init__(self, order: Order, stack: ExitStack) -> None:
        first, _ = span_of(order.track, order.request)
        self._tap = StripTap(stem_files(order.track), first)
        self._passage = open_passage(
            order.track, order.files, order.request, stack, order.check, self._tap
        )
        self.frames = mix_frames(_as_renderer(self._passage), Recipe())
        self.channels = self._passage.channels

    def pour(
        self, files: Mapping[str, FileInProgress], tags: Tags, gain: float, tell: Tell
    ) -> list[str]:
        passage = self._passage
        if faults := passage.faults():
            raise UserError(faults[0].rstrip("."), "mend it, or leave it out of the mix")
        with ExitStack() as stack:
            takes = {n: stack.enter_context(f.writing(tags(n))) for n, f in files.items()}
            for first in range(0, self.frames, BLOCK_FRAMES):
                count = min(BLOCK_FRAMES, self.frames - first)
                passage.read(count)
                for name, take in takes.items():
                    take(self._next(name, count) * gain)
                tell((first + count) / self.frames)
        return passage.faults()

    def _next(self, strip: str, frames: int) -> Samples:
        block: Block = self._tap.take(strip, frames, self.channels)
        return block.astype(np.float64)


class _Raw:
    """Stems as separated, closed anew on the grid of the files; or the song less one of them."""

    def __init__(self, order: Order, stack: ExitStack) -> None:
        self._order = order
        separated = order.track.separated
        assert separated is not None, "refused before"
        self._gain = separated.gain
        first, end = span_of(order.track, order.request)
        self.frames, self.channels = end - first, order.track.mixture.channels
        names = separated.stems if order.request.what == "stems" else (order.request.stem,)
        self._readers = {
            name: stack.enter_context(excerpt(order.files[name], first, self.frames))
            for name in (MIXTURE, *names)
        }

    def pour(
        self, files: Mapping[str, FileInProgress], tags: Tags, gain: float, tell: Tell
    ) -> list[str]:
        bits = next(iter(files.values())).spec.grid_bits
        with ExitStack() as stack:
            takes = {n: stack.enter_context(f.writing(tags(n))) for n, f in files.items()}
            for first in range(0, self.frames, BLOCK_FRAMES):
                blocks = self._closed(gain, bits)
                for name, take in takes.items():
                    take(blocks[name])
                done = min(self.frames, first + BLOCK_FRAMES)
                tell(done / self.frames)
        return []

    def _closed(self, gain: float, grid_bits: int) -> dict[str, Samples]:
        """The next block of every file."""
        # Imported late: separation loads torch.
        from stemdesk.separation.closure import close

        mixture, *stems = [reader.read(BLOCK_FRAMES) for reader in self._readers.values()]
        stems = [stem * (gain / self._gain) for stem in stems]
        mixture = mixture * gain
        if self._order.request.what == "minus_one":
            return dict.fromkeys(self._lanes, mixture - stems[0])
        return dict(zip(self._lanes, close(mixture, stems[:-1], grid_bits), strict=True))

    @property
    def _lanes(self) -> tuple[str, ...]:
        request = self._order.request
        if request.what == "minus_one":
            return lanes_of(self._order.track, request)
        return tuple(name for name in self._readers if name != MIXTURE)


def _as_renderer(passage: Passage) -> Renderer:
    """What is mixed down: all that a mixdown asks of a renderer, a passage has."""
    return cast("Renderer", passage)


def excerpt(path: Path, first_frame: int, frames: int) -> AudioReader:
    """A part of a file, named in frames."""
    with open_audio(path) as reader:
        sample_rate = reader.info.sample_rate
    return open_audio(path, first_frame / sample_rate, frames / sample_rate)
