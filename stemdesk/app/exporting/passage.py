"""The mix of a song, or a stretch of it, as the app plays it, to be read from first to last."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from stemdesk.app.bench.stretches import stretches
from stemdesk.app.exporting.mix import exported_mix
from stemdesk.app.exporting.request import span_of, stem_files
from stemdesk.mixing.regions import RegionStem
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from stemdesk.app.exporting.request import ExportRequest
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.meter_tap import MeterTap
    from stemdesk.project.document import Track

# The limiter forgets within 14 of its releases of 0.1 s; a multiple of every grid it works on.
LEAD_IN_SECONDS = 2.0
GRID_FRAMES = 8192
BLOCK_FRAMES = 16_384


class Passage:
    """A part of a mix, read like a renderer that begins and ends with it.

    A stretch sounds as it does when the song is played through: effects have heard all that comes
    before it.

    Args:
        renderer: of the mix.
        first_frame: of the song.
        frames: how many; None to the end of the song and what its effects sound on.
        check: called between blocks while it runs up to the first frame; may raise Cancelled.
    """

    def __init__(
        self,
        renderer: Renderer,
        first_frame: int,
        frames: int | None,
        check: Callable[[], None],
    ) -> None:
        self._renderer, self._first_frame, self._check = renderer, first_frame, check
        self.song_frames = renderer.song_frames if frames is None else frames
        self.frames = renderer.frames if frames is None else frames
        self.sample_rate, self.channels = renderer.sample_rate, renderer.channels
        self._left = self.frames

    def faults(self) -> list[str]:
        """What has gone wrong in effects, one sentence each."""
        return self._renderer.faults()

    def seek(self, frame: int) -> None:
        """Back to the first frame, which is 0.

        Raises:
            ValueError: another frame.
        """
        if frame:
            raise ValueError("a passage is read from its beginning")
        begin = self._lead_in
        self._renderer.seek(begin)
        self._left = self.frames
        while begin < self._first_frame:
            self._check()
            count = min(BLOCK_FRAMES, self._first_frame - begin)
            self._renderer.read(count)
            begin += count

    def read(self, frames: int) -> Block:
        """The next part, float32 `[channels, n]`; n is less at the end, then 0."""
        block = self._renderer.read(min(frames, self._left))
        self._left -= block.shape[1]
        return block

    @property
    def _lead_in(self) -> int:
        mix = self._renderer.settings
        if any(strip.effects for strip in (*mix.strips, mix.master)):
            return 0
        lead_frames = round(LEAD_IN_SECONDS * self.sample_rate)
        return max(0, self._first_frame - lead_frames) // GRID_FRAMES * GRID_FRAMES


def open_passage(
    track: Track,
    files: Mapping[str, Path],
    request: ExportRequest,
    stack: ExitStack,
    check: Callable[[], None],
    tap: MeterTap | None = None,
) -> Passage:
    """What an export is read from, at its first frame.

    Args:
        track: the song.
        files: stem name -> file, and `mixture` -> the song.
        request: what is asked for.
        stack: closes everything.
        check: see :class:`Passage`.
        tap: told what strips and limiter do.

    Raises:
        UserError: a file cannot be read, or the mix is not possible.
    """
    gain = track.separated.gain if track.separated else 1.0
    sources: dict[str, RegionStem] = {}
    for name in stem_files(track):
        stem = stack.enter_context(closing(FileStem(files[name], gain)))
        sources[name] = RegionStem(stem, stretches(track.regions, name))
    mix = exported_mix(track, request)
    renderer = stack.enter_context(closing(Renderer(sources, mix, tap=tap)))
    first, end = span_of(track, request)
    passage = Passage(renderer, first, None if request.selection is None else end - first, check)
    passage.seek(0)
    return passage
