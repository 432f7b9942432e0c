"""Made-up sound, and measurements on it."""

import numpy as np
from scipy import signal

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.effects.kinds import effect_kind

RATE = 44100


def values_of(name, **values):
    kind = effect_kind(name)
    assert not values.keys() - {each.name for each in kind.parameters}
    return {each.name: each.default for each in kind.parameters} | values


def make(name, rate=RATE, channels=2, **values):
    effect = effect_kind(name).make(rate, channels)
    effect.set(values_of(name, **values))
    return effect


def blocks_of(sound):
    """Read-only blocks, so that an effect that writes into its input fails; zeros fill the last."""
    missing = -sound.shape[1] % QUANTUM_FRAMES
    sound = np.pad(np.asarray(sound, np.float32), ((0, 0), (0, missing)))
    for first in range(0, sound.shape[1], QUANTUM_FRAMES):
        block = np.ascontiguousarray(sound[:, first : first + QUANTUM_FRAMES])
        block.flags.writeable = False
        yield block


def run(effect, sound, rest=None, at=None):
    """The effect's output, as long as `sound`; `at`: block -> values to set before it."""
    out = []
    rests = blocks_of(rest) if rest is not None else iter(())
    for number, block in enumerate(blocks_of(sound)):
        if at and number in at:
            effect.set(at[number])
        rendered = effect.process(block, next(rests, None))
        assert rendered.shape == block.shape
        assert rendered.dtype == np.float32
        out.append(rendered.copy())
    return np.concatenate(out, axis=1)[:, : sound.shape[1]]


def sine(hz, seconds, level_db=-12.0, rate=RATE, channels=2):
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


def noise(seconds, level_db=-20.0, rate=RATE, channels=2, seed=0):
    frames = round(seconds * rate)
    white = np.random.default_rng(seed).standard_normal((channels, frames))
    return (10 ** (level_db / 20) * white).astype(np.float32)


def pink(seconds, level_db=-20.0, rate=RATE, seed=0):
    """One channel, 20 Hz to 20 kHz, of that RMS."""
    frames = round(seconds * rate)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / rate)
    audible = (hz > 20) & (hz < 20_000)
    wave = np.fft.irfft(np.where(audible, spectrum / np.sqrt(np.maximum(hz, 1)), 0), frames)
    return (wave / wave.std() * 10 ** (level_db / 20)).astype(np.float32)[None]


def impulse(seconds, level=1.0, rate=RATE, channels=2, at=0):
    sound = np.zeros((channels, round(seconds * rate)), np.float32)
    sound[:, at] = level
    return sound


def db(ratio):
    with np.errstate(divide="ignore"):
        return 20 * np.log10(np.abs(ratio))


def rms_db(sound):
    return db(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def response_db(ir, hz, rate=RATE):
    """Level of an impulse response at a frequency."""
    turns = np.exp(-2j * np.pi * hz / rate * np.arange(len(ir)))
    return db(ir.astype(np.float64) @ turns)


def envelope_db(wave, hz, rate=RATE):
    """Level of a sine over time: of its analytic signal around `hz`."""
    turns = np.exp(-2j * np.pi * hz / rate * np.arange(len(wave)))
    period = round(rate / hz)
    mean = np.convolve(wave * turns, np.ones(period) / period, "same")
    return db(2 * mean)


def highest_above_db(sound, hz, rate=RATE):
    """The peak of what lies above `hz`: a click's trace beside low notes."""
    sections = signal.butter(8, hz, "high", fs=rate, output="sos")
    return db(np.abs(signal.sosfilt(sections, sound.astype(np.float64), axis=1)).max())
