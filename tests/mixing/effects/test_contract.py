"""What holds for every kind of effect."""

import numpy as np
import pytest

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES
from stemdesk.mixing.effects.kinds import EFFECT_KINDS
from stemdesk.mixing.effects.spectral_shift import window_frames
from tests.mixing.effects.signals import (
    RATE,
    db,
    highest_above_db,
    impulse,
    make,
    noise,
    run,
    sine,
    values_of,
)

BUSY = {
    "pitch": {"semitones": 3.0},
    "gate": {"threshold_db": -20.0},
    "equaliser": {
        "high_pass_hz": 80.0,
        "low_shelf_db": 6.0,
        "peak_db": 9.0,
        "peak_hz": 300.0,
        "peak_q": 4.0,
        "high_shelf_db": -6.0,
        "low_pass_hz": 9000.0,
    },
    "compressor": {"threshold_db": -30.0, "ratio": 4.0, "makeup_db": 6.0},
    "rider": {"distance_db": 6.0},
    "delay": {"amount": 0.7, "time_ms": 60.0, "feedback": 0.5},
    "reverb": {"amount": 0.8, "decay_seconds": 0.8, "predelay_ms": 20.0},
    "limiter": {"ceiling_db": -20.0},
}
OTHER = {
    "pitch": {"semitones": -2.0},
    "gate": {"threshold_db": -50.0, "range_db": 20.0},
    "equaliser": {"peak_db": -9.0, "peak_hz": 900.0},
    "compressor": {"ratio": 10.0, "attack_ms": 1.0, "release_ms": 40.0},
    "rider": {"distance_db": -6.0, "range_db": 3.0, "speed_ms": 60.0},
    "delay": {"amount": 0.2, "time_ms": 90.0, "feedback": 0.3, "ping_pong": 1.0},
    "reverb": {"amount": 0.3, "decay_seconds": 2.0, "damping": 0.9, "width": 0.5},
    "limiter": {"ceiling_db": -6.0, "release_ms": 10.0},
}
NEUTRAL = {
    "pitch": {"semitones": 0.0},
    "gate": {"range_db": 0.0},
    "equaliser": {},
    "compressor": {"ratio": 1.0},
    "rider": {"range_db": 0.0},
    "delay": {"amount": 0.0},
    "reverb": {"amount": 0.0},
    "limiter": {"ceiling_db": 0.0},
}
every_kind = pytest.mark.parametrize("name", EFFECT_KINDS)


def rest_for(name, seconds, rate=RATE, channels=2):
    return noise(seconds, -30.0, rate, channels, seed=5) if EFFECT_KINDS[name].needs_rest else None


@every_kind
@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 3, 8])
def test_gives_finite_blocks_for_blocks(name, rate, channels):
    effect = make(name, rate, channels, **BUSY[name])
    seconds = (12 * QUANTUM_FRAMES + effect.latency_frames) / rate
    loud = noise(seconds, 20.0, rate, channels)  # +20 dBFS
    loud[:, 700] = 1e6
    out = run(
        effect,
        loud,
        rest_for(name, seconds, rate, channels),
        at={6: values_of(name, **OTHER[name])},
    )
    assert np.isfinite(out).all()
    assert out.any()


@every_kind
@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
def test_neutral_settings_only_delay(name, rate):
    effect = make(name, rate, **NEUTRAL[name])
    latency = effect.latency_frames
    seconds = (latency + 4000) / rate
    sound = noise(seconds, -30.0, rate)
    out = run(effect, sound, rest_for(name, seconds, rate))
    assert np.array_equal(out[:, latency:], sound[:, : sound.shape[1] - latency])
    assert not out[:, :latency].any()
    effect.set(values_of(name, **BUSY[name]))
    assert effect.latency_frames == latency


@every_kind
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_a_settled_effect_takes_several_blocks_as_one(name, channels):
    """What comes out is the same, bit for bit, also after a value has moved."""
    sound = noise(40 * QUANTUM_FRAMES / RATE, -15.0, channels=channels)
    rest = rest_for(name, 40 * QUANTUM_FRAMES / RATE, channels=channels)
    at = {20: values_of(name, **OTHER[name])}
    expected = run(make(name, channels=channels, **BUSY[name]), sound, rest, at)
    effect = make(name, channels=channels, **BUSY[name])
    out, quantum = [], 0
    while quantum < 40:
        if quantum in at:
            effect.set(at[quantum])
        quanta = 5 if effect.is_settled and quantum + 5 <= 40 else 1
        part = slice(quantum * QUANTUM_FRAMES, (quantum + quanta) * QUANTUM_FRAMES)
        # With parts of several lengths in between: 5, 5, 5, 5, 1 (it moves), 5, ...
        out.append(effect.process(sound[:, part], None if rest is None else rest[:, part]).copy())
        quantum += quanta
    assert np.array_equal(np.concatenate(out, axis=1), expected)
    if name in ("compressor", "gate", "equaliser", "reverb"):
        assert len(out) < 20


