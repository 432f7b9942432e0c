"""One sound card at work, and how its loss is noticed."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.playback.device import Callback, DeviceInfo

LONGEST_LATENCY_SECONDS = 2.0
FIRST_CALL_SECONDS = 5.0  # wireless loudspeakers take their time to wake up
STALLED_SECONDS = 1.0


class SoundCard:
    """A stream of PortAudio's.

    When a device is unplugged some systems end the stream, and others just call no more: both
    count as lost.

    Args:
        info: which.
        channels: to open it with.
        block_ms: length of a block.
        clock: monotonic seconds.

    Attributes:
        name: for people.
        channels: it is opened with.
        sample_rate: Hz, once open.
        late_blocks: how often the sound card said that a block came too late.
        when_closed: called once it is closed.
    """

    def __init__(
        self, info: DeviceInfo, channels: int, block_ms: float, clock: Callable[[], float]
    ) -> None:
        self.name = info.name
        self.channels = channels
        self.sample_rate = 0
        self.late_blocks = 0
        self.when_closed: Callable[[], None] = lambda: None
        self._index = info.index
        self._block_ms = block_ms
        self._clock = clock
        self._stream: Any = None
        self._module: Any = None
        self._callback: Callback | None = None
        self._latency_seconds = 0.0
        self._expected_by = math.inf
        self._is_finished = False

    def open(self, module: Any, sample_rate: int) -> None:
        """Opens the stream at that rate in Hz; not yet calling.

        Raises:
            module.PortAudioError: The device refuses.
        """
        self._stream = module.OutputStream(
            samplerate=sample_rate,
            blocksize=round(sample_rate * self._block_ms / 1000),
            device=self._index,
            channels=self.channels,
            dtype="float32",
            latency="high",
            callback=self._call,
            finished_callback=self._finish,
        )
        self._module = module
        self.sample_rate = sample_rate
        self._latency_seconds = float(self._stream.latency)

    def start(self, callback: Callback) -> None:
        """Begin to call."""
        self._callback = callback
        self._expected_by = self._clock() + FIRST_CALL_SECONDS
        try:
            self._stream.start()
        except self._module.PortAudioError:
            self._is_finished = True

    def close(self) -> None:
        """Play what the device holds already, and give it back."""
        is_lost = self.lost() is not None
        self._expected_by = math.inf
        # A device that is gone cannot be stopped in good order, nor need it be.
        with contextlib.suppress(self._module.PortAudioError):
            if is_lost:
                self._stream.abort()
            else:
                self._stream.stop()
        with contextlib.suppress(self._module.PortAudioError):
            self._stream.close()
        self.when_closed()

    def lost(self) -> str | None:
        """Why it has stopped on its own, as half a sentence; None while it has not."""
        if self._is_finished or self._clock() > self._expected_by:
            return f'The sound output "{self.name}" has stopped'
        return None

    def now_seconds(self) -> float:
        """The clock of the times given to the callback."""
        return self._clock()

    def _call(self, out: NDArray[np.float32], frames: int, times: Any, status: Any) -> None:  # noqa: ARG002
        assert self._callback is not None
        now = self._clock()
        if status and status.output_underflow:
            self.late_blocks += 1
        # Some drivers leave these times at zero, or count them from somewhere else.
        latency = times.outputBufferDacTime - times.currentTime
        if not 0.0 < latency < LONGEST_LATENCY_SECONDS:
            latency = self._latency_seconds
        self._callback(out, now + latency)
        self._expected_by = now + STALLED_SECONDS

    def _finish(self) -> None:
        self._is_finished = True
