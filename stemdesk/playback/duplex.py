"""A sound input and an output that run together, for sound that is changed on its way."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stemdesk.playback.device import DeviceInfo

    Samples = NDArray[np.float32]

BLOCK_SECONDS = 0.01
SPARE_SECONDS = 0.03
STEREO = 2
MOST_WAITING_SECONDS = 1.0


class Duplex:
    """One PortAudio stream in both directions.

    What is given is heard as long after it came in as ``delay_frames`` says, always: what came too
    late to be played is dropped, so that no gap makes the delay longer.

    Args:
        source: the input; mono is heard in the middle.
        target: the output.
        sample_rate: Hz.
        delay_frames: how much later than it came in the work hands sound out, at most.
        spare_seconds: added to that, for the time that the work takes.

    Attributes:
        gaps: blocks for which there was not enough to play.
        failure: what went wrong in the driver's thread; None if nothing.
        delay_frames: from the input's first frame to the output's.
        when_closed: called once it is closed.
    """

    def __init__(
        self,
        source: DeviceInfo,
        target: DeviceInfo,
        sample_rate: int,
        delay_frames: int,
        spare_seconds: float = SPARE_SECONDS,
    ) -> None:
        self.source, self.target, self.sample_rate = source, target, sample_rate
        block = round(BLOCK_SECONDS * sample_rate)
        self.delay_frames = delay_frames + round(spare_seconds * sample_rate)
        self.gaps = 0
        self.failure: Exception | None = None
        self._block = block
        # Appending to a deque and taking from it are atomic: no lock in the callback.
        # Where blocks are not taken in time the oldest are lost; their numbers tell.
        waiting = round(MOST_WAITING_SECONDS / BLOCK_SECONDS)
        self._came_in: deque[tuple[int, Samples]] = deque(maxlen=waiting)
        self._turn = self._next_turn = self._lost_frames = self._known_lost = 0
        self._to_play: deque[Samples] = deque()
        self._begun: Samples = np.zeros((self.delay_frames, STEREO), np.float32)
        self._missed = 0  # frames of silence that stood in for sound
        self._is_in_gap = False
        self._stream: Any = None
        self._module: Any = None
        self._has_ended = False
        self.when_closed: Callable[[], None] = lambda: None

    def open(self, module: Any) -> None:
        """Open the stream and let it run.

        Raises:
            module.PortAudioError: a device refuses.
        """
        self._module = module
        self._stream = module.Stream(
            samplerate=self.sample_rate,
            blocksize=self._block,
            device=(self.source.index, self.target.index),
            channels=(min(STEREO, self.source.channels), min(STEREO, self.target.channels)),
            dtype="float32",
            latency="low",
            callback=self._call,
            finished_callback=self._finish,
        )
        try:
            self._stream.start()
        except module.PortAudioError:
            self._stream.close()
            raise

    @property
    def has_ended(self) -> bool:
        """Whether a device was unplugged."""
        return self._has_ended

    @property
    def latency_seconds(self) -> float:
        """From the sound at the input to what was made of it at the output, devices included."""
        return float(sum(self._stream.latency)) + self.delay_frames / self.sample_rate

    def take(self) -> Samples:
        """See :class:`stemdesk.app.realtime.SoundLine`."""
        blocks = []
        while self._came_in:
            turn, block = self._came_in.popleft()
            # What would have been made of these is not waited for.
            self._lost_frames += (turn - self._next_turn) * self._block
            self._next_turn = turn + 1
            blocks.append(block)
        if not blocks:
            return np.zeros((STEREO, 0), np.float32)
        heard = np.concatenate(blocks).T
        return np.ascontiguousarray(np.broadcast_to(heard, (STEREO, heard.shape[1])))

    def give(self, samples: Samples) -> None:
        """See :class:`stemdesk.app.realtime.SoundLine`."""
        if samples.shape[1]:
            self._to_play.append(np.ascontiguousarray(samples.T))

    def close(self) -> None:
        """Stop and give the devices back; never raises."""
        for end in (self._stream.abort, self._stream.close):
            with contextlib.suppress(self._module.PortAudioError):
                end()
        self.when_closed()

    def _call(
        self,
        came_in: Samples,
        out: Samples,
        frames: int,
        times: Any,  # noqa: ARG002
        status: Any,  # noqa: ARG002
    ) -> None:
        out[:] = 0
        try:
            self._came_in.append((self._turn, came_in.copy()))
            self._turn += 1
            lost = self._lost_frames
            self._missed -= lost - self._known_lost
            self._known_lost = lost
            filled = self._fill(out)
            if self._is_in_gap:
                _fade(out[:filled], rising=True)
            self._is_in_gap = filled < frames
            if self._is_in_gap:
                _fade(out[:filled], rising=False)
                self.gaps += 1
                self._missed += frames - filled
        except Exception as error:
            self.failure = error
            raise

    def _fill(self, out: Samples) -> int:
        """Copy what there is to play, but for what comes too late; how many frames that was."""
        filled = 0
        while filled < len(out):
            if not len(self._begun):
                if not self._to_play:
                    break
                self._begun = self._to_play.popleft()
            if self._missed > 0:
                late = min(self._missed, len(self._begun))
                self._begun, self._missed = self._begun[late:], self._missed - late
                continue
            some = self._begun[: len(out) - filled]
            place = out[filled : filled + len(some)]
            place[:] = some.mean(axis=1, keepdims=True) if out.shape[1] == 1 else some
            filled += len(some)
            self._begun = self._begun[len(some) :]
        return filled

    def _finish(self) -> None:
        self._has_ended = True


def _fade(block: Samples, *, rising: bool) -> None:
    # Straight: over the few frames there may be, the half cosine of `fades` is steeper midway.
    ramp = np.linspace(0, 1, len(block), dtype=np.float32)[:, None]
    block *= ramp if rising else 1 - ramp
