from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.playback.stretch import Stretch, most_alike
from tests.playback.rig import roughness, tone

RATE = 48_000
SPEEDS = [0.5, 0.75, 0.9, 1.1, 1.5, 2.0]


def stretch(samples, speed, block_frames=512, rate=RATE):
    stage = Stretch(rate, samples.shape[0], speed)
    blocks = [
        stage.push(samples[:, first : first + block_frames])
        for first in range(0, samples.shape[1], block_frames)
    ]
    return np.concatenate([*blocks, stage.finish()], axis=1)


def strongest_hz(sound, rate=RATE):
    windowed = sound[0] * np.hanning(sound.shape[1])
    size = 8 * sound.shape[1]
    return np.argmax(np.abs(np.fft.rfft(windowed, size))) * rate / size


@settings(max_examples=40, deadline=None)
@given(
    speed=st.floats(0.5, 2.0),
    frames=st.integers(0, 20_000),
    block_frames=st.integers(1, 6000),
    channels=st.integers(1, 3),
)
def test_duration_scales_and_blocks_do_not_matter(speed, frames, block_frames, channels):
    samples = np.random.default_rng(frames).uniform(-0.5, 0.5, (channels, frames))
    samples = samples.astype(np.float32)
    heard = stretch(samples, speed, block_frames, rate=8000)
    assert heard.shape == (channels, round(frames / speed))
    assert np.array_equal(heard, stretch(samples, speed, max(1, frames), rate=8000))


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("hz", [45.0, 220.0, 1234.5])
def test_pitch_stays(speed, hz):
    heard = stretch(tone(hz, 2.0), speed)
    assert strongest_hz(heard) == pytest.approx(hz, abs=0.3)


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("hz", [45.0, 220.0, 1234.5])
def test_a_tone_has_no_clicks_and_keeps_its_level(speed, hz):
    sound = tone(hz, 2.0)
    heard = stretch(sound, speed)[:, : -RATE // 20]
    assert roughness(heard) < 1.5 * roughness(sound)
    pieces = heard[0, : heard.shape[1] // 4800 * 4800].reshape(-1, 4800)
    levels = np.sqrt(np.mean(np.square(pieces), axis=1))
    assert levels.min() > 0.93 * 0.5 * np.sqrt(0.5)


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_chord_keeps_its_notes(speed):
    notes = [130.8, 196.0, 329.6, 523.3]
    heard = stretch(sum(tone(hz, 3.0, level=0.2) for hz in notes), speed)
    windowed = heard[0] * np.blackman(heard.shape[1])
    spectrum = np.abs(np.fft.rfft(windowed)) / heard.shape[1]
    hz = np.fft.rfftfreq(heard.shape[1], 1 / RATE)
    levels = [spectrum[np.abs(hz - note) < 3].max() for note in notes]
    assert min(levels) > 0.6 * max(levels)


@pytest.mark.parametrize("speed", SPEEDS)
def test_attacks_stay_on_the_beat(speed):
    clicks = np.zeros((2, 2 * RATE), np.float32)
    beats = np.arange(RATE // 4, 2 * RATE - RATE // 4, RATE // 4)
    clicks[:, beats] = 0.9
    heard = np.abs(stretch(clicks, speed)[0])
    for beat in beats:
        around = round(beat / speed)
        reach = round(0.04 * RATE)
        assert heard[around - reach : around + reach].max() > 0.3


def test_channels_move_together():
    mono = np.random.default_rng(1).uniform(-0.5, 0.5, (1, RATE)).astype(np.float32)
    left, right = stretch(np.concatenate([mono, -0.5 * mono]), 1.3)
    assert np.allclose(right, -0.5 * left, atol=1e-7)


def test_likeness_is_not_loudness():
    generator = np.random.default_rng(2)
    region = generator.uniform(-1, 1, (2, 300)).astype(np.float32)
    region[:, 150:] *= 20
    assert most_alike(0.1 * region[:, 37:137], region) == 37


def test_silence_stays_silent():
    assert not stretch(np.zeros((2, RATE), np.float32), 0.7).any()


def test_music_after_silence_is_not_displaced():
    sound = np.concatenate([np.zeros((2, RATE), np.float32), tone(440, 1.0)], axis=1)
    heard = np.abs(stretch(sound, 1.25)[0])
    assert np.flatnonzero(heard > 0.1)[0] / RATE == pytest.approx(1 / 1.25, abs=0.03)
