"""Compressor and gate: curves, times, link, meter."""

import numpy as np
import pytest

from tests.mixing.effects.signals import RATE, db, make, noise, rms_db, run, sine, values_of

PEAK = {"attack_ms": 0.1, "release_ms": 1000.0}  # follows peaks closely


def steady_gain_db(effect, level_db, hz=997.0):
    sound = sine(hz, 0.8, level_db)
    out = run(effect, sound)
    last = slice(-RATE // 10, None)
    return rms_db(out[:, last]) - rms_db(sound[:, last])


def steps(*levels_and_seconds):
    """Constant values one after the other: levels without ripple."""
    return np.concatenate(
        [np.full((2, round(seconds * RATE)), level) for level, seconds in levels_and_seconds],
        axis=1,
    ).astype(np.float32)


@pytest.mark.parametrize("ratio", [1.5, 4.0, 20.0])
def test_compression_curve(ratio):
    def gain_db(level_db):
        effect = make("compressor", threshold_db=-30.0, ratio=ratio, **PEAK)
        return steady_gain_db(effect, level_db)

    slope = 1 - 1 / ratio
    assert gain_db(-60.0) == pytest.approx(0.0, abs=0.01)
    assert gain_db(-30.0) == pytest.approx(-slope * 1.505, abs=0.15)
    assert gain_db(-15.0) == pytest.approx(-slope * 15, abs=0.15)
    assert gain_db(0.0) == pytest.approx(-slope * 30, abs=0.15)


def test_usual_times_read_a_sine_close_to_its_peak():
    effect = make("compressor", threshold_db=-30.0, ratio=4.0)
    assert steady_gain_db(effect, -6.0) == pytest.approx(-0.75 * 24, abs=1.0)


def test_makeup_lifts_all_by_as_much():
    effect = make("compressor", threshold_db=-30.0, ratio=4.0, makeup_db=9.0, **PEAK)
    assert steady_gain_db(effect, -60.0) == pytest.approx(9.0, abs=0.01)
    effect = make("compressor", threshold_db=-30.0, ratio=4.0, makeup_db=9.0, **PEAK)
    assert steady_gain_db(effect, -10.0) == pytest.approx(9.0 - 15.0, abs=0.15)


def compressor_level(gain, threshold, ratio):
    """The level that was given a gain, from the published law."""
    return threshold * (gain ** (-4 / (1 - 1 / ratio)) - 1) ** 0.25


@pytest.mark.parametrize("attack_ms", [2.0, 10.0, 50.0])
def test_attack_is_the_time_to_63_percent(attack_ms):
    effect = make("compressor", threshold_db=-40.0, ratio=3.0, attack_ms=attack_ms)
    sound = steps((0.001, 0.1), (0.5, 0.3))
    gain = (run(effect, sound) / sound)[0].astype(np.float64)
    at = round((0.1 + attack_ms / 1000) * RATE)
    assert compressor_level(gain[at], 0.01, 3.0) == pytest.approx(0.5 * 0.632, rel=0.03)


@pytest.mark.parametrize("release_ms", [20.0, 100.0, 400.0])
def test_release_is_the_time_to_63_percent(release_ms):
    effect = make("compressor", threshold_db=-40.0, ratio=3.0, release_ms=release_ms)
    sound = steps((0.5, 0.3), (0.02, 0.6))
    gain = (run(effect, sound) / sound)[0].astype(np.float64)
    at = round((0.3 + release_ms / 1000) * RATE)
    left = compressor_level(gain[at], 0.01, 3.0)
    assert left == pytest.approx(0.02 + 0.48 * 0.368, rel=0.03)


@pytest.mark.parametrize("name", ["compressor", "gate"])
@pytest.mark.parametrize("loudest", [0, 1, 2])
def test_all_channels_are_given_the_gain_of_the_loudest(name, loudest):
    sound = noise(0.5, -40.0, channels=3)
    sound[loudest] *= 20
    effect = make(name, channels=3, threshold_db=-25.0, ratio=6.0)
    gains = run(effect, sound) / sound
    assert np.allclose(gains, gains[0], rtol=1e-5)
    if name == "compressor":
        assert gains[:, 5000:].max() < 0.7  # the loudest alone is above the threshold
    else:
        assert gains[:, 5000:].min() > 0.8


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_the_level_is_that_of_one_channel(channels):
    effect = make("compressor", channels=channels, threshold_db=-30.0, ratio=4.0, **PEAK)
    sound = sine(997.0, 0.5, -10.0, channels=channels)
    out = run(effect, sound)
    assert rms_db(out[:, -4410:]) - rms_db(sound[:, -4410:]) == pytest.approx(-15.0, abs=0.15)


@pytest.mark.parametrize("rate", [8000, 192_000])
def test_times_hold_at_every_rate(rate):
    effect = make("compressor", rate, threshold_db=-40.0, ratio=3.0, attack_ms=10.0)
    sound = np.full((2, rate // 5), 0.5, np.float32)
    gain = (run(effect, sound) / sound)[0].astype(np.float64)
    level = compressor_level(gain[round(0.01 * rate)], 0.01, 3.0)
    assert level == pytest.approx(0.5 * 0.632, rel=0.04)


def test_reduction_meter():
    effect = make("compressor", threshold_db=-30.0, ratio=4.0, makeup_db=6.0, **PEAK)
    assert effect.reduction_db == 0.0
    sound = sine(997.0, 0.5, -10.0)
    out = run(effect, sound)
    turned_down_db = rms_db(sound[:, -512:]) + 6.0 - rms_db(out[:, -512:])
    assert effect.reduction_db == pytest.approx(turned_down_db, abs=0.05)
    assert 14.5 < turned_down_db < 15.5
    effect.reset()
    assert effect.reduction_db == 0.0
    run(effect, sine(997.0, 0.2, -70.0))
    assert effect.reduction_db == pytest.approx(0.0, abs=0.001)


@pytest.mark.parametrize("ratio", [2.0, 5.0])
def test_gate_curve(ratio):
    def gain_db(level_db):
        effect = make("gate", threshold_db=-30.0, ratio=ratio, range_db=90.0, **PEAK)
        return steady_gain_db(effect, level_db)

    assert gain_db(-10.0) == pytest.approx(0.0, abs=0.05)
    assert gain_db(-30.0) == pytest.approx(-(ratio - 1) * 1.505, abs=0.3)
    assert gain_db(-45.0) == pytest.approx(-(ratio - 1) * 15, abs=0.5)


@pytest.mark.parametrize("range_db", [0.0, 12.0, 40.0])
def test_gate_takes_away_its_range_and_no_more(range_db):
    effect = make("gate", threshold_db=-20.0, ratio=20.0, range_db=range_db)
    assert steady_gain_db(effect, -60.0) == pytest.approx(-range_db, abs=0.01)


def test_gate_opens_and_closes_in_its_times():
    effect = make("gate", threshold_db=-40.0, ratio=10.0, attack_ms=5.0, release_ms=50.0)
    sound = steps((0.0005, 0.3), (0.1, 0.3), (0.0005, 0.6))
    gain_db = db((run(effect, sound) / sound)[0])
    opened = int(np.argmax(gain_db > -3.0))
    # It reads 0.1 (1 - exp(-t / 5 ms)) and is half open at the threshold, a tenth of that.
    assert (opened / RATE - 0.3) * 1000 == pytest.approx(0.6, abs=0.3)
    assert gain_db[round(0.59 * RATE)] == pytest.approx(0.0, abs=0.01)
    closed = round(0.6 * RATE) + int(np.argmax(gain_db[round(0.6 * RATE) :] < -20.0))
    # It falls from 0.1 towards the threshold 0.01 and 2.2 dB further, at 8.7 dB in 50 ms.
    assert (closed / RATE - 0.6) * 1000 == pytest.approx(50 * (20 + 2.3) / 8.69, rel=0.1)


def test_a_moving_threshold_ends_at_the_new_curve():
    effect = make("compressor", threshold_db=0.0, ratio=4.0, **PEAK)
    sound = sine(997.0, 0.8, -10.0)
    out = run(
        effect, sound, at={20: values_of("compressor", threshold_db=-30.0, ratio=4.0, **PEAK)}
    )
    assert rms_db(out[:, 8000:10000]) == pytest.approx(rms_db(sound[:, 8000:10000]), abs=0.05)
    assert rms_db(out[:, -4410:]) == pytest.approx(rms_db(sound[:, -4410:]) - 15.0, abs=0.15)
