from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from stemdesk.mixing.plugins.latency import IMPULSE, from_correlation, from_impulse
from stemdesk.mixing.plugins.tracker import LatencyTracker

RATE = 48_000
FRAMES = 12_000


def response(taps, channels=2):
    result = np.zeros((channels, FRAMES), np.float32)
    for place, gain in taps.items():
        result[:, place] = gain * IMPULSE
    return result


def filtered(numerator, denominator=(1.0,), delay=0):
    impulse = np.zeros(FRAMES)
    impulse[delay] = IMPULSE
    return signal.lfilter(numerator, denominator, impulse)[None].astype(np.float32)


def hall(predelay):
    noise = np.random.default_rng(0).standard_normal(FRAMES - predelay)
    tail = noise * np.exp(-np.arange(FRAMES - predelay) / 3000) * 0.1
    return np.concatenate([np.zeros(predelay), tail])[None].astype(np.float32)


MINIMUM_PHASE = signal.butter(2, 800, fs=RATE)
LINEAR_PHASE = signal.firwin(1023, 3000, fs=RATE)  # its middle is frame 511


@pytest.mark.parametrize(
    ("heard", "reported", "latency"),
    [
        pytest.param(response({0: 1.0}), 0, 0, id="transparent"),
        pytest.param(response({700: -0.2}), 700, 700, id="honest, polarity turned"),
        pytest.param(response({700: 1.0}), 0, 700, id="hidden"),
        pytest.param(response({0: 1.0}), 700, 0, id="claimed in vain"),
        pytest.param(response({701: 1.0}), 700, 701, id="one frame off"),
        pytest.param(response({0: 0.3, 900: 1.0}), 0, 0, id="echo louder than dry sound"),
        pytest.param(response({9600: 1.0}), 0, 0, id="echo alone"),
        pytest.param(response({9600: 1.0}), 9600, 9600, id="long and honest"),
        pytest.param(filtered(*MINIMUM_PHASE), 0, 0, id="low-pass"),
        pytest.param(filtered(*MINIMUM_PHASE, delay=64), 64, 64, id="low-pass, honest"),
        pytest.param(filtered(LINEAR_PHASE), 511, 511, id="linear phase, honest"),
        pytest.param(filtered(LINEAR_PHASE), 0, 511, id="linear phase, hidden"),
        pytest.param(hall(1200), 0, 0, id="hall without dry sound"),
        pytest.param(hall(1200), 300, 300, id="hall, honest"),
    ],
)
def test_latency_from_an_impulse(heard, reported, latency):
    assert from_impulse(heard, 0.0, reported, RATE) == latency


def test_a_hidden_delay_before_a_filter_is_found_where_it_begins():
    found = from_impulse(filtered(*MINIMUM_PHASE, delay=640), 0.0, 0, RATE)
    assert 640 <= found <= 650


@pytest.mark.parametrize("gain", [0.0, 1e-7])
def test_silence_tells_nothing(gain):
    assert from_impulse(response({20: gain}), 0.0, 0, RATE) is None


def test_sound_no_louder_than_before_the_impulse_tells_nothing():
    hum = np.random.default_rng(0).standard_normal((2, FRAMES)).astype(np.float32) * 0.1
    assert from_impulse(hum, float(np.abs(hum).max()), 0, RATE) is None


def song(seconds, seed=0):
    """Held chords with harmonics, drums on the beat, nothing above 15 kHz."""
    random = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    sound = sum(0.1 * np.sin(2 * np.pi * hz * time) for hz in (110, 220, 330, 440, 660))
    beats = np.zeros(time.size)
    beats[::12_000] = 1.0
    drum = random.standard_normal(6000) * np.exp(-np.arange(6000) / 1500)
    sound = sound + 0.3 * signal.fftconvolve(beats, drum)[: time.size]
    low = signal.lfilter(*signal.butter(4, 15_000, fs=RATE), sound)
    return np.stack([low, np.roll(low, 77)]).astype(np.float32)


def delayed(sound, frames):
    return np.pad(sound, ((0, 0), (frames, 0)))[:, : sound.shape[1]]


def tracked(sound, heard, latency, reported=0):
    tracker = LatencyTracker(RATE)
    tracker.doubt()
    for first in range(0, sound.shape[1] - 511, 512):
        tracker.collect(sound[:, first : first + 512], heard[:, first : first + 512])
        found = tracker.find(latency, reported)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize("frames", [0, 1, 777, 4800])
def test_music_tells_a_delay(frames):
    sound = song(2.0)
    assert abs(tracked(sound, delayed(sound, frames), 2400) - frames) <= 3


def test_distorted_and_dulled_music_tells_a_delay():
    sound = song(2.0)
    dull = signal.lfilter(*signal.butter(2, 500, fs=RATE), delayed(sound, 300))
    assert abs(tracked(sound, dull.astype(np.float32), 0) - 300) <= 3
    assert abs(tracked(sound, np.tanh(6 * delayed(sound, 500)), 0) - 500) <= 3


def test_what_is_present_at_the_expected_delay_is_no_change():
    sound = song(2.0)
    noise = np.random.default_rng(3).standard_normal((2, 2 * RATE)).astype(np.float32)
    assert tracked(sound, 0.4 * sound + delayed(sound, 3000), 0) == 0
    assert tracked(noise, 0.5 * noise + delayed(noise, 3000), 0) == 0
    assert tracked(noise, 0.5 * noise + delayed(noise, 3000), 3000) == 3000
    assert tracked(noise, 0.5 * noise + delayed(noise, 3000), 99) == 3000


def test_music_that_tells_nothing_changes_nothing():
    sound = song(3.0)
    noise = np.random.default_rng(1).standard_normal(RATE) * np.exp(-np.arange(RATE) / 9000)
    wet = signal.fftconvolve(sound, noise[None], axes=1)[:, : sound.shape[1]].astype(np.float32)
    tone = np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE)[None].astype(np.float32)
    assert tracked(sound, wet, 0) is None
    assert tracked(tone, delayed(tone, 333), 0) is None
    assert tracked(sound, np.zeros_like(sound), 0) is None
    assert tracked(sound, song(3.0, seed=5) * 0.5, 99) != 0


def test_the_tracker_rests_until_there_is_doubt_and_after_an_answer():
    sound = song(4.0)
    late = delayed(sound, 640)
    tracker = LatencyTracker(RATE)
    answers = []
    for first in range(0, sound.shape[1] - 511, 512):
        if first == 512 * 20:
            assert not answers
            tracker.doubt()
        tracker.collect(sound[:, first : first + 512], late[:, first : first + 512])
        answers.append(tracker.find(0, 0))
        if answers[-1] is None and first < 512 * 20:
            answers.clear()
    assert [answer for answer in answers if answer is not None] == [640]


def test_constant_turning_does_not_keep_the_tracker_from_answering():
    sound = song(3.0)
    late = delayed(sound, 640)
    tracker = LatencyTracker(RATE)
    answers = []
    for first in range(0, sound.shape[1] - 511, 512):
        tracker.doubt()
        tracker.collect(sound[:, first : first + 512], late[:, first : first + 512])
        answers.append(tracker.find(0, 0))
    assert 640 in answers


def test_noise_tells_the_delay_behind_a_gate_that_overhears_impulses():
    random = np.random.default_rng(0)
    sent = np.zeros(24_000, np.float32)
    sent[:19_200] = 0.25 * random.standard_normal(19_200)
    heard = np.pad(sent, (1200, 0))[: sent.size]
    heard[:3000] = 0.0  # the gate opens late
    assert from_correlation(sent, heard[4800:], 4800, 0) == 1200
