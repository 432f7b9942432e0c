"""A player whose every callback and every round of rendering the test asks for itself."""

from __future__ import annotations

import numpy as np

from stemdesk.mixing.way import Way
from stemdesk.playback.output import Buffering, Output
from stemdesk.playback.transport import State, Transport

STEP = 2.0**-18  # a ramp of these is exact in float32, and stays below full scale for 5 s


class Recording:
    """A source without echoes, read through `read_at`."""

    def __init__(self, frames, sample_rate, channels):
        self.frames, self.sample_rate, self.channels = frames, sample_rate, channels
        self.asked = []
        self._go(0, None)

    def seek(self, frame, loop=None):
        self.asked.append(("seek", frame, loop))
        self._go(frame, loop)

    def renew(self, unheard_frames, loop=None):
        assert 0 <= unheard_frames <= self._position
        self.asked.append(("renew", unheard_frames, loop))
        self._go(self._way.song_frame(self._position - unheard_frames), loop)

    def read(self, frames):
        if not self._way.is_endless:
            frames = min(frames, self.frames - self._way.song_frame(self._position))
        block = self._way.read(self, self._position, frames)
        self._position += frames
        return block

    def _go(self, frame, loop):
        self._way, self._position = Way(frame, loop), 0


class Ramp(Recording):
    """Every sample says which frame it is; the second channel has the sign turned."""

    def __init__(self, frames, sample_rate=48_000, channels=2):
        super().__init__(frames, sample_rate, channels)

    def read_at(self, frame, frames):
        numbers = np.arange(frame, frame + frames)
        signs = np.array([1, -1, 1, -1, 1, -1, 1, -1][: self.channels], np.float32)[:, None]
        return ((numbers + 1) * STEP).astype(np.float32) * signs


def numbers(sound):
    """The frames that `sound [channels, n]` of a ramp came from; -1 where it is silent."""
    return np.rint(sound[0] / STEP).astype(int) - 1


class Samples(Recording):
    """Any sound in memory, `[channels, frames]`."""

    def __init__(self, samples, sample_rate=48_000):
        self.samples = np.asarray(samples, np.float32)
        super().__init__(self.samples.shape[1], sample_rate, self.samples.shape[0])

    def read_at(self, frame, frames):
        return self.samples[:, frame : frame + frames]


def tone(hz, seconds, sample_rate=48_000, channels=2, level=0.5):
    times = np.arange(round(seconds * sample_rate)) / sample_rate
    sine = level * np.sin(2 * np.pi * hz * times)
    return np.tile(sine, (channels, 1)).astype(np.float32)


class ManualDevice:
    """A device that calls when the test says so, on a clock that moves with what it plays."""

    name = "manual"
    late_blocks = 0

    def __init__(self, sample_rate=48_000, channels=2, latency_seconds=0.0):
        self.sample_rate, self.channels = sample_rate, channels
        self.latency_seconds = latency_seconds
        self.seconds = 100.0
        self.reason = None
        self.is_closed = False
        self.callback = None

    def start(self, callback):
        self.callback = callback

    def close(self):
        self.is_closed = True

    def lost(self):
        return self.reason

    def now_seconds(self):
        return self.seconds

    def pull(self, frames):
        """One callback: `[channels, frames]`."""
        out = np.full((frames, self.channels), np.nan, np.float32)
        self.callback(out, self.seconds + self.latency_seconds)
        self.seconds += frames / self.sample_rate
        assert np.isfinite(out).all()
        assert np.abs(out).max(initial=0.0) <= 1.0
        return out.T.copy()


class ManualOutputs:
    """Opens the devices it was given, one after the other."""

    def __init__(self, *devices):
        self.devices = list(devices)
        self.asked = []

    def open(self, choice, sample_rate, channels, block_ms):
        self.asked.append((choice, sample_rate, channels, block_ms))
        device = self.devices.pop(0)
        if isinstance(device, Exception):
            raise device
        return device


class Rig:
    """A transport without threads."""

    def __init__(self, source, *devices, ahead_ms=250.0, block_ms=20.0):
        self.source = source
        devices = devices or (ManualDevice(source.sample_rate, source.channels),)
        self.outputs = ManualOutputs(*devices)
        self.output = Output(source, self.outputs, None, Buffering(block_ms, ahead_ms))
        self.transport = Transport(self.output)

    @property
    def device(self):
        return self.output.line.device

    @property
    def renderer(self):
        return self.output.line.renderer

    @property
    def counters(self):
        return self.renderer.outlet.counters

    def do(self, command, *arguments):
        self.transport.guarded(lambda: command(*arguments))

    def render(self):
        """As the render thread does while it has work."""
        while self.transport.guarded(self.transport.step) == 0.0:
            pass

    def pull(self, frames, block_frames=960):
        """What is heard of so many frames, rendering well in time."""
        blocks = []
        while frames > 0:
            self.render()
            blocks.append(self.device.pull(min(frames, block_frames)))
            frames -= block_frames
        return np.concatenate(blocks, axis=1)

    def pull_all(self, block_frames=960):
        """What is heard until the transport stops."""
        blocks = []
        self.render()
        while self.transport.state is State.PLAYING:
            blocks.append(self.device.pull(block_frames))
            self.render()
        return np.concatenate(blocks, axis=1)


def roughness(sound):
    """The largest second difference: a click in a low tone stands out in it."""
    return float(np.abs(np.diff(sound, 2, axis=1)).max(initial=0.0))
