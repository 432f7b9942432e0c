from __future__ import annotations

import math
import warnings

import numpy as np
import pyloudnorm
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from stemdesk.audio.info import MAX_CHANNELS
from stemdesk.audio.k_weighting import CHANNEL_WEIGHTS, k_weighting_sections
from stemdesk.audio.loudness import LoudnessMeter, loudness_of_file, measure_loudness
from stemdesk.audio.sliding import sliding
from stemdesk.errors import UserError
from tests.audio import ebu_signals

RATE = 48_000


def noise(seconds, rate=RATE, channels=2, seed=0):
    return np.random.default_rng(seed).normal(size=(channels, round(seconds * rate)))


def steps(levels_db, seconds_each, rate=RATE, channels=2):
    """Noise in steps of level."""
    part = np.repeat(10 ** (np.array(levels_db) / 20), round(seconds_each * rate))
    return part * noise(len(part) / rate, rate, channels)


def pushed(samples, rate, cuts=()):
    meter = LoudnessMeter(rate, samples.shape[0])
    for block in np.split(samples, list(cuts), axis=1):
        meter.push(block)
    return meter


def readings(meter):
    return (
        meter.momentary_lufs,
        meter.short_term_lufs,
        meter.max_momentary_lufs,
        meter.max_short_term_lufs,
        meter.integrated_lufs,
        meter.range_lu,
    )


# EBU Tech 3341 and 3342


@pytest.mark.parametrize("case", ebu_signals.INTEGRATED)
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_ebu_integrated_loudness(case, rate):
    parts, expected = ebu_signals.INTEGRATED[case]
    meter = pushed(ebu_signals.tones(parts, rate), rate)
    assert meter.integrated_lufs == pytest.approx(expected, abs=0.1)
    if len(parts) == 1:
        assert meter.momentary_lufs == pytest.approx(expected, abs=0.1)
        assert meter.short_term_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("lfe", [False, True])
def test_ebu_surround(lfe):
    """A full-scale LFE changes nothing."""
    measured = measure_loudness(ebu_signals.case_6(lfe=lfe), RATE)
    assert measured.integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_ebu_short_term_is_constant_after_3_s():
    samples = ebu_signals.steady_short_term()
    meter = LoudnessMeter(RATE, 2)
    for start in range(0, samples.shape[1], 2400):
        meter.push(samples[:, start : start + 2400])
        if start >= 3 * RATE:
            assert meter.short_term_lufs == pytest.approx(-23.0, abs=0.1)


def test_ebu_momentary_is_constant_after_1_s():
    samples = ebu_signals.steady_momentary()
    meter = LoudnessMeter(RATE, 2)
    for start in range(0, samples.shape[1], 480):
        meter.push(samples[:, start : start + 480])
        if start >= RATE:
            assert meter.momentary_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("number", range(20))
def test_ebu_maxima_of_single_bursts(number):
    long = pushed(ebu_signals.single_burst(number, 3.0), RATE)
    assert long.max_short_term_lufs == pytest.approx(-23.0, abs=0.1)
    short = pushed(ebu_signals.single_burst(number, 0.4), RATE)
    assert short.max_momentary_lufs == pytest.approx(-23.0, abs=0.1)


def test_ebu_maxima_of_rising_bursts():
    meter = LoudnessMeter(RATE, 2)
    for samples, expected in ebu_signals.rising_bursts(3.0):
        meter.push(samples)
        assert meter.max_short_term_lufs == pytest.approx(expected, abs=0.1)
    meter = LoudnessMeter(RATE, 2)
    for samples, expected in ebu_signals.rising_bursts(0.4):
        meter.push(samples)
        assert meter.max_momentary_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("case", ebu_signals.RANGE)
def test_ebu_loudness_range(case):
    levels_db, expected = ebu_signals.RANGE[case]
    samples = ebu_signals.tones([(level_db, 20) for level_db in levels_db], 16_000)
    meter = pushed(samples, 16_000)
    assert meter.range_lu == pytest.approx(expected, abs=0.1)  # the document allows 1 LU
    meter.push(samples)
    assert meter.range_lu == pytest.approx(expected, abs=0.1)


