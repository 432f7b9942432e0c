"""Stems of noise on the 24-bit grid, and effects that do one known thing."""

import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.delay_line import DelayLine
from stemdesk.mixing.effects import kinds
from stemdesk.mixing.effects.effect import EffectKind
from stemdesk.mixing.parameters import Parameter
from stemdesk.mixing.sources import ClipStem

RATE = 44100
GRID = 2.0**23


def grid_noise(channels, frames, seed, level=0.2):
    noise = np.random.default_rng(seed).uniform(-level, level, (channels, frames))
    return (np.rint(noise * GRID) / GRID).astype(np.float32)


def clip_stems(samples, rate=RATE):
    return {name: ClipStem(AudioClip(each, rate)) for name, each in samples.items()}


def read_all(renderer, block=4096):
    parts = []
    while (part := renderer.read(block)).shape[1]:
        parts.append(part)
    return np.concatenate(parts, axis=1) if parts else np.zeros((renderer.channels, 0))


class Late:
    """Delays by a number of frames and says so; multiplies by its gain."""

    tail_seconds = 0.0
    is_settled = False

    def __init__(self, channels, frames):
        self.latency_frames = frames
        self._channels = channels
        self._line = DelayLine(channels, frames)
        self._gain = np.float32(1.0)
        self.seen = []

    def set(self, values):
        self._gain = np.float32(values["gain"])
        self.seen.append(dict(values))

    def process(self, block, rest):
        self.rest = rest
        return self._line.process(block) * self._gain

    def reset(self):
        self._line = DelayLine(self._channels, self.latency_frames)

    def close(self):
        self.closed = True


class Broken(Late):
    def process(self, block, rest):  # noqa: ARG002 - the protocol's
        return block * np.float32("nan")


@pytest.fixture
def late_kinds(monkeypatch):
    """Kinds `late100`, `late777` and `broken`; returns the effects as they are made."""
    made = []

    def kind(name, frames, cls=Late, needs_rest=False):
        def make(sample_rate, channels):
            made.append(cls(channels, frames))
            return made[-1]

        gain = Parameter("gain", "Gain", "", 0.0, 4.0, 1.0)
        monkeypatch.setitem(
            kinds.EFFECT_KINDS, name, EffectKind(name, name, (gain,), make, needs_rest=needs_rest)
        )

    kind("late100", 100)
    kind("late777", 777)
    kind("listening", 300, needs_rest=True)
    kind("broken", 0, Broken)
    return made
