"""The reverb: decay, level, dry sound, damping, width, pre-delay, send."""

import itertools

import numpy as np
import pytest
from scipy import signal

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from tests.mixing.effects.signals import (
    RATE,
    db,
    impulse,
    make,
    noise,
    pink,
    rms_db,
    run,
    values_of,
)


def wet(sound, rate=RATE, **values):
    """What the reverb adds."""
    effect = make("reverb", rate, len(sound), **{"amount": 1.0, "predelay_ms": 0.0, **values})
    return run(effect, sound) - sound


def decay_seconds(ir, hz, rate=RATE):
    """Reverberation time T30 in the octave around `hz`: Schroeder's backward integration."""
    band = [hz / np.sqrt(2), hz * np.sqrt(2)]
    sections = signal.butter(3, band, "band", fs=rate, output="sos")
    energy = np.cumsum(signal.sosfilt(sections, ir.astype(np.float64))[::-1] ** 2)[::-1]
    level_db = 10 * np.log10(energy / energy[0])
    first, last = np.argmax(level_db < -5), np.argmax(level_db < -35)
    assert last > first
    slope = np.polyfit(np.arange(first, last) / rate, level_db[first:last], 1)[0]
    return -60 / slope


@pytest.mark.parametrize("damping", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seconds", [0.6, 1.0, 3.0, 8.0, 10.0])
def test_decay(seconds, damping):
    ir = wet(impulse(0.8 * seconds + 0.2), decay_seconds=seconds, damping=damping)
    assert decay_seconds(ir[0], 1000.0) == pytest.approx(seconds, rel=0.1)


def test_the_decays_that_were_measured_are_the_whole_range():
    decay = EFFECT_KINDS["reverb"].parameter("decay_seconds")
    assert (decay.minimum, decay.maximum) == (0.6, 10.0)


@pytest.mark.parametrize("rate", [8000, 96_000])
def test_decay_at_other_rates(rate):
    ir = wet(impulse(1.2, rate=rate), rate, decay_seconds=1.2)
    assert decay_seconds(ir[1], 1000.0, rate) == pytest.approx(1.2, rel=0.1)


def test_damping_shortens_the_treble():
    def treble_share(damping):
        ir = wet(impulse(1.7), decay_seconds=2.0, damping=damping)[0]
        return decay_seconds(ir, 8000.0) / decay_seconds(ir, 500.0)

    long = wet(impulse(8.5), decay_seconds=10.0, damping=1.0)[0]
    assert decay_seconds(long, 8000.0) / decay_seconds(long, 500.0) < 0.6
    assert treble_share(0.0) == pytest.approx(1.0, rel=0.1)
    assert 0.4 < treble_share(0.4) < 0.85
    assert treble_share(1.0) < 0.4


@pytest.mark.parametrize(
    ("values", "channels"),
    [
        ({"decay_seconds": 0.6, "damping": 0.0}, 2),
        ({"decay_seconds": 1.8}, 2),
        ({"decay_seconds": 4.0, "damping": 1.0}, 2),
        ({"decay_seconds": 1.8, "width": 0.0}, 2),
        ({"decay_seconds": 1.8}, 1),
        ({"decay_seconds": 1.8, "width": 0.0}, 1),
    ],
)
def test_sent_in_whole_pink_noise_comes_back_as_loud(values, channels):
    sound = np.repeat(pink(5.0), channels, axis=0)
    last = slice(-2 * RATE, None)
    for channel in wet(sound, **values):
        assert rms_db(channel[last]) == pytest.approx(rms_db(sound[0, last]), abs=1.5)


def test_the_level_follows_the_amount():
    sound = noise(0.5)
    whole, quarter = wet(sound, amount=1.0), wet(sound, amount=0.25)
    assert np.allclose(quarter, whole / 4, atol=1e-6)


def test_the_dry_sound_is_there_bit_for_bit():
    sound = noise(0.2, -10.0)
    sound[:, 4000:] = 0.0
    # The first reflection comes after pre-delay and the shortest comb, 1116 frames.
    untouched = round(0.1 * RATE) + 1116
    out = run(make("reverb", amount=1.0, predelay_ms=100.0), sound)
    assert np.array_equal(out[:, :untouched], sound[:, :untouched])
    assert out[:, untouched:].any()


@pytest.mark.parametrize("predelay_ms", [7.0, 100.0, 200.0])
def test_predelay_shifts_the_reverb(predelay_ms):
    frames = round(predelay_ms / 1000 * RATE)
    at_once, later = (wet(impulse(0.5, at=300), predelay_ms=each) for each in (0.0, predelay_ms))
    assert np.abs(at_once).max() > 0.01
    assert np.allclose(later[:, frames:], at_once[:, :-frames], atol=1e-6)


def test_width():
    sound = np.repeat(pink(2.0), 2, axis=0)
    left, right = wet(sound, width=0.0)
    assert np.allclose(left, right, atol=1e-6)
    left, right = wet(sound, width=1.0)[:, RATE:]
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.35


def test_more_channels_go_in_pairs():
    sound = np.zeros((5, RATE), np.float32)
    sound[3, 0] = 1.0
    levels_db = [rms_db(channel) for channel in wet(sound)]
    assert levels_db[:2] == [-np.inf, -np.inf]
    assert levels_db[4] == -np.inf
    assert min(levels_db[2:4]) > -60.0
    sound = np.roll(sound, 1, axis=0)
    levels_db = [rms_db(channel) for channel in wet(sound)]
    assert levels_db[:4] == [-np.inf] * 4
    assert levels_db[4] > -60.0


def test_a_shut_send_lets_the_reverb_ring_out_then_does_nothing():
    shut = {5: values_of("reverb", amount=0.0, decay_seconds=0.6)}
    effect = make("reverb", amount=1.0, decay_seconds=0.6)
    sound = noise(3.0, -20.0)
    out = run(effect, sound, at=shut)
    added_db = [rms_db((out - sound)[:, k : k + 4096]) for k in range(0, 2 * RATE, 4096)]
    assert added_db[1] > -45.0
    assert all(after < before for before, after in itertools.pairwise(added_db[1:9]))
    assert np.array_equal(out[:, 2 * RATE :], sound[:, 2 * RATE :])
    assert effect.tail_seconds == 0.0
    # Opened again, it begins from nothing.
    effect.set(values_of("reverb", amount=1.0, decay_seconds=0.6))
    silence = np.zeros((2, 20 * QUANTUM_FRAMES), np.float32)
    assert not run(effect, silence).any()


def test_never_sent_means_no_tail():
    assert make("reverb", amount=0.0).tail_seconds == 0.0
    assert 2.0 < make("reverb", amount=0.1, decay_seconds=2.0).tail_seconds < 5.0


def test_decay_moves_at_once():
    sound = impulse(2.0)
    effect = make("reverb", amount=1.0, decay_seconds=6.0)
    dampened = run(effect, sound, at={20: values_of("reverb", amount=1.0, decay_seconds=0.6)})
    assert db(np.abs(dampened[:, -RATE // 2 :]).max()) < -90.0
