from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemdesk.audio.levels import db, from_db, peak_db
from stemdesk.audio.limiter import Limiter

RATE = 48_000
LOOK_AHEAD = 240

rates = st.sampled_from([8000, 22_050, 44_100, 192_000])
releases = st.floats(1.0, 2000.0)
ceilings = st.floats(-40.0, 12.0)


@st.composite
def signals(draw, max_frames=12_000):
    """Noise whose level jumps between far below and far above any ceiling, with broken samples."""
    channels = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    frames = draw(st.integers(1, max_frames))
    samples = rng.normal(size=(channels, frames)).astype(np.float32)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, frames))
        level = draw(st.sampled_from([0.0, 1e-30, 1e-3, 0.5, 1.0, 30.0, 1e6, 1e12, 1e37]))
        samples[:, start:] = rng.normal(size=(channels, frames - start)).clip(-3, 3) * level
    for _ in range(draw(st.integers(0, 3))):
        broken = draw(st.sampled_from([math.nan, math.inf, -math.inf, 3.4e38, -3.4e38, 1e-45]))
        samples[draw(st.integers(0, channels - 1)), draw(st.integers(0, frames - 1))] = broken
    return samples


def cleaned(samples):
    return np.where(np.isfinite(samples), samples, 0).astype(np.float32)


def limited(limiter, samples, cuts=()):
    blocks = np.split(samples, sorted(cuts), axis=1)
    return np.concatenate([limiter.process(block) for block in blocks], axis=1)


def flushed(limiter, samples, cuts=()):
    """The whole output without the latency: as long as the input."""
    out = limited(limiter, samples, cuts)
    rest = limiter.process(np.zeros((samples.shape[0], limiter.latency_frames), np.float32))
    return np.concatenate([out, rest], axis=1)[:, limiter.latency_frames :]


def constant(level, frames, channels=1):
    return np.full((channels, frames), level, np.float32)


def gain_of(limiter, samples):
    """The gain is what becomes of a small tag: its own channel, far below the other."""
    tag = np.full_like(samples, 1e-3)
    return flushed(limiter, np.concatenate([samples, tag]))[1] / np.float32(1e-3)


# Nothing beyond the ceiling


@settings(max_examples=150, deadline=None)
@given(
    samples=signals(),
    rate=rates,
    ceiling_db=ceilings,
    release_ms=releases,
    cuts=st.lists(st.integers(0, 12_000), max_size=6),
)
def test_nothing_exceeds_the_ceiling(samples, rate, ceiling_db, release_ms, cuts):
    out = flushed(Limiter(rate, len(samples), ceiling_db, release_ms), samples, cuts)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()
    assert float(np.abs(out).max()) <= from_db(ceiling_db)


@pytest.mark.parametrize("level", [1.0000001, 1.5, 30.0, 1e4, 1e7, 1e9, 1e10, 1e11, 1e13, 3e38])
@pytest.mark.parametrize("ceiling_db", [0.0, -1.0, -6.02])
def test_nothing_exceeds_the_ceiling_at_any_level(level, ceiling_db):
    rng = np.random.default_rng(0)
    samples = (rng.uniform(0.2, 1.0, (2, 20_000)) * level).astype(np.float32)
    samples[:, ::700] = level
    out = flushed(Limiter(RATE, 2, ceiling_db), samples)
    assert float(np.abs(out).max()) <= from_db(ceiling_db)


@pytest.mark.parametrize("part", [1, 3, 4, 80])
def test_nothing_exceeds_the_ceiling_where_rounding_is_worst(part):
    """Gains that lie on the grid of the average, for the levels around 2^40 / part."""
    level = np.float32(2.0**40 / part)
    for _ in range(8):
        out = flushed(Limiter(RATE, 1), np.full((1, 600), level))
        assert float(out.max()) <= 1.0
        level = np.nextafter(level, np.float32(np.inf))


def test_a_level_barely_above_the_ceiling_is_turned_down():
    """By less than what counts as released."""
    above = np.nextafter(np.float32(1.0), np.float32(2.0))
    assert float(flushed(Limiter(RATE, 1), np.full((1, 600), above)).max()) <= 1.0


def test_the_ceiling_is_reached():
    """A limiter, not a volume control: peaks come out at the ceiling, not below."""
    frames = np.arange(RATE)
    sine = (2.0 * np.sin(2 * np.pi * 100 * frames / RATE))[None].astype(np.float32)
    assert peak_db(flushed(Limiter(RATE, 1, -3.0), sine)) == pytest.approx(-3.0, abs=1e-4)
    one = constant(0.1, 5000)
    one[0, 2500] = 4.0
    out = flushed(Limiter(RATE, 1, -3.0), one)
    assert db(float(out[0, 2500])) == pytest.approx(-3.0, abs=1e-4)