@every_kind
def test_a_reset_effect_equals_a_fresh_one(name):
    sound = noise(0.7)
    rest = rest_for(name, 0.7)
    used = make(name, **BUSY[name])
    # Reset in the midst of a move, when the values are half way there.
    run(used, sound, rest, at={40: values_of(name, **OTHER[name])})
    used.set(values_of(name, **BUSY[name]))
    used.process(sound[:, :QUANTUM_FRAMES].copy(), rest if rest is None else rest[:, :512])
    used.set(values_of(name, **OTHER[name]))
    used.reset()
    assert np.array_equal(run(used, sound, rest), run(make(name, **OTHER[name]), sound, rest))


@every_kind
def test_a_reset_forgets_all_sound_and_moves_in_progress(name):
    effect = make(name, **BUSY[name])
    run(effect, noise(0.3), rest_for(name, 0.3))
    effect.reset()
    silence = np.zeros((2, 30 * QUANTUM_FRAMES), np.float32)
    rest = rest_for(name, silence.shape[1] / RATE)
    assert not run(effect, silence, rest, at={1: values_of(name, **OTHER[name])}).any()
    effect.reset()
    effect.set(values_of(name, **BUSY[name]))
    sound = noise(0.3)
    fresh = make(name, **BUSY[name])
    assert np.array_equal(
        run(effect, sound, rest_for(name, 0.3)), run(fresh, sound, rest_for(name, 0.3))
    )


@every_kind
def test_silence_gives_silence(name):
    silence = np.zeros((2, 20 * QUANTUM_FRAMES), np.float32)
    rest = rest_for(name, silence.shape[1] / RATE)
    assert not run(make(name, **BUSY[name]), silence, rest).any()


@every_kind
@pytest.mark.parametrize("settings", [BUSY, OTHER])
def test_its_tail_is_as_long_as_it_says(name, settings):
    effect = make(name, **settings[name])
    burst = noise(0.3, -10.0)
    burst = np.concatenate([burst, np.zeros((2, QUANTUM_FRAMES), np.float32)], axis=1)
    run(effect, burst, rest_for(name, burst.shape[1] / RATE))
    # What the pitch's window smears over the end does not count, so that a song in another key
    # stays as long as it was.
    smeared_frames = window_frames(RATE) if name == "pitch" else 0
    tail_frames = round(effect.tail_seconds * RATE) + effect.latency_frames + smeared_frames
    silence = np.zeros((2, tail_frames + RATE), np.float32)
    out = run(effect, silence, rest_for(name, silence.shape[1] / RATE))
    assert db(np.abs(out[:, tail_frames:]).max()) < -90.0
    if effect.tail_seconds > 0.2:  # and not many times longer
        early = round(0.3 * effect.tail_seconds * RATE) + effect.latency_frames
        assert db(np.abs(out[:, early:]).max()) > -90.0


STEPS = [
    ("compressor", "threshold_db", -40.0, -10.0),
    ("compressor", "ratio", 1.0, 20.0),
    ("compressor", "attack_ms", 2.0, 100.0),
    ("compressor", "release_ms", 50.0, 1000.0),
    ("compressor", "makeup_db", 0.0, 18.0),
    ("gate", "threshold_db", -60.0, 0.0),
    ("gate", "ratio", 1.0, 20.0),
    ("gate", "attack_ms", 2.0, 100.0),
    ("gate", "release_ms", 50.0, 1000.0),
    ("gate", "range_db", 0.0, 60.0),
    ("equaliser", "high_pass_hz", 20.0, 1000.0),
    ("equaliser", "low_shelf_db", -18.0, 18.0),
    ("equaliser", "low_shelf_hz", 60.0, 1000.0),
    ("equaliser", "peak_db", -18.0, 18.0),
    ("equaliser", "peak_hz", 60.0, 16000.0),
    ("equaliser", "peak_q", 0.3, 10.0),
    ("equaliser", "high_shelf_db", -18.0, 18.0),
    ("equaliser", "high_shelf_hz", 1000.0, 16000.0),
    ("equaliser", "low_pass_hz", 500.0, 20000.0),
    ("reverb", "amount", 0.0, 1.0),
    ("reverb", "decay_seconds", 0.6, 10.0),
    ("reverb", "damping", 0.0, 1.0),
    ("reverb", "width", 0.0, 1.0),
    ("reverb", "predelay_ms", 0.0, 133.0),
    ("delay", "amount", 0.0, 1.0),
    ("delay", "time_ms", 20.0, 77.7),
    ("delay", "feedback", 0.0, 0.9),
    ("delay", "tone_hz", 500.0, 20000.0),
    ("delay", "ping_pong", 0.0, 1.0),
    ("pitch", "semitones", 0.0, 5.0),
    ("rider", "distance_db", -15.0, 15.0),
    ("rider", "range_db", 0.0, 20.0),
    ("rider", "speed_ms", 50.0, 5000.0),
    ("limiter", "ceiling_db", -20.0, 0.0),
    ("limiter", "release_ms", 10.0, 1000.0),
]
LISTENING = {
    "compressor": {"threshold_db": -30.0, "ratio": 4.0},
    "gate": {"threshold_db": -10.0},
    "equaliser": {"low_shelf_db": 6.0, "peak_db": 6.0, "high_shelf_db": 6.0},
    "reverb": {"amount": 1.0},
    "delay": {"amount": 1.0, "feedback": 0.5, "time_ms": 50.0},
    "pitch": {"semitones": 3.0},
    "rider": {"distance_db": 6.0},
    "limiter": {"ceiling_db": -20.0},
}


