"""The delay: times, levels, tone, sides, send."""

import numpy as np
import pytest

from tests.mixing.effects.signals import (
    RATE,
    impulse,
    make,
    noise,
    response_db,
    rms_db,
    run,
    sine,
    values_of,
)

OPEN = {"amount": 1.0, "tone_hz": 20_000.0}


@pytest.mark.parametrize(
    ("rate", "time_ms"),
    [(RATE, 20.0), (RATE, 333.0), (RATE, 2000.0), (8000, 20.0), (8000, 64.0), (192_000, 20.0)],
)
def test_echoes_come_in_time_and_fall_by_the_feedback(rate, time_ms):
    frames = round(time_ms / 1000 * rate)
    sound = impulse(4.5 * frames / rate, 0.8, rate)
    effect = make("delay", rate, **{**OPEN, "amount": 0.5}, time_ms=time_ms, feedback=0.6)
    expected = sound.copy()
    for echo in range(1, 5):
        expected[:, echo * frames] = 0.8 * 0.5 * 0.6 ** (echo - 1)
    assert np.allclose(run(effect, sound), expected, atol=1e-6)


def test_without_feedback_there_is_one_echo():
    sound = noise(1.0)
    out = run(make("delay", **OPEN, time_ms=100.0, feedback=0.0), sound)
    expected = sound.copy()
    expected[:, 4410:] += sound[:, :-4410]
    assert np.allclose(out, expected, atol=1e-6)


@pytest.mark.parametrize("rate", [8000, RATE])
@pytest.mark.parametrize("tone_hz", [500.0, 2000.0])
def test_tone_is_a_low_pass_in_the_loop(tone_hz, rate):
    effect = make("delay", rate, amount=1.0, time_ms=200.0, feedback=0.9, tone_hz=tone_hz)
    frames = round(0.2 * rate)
    out = run(effect, impulse(0.6, rate=rate))[0]
    first, second = out[frames : 2 * frames], out[2 * frames : 3 * frames]
    assert response_db(first, 20.0, rate) == pytest.approx(0.0, abs=0.1)
    assert response_db(first, tone_hz, rate) == pytest.approx(-3.01, abs=0.1)
    twice_db = 2 * response_db(first, tone_hz, rate) + 20 * np.log10(0.9)
    assert response_db(second, tone_hz, rate) == pytest.approx(twice_db, abs=0.1)


def test_a_tone_beyond_nyquist_is_open():
    out = run(
        make("delay", 8000, amount=1.0, tone_hz=15_000.0, time_ms=100.0), impulse(0.2, rate=8000)
    )
    assert response_db(out[0, 800:], 3000.0, 8000) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("time_ms", [8000 / RATE * 20, 250.0])
def test_ping_pong_changes_sides(time_ms):
    rate = 8000 if time_ms < 20 else RATE
    time_ms = max(20.0, time_ms)
    frames = round(time_ms / 1000 * rate)
    effect = make("delay", rate, channels=3, **OPEN, time_ms=time_ms, feedback=0.5, ping_pong=1.0)
    sound = impulse(3.5 * frames / rate, rate=rate, channels=3)
    sound[1] *= 0.5
    out = run(effect, sound)
    levels = [[out[channel, echo * frames] for channel in range(3)] for echo in (1, 2, 3)]
    assert np.allclose(levels, [[0.75, 0, 1], [0, 0.375, 0.5], [0.1875, 0, 0.25]], atol=1e-6)


def test_the_dry_sound_is_there_bit_for_bit():
    sound = noise(0.3, -10.0)
    out = run(make("delay", amount=1.0, time_ms=200.0), sound)
    assert np.array_equal(out[:, :8820], sound[:, :8820])
    assert not np.array_equal(out[:, 8820:], sound[:, 8820:])


def test_a_shut_send_lets_the_echoes_go_on_then_does_nothing():
    values = {"time_ms": 50.0, "feedback": 0.5, "tone_hz": 20_000.0}
    effect = make("delay", amount=1.0, **values)
    sound = sine(300.0, 3.0)
    out = run(effect, sound, at={5: values_of("delay", amount=0.0, **values)})
    added = out - sound
    assert rms_db(added[:, 3200:4600]) > -30.0
    assert rms_db(added[:, 3200 + 2205 : 4600 + 2205]) > -36.0
    assert np.array_equal(out[:, 2 * RATE :], sound[:, 2 * RATE :])
    assert effect.tail_seconds == 0.0


def test_a_new_time_holds_for_what_comes_next():
    values = {**OPEN, "feedback": 0.0}
    effect = make("delay", time_ms=100.0, **values)
    sound = impulse(0.6, at=15_000)
    out = run(effect, sound, at={10: values_of("delay", time_ms=70.0, **values)})
    assert np.flatnonzero(out[0]).tolist() == [15_000, 15_000 + round(0.07 * RATE)]


def test_tail():
    def tail_seconds(**values):
        return make("delay", **{**OPEN, **values}).tail_seconds

    assert tail_seconds(time_ms=500.0, feedback=0.0) == pytest.approx(0.5, abs=0.01)
    assert tail_seconds(time_ms=500.0, feedback=0.5) == pytest.approx(0.5 * 16, abs=0.01)
    assert tail_seconds(amount=0.0) == 0.0
