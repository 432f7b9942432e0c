from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.levels import peak_db
from stemdesk.audio.true_peak import TruePeakMeter, oversampling, true_peak_dbtp
from tests.audio import ebu_signals

RATES = (44_100, 48_000, 96_000, 192_000)


def within_ebu(measured, expected):
    return -0.4 <= measured - expected <= 0.2


@pytest.mark.parametrize("case", ebu_signals.TRUE_PEAK)
@pytest.mark.parametrize("rate", RATES)
def test_ebu_sines(case, rate):
    hertz_per_rate, phase_degrees, amplitude, expected = ebu_signals.TRUE_PEAK[case]
    samples = ebu_signals.faded_sine(hertz_per_rate, phase_degrees, amplitude, rate)
    assert within_ebu(true_peak_dbtp(samples, rate), expected)


@pytest.mark.parametrize("offset", range(4))
@pytest.mark.parametrize("rate", [48_000, 96_000])
def test_ebu_peak_between_samples(offset, rate):
    assert within_ebu(true_peak_dbtp(ebu_signals.peak_between(offset, rate), rate), 0.0)


def test_the_samples_of_the_ebu_signals_alone_would_not_do():
    """What the meter is for: samples of case 16 lie 3 dB below its peak, of 20 to 23 over 2 dB."""
    sine = ebu_signals.faded_sine(*ebu_signals.TRUE_PEAK[16][:3])
    assert peak_db(sine) < -9.0
    assert min(peak_db(ebu_signals.peak_between(offset)) for offset in range(4)) < -2.0


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz_per_rate", [0.02, 0.11, 0.2371, 0.3333, 0.41, 0.4535])
def test_sines_up_to_20_khz_of_any_phase(rate, hertz_per_rate):
    """The worst phase for the samples, halfway between two of them, and others."""
    hertz_per_rate = min(hertz_per_rate, 20_000 / rate)
    for phase_degrees in (0.0, 17.0, 90.0, 90.0 - 180.0 * hertz_per_rate):
        samples = ebu_signals.faded_sine(hertz_per_rate, phase_degrees, 1.0, rate)
        assert -0.15 < true_peak_dbtp(samples, rate) < 0.02


def test_a_fixed_level_has_no_overshoot_of_its_own():
    samples = np.minimum(1.0, np.arange(20_000) / 10_000)[None]
    meter = TruePeakMeter(48_000, 1)
    meter.push(samples)
    assert 0.0 <= meter.max_dbtp < 1e-3


@pytest.mark.parametrize(
    ("rate", "least"), [(8000, 4), (48_000, 4), (95_999, 4), (96_000, 2), (191_999, 2)]
)
def test_oversampling_as_the_standard_asks(rate, least):
    assert oversampling(rate) >= least


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 3000),
    channels=st.integers(1, 8),
    cuts=st.lists(st.integers(0, 3000), max_size=12),
    rate=st.sampled_from([44_100, 96_000, 192_000]),
)
def test_any_blocks_read_the_same(frames, channels, cuts, rate):
    samples = np.random.default_rng(frames).normal(size=(channels, frames)).astype(np.float32)
    whole = TruePeakMeter(rate, channels)
    whole.push(samples)
    whole.finish()
    parts = TruePeakMeter(rate, channels)
    for block in np.split(samples, sorted(cuts), axis=1):
        parts.push(block)
    parts.finish()
    assert parts.peaks_dbtp == pytest.approx(whole.peaks_dbtp, abs=1e-5)
    assert min(np.subtract(whole.peaks_dbtp, [peak_db(each) for each in samples])) >= 0.0


@pytest.mark.parametrize("tail", [0, 3, 100])
@pytest.mark.parametrize("level", [1.0, -1.0])
def test_a_peak_in_the_last_frame_counts(tail, level):
    """Two frames of 1.0 between silence: 4/pi with an ideal filter."""
    samples = np.zeros((1, 500))
    samples[0, 498 - tail : 500 - tail] = level
    expected = 20 * math.log10(4 / math.pi)
    assert true_peak_dbtp(samples, 48_000) == pytest.approx(expected, abs=0.05)


def test_channels_are_apart_and_held():
    meter = TruePeakMeter(48_000, 2)
    sine = ebu_signals.faded_sine(1 / 4, 45.0, 1.0)[0]
    meter.push(np.stack([0.5 * sine, 0.1 * sine]))
    assert meter.peaks_dbtp == pytest.approx((-6.02, -20.0), abs=0.05)
    meter.push(np.zeros((2, 48_000)))
    assert meter.max_dbtp == pytest.approx(-6.02, abs=0.05)
    meter.reset()
    assert meter.peaks_dbtp == (-math.inf, -math.inf)


def test_silence_and_nothing():
    assert true_peak_dbtp(np.zeros((2, 1000)), 44_100) == -math.inf
    assert true_peak_dbtp(np.zeros((2, 0)), 44_100) == -math.inf


def test_what_is_no_number_counts_as_0():
    clean = 0.1 * np.random.default_rng(0).normal(size=(2, 4000))
    clean[:, 1000:1004] = 0.0
    dirty = clean.copy()
    dirty[:, 1000:1004] = [math.nan, math.inf, -math.inf, 1e300]
    assert true_peak_dbtp(dirty, 48_000) == true_peak_dbtp(clean, 48_000)


def test_a_block_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        TruePeakMeter(48_000, 2).push(np.zeros((1, 10)))
