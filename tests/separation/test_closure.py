from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.separation.closure import close, to_grid

seeds = st.integers(0, 2**32)


def mixture_of(bits, shape, seed, clipped=False):
    """An integer mixture as a decoder gives it; ``clipped``: much of it at full scale."""
    whole = 2 ** (bits - 1)
    generator = np.random.default_rng(seed)
    values = generator.integers(-whole, whole, shape)
    if clipped:
        values = np.clip(values * 4, -whole, whole - 1)
    return values / whole


def assert_null(mixture, stems):
    """float32 sums of all stems, in every order, are the mixture itself."""
    parts = [stem.astype(np.float32) for stem in stems]
    for part, stem in zip(parts, stems, strict=True):
        assert np.array_equal(part, stem), "a stem does not fit into float32"
    for order in permutations(parts):
        total = np.zeros(mixture.shape, np.float32)
        for part in order:
            total = total + part
        assert np.array_equal(total, mixture)


@settings(max_examples=60, deadline=None)
@given(seeds, st.sampled_from([16, 24]), st.booleans(), st.integers(1, 3), st.integers(0, 60))
def test_the_sum_is_the_mixture(seed, bits, clipped, count, frames):
    mixture = mixture_of(bits, (2, frames), seed, clipped)
    generator = np.random.default_rng(seed + 1)
    stems = [generator.uniform(-0.3, 0.3, mixture.shape) for _ in range(count)]
    closed = close(mixture, stems, 23)
    assert len(closed) == count + 1
    assert_null(mixture, closed)
    for stem, given_stem in zip(closed, stems, strict=False):
        assert np.abs(stem - given_stem).max(initial=0) <= 2.0**-24


@settings(max_examples=100, deadline=None)
@given(seeds, st.floats(0.5, 12), st.sampled_from([16, 24]), st.booleans(), st.integers(1, 4))
def test_loud_stems_null_too(seed, level, bits, clipped, count):
    """Parts far above full scale, which add up to a mixture within it."""
    mixture = mixture_of(bits, (2, 50), seed, clipped)
    generator = np.random.default_rng(seed + 1)
    stems = [generator.uniform(-level, level, mixture.shape) for _ in range(count)]
    assert_null(mixture, close(mixture, stems, 23))


@pytest.mark.parametrize("mixture_bits", [16, 24])
@pytest.mark.parametrize("sign", [1, -1])
def test_only_frames_that_add_up_to_more_than_float32_holds_are_changed(mixture_bits, sign):
    mixture = np.full((1, 4), sign * (0.5 - 2.0 ** (1 - mixture_bits)))
    stems = [sign * np.array([[0.1, 0.9, 1.3, 60.0]]), sign * np.array([[0.1, 0.9, 1.3, -9.0]])]
    closed = close(mixture, stems, 23)
    for stem, given_stem in zip(closed, stems, strict=False):
        moved = np.abs(stem - given_stem)[0]
        assert (moved[:2] <= 2.0**-24).all()
        assert (moved[2:] > 0.1).all()
        assert stem[0, 3] * given_stem[0, 3] > 0
    positive = sum(np.maximum(sign * stem, 0) for stem in closed)
    assert (positive < 2).all()
    assert positive[0, 2] > 1.9, "not much more than needed"
    assert_null(mixture, closed)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([1.5, 2.5, 6.0, 400.0]), st.floats(0.1, 30))
def test_the_grid_is_as_fine_as_a_loud_float_mixture_allows(seed, peak, level):
    """From 2 on a float32 has 22 fractional bits left, from 4 on 21, and so forth to 15."""
    bits = {1.5: 23, 2.5: 22, 6.0: 21, 400.0: 15}[peak]
    generator = np.random.default_rng(seed)
    mixture = to_grid(generator.uniform(-peak, peak, (2, 40)), min(bits, 14))
    mixture[0, 0] = peak
    stems = [generator.uniform(-level, level, mixture.shape) for _ in range(2)]
    closed = close(mixture, stems, 23)
    for stem in closed[:-1]:
        assert np.array_equal(to_grid(stem, bits), stem)
        assert not np.array_equal(to_grid(stem, bits - 1), stem)
    assert_null(mixture, closed)


def test_32_bit_integer_files_keep_their_grid():
    """They hold what float32 does not, and add up as integers."""
    mixture = np.array([[0.5 + 2.0**-31, -1.0]])
    stems = close(mixture, [np.array([[0.25 + 2.0**-30 + 1e-12, -1.5]])], 31)
    assert stems[0][0].tolist() == [0.25 + 2.0**-30, -1.5]
    assert np.array_equal(stems[0] + stems[1], mixture)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from([15, 23]), st.integers(1, 4))
def test_integer_files_close_in_integers(seed, grid_bits, count):
    mixture = mixture_of(grid_bits + 1, (2, 40), seed)
    generator = np.random.default_rng(seed + 1)
    stems = [generator.uniform(-0.2, 0.2, mixture.shape) for _ in range(count)]
    closed = close(mixture, stems, grid_bits)
    integers = [np.rint(stem * 2**grid_bits).astype(np.int64) for stem in closed]
    for stem, values in zip(closed, integers, strict=True):
        assert np.array_equal(values / 2**grid_bits, stem)
    assert np.array_equal(sum(integers), np.rint(mixture * 2**grid_bits).astype(np.int64))


@pytest.mark.parametrize("frames", [0, 1])
def test_shortest_songs(frames):
    mixture = mixture_of(16, (1, frames), 0)
    closed = close(mixture, [np.full((1, frames), 0.1)], 23)
    assert [stem.shape for stem in closed] == [(1, frames)] * 2
    assert_null(mixture, closed)


def test_the_inputs_are_left_alone():
    mixture, stem = mixture_of(16, (1, 20), 0), np.full((1, 20), 1.7)
    before = mixture.copy()
    close(mixture, [stem], 23)
    assert np.array_equal(mixture, before)
    assert (stem == 1.7).all()


def test_rounding_is_to_the_nearest():
    assert to_grid(np.array([0.24, 0.26, -0.26, 0.125, 0.375]), 2).tolist() == [
        0.25,
        0.25,
        -0.25,
        0.0,
        0.5,
    ]
