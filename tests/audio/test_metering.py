from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.cells import CellGrid, cell_means
from stemdesk.audio.metering import FULL_SCALE, LevelMeter

RATE = 48_000


def sine(level_db, seconds, hertz=1000.0, rate=RATE, channels=2):
    frames = np.arange(round(seconds * rate))
    return np.tile(10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * frames / rate), (channels, 1))


def silence(seconds, channels=2):
    return np.zeros((channels, round(seconds * RATE)))


def meter_after(*blocks, channels=2):
    meter = LevelMeter(RATE, channels)
    for block in blocks:
        meter.push(block)
    return meter


def read_after(*blocks, channels=2):
    return meter_after(*blocks, channels=channels).read()


# Peak, hold and RMS


def test_a_sine_reads_its_peak_and_its_rms():
    levels = read_after(np.stack([sine(-6, 1)[0], sine(-20, 1)[0]]))
    assert levels.peak_db == pytest.approx((-6.0, -20.0), abs=0.01)
    assert levels.hold_db == levels.peak_db
    assert levels.rms_db == pytest.approx((-9.01, -23.01), abs=0.01)
    assert levels.clipped == (False, False)


def test_silence_and_nothing_read_minus_infinity():
    for levels in (read_after(), read_after(silence(1)), read_after(np.zeros((2, 0)))):
        assert levels.peak_db == levels.hold_db == levels.rms_db == (-math.inf, -math.inf)
        assert levels.correlation == 0.0


def test_one_sample_is_seen():
    block = silence(1)
    block[1, -600] = -0.5
    assert read_after(block).peak_db == pytest.approx((-math.inf, -6.22), abs=0.3)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0])
def test_the_peak_falls_by_20_db_a_second(seconds):
    levels = read_after(sine(0, 1), silence(seconds))
    assert levels.peak_db == pytest.approx([-20 * seconds] * 2, abs=0.21)


def test_the_peak_rises_at_once():
    assert read_after(sine(-40, 1), sine(-3, 0.02)).peak_db == pytest.approx([-3] * 2, abs=0.01)


@pytest.mark.parametrize(("seconds", "expected_db"), [(1.0, 0), (1.45, 0), (2.0, -10), (3.0, -30)])
def test_the_hold_stays_for_1500_ms_and_falls(seconds, expected_db):
    levels = read_after(sine(0, 0.1), silence(seconds))
    assert levels.hold_db == pytest.approx([expected_db] * 2, abs=0.25)


def test_a_higher_peak_is_held_anew_and_a_lower_one_is_not():
    levels = read_after(sine(-20, 0.1), silence(1), sine(-10, 0.1), silence(1.2))
    assert levels.hold_db == pytest.approx([-10] * 2, abs=0.01)
    levels = read_after(sine(-10, 0.1), silence(1), sine(-20, 0.1), silence(1.0))
    assert levels.hold_db == pytest.approx([-22] * 2, abs=0.3)


def test_a_falling_hold_stops_at_what_sounds():
    levels = read_after(sine(0, 0.1), sine(-12, 5))
    assert levels.hold_db == levels.peak_db == pytest.approx([-12] * 2, abs=0.01)


def test_the_rms_window_is_300_ms():
    assert read_after(sine(0, 1), silence(0.29)).rms_db[0] > -20
    assert read_after(sine(0, 1), silence(0.31)).rms_db == (-math.inf, -math.inf)
    assert read_after(silence(1), sine(0, 0.15)).rms_db[0] == pytest.approx(-6.02, abs=0.01)


def test_after_long_silence_nothing_is_left():
    levels = read_after(sine(0, 0.1), silence(12))
    assert levels.peak_db == levels.hold_db == (-math.inf, -math.inf)


# The clip lamp


@pytest.mark.parametrize("value", [1.0000001, -1.0000001, 5.0, math.nan, math.inf, -math.inf])
def test_one_sample_beyond_full_scale_lights_the_lamp(value):
    block = sine(-20, 0.1).astype(np.float32)
    block[1, 77] = value
    meter = meter_after(block, silence(10))
    assert meter.read().clipped == (False, True)
    meter.reset()
    assert meter.read().clipped == (False, True)
    meter.clear()
    assert meter.read().clipped == (False, False)


@pytest.mark.parametrize("value", [1.0, -1.0, 32_767 / 32_768, FULL_SCALE])
@pytest.mark.parametrize("block_frames", [1, 2, 3, 5, 1000])
def test_three_full_scale_samples_in_a_row_light_the_lamp(value, block_frames):
    for run, lit in ((2, False), (3, True), (7, True)):
        block = silence(0.02)
        block[0, 499 : 499 + run] = value
        block[1, 100:104:2] = value
        cuts = range(block_frames, block.shape[1], block_frames)
        levels = read_after(*np.split(block, cuts, axis=1))
        assert levels.clipped == (lit, False)