# The filters


def test_k_weighting_is_the_table_of_the_standard_at_48_khz():
    table = [
        [1.53512485958697, -2.69169618940638, 1.19839281085285],
        [1, -1.69065929318241, 0.73248077421585],
        [1, -2, 1],
        [1, -1.99004745483398, 0.99007225036621],
    ]
    assert np.abs(k_weighting_sections(48_000).reshape(4, 3) - table).max() < 1e-12


@pytest.mark.parametrize(
    ("rate", "tolerance_db"),
    [(8000, 0.3), (11_025, 0.16), (16_000, 0.07), (44_100, 0.01), (192_000, 0.01)],
)
def test_every_rate_has_the_response_of_48_khz(rate, tolerance_db):
    hertz = np.geomspace(10, min(20_000, 0.4 * rate), 300)
    here = signal.sosfreqz(k_weighting_sections(rate), hertz, fs=rate)[1]
    there = signal.sosfreqz(k_weighting_sections(48_000), hertz, fs=48_000)[1]
    assert np.abs(20 * np.log10(np.abs(here / there))).max() < tolerance_db


@pytest.mark.parametrize(
    ("rate", "tolerance_lu"),
    [(8000, 0.25), (11_127, 0.15), (22_050, 0.1), (44_100, 0.1), (96_000, 0.1), (192_000, 0.1)],
)
def test_a_tone_reads_the_same_at_every_rate(rate, tolerance_lu):
    measured = measure_loudness(ebu_signals.tones([(-23, 4)], rate), rate)
    assert measured.integrated_lufs == pytest.approx(-23.0, abs=tolerance_lu)
    assert measured.max_momentary_lufs == pytest.approx(-23.0, abs=tolerance_lu)


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_against_pyloudnorm(rate):
    """Its filters are of its own making, 0.043 dB low at 48 kHz; its gating is held exactly."""
    samples = steps([-20, -32, -14, -60, -26, -80], 2, rate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pyloudnorm.Meter(rate).integrated_loudness(samples.T)
    assert measure_loudness(samples, rate).integrated_lufs == pytest.approx(theirs, abs=0.06)


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_against_pyloudnorm_with_the_filters_of_the_standard(channels):
    samples = steps([-20, -32, -14, -60, -26, -80], 2, channels=channels)
    theirs = pyloudnorm.Meter(RATE, "DeMan").integrated_loudness(samples.T)
    assert measure_loudness(samples, RATE).integrated_lufs == pytest.approx(theirs, abs=1e-3)


# Channels


@pytest.mark.parametrize("channels", range(1, MAX_CHANNELS + 1))
def test_each_channel_has_its_weight(channels):
    alone = measure_loudness(ebu_signals.tones([(-20, 1)], channels=1), RATE).integrated_lufs
    for channel, weight in enumerate(CHANNEL_WEIGHTS[channels]):
        samples = np.zeros((channels, RATE))
        samples[channel] = ebu_signals.tones([(-20, 1)], channels=1)
        expected = alone + 10 * math.log10(weight) if weight else -math.inf
        assert measure_loudness(samples, RATE).integrated_lufs == pytest.approx(expected)


def test_a_full_scale_tone_in_one_channel_reads_minus_3():
    """BS.1770-4: a 0 dBFS sine of 997 Hz in L, R or C reads -3.01 LKFS."""
    sine = np.sin(2 * np.pi * 997 * np.arange(RATE) / RATE)[None]
    assert measure_loudness(sine, RATE).integrated_lufs == pytest.approx(-3.01, abs=0.01)


def test_surround_weighs_1_5_db_and_lfe_nothing():
    weights = CHANNEL_WEIGHTS[6]
    assert weights == (1.0, 1.0, 1.0, 0.0, 1.41, 1.41)


# The gates, between which the EBU's tones do not tell


@pytest.mark.parametrize(("low_db", "counted"), [(-34.5, True), (-36.5, False)])
def test_the_relative_gate_lies_10_lu_below(low_db, counted):
    """Half the time at -23: the mean lies 3 LU below it and the gate at -35.8."""
    measured = measure_loudness(ebu_signals.tones([(-23, 20), (low_db, 20)], 16_000), 16_000)
    mean = 10 * math.log10((10**-2.3 + 10 ** (low_db / 10)) / 2)
    assert measured.integrated_lufs == pytest.approx(mean if counted else -23.0, abs=0.1)


@pytest.mark.parametrize(("level_db", "expected"), [(-69.8, -69.8), (-70.2, -math.inf)])
def test_the_absolute_gate_lies_at_70(level_db, expected):
    measured = measure_loudness(ebu_signals.tones([(level_db, 4)]), RATE)
    assert measured.integrated_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("low_db", "expected"), [(-42.0, 22.0), (-44.0, 0.0)])
