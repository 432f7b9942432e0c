"""The equaliser's response against the formulas, band by band."""

import numpy as np
import pytest

from tests.mixing.effects.signals import (
    RATE,
    db,
    impulse,
    make,
    noise,
    response_db,
    run,
    sine,
    values_of,
)

PROBES_HZ = [30.0, 60.0, 120.0, 300.0, 700.0, 1500.0, 2500.0, 3400.0]


def measured_db(hz, rate=RATE, **values):
    effect = make("equaliser", rate, **values)
    ir = run(effect, impulse(0.7, rate=rate))
    assert np.array_equal(ir[0], ir[1])
    return np.array([response_db(ir[0], each, rate) for each in hz])


def biquad_db(kind, hz, corner_hz, gain_db, q, rate=RATE):
    """R. Bristow-Johnson's cookbook, evaluated in double precision."""
    a = 10 ** (gain_db / 40)
    w = 2 * np.pi * corner_hz / rate
    cos, alpha = np.cos(w), np.sin(w) / (2 * q)
    if kind == "peak":
        top = (1 + alpha * a, -2 * cos, 1 - alpha * a)
        bottom = (1 + alpha / a, -2 * cos, 1 - alpha / a)
    else:
        side = 1 if kind == "low" else -1
        slope = 2 * np.sqrt(a) * alpha
        top = (
            a * (a + 1 - side * (a - 1) * cos + slope),
            side * 2 * a * (a - 1 - side * (a + 1) * cos),
            a * (a + 1 - side * (a - 1) * cos - slope),
        )
        bottom = (
            a + 1 + side * (a - 1) * cos + slope,
            -side * 2 * (a - 1 + side * (a + 1) * cos),
            a + 1 + side * (a - 1) * cos - slope,
        )
    z = np.exp(-2j * np.pi * np.asarray(hz) / rate)
    response = np.polyval(top[::-1], z) / np.polyval(bottom[::-1], z)
    return 20 * np.log10(np.abs(response))


@pytest.mark.parametrize("rate", [8000, RATE, 96_000])
@pytest.mark.parametrize("gain_db", [-18.0, 4.0, 18.0])
@pytest.mark.parametrize(
    ("kind", "band", "corner_hz"),
    [("low", "low_shelf", 120.0), ("peak", "peak", 700.0), ("high", "high_shelf", 2000.0)],
)
def test_shelves_and_bell_follow_the_cookbook(kind, band, corner_hz, gain_db, rate):
    values = {f"{band}_db": gain_db, f"{band}_hz": corner_hz}
    q = np.sqrt(0.5)
    if kind == "peak":
        q = values["peak_q"] = 2.5
    expected = biquad_db(kind, PROBES_HZ, corner_hz, gain_db, q, rate)
    assert np.abs(expected).max() > 0.5 * abs(gain_db)
    assert np.allclose(measured_db(PROBES_HZ, rate, **values), expected, atol=0.12)


@pytest.mark.parametrize("q", [0.3, 1.0, 10.0])
def test_bell_width(q):
    expected = biquad_db("peak", PROBES_HZ, 1500.0, 12.0, q)
    measured = measured_db(PROBES_HZ, peak_db=12.0, peak_hz=1500.0, peak_q=q)
    assert np.allclose(measured, expected, atol=0.05)


@pytest.mark.parametrize("rate", [8000, RATE, 192_000])
@pytest.mark.parametrize("corner_hz", [40.0, 100.0, 1000.0])
def test_high_pass(corner_hz, rate):
    at = [corner_hz / 16, corner_hz / 8, corner_hz, 3 * corner_hz]
    measured = measured_db(at, rate, high_pass_hz=corner_hz)
    assert measured[2] == pytest.approx(-3.01, abs=0.05)
    assert measured[1] - measured[0] == pytest.approx(12.0, abs=0.6)
    assert -0.6 < measured[3] < 0.0


@pytest.mark.parametrize("rate", [8000, RATE, 192_000])
@pytest.mark.parametrize("corner_hz", [500.0, 2000.0])
def test_low_pass(corner_hz, rate):
    at = [corner_hz / 3, corner_hz]
    measured = measured_db(at, rate, low_pass_hz=corner_hz)
    assert measured[1] == pytest.approx(-3.01, abs=0.05)
    assert -0.6 < measured[0] < 0.0
    if corner_hz < rate / 200:
        octave = measured_db([8 * corner_hz, 16 * corner_hz], rate, low_pass_hz=corner_hz)
        assert octave[0] - octave[1] == pytest.approx(12.0, abs=1.2)


