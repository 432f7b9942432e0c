"""The pictures of the current song's lanes, drawn in the background as they come."""

from __future__ import annotations

import queue
import threading
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

from stemdesk.app.bench.analysis import (
    GLANCE_STRETCH,
    draw,
    draw_stretch,
    glance,
    peaks_path,
    restore_peaks,
)
from stemdesk.app.bench.lanes import MIXTURE, RESIDUAL, SUM, ResidualSource, SumSource
from stemdesk.app.bench.waveforms import Asking, Waveform
from stemdesk.app.live.spans import gaps, merged
from stemdesk.app.live.stems import LiveStems
from stemdesk.audio.peaks import BASE_FRAMES, Peaks
from stemdesk.audio.reading import open_audio
from stemdesk.errors import Cancelled, UserError
from stemdesk.mixing.sources import FileStem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from stemdesk.app.bench.waveforms import Reading
    from stemdesk.app.live.spans import Spans
    from stemdesk.mixing.sources import StemSource
    from stemdesk.project.document import MediaRef

# Formats in which going to another place costs nothing.
_QUICK_SUFFIXES = frozenset({".wav", ".w64", ".rf64", ".aif", ".aiff", ".caf", ".au"})


class Pictures:
    """Waveforms of one song; made anew when another song is shown.

    Args:
        song: the file of the mixture.
        shape: of the mixture.
        reading: reads what is looked at closely.

    Attributes:
        problems: lane -> why it cannot be drawn.
    """

    def __init__(self, song: Path, shape: MediaRef, reading: Reading) -> None:
        self._song, self._shape, self._reading = song, shape, Asking(reading)
        self._waveforms: dict[str, Waveform] = {}
        self._stems: dict[str, Path] = {}
        self._gain = 1.0
        self._live: LiveStems | None = None
        self._drawn: Spans = ()
        self.problems: dict[str, UserError] = {}
        self._told: set[str] = set()
        self._open = ExitStack()
        self._closing = False
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stemdesk-drawing", daemon=True)
        self._thread.start()
        self._draw_file(MIXTURE, song)

    def waveform(self, lane: str) -> Waveform | None:
        """A lane's picture; the sum and the residual are drawn when they are first asked for."""
        if lane in (SUM, RESIDUAL) and lane not in self._waveforms and self._stems:
            self._draw_derived(lane)
        return self._waveforms.get(lane)

    def show_stems(self, stems: Mapping[str, Path], gain: float = 1.0) -> None:
        """Draw finished stems.

        Args:
            stems: name -> file.
            gain: that they have in common; they are drawn as they sound, without it.
        """
        self._stems, self._gain = dict(stems), gain
        for lane in (SUM, RESIDUAL):
            self._waveforms.pop(lane, None)
        for name, path in stems.items():
            self._draw_file(name, path, gain)

    def go_live(self, stems: Sequence[str]) -> None:
        """Draw stems as they come."""
        self._stems = {}
        song = self._open.enter_context(closing(FileStem(self._song)))
        self._live = self._open.enter_context(closing(LiveStems(song, stems)))
        self._drawn = ()
        for lane in (SUM, RESIDUAL):
            self._waveforms.pop(lane, None)
        for name in stems:
            self._waveforms[name] = Waveform(self._peaks(), self._live.sources[name], self._reading)

    def follow(self, path: Path, spans: Spans) -> None:
        """Draw what has been separated since."""
        live = self._live
        if live is None:
            return
        live.follow(path, spans)
        for first, end in gaps(spans, self._drawn):
            # The block that the last stretch ended in was not whole then.
            self._work.put(partial(self._draw_live, live, max(0, first - BASE_FRAMES), end))
        self._drawn = spans

    def new_problems(self) -> tuple[UserError, ...]:
        """What cannot be drawn, each only once."""
        near = (waveform.problem for waveform in tuple(self._waveforms.values()))
        found = [*self.problems.copy().values(), *(each for each in near if each is not None)]
        new = {str(each): each for each in found if str(each) not in self._told}
        self._told.update(new)
        return tuple(new.values())

    def close(self) -> None:
        """Stop drawing and close all files."""
        self._closing = True
        self._work.put(None)
        self._thread.join()
        self._reading.close()
        self._open.close()

    def _peaks(self) -> Peaks:
        return Peaks(self._shape.sample_rate, self._shape.channels, self._shape.frames)

    def _run(self) -> None:
        while (work := self._work.get()) is not None and not self._closing:
            try:
                work()
            except Cancelled:
                return

    def _draw_file(self, lane: str, path: Path, gain: float = 1.0) -> None:
        before = self._waveforms.get(lane)
        try:
            # One for the drawing thread, one for whoever looks closely.
            source, near = self._opened(path, gain), self._opened(path, gain)
        except UserError as error:
            self.problems[lane] = error
            return
        # What was drawn while it was separated is the same sound, now at its final place.
        peaks = before.peaks if before is not None else self._peaks()
        waveform = Waveform(peaks, near, self._reading)
        self._waveforms[lane] = waveform
        if before is not None:
            waveform.known_spans = before.known_spans
        elif restore_peaks(path, peaks):
            # Some 20 ms for an hour, here and now; in a busy thread a second goes by before it.
            waveform.know([(0, self._shape.frames)])
            return
        self._work.put(lambda: self._draw_whole(lane, source, waveform, path))

    def _draw_whole(self, lane: str, source: StemSource, waveform: Waveform, path: Path) -> None:
        if restore_peaks(path, waveform.peaks):
            waveform.know([(0, self._shape.frames)])
            return
        is_long = self._shape.frames > 4 * GLANCE_STRETCH
        if is_long and path.suffix.lower() in _QUICK_SUFFIXES and not waveform.known_spans:
            self._glance(lane, waveform, path)
        is_rough = bool(waveform.known_spans)
        self._draw_into(lane, source, waveform)
        if is_rough and self._waveforms.get(lane) is waveform:
            # Nothing has become known, but all of it better: whoever shows it shall draw it anew.
            self._waveforms[lane] = waveform.again()
        if lane not in self.problems:
            try:
                waveform.peaks.save(peaks_path(path))
            except UserError as error:
                self.problems[lane] = error

    def _glance(self, lane: str, waveform: Waveform, path: Path) -> None:
        try:
            with open_audio(path) as reader:
                glance(reader, waveform.peaks, self._going_on)
        except UserError as error:
            self.problems[lane] = error
        else:
            waveform.know([(0, self._shape.frames)])

    def _draw_into(self, lane: str, source: StemSource, waveform: Waveform) -> None:
        frames = self._shape.frames
        roughly = waveform.known_spans

        def tell(fraction: float, stage: str) -> None:
            self._going_on(fraction, stage)
            drawn = (0, round(fraction * frames))
            known = [(span.first_frame, span.end_frame) for span in roughly]
            waveform.know(merged([*known, drawn]) if known else [drawn])

        try:
            draw(source, waveform.peaks, tell)
        except UserError as error:
            self.problems[lane] = error
        waveform.know([(0, frames)])

    def _going_on(self, _fraction: float, _stage: str) -> None:
        if self._closing:
            raise Cancelled

    def _draw_derived(self, lane: str) -> None:
        try:
            # Two sets, as of a file.
            first, second = self._derived(lane), self._derived(lane)
        except UserError as error:
            self.problems[lane] = error
            return
        waveform = Waveform(self._peaks(), second, self._reading)
        self._waveforms[lane] = waveform
        self._work.put(partial(self._draw_into, lane, first, waveform))

    def _derived(self, lane: str) -> StemSource:
        files = [self._opened(path, self._gain) for path in self._stems.values()]
        if lane == SUM:
            return SumSource(files)
        return ResidualSource(self._opened(self._song), files)

    def _opened(self, path: Path, gain: float = 1.0) -> FileStem:
        """A file that is closed with the pictures.

        Raises:
            UserError: it cannot be read, or another program has changed its channels.
        """
        source = self._open.enter_context(closing(FileStem(path, gain)))
        if source.channels != self._shape.channels:
            raise UserError(
                f"The channels of {path} number {source.channels}, where its song has "
                f"{self._shape.channels}",
                "put the file back that was there, or open the song anew",
            )
        return source

    def _draw_live(self, live: LiveStems, first: int, end: int) -> None:
        for name, source in live.sources.items():
            waveform = self._waveforms.get(name)
            if name != MIXTURE and waveform is not None and not self._closing:
                draw_stretch(source, waveform.peaks, first, end)
                known = [(span.first_frame, span.end_frame) for span in waveform.known_spans]
                waveform.know(merged([*known, (first, end)]))