def test_the_gate_of_the_range_lies_20_lu_below(low_db, expected):
    """Half the time at -20: the mean lies at -23 and the gate at -43.

    Short-term windows that hold some of both fill the space between, 1 LU below the louder.
    """
    measured = measure_loudness(ebu_signals.tones([(-20, 40), (low_db, 40)], 16_000), 16_000)
    assert measured.range_lu == pytest.approx(expected, abs=0.5)


def test_what_is_below_70_lufs_is_not_of_the_range():
    parts = [(-60, 30), (-71, 30)]
    assert measure_loudness(ebu_signals.tones(parts, 16_000), 16_000).range_lu < 6.0


def test_the_range_spans_from_10_to_95_percent():
    """A level that rises steadily from -40 to -20 dB has 85 % of what its windows span."""
    seconds = 60
    frames = np.arange(seconds * 8000)
    gain = 10 ** (np.interp(frames, [0, len(frames)], [-40, -20]) / 20)
    samples = np.tile(gain * np.sin(2 * np.pi * 1000 * frames / 8000), (2, 1))
    assert measure_loudness(samples, 8000).range_lu == pytest.approx(0.85 * 19.0, abs=0.1)


# The stream


@settings(max_examples=30, deadline=None)
@given(
    rate=st.sampled_from([8000, 11_025, 22_050, 44_100]),
    cuts=st.lists(st.integers(0, 32_000), max_size=12),
    channels=st.integers(1, 6),
)
def test_any_blocks_give_the_same_bits(rate, cuts, channels):
    samples = 0.1 * noise(4.0, 8000, channels)
    samples[:, 9000:12_000] = 0.0
    whole = pushed(samples, rate)
    assert readings(pushed(samples, rate, sorted(cuts))) == readings(whole)


@pytest.mark.parametrize("frames", [1, 7, 512])
def test_small_blocks_give_the_same_bits(frames):
    samples = 0.1 * noise(0.45, 22_050)
    cuts = range(frames, samples.shape[1], frames)
    assert readings(pushed(samples, 22_050, cuts)) == readings(pushed(samples, 22_050))


def test_long_programmes_grow_no_error():
    """The history outgrows its first buffer twice."""
    tone = ebu_signals.tones([(-23, 20)], 8000)
    meter = LoudnessMeter(8000, 2)
    for _ in range(15):
        meter.push(tone)
    whole = measure_loudness(tone, 8000).integrated_lufs
    assert meter.integrated_lufs == pytest.approx(whole, abs=1e-4)
    meter.push(ebu_signals.tones([(-13, 300)], 8000))
    assert meter.integrated_lufs == pytest.approx(whole + 10 * math.log10((1 + 10) / 2), abs=0.01)


