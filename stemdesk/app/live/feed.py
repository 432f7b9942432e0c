"""Estimates for whoever listens while a song is being separated: as a file at the song's rate.

The file is raw float32, frame by frame (``stems - 1`` x ``channels`` values a frame), with holes
where nothing is separated yet. Where the song has the model's rate it is the spool itself. A frame
is told only once it is there, and does not change from then on, so it can be read meanwhile.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from stemdesk.app.live.spans import Spans, gaps, merged
from stemdesk.app.resampled import RUN_UP_SECONDS, Block, late_start
from stemdesk.audio.resample import StreamResampler
from stemdesk.files import require_space, write_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.app.live.order import Focus
    from stemdesk.audio.info import AudioInfo
    from stemdesk.separation.spool import Spool

PIECE_SECONDS = 10


@dataclass(frozen=True)
class Listener:
    """Somebody who hears a song while it is being separated.

    Attributes:
        focus: asked where in the song, in its frames.
        covered: told the file and which frames of the song are in it.
    """

    focus: Callable[[], Focus]
    covered: Callable[[Path, Spans], None]


class LiveFeed:
    """Keeps the file in step with the spool; a context manager, to be used where that is open.

    Args:
        listener: whom to tell.
        spool: open.
        info: of the song.
        model_rate: Hz of the spool.

    Raises:
        UserError: the disk cannot hold it.
    """

    def __init__(self, listener: Listener, spool: Spool, info: AudioInfo, model_rate: int) -> None:
        self._listener, self._spool, self._info = listener, spool, info
        self._model_rate = model_rate
        self._file: IO[bytes] | None = None
        self._told: Spans | None = None
        self._path = spool.samples_path
        if info.sample_rate != model_rate:
            # Never an old name: the listener of a run that was broken off may still read that.
            self._path = spool.folder / f"live-{secrets.token_hex(4)}.f32"

    def __enter__(self) -> Self:
        if self._path == self._spool.samples_path:
            return self
        for old in self._spool.folder.glob("live-*.f32"):
            with suppress(OSError):
                old.unlink()
        require_space(self._spool.folder, self._info.frames * self._spool.layout.frame_bytes)
        try:
            self._file = self._path.open("xb")
        except OSError as error:
            raise write_refusal(self._path, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        self._file = None

    def focus_at_model_rate(self) -> Focus:
        """Where the listener is, in the spool's frames."""
        return self._listener.focus().at_rate(self._info.sample_rate, self._model_rate)

    def update(self, check: Callable[[], None]) -> None:
        """Add what has come into the spool, and tell the listener.

        Args:
            check: called between pieces; what it raises ends the work.
        """
        spans = self._spool.layout.spans(self._spool.done)
        if self._file is None:
            self._tell(merged(spans))
            return
        here = self._listener.focus().frame
        missing = gaps([self._at_song_rate(*span) for span in spans], self._told or ())
        # What lies before the playhead can wait.
        for first, end in sorted(missing, key=lambda gap: (gap[1] <= here, gap)):
            piece_frames = PIECE_SECONDS * self._info.sample_rate
            for begin in range(first, end, piece_frames):
                check()
                stop = min(end, begin + piece_frames)
                self._convert(self._file, begin, stop)
                self._tell(merged([*(self._told or ()), (begin, stop)]))

    def _tell(self, spans: Spans) -> None:
        if spans != self._told:
            self._told = spans
            self._listener.covered(self._path, spans)

    def _at_song_rate(self, first: int, end: int) -> tuple[int, int]:
        """The frames of the song that follow from the spool's, whatever will be beside those."""
        layout, rate = self._spool.layout, self._info.sample_rate
        run_up = int(np.ceil(RUN_UP_SECONDS * rate))
        begin = 0 if first == 0 else -(-first * rate // self._model_rate) + run_up
        stop = end * rate // self._model_rate - run_up
        return begin, self._info.frames if end == layout.edges[-1] else stop

    def _convert(self, file: IO[bytes], begin: int, stop: int) -> None:
        layout, rate = self._spool.layout, self._info.sample_rate
        # Back in time from the frame wanted, and the same again after the last.
        first, at = late_start(begin, self._model_rate, rate)
        run_up = int(np.ceil(RUN_UP_SECONDS * self._model_rate))
        last = min(layout.edges[-1], -(-stop * self._model_rate // rate) + run_up)
        rows = layout.stems * layout.channels
        resampler = StreamResampler(rows, self._model_rate, rate, last - first, stop - at)
        estimates = self._read(first, last)
        converted = np.concatenate((resampler.push(estimates), resampler.finish()), axis=1)
        data = np.ascontiguousarray(converted[:, begin - at : stop - at].T, dtype="<f4")
        try:
            file.seek(begin * layout.frame_bytes)
            file.write(data.tobytes())
            file.flush()
        except OSError as error:
            raise write_refusal(self._path, error) from error

    def _read(self, first: int, last: int) -> Block:
        """The spool's frames, ``[stems * channels, last - first]``."""
        layout = self._spool.layout
        with self._spool.open_samples() as file:
            file.seek(first * layout.frame_bytes)
            block = self._spool.read_estimates(file, last - first).astype(np.float64)
        return block.reshape(layout.stems * layout.channels, -1)
