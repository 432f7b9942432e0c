"""What the timeline draws: pyramids, samples near at hand, and spectrogram pictures.

Windows may not wait for a disk, so everything that is read is read by one thread; whoever asks for
what is not there yet gets None now, and what was asked for a moment later.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.audio.peaks import BASE_FRAMES, Columns, Peaks
from stemdesk.audio.spectrogram import picture
from stemdesk.errors import UserError
from stemdesk.project.document import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from stemdesk.mixing.sources import StemSource

    Block = NDArray[np.float32]

MARGIN = 1.0  # read ahead on either side, in widths of the view
KEPT_STRETCHES = 4
KEPT_PICTURES = 64
WAITING = 32
# Finer than this a view is drawn from the samples themselves.
FINE_FRAMES = 2 * BASE_FRAMES


class Reading:
    """One thread that reads for all lanes; what was asked for last comes first."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Any, Callable[[], None]] = OrderedDict()
        self._change = threading.Condition()
        self._closing = self._is_busy = False
        self._thread = threading.Thread(target=self._run, name="stemdesk-waveforms", daemon=True)
        self._thread.start()

    def ask(self, key: Any, work: Callable[[], None]) -> None:
        """Do some work soon, unless the same is waiting; the oldest of too many is dropped."""
        with self._change:
            self._waiting[key] = work
            self._waiting.move_to_end(key)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            self._change.notify()

    def drain(self) -> None:
        """Drop what waits and finish what is being done: sources are about to be closed."""
        with self._change:
            self._waiting.clear()
            while self._is_busy:
                self._change.wait()

    def close(self) -> None:
        """Finish what is being done, drop the rest and end the thread."""
        with self._change:
            self._closing = True
            self._waiting.clear()
            self._change.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._change:
                while not self._waiting and not self._closing:
                    self._change.wait()
                if self._closing:
                    return
                _, work = self._waiting.popitem(last=True)
                self._is_busy = True
            try:
                work()
            finally:
                with self._change:
                    self._is_busy = False
                    self._change.notify_all()