def test_the_readings_follow_while_it_runs():
    meter = LoudnessMeter(RATE, 2)
    meter.push(ebu_signals.tones([(-20, 3)]))
    before = meter.integrated_lufs
    meter.push(ebu_signals.tones([(-10, 3)]))
    assert meter.integrated_lufs > before + 5
    assert meter.momentary_lufs == pytest.approx(-10, abs=0.1)
    meter.push(np.zeros((2, RATE)))
    assert meter.momentary_lufs == -math.inf
    meter.push(np.zeros((2, 3 * RATE)))
    assert meter.short_term_lufs == -math.inf
    assert meter.max_momentary_lufs == pytest.approx(-10, abs=0.1)
    meter.reset()
    assert readings(meter) == readings(LoudnessMeter(RATE, 2))
    meter.push(ebu_signals.tones([(-33, 3)]))
    assert meter.integrated_lufs == pytest.approx(-33, abs=0.1)


@pytest.mark.parametrize("frames", [0, 1, 19_199])
def test_silence_and_less_than_400_ms_read_minus_infinity(frames):
    measured = measure_loudness(np.zeros((2, 5 * RATE)), RATE)
    assert measured.integrated_lufs == measured.max_momentary_lufs == -math.inf
    assert measured.max_short_term_lufs == measured.true_peak_dbtp == -math.inf
    assert measured.range_lu == 0.0
    assert measure_loudness(np.ones((2, frames)), RATE).integrated_lufs == -math.inf


def test_400_ms_are_enough():
    measured = measure_loudness(ebu_signals.tones([(-23, 0.4)]), RATE)
    assert measured.integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_the_true_peak_at_the_end_counts():
    samples = np.zeros((2, RATE))
    samples[:, -2:] = 0.5
    measured = measure_loudness(samples, RATE)
    assert measured.true_peak_dbtp == pytest.approx(20 * math.log10(2 / math.pi), abs=0.05)


def test_what_is_no_number_counts_as_0_and_is_forgotten():
    clean = 0.1 * noise(2.0)
    clean[:, 20_000:20_003] = 0.0
    dirty = clean.copy()
    dirty[:, 20_000:20_003] = [math.nan, math.inf, -math.inf]
    assert readings(pushed(dirty, RATE)) == readings(pushed(clean, RATE))


def test_a_block_is_never_changed():
    block = 0.1 * noise(0.5)
    block[0, 7] = math.nan
    before = block.copy()
    measure_loudness(block, RATE)
    assert np.array_equal(block, before, equal_nan=True)


@pytest.mark.parametrize(("rate", "channels"), [(7999, 2), (192_001, 2), (48_000, 0), (48_000, 9)])
def test_rates_and_channels_out_of_range_are_refused(rate, channels):
    with pytest.raises(ValueError, match=r"8 to 192 kHz|channels"):
        LoudnessMeter(rate, channels)


def test_a_block_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        LoudnessMeter(RATE, 2).push(np.zeros((3, 100)))


# Files


def test_a_file_reads_as_its_samples(tmp_path):
    samples = (0.1 * noise(5.0, 44_100)).clip(-1, 1).astype(np.float32)
    path = tmp_path / "song.wav"
    soundfile.write(path, samples.T, 44_100, "FLOAT")
    told = []
    measured = loudness_of_file(path, lambda fraction, stage: told.append((fraction, stage)))
    assert measured == measure_loudness(samples, 44_100)
    assert told[-1] == (1.0, "Measuring song.wav")
    assert len(told) == 4


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        loudness_of_file(tmp_path / "nowhere.wav")


# Sliding windows


@given(values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=60), data=st.data())
def test_sliding_windows(values, data):
    window = data.draw(st.integers(1, len(values)))
    array = np.array(values, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(array, window)
    assert np.array_equal(sliding(np.add, array, window), windows.sum(axis=1))
    assert np.array_equal(sliding(np.maximum, array, window), windows.max(axis=1))


@pytest.mark.parametrize("window", [0, 6])
def test_windows_that_do_not_fit_are_refused(window):
    with pytest.raises(ValueError, match="window"):
        sliding(np.add, np.zeros(5), window)