@pytest.mark.parametrize("low_pass_hz", [10_000.0, 19_999.0])
def test_a_low_pass_beyond_nyquist_passes_all(low_pass_hz):
    assert np.allclose(measured_db([100.0, 3000.0], 8000, low_pass_hz=low_pass_hz), 0.0, atol=0.2)


def test_new_filters_are_run_up_before_they_are_heard():
    sound = sine(70.0, 0.6, -6.0)
    settings = {"low_shelf_db": 15.0, "low_shelf_hz": 90.0}
    changed = run(make("equaliser"), sound, at={30: values_of("equaliser", **settings)})
    always = run(make("equaliser", **settings), sound)
    start = 31 * 512
    assert db(np.abs(changed[:, start:] - always[:, start:]).max()) < -55.0


def test_the_run_up_does_not_depend_on_the_blocks():
    sound = noise(20 * 512 / RATE)
    at = values_of("equaliser", peak_db=18.0, peak_hz=60.0, peak_q=10.0)
    expected = run(make("equaliser"), sound, at={10: at})
    effect = make("equaliser")
    effect.process(sound[:, : 10 * 512], None)
    effect.set(at)
    assert np.array_equal(run(effect, sound[:, 10 * 512 :]), expected[:, 10 * 512 :])


def test_a_reset_forgets_what_filters_are_run_up_on():
    effect = make("equaliser", 192_000)
    run(effect, sine(60.0, 0.1, rate=192_000))
    effect.reset()
    silence = np.zeros((2, 5 * 512), np.float32)
    at = {1: values_of("equaliser", peak_db=18.0, peak_hz=60.0, peak_q=10.0)}
    assert not run(effect, silence, at=at).any()


@pytest.mark.parametrize(
    "values",
    [
        {"peak_db": 18.0, "peak_hz": 60.0, "peak_q": 10.0},
        {"low_shelf_db": 18.0, "low_shelf_hz": 60.0},
        {"high_pass_hz": 30.0},
    ],
)
def test_what_it_rings_falls_by_90_db_in_its_tail(values):
    effect = make("equaliser", **values)
    tail_frames = round(effect.tail_seconds * RATE)
    hz = values.get("peak_hz", 60.0)
    seconds = 1.5 + effect.tail_seconds
    sound = sine(hz, seconds, -6.0)
    sound[:, RATE:] = 0.0
    out = run(effect, sound)
    ringing_db = db(np.abs(out[:, RATE : RATE + 1000]).max())
    assert db(np.abs(out[:, RATE + tail_frames :]).max()) < ringing_db - 90.0
    early = RATE + tail_frames // 2
    assert db(np.abs(out[:, early:]).max()) > ringing_db - 90.0


def test_bands_add_up():
    bands = [
        {"high_pass_hz": 90.0},
        {"low_shelf_db": 5.0},
        {"peak_db": -7.0},
        {"high_shelf_db": 6.0},
        {"low_pass_hz": 6000.0},
    ]
    alone = sum(measured_db(PROBES_HZ, **band) for band in bands)
    together = measured_db(PROBES_HZ, **{k: v for band in bands for k, v in band.items()})
    assert np.allclose(together, alone, atol=0.05)


def test_neutral_bands_stay_bit_for_bit_wherever_they_stand():
    sound = noise(0.2)
    values = {
        "low_shelf_hz": 900.0,
        "peak_hz": 5000.0,
        "peak_q": 9.0,
        "high_shelf_hz": 1200.0,
        "high_pass_hz": 20.0,
        "low_pass_hz": 20_000.0,
    }
    assert np.array_equal(run(make("equaliser", **values), sound), sound)


def test_back_to_neutral_is_bit_for_bit_again():
    effect = make("equaliser", peak_db=12.0, high_pass_hz=300.0)
    sound = noise(0.4)
    out = run(effect, sound, at={10: values_of("equaliser")})
    assert not np.allclose(out[:, 4000:5120], sound[:, 4000:5120])
    assert np.array_equal(out[:, 11 * 512 :], sound[:, 11 * 512 :])