class Asking:
    """What one song's pictures ask of the reading thread, until the song's files are closed.

    A window may keep a picture for a moment longer, and look closely at it.

    Args:
        reading: that thread; asked, and closed here, by one thread.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading, self._is_closed = reading, False

    def ask(self, key: Any, work: Callable[[], None]) -> None:
        """See :meth:`Reading.ask`; nothing happens any more once it is closed."""
        if not self._is_closed:
            self._reading.ask(key, work)

    def close(self) -> None:
        """Nothing reads the files when this returns, nor later."""
        self._is_closed = True
        self._reading.drain()


class Waveform:
    """One lane's picture, at every scale.

    Args:
        peaks: filled by somebody else, now or later.
        source: the lane's samples; only the reading thread touches it.
        reading: asks that thread.

    Attributes:
        version: grows whenever there is something new to draw.
        known_spans: what has been drawn so far, in order and apart from each other.
        problem: why the samples cannot be read; None if all is well.
    """

    def __init__(self, peaks: Peaks, source: StemSource, reading: Asking) -> None:
        self.peaks, self._source, self._reading = peaks, source, reading
        self.sample_rate, self.channels, self.frames = (
            peaks.sample_rate,
            peaks.channels,
            peaks.frames,
        )
        # The reading thread puts another tuple in its place; who looks goes through the one it got.
        self._stretches: tuple[tuple[int, int, Block], ...] = ()
        self._pictures: OrderedDict[tuple[float, float, int, int], NDArray[np.uint8]] = (
            OrderedDict()
        )
        self.version = 0
        self.known_spans: tuple[Span, ...] = ()
        self.problem: UserError | None = None

    def know(self, spans: Iterable[tuple[int, int]]) -> None:
        """These stretches have been drawn."""
        self.known_spans = tuple(Span(first_frame=first, end_frame=end) for first, end in spans)
        self.version += 1

    def columns(self, first_frame: float, end_frame: float, count: int) -> Columns:
        """Least, greatest and RMS of each of `count` columns.

        Where columns are narrower than the pyramid's blocks it shows those until the samples are
        at hand.
        """
        if 0 < end_frame - first_frame < FINE_FRAMES * count:
            first, end = int(np.floor(first_frame)), int(np.ceil(end_frame))
            samples = self.samples(first, end)
            if samples is not None:
                return _from_samples(samples, first_frame - first, end_frame - first, count)
        return self.peaks.columns(first_frame, end_frame, count)

    def samples(self, first_frame: int, end_frame: int) -> Block | None:
        """The stretch `[channels, n]`, zeros outside the song; None until it has been read."""
        for first, end, samples in reversed(self._stretches):
            if first <= first_frame and end_frame <= end:
                return samples[:, first_frame - first : end_frame - first]
        width = max(BASE_FRAMES, end_frame - first_frame)
        first, end = int(first_frame - MARGIN * width), int(end_frame + MARGIN * width)

        def read() -> None:
            samples = self._read(first, end)
            if samples is not None:
                self._stretches = (*self._stretches, (first, end, samples))[-KEPT_STRETCHES:]
                self.version += 1

        self._reading.ask((id(self), "samples"), read)
        return None

    def tile(
        self, first_frame: float, end_frame: float, width: int, height: int
    ) -> NDArray[np.uint8] | None:
        """The spectrogram of a stretch, uint8 `[height, width]`; None until it is made."""
        key = (first_frame, end_frame, width, height)
        made = self._pictures.get(key)
        if made is None:

            def make() -> None:
                self._pictures[key] = picture(_Patient(self), first_frame, end_frame, width, height)
                while len(self._pictures) > KEPT_PICTURES:
                    self._pictures.popitem(last=False)
                self.version += 1

            self._reading.ask((id(self), *key), make)
        return made

    def again(self) -> Waveform:
        """The same picture as another object, for those who keep what they drew by identity."""
        other = Waveform(self.peaks, self._source, self._reading)
        other.known_spans, other.version = self.known_spans, self.version + 1
        return other

    def _read(self, first: int, end: int) -> Block | None:
        """Samples, or None and the reason in `problem`."""
        try:
            before = max(0, -first)
            block = self._source.read_at(first + before, max(0, end - first - before))
        except UserError as error:
            self.problem = error
            return None
        return np.pad(block, ((0, 0), (before, 0))) if before else block


class _Patient:
    """A lane's samples for a picture: what cannot be read is silent."""

    def __init__(self, waveform: Waveform) -> None:
        self._waveform = waveform
        self.sample_rate, self.channels = waveform.sample_rate, waveform.channels
        self.frames = waveform.frames

    def read_at(self, frame: int, frames: int) -> Block:
        samples = self._waveform._read(frame, frame + frames)  # noqa: SLF001 - one thing with it
        return np.zeros((self.channels, frames), np.float32) if samples is None else samples


def _from_samples(samples: Block, first: float, end: float, count: int) -> Columns:
    edges = np.linspace(first, end, count + 1)
    begins = np.clip(np.floor(edges[:-1]).astype(np.int64), 0, samples.shape[1] - 1)
    ends = np.clip(np.ceil(edges[1:]).astype(np.int64), begins + 1, samples.shape[1])
    padded = np.concatenate((samples, samples[:, -1:]), axis=1)
    bounds = np.stack((begins, ends), axis=1).ravel()
    low = np.minimum.reduceat(padded, bounds, axis=1)[:, ::2]
    high = np.maximum.reduceat(padded, bounds, axis=1)[:, ::2]
    squares = np.add.reduceat(np.square(padded), bounds, axis=1)[:, ::2]
    return Columns(low, high, np.sqrt(squares / (ends - begins)).astype(np.float32))