# The rest untouched


@settings(max_examples=60, deadline=None)
@given(
    samples=signals(),
    rate=rates,
    ceiling_db=ceilings,
    cuts=st.lists(st.integers(0, 12_000), max_size=6),
)
def test_what_lies_below_the_ceiling_passes_bit_for_bit(samples, rate, ceiling_db, cuts):
    ceiling = np.float32(from_db(ceiling_db))
    if float(ceiling) > from_db(ceiling_db):
        ceiling = np.nextafter(ceiling, np.float32(0))
    samples = np.clip(cleaned(samples), -ceiling, ceiling)
    assert np.array_equal(flushed(Limiter(rate, len(samples), ceiling_db), samples, cuts), samples)


def test_full_scale_passes_at_0_db():
    samples = np.random.default_rng(0).choice([-1.0, 1.0], (2, 5000)).astype(np.float32)
    limiter = Limiter(RATE, 2)
    assert np.array_equal(flushed(limiter, samples), samples)
    assert limiter.reduction_db == 0.0


@settings(max_examples=30, deadline=None)
@given(
    loud=signals(3000),
    rate=st.sampled_from([8000, 44_100]),
    release_ms=st.floats(1.0, 40.0),
    cuts=st.lists(st.integers(0, 40_000), max_size=6),
)
def test_after_a_reduction_it_passes_bit_for_bit_again(loud, rate, release_ms, cuts):
    limiter = Limiter(rate, len(loud), -6.0, release_ms)
    limiter.process(loud)
    recovery_frames = 2 * limiter.latency_frames + math.ceil(14 * release_ms / 1000 * rate)
    quiet = np.random.default_rng(0).uniform(-0.5, 0.5, (len(loud), recovery_frames + 3000))
    quiet = quiet.astype(np.float32)
    out = flushed(limiter, quiet, cuts)
    assert np.array_equal(out[:, recovery_frames:], quiet[:, recovery_frames:])


def test_the_input_is_never_changed():
    block = np.array([[math.nan, 5.0, 0.1, -math.inf]], np.float32)
    before = block.copy()
    Limiter(RATE, 1).process(block)
    assert np.array_equal(block, before, equal_nan=True)


def test_the_output_is_its_own():
    limiter = Limiter(RATE, 2)
    for level in (0.5, 2.0):
        out = limiter.process(constant(level, 512, 2))
        assert out.flags.c_contiguous
        assert out.base is None


def test_a_peak_long_ago_has_no_say():
    """What was released does not come back when the release begins a new segment."""
    for frames in range(1500, 2600, 100):
        after_peak, after_silence = Limiter(8000, 1, 0.0, 1.0), Limiter(8000, 1, 0.0, 1.0)
        start = constant(0.0, frames)
        after_silence.process(start)
        start[0, 10] = 100.0
        limited(after_peak, start, range(50, frames, 50))
        peak = constant(0.5, 400)
        peak[0, 100] = 1.1
        assert np.array_equal(after_peak.process(peak), after_silence.process(peak))


# What is no number


@settings(max_examples=60, deadline=None)
@given(samples=signals(), cuts=st.lists(st.integers(0, 12_000), max_size=6))
def test_what_is_no_number_counts_as_0(samples, cuts):
    dirty = flushed(Limiter(RATE, len(samples)), samples, cuts)
    assert np.array_equal(dirty, flushed(Limiter(RATE, len(samples)), cleaned(samples), cuts))


def test_a_block_of_nothing_but_nan_leaves_no_trace():
    limiter = Limiter(RATE, 2)
    limiter.process(np.full((2, 512), math.nan, np.float32))
    samples = np.random.default_rng(0).uniform(-1, 1, (2, 4000)).astype(np.float32)
    assert np.array_equal(flushed(limiter, samples), samples)


# The stream


@settings(max_examples=100, deadline=None)
@given(
    samples=signals(),
    rate=rates,
    ceiling_db=ceilings,
    release_ms=releases,
    cuts=st.lists(st.integers(0, 12_000), max_size=8),
)
@example(constant(2.0, 9000), 44_100, -1.0, 100.0, [1, 2, 1023, 1024, 1025, 8192])
def test_any_blocks_give_the_same_bits(samples, rate, ceiling_db, release_ms, cuts):
    whole = flushed(Limiter(rate, len(samples), ceiling_db, release_ms), samples)
    parts = flushed(Limiter(rate, len(samples), ceiling_db, release_ms), samples, cuts)
    assert np.array_equal(parts, whole)