def test_every_parameter_is_stepped():
    stepped = {(name, parameter) for name, parameter, _, _ in STEPS}
    assert stepped == {
        (kind.name, each.name) for kind in EFFECT_KINDS.values() for each in kind.parameters
    }


@pytest.mark.parametrize(("name", "parameter", "first", "second"), STEPS)
def test_a_step_in_a_value_does_not_click(name, parameter, first, second):
    sound = sine(440.0, 0.8)
    sound *= np.minimum(1, np.arange(sound.shape[1]) / RATE / 0.1).astype(np.float32) ** 2

    def values(value):
        return values_of(name, **{**LISTENING[name], parameter: value})

    effect = make(name, **{**LISTENING[name], parameter: first})
    at = {25: values(second), 40: values(first)}
    # And a slide, a new value before every block.
    at |= {50 + k: values(first + (second - first) * k / 12) for k in range(13)}
    if parameter == "ping_pong":
        at = {25: values(second), 40: values(first)}
    out = run(effect, sound, rest_for(name, 0.8), at)
    assert highest_above_db(out, 5000.0) < -60.0


@pytest.mark.parametrize("rate", [8000, 192_000])
@pytest.mark.parametrize(
    ("name", "parameter", "first", "second"),
    [
        ("compressor", "makeup_db", 0.0, 18.0),
        ("equaliser", "peak_db", -18.0, 18.0),
        ("reverb", "amount", 0.0, 1.0),
        ("delay", "time_ms", 20.0, 77.7),
    ],
)
def test_nor_at_other_rates(name, parameter, first, second, rate):
    quanta = 24 * round(max(1, rate / 44_100))
    seconds = quanta * QUANTUM_FRAMES / rate
    sound = sine(440.0, seconds, rate=rate)
    sound *= np.minimum(1, np.arange(sound.shape[1]) / sound.shape[1] * 4).astype(np.float32) ** 2
    effect = make(name, rate, **{**LISTENING[name], parameter: first})
    at = {quanta // 2: values_of(name, **{**LISTENING[name], parameter: second})}
    assert highest_above_db(run(effect, sound, at=at), min(5000.0, 0.4 * rate), rate) < -60.0


@pytest.mark.parametrize(("rate", "blocks"), [(8000, 1), (48_000, 1), (96_000, 2), (192_000, 4)])
def test_a_step_takes_10_ms_or_a_block(rate, blocks):
    sound = np.full((1, 12 * QUANTUM_FRAMES), 1e-3, np.float32)
    at = {5: values_of("compressor", makeup_db=12.0)}
    gain_db = db(run(make("compressor", rate, 1), sound, at=at)[0] / 1e-3)
    start, end = 5 * QUANTUM_FRAMES, (5 + blocks) * QUANTUM_FRAMES
    assert np.allclose(gain_db[:start], 0.0, atol=0.01)
    assert np.allclose(gain_db[end:], 12.0, atol=0.01)
    assert gain_db[end - 200] < 11.95
    assert (np.diff(gain_db[start:end]) > -1e-4).all()


@every_kind
def test_what_is_set_before_the_first_block_holds_at_once(name):
    sound = noise(0.4)
    rest = rest_for(name, 0.4)
    late = make(name, **OTHER[name])
    late.set(values_of(name, **BUSY[name]))
    assert np.array_equal(run(late, sound, rest), run(make(name, **BUSY[name]), sound, rest))


@pytest.mark.parametrize("name", [name for name in EFFECT_KINDS if name != "pitch"])
def test_a_move_ends_where_it_was_sent(name):
    """After a step, the effect becomes the one that had the values from the start.

    (But for the pitch, whose phases remember.)
    """
    sound = noise(2.5, -15.0)
    rest = rest_for(name, 2.5)
    changed = run(make(name, **OTHER[name]), sound, rest, at={30: values_of(name, **BUSY[name])})
    always = run(make(name, **BUSY[name]), sound, rest)
    last = slice(-8000, None)
    error = db(np.abs(changed[:, last] - always[:, last]).max())
    # A reverb that decays for long still holds what it was sent before the step.
    assert error < (-30.0 if name in ("reverb", "rider") else -60.0)


@every_kind
def test_after_sound_comes_silence_without_slow_numbers(name):
    """Nothing may hang on in denormal numbers, which make a processor a hundred times slower."""
    effect = make(name, **BUSY[name])
    seconds = 6.0
    sound = impulse(seconds, 0.5, at=1000)
    out = run(effect, sound, rest_for(name, seconds))
    end = np.abs(out[:, -2000:])
    assert not ((end > 0) & (end < np.finfo(np.float32).tiny)).any()
    assert db(end.max()) < -120.0