def test_almost_full_scale_is_no_clipping():
    assert read_after(np.full((2, 5000), 32_766.4 / 32_768)).clipped == (False, False)


def test_a_run_is_not_carried_over_a_pause():
    block = silence(0.001)
    block[:, -2:] = 1.0
    start = silence(0.001)
    start[:, 1:2] = 1.0
    assert read_after(block, start).clipped == (False, False)
    start[:, 0] = 1.0
    assert read_after(block, silence(0.001), start).clipped == (False, False)


def test_what_is_no_number_counts_as_0_in_the_levels():
    clean, dirty = sine(-6, 1), sine(-6, 1)
    clean[:, 1000:1002] = 0.0
    dirty[:, 1000:1002] = [math.nan, math.inf]
    seen, expected = read_after(dirty), read_after(clean)
    assert (seen.peak_db, seen.rms_db) == (expected.peak_db, expected.rms_db)
    assert seen.correlation == expected.correlation


def test_clear_lets_the_held_peak_go():
    meter = meter_after(sine(0, 0.1), sine(-30, 1.2))
    assert meter.read().hold_db == pytest.approx([0] * 2, abs=0.01)
    meter.clear()
    levels = meter.read()
    assert levels.hold_db == levels.peak_db


def test_reset_forgets_all_sound():
    meter = meter_after(sine(-1, 1))
    meter.reset()
    assert meter.read() == LevelMeter(RATE, 2).read()


# Correlation


def test_correlation_of_mono_opposite_and_unrelated_sound():
    left = np.random.default_rng(0).normal(size=RATE)
    right = np.random.default_rng(1).normal(size=RATE)
    assert read_after(np.stack([left, 0.1 * left])).correlation == pytest.approx(1.0)
    assert read_after(np.stack([left, -2 * left])).correlation == pytest.approx(-1.0)
    assert abs(read_after(np.stack([left, right])).correlation) < 0.05
    mixed = read_after(np.stack([left + right, left])).correlation
    assert mixed == pytest.approx(math.sqrt(0.5), abs=0.03)


@pytest.mark.parametrize("degrees", [0, 45, 90, 135, 180])
def test_correlation_of_shifted_sines(degrees):
    frames = np.arange(RATE)
    angles = 2 * np.pi * 1000 * frames / RATE
    block = np.stack([np.sin(angles), 0.3 * np.sin(angles + np.deg2rad(degrees))])
    expected = math.cos(math.radians(degrees))
    assert read_after(block).correlation == pytest.approx(expected, abs=1e-6)


def test_correlation_with_silence_and_of_one_channel():
    half = sine(-6, 1)
    half[1] = 0.0
    assert read_after(half).correlation == 0.0
    assert read_after(sine(-6, 1, channels=1), channels=1).correlation == pytest.approx(1.0)
    assert read_after(silence(1, 1), channels=1).correlation == 0.0


def test_correlation_follows_within_300_ms():
    same = sine(-6, 1)
    opposite = same * [[1], [-1]]
    assert read_after(same, opposite[:, : round(0.31 * RATE)]).correlation == pytest.approx(-1.0)


def test_correlation_looks_at_the_front_of_surround():
    block = np.random.default_rng(0).normal(size=(6, RATE))
    block[1] = -block[0]
    assert read_after(block, channels=6).correlation == pytest.approx(-1.0)


# The stream


@settings(max_examples=40, deadline=None)
@given(
    rate=st.sampled_from([8000, 22_050, 44_100]),
    channels=st.integers(1, 4),
    cuts=st.lists(st.integers(0, 9000), max_size=12),
    seed=st.integers(0, 99),
)
def test_any_blocks_give_the_same_readings(rate, channels, cuts, seed):
    rng = np.random.default_rng(seed)
    samples = rng.normal(size=(channels, 9000)) * 0.3
    whole, parts = LevelMeter(rate, channels), LevelMeter(rate, channels)
    whole.push(samples)
    for block in np.split(samples, sorted(cuts), axis=1):
        parts.push(block)
    assert parts.read() == whole.read()


@given(
    rate=st.integers(8000, 20_000),
    cuts=st.lists(st.integers(0, 30_000), max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_cells_keep_the_time_at_any_rate(rate, cuts):
    """A signal that counts 10 ms steps: each cell is one step."""
    frames = np.arange(30_000)
    values = ((frames + 1) * 100 - 1) // rate
    grid = CellGrid(rate, 1)
    found = [
        cell_means(*grid.push(block))[0] for block in np.split(values[None], sorted(cuts), axis=1)
    ]
    means = np.concatenate(found)
    assert len(means) == 30_000 * 100 // rate
    assert np.array_equal(means, np.arange(len(means)))


def test_a_block_is_never_changed():
    block = sine(-6, 0.1)
    block[0, 3] = math.nan
    before = block.copy()
    read_after(block)
    assert np.array_equal(block, before, equal_nan=True)


def test_a_block_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        LevelMeter(RATE, 2).push(np.zeros((1, 10)))