@pytest.mark.parametrize("frames", [1, 2, 7, 100, 512, 1000, 1024, 8192])
@pytest.mark.parametrize("release_ms", [1.0, 60.0])
def test_blocks_of_one_length_give_the_same_bits(frames, release_ms):
    rng = np.random.default_rng(frames)
    length = 40_000 if frames >= 100 else 5000
    levels = np.repeat(rng.choice([0.01, 0.9, 3.0], length // 500), 500)
    samples = (rng.normal(size=(2, length)) * levels).astype(np.float32)
    whole = flushed(Limiter(RATE, 2, -1.0, release_ms), samples)
    parts = flushed(Limiter(RATE, 2, -1.0, release_ms), samples, range(frames, length, frames))
    assert np.array_equal(parts, whole)


def test_an_empty_block_is_an_empty_block():
    assert Limiter(RATE, 2).process(np.zeros((2, 0), np.float32)).shape == (2, 0)


@pytest.mark.parametrize(
    ("rate", "frames"), [(8000, 40), (11_025, 55), (44_100, 220), (48_000, 240), (192_000, 960)]
)
def test_the_latency_is_5_ms(rate, frames):
    limiter = Limiter(rate, 1)
    assert limiter.latency_frames == frames
    impulse = constant(0.0, 2000)
    impulse[0, 100] = 0.5
    assert int(np.argmax(limiter.process(impulse)[0])) == 100 + frames


# The course of the gain


def test_all_channels_are_turned_down_alike():
    rng = np.random.default_rng(0)
    samples = rng.uniform(-0.4, 0.4, (3, 20_000)).astype(np.float32)
    samples[1] *= 10
    out = flushed(Limiter(RATE, 3), samples)
    gain = out.astype(np.float64) / samples
    assert gain.min() < 0.5
    assert np.abs(gain - gain[0]).max() < 1e-6


def test_the_gain_runs_down_in_a_line_and_is_there_when_the_peak_comes():
    samples = constant(0.1, 6000)
    samples[0, 3000] = 2.0
    gain = gain_of(Limiter(RATE, 2), samples)
    before = 3000 - LOOK_AHEAD
    assert (gain[: before - 1] == 1.0).all()
    assert gain[3000] == pytest.approx(0.5, abs=1e-6)
    line = np.linspace(1.0, 0.5, LOOK_AHEAD + 1)
    assert gain[before : 3000 + 1] == pytest.approx(line, abs=0.003)


@settings(max_examples=40, deadline=None)
@given(samples=signals(6000), release_ms=releases)
def test_the_gain_never_steps(samples, release_ms):
    """Not faster than from 1 to 0 in the look-ahead, even for the worst input."""
    loudest = np.abs(cleaned(samples)).max(axis=0, keepdims=True)
    gain = gain_of(Limiter(RATE, 2, -1.0, release_ms), loudest)
    assert (gain >= 0.0).all()
    assert (gain <= 1.0).all()
    assert np.abs(np.diff(gain)).max(initial=0.0) <= 1.0 / LOOK_AHEAD + 1e-6


@pytest.mark.parametrize("release_ms", [5.0, 50.0, 400.0])
@pytest.mark.parametrize("rate", [8000, 48_000])
def test_the_attenuation_falls_to_37_percent_in_the_release_time(release_ms, rate):
    samples = constant(0.1, 3 * rate)
    samples[0, :1000] = 2.0
    attenuation = 1.0 - gain_of(Limiter(rate, 2, 0.0, release_ms), samples)
    after = attenuation[1000 + 4 * rate // 1000 * 5 :]
    start = int(np.argmax(after < 0.4))
    constant_frames = round(release_ms / 1000 * rate)
    assert after[start + constant_frames] / after[start] == pytest.approx(1 / math.e, rel=0.01)


def test_a_second_peak_during_the_release_is_caught():
    samples = constant(0.1, 6000)
    samples[0, 2000], samples[0, 2400] = 4.0, 2.0
    out = flushed(Limiter(RATE, 1, 0.0, 30.0), samples)
    assert out[0, 2000] == pytest.approx(1.0, abs=1e-5)
    assert 0.5 < out[0, 2400] <= 1.0


def test_the_reduction_is_told():
    limiter = Limiter(RATE, 1)
    limiter.process(constant(0.5, 512))
    assert limiter.reduction_db == 0.0
    for _ in range(4):
        limiter.process(constant(2.0, 512))
    assert limiter.reduction_db == pytest.approx(6.02, abs=0.01)
    limiter.process(constant(0.5, 5 * RATE))
    assert limiter.reduction_db == pytest.approx(6.02, abs=0.01)
    limiter.process(constant(0.5, 512))
    assert limiter.reduction_db == 0.0
    burst = constant(0.1, 4000)
    burst[0, 1000] = 2.0
    limiter.process(burst)
    assert limiter.reduction_db == pytest.approx(6.02, abs=0.01)


# Settings while it runs


@settings(max_examples=40, deadline=None)
@given(
    samples=signals(8000),
    changes=st.lists(st.tuples(st.integers(1, 3000), ceilings, releases), min_size=1, max_size=4),
)
def test_a_new_ceiling_holds_after_the_latency(samples, changes):
    limiter = Limiter(RATE, len(samples), -1.0)
    start = 0
    for frames, ceiling_db, release_ms in changes:
        limiter.set(ceiling_db, release_ms)
        out = limiter.process(samples[:, start : start + frames])
        start += frames
        kept = out[:, limiter.latency_frames :]
        assert float(np.abs(kept).max(initial=0.0)) <= from_db(ceiling_db)


@pytest.mark.parametrize(("first_db", "then_db"), [(0.0, -12.0), (-12.0, 0.0), (-3.0, -3.5)])
@pytest.mark.parametrize("release_ms", [1.0, 20.0, 500.0])
def test_new_settings_make_no_click(first_db, then_db, release_ms):
    limiter = Limiter(RATE, 1, first_db, 100.0)
    first = limiter.process(constant(1.0, 5000))[:, LOOK_AHEAD:]
    limiter.set(then_db, release_ms)
    then = limiter.process(constant(1.0, 60_000))
    course = np.concatenate([first, then], axis=1)[0]
    fastest = abs(from_db(first_db) - from_db(then_db)) / LOOK_AHEAD + 1e-6
    assert np.abs(np.diff(course)).max() <= fastest
    settled = course[-1]
    if then_db < first_db or release_ms < 100:
        assert db(float(settled)) == pytest.approx(then_db, abs=1e-3)


@pytest.mark.parametrize("frames", [1000, 1024])
def test_new_settings_keep_what_is_not_yet_released(frames):
    limiter = Limiter(RATE, 1, 0.0, 5000.0)
    limiter.process(constant(2.0, frames))
    limiter.process(constant(0.1, 2000))
    limiter.set(-1.0, 4000.0)
    out = limiter.process(constant(0.1, 2000))
    assert 20 * np.log10(out / 0.1) == pytest.approx(np.full((1, 2000), -5.9), abs=0.15)


def test_the_same_settings_again_change_nothing():
    samples = np.random.default_rng(0).normal(size=(2, 9000)).astype(np.float32)
    limiter = Limiter(RATE, 2, -2.0, 80.0)
    out = []
    for block in np.split(samples, 30, axis=1):
        limiter.set(-2.0, 80.0)
        out.append(limiter.process(block))
    expected = Limiter(RATE, 2, -2.0, 80.0).process(samples)
    assert np.array_equal(np.concatenate(out, axis=1), expected)


def test_reset_forgets_the_sound_and_keeps_the_settings():
    limiter = Limiter(RATE, 2, -2.0, 80.0)
    limiter.process(constant(3.0, 1000, 2))
    limiter.reset()
    assert limiter.reduction_db == 0.0
    samples = np.random.default_rng(0).normal(size=(2, 4000)).astype(np.float32)
    assert np.array_equal(limiter.process(samples), Limiter(RATE, 2, -2.0, 80.0).process(samples))


@pytest.mark.parametrize(
    ("ceiling_db", "release_ms"),
    [(math.inf, 100), (-math.inf, 100), (math.nan, 100), (0, 0.5), (0, math.nan), (0, math.inf)],
)
def test_settings_that_make_no_sense_are_refused(ceiling_db, release_ms):
    with pytest.raises(ValueError, match=r"a (ceiling|release) of"):
        Limiter(RATE, 2, ceiling_db, release_ms)


def test_a_block_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        Limiter(RATE, 2).process(np.zeros((1, 10), np.float32))
