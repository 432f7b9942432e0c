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
SPARE_BLOCKS = 3  # of delay, for the time that the work on a block takes
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

    Attributes:
        gaps: blocks for which there was nothing to play.
        delay_frames: from the input's first frame to the output's.
        when_closed: called once it is closed.
    """

    def __init__(
        self, source: DeviceInfo, target: DeviceInfo, sample_rate: int, delay_frames: int
    ) -> None:
        self.source, self.target, self.sample_rate = source, target, sample_rate
        block = round(BLOCK_SECONDS * sample_rate)
        self.delay_frames = delay_frames + SPARE_BLOCKS * block
        self.gaps = 0
        self._block = block
        # Appending to a deque and taking from it are atomic: no lock in the callback.
        self._came_in: deque[Samples] = deque(maxlen=round(MOST_WAITING_SECONDS / BLOCK_SECONDS))
        self._to_play: deque[Samples] = deque()
        self._begun: Samples = np.zeros((self.delay_frames, STEREO), np.float32)
        self._missed = 0
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
        self._stream.start()

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
            blocks.append(self._came_in.popleft())
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
        if len(self._came_in) == self._came_in.maxlen:
            # The oldest block is lost, and with it what would have been made of it.
            self._missed -= self._block
        self._came_in.append(came_in.copy())
        filled = 0
        while filled < frames:
            if not len(self._begun):
                if not self._to_play:
                    break
                self._begun = self._to_play.popleft()
            if self._missed > 0:
                late = min(self._missed, len(self._begun))
                self._begun, self._missed = self._begun[late:], self._missed - late
                continue
            some = self._begun[: frames - filled]
            if out.shape[1] == 1:
                out[filled : filled + len(some), 0] = some.mean(axis=1)
            else:
                out[filled : filled + len(some)] = some
            filled += len(some)
            self._begun = self._begun[len(some) :]
        if filled < frames:
            out[filled:] = 0
            self.gaps += 1
            self._missed += frames - filled

    def _finish(self) -> None:
        self._has_ended = True
