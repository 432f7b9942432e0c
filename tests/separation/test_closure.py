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


@settings(max_examples=60, deadline=None)
@given(seeds, st.floats(0.5, 12), st.integers(1, 3))
def test_loud_stems_of_a_16_bit_mixture_null_too(seed, level, count):
    mixture = mixture_of(16, (2, 50), seed, clipped=True)
    generator = np.random.default_rng(seed + 1)
    stems = [generator.uniform(-level, level, mixture.shape) for _ in range(count)]
    assert_null(mixture, close(mixture, stems, 23))


def test_the_grid_is_as_fine_as_the_level_allows():
    mixture = np.array([[0.5, 0.5, 0.5]])
    for level, bits in [(1.6, 23), (2.1, 22), (4.3, 21), (8.1, 20)]:
        stem = close(mixture, [np.array([[0.1, level + 1e-9, 0.3]])], 23)[0]
        assert np.array_equal(to_grid(stem, bits), stem)
        assert not np.array_equal(to_grid(stem, bits - 1), stem)


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
