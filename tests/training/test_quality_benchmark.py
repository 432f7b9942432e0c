"""What the quality benchmark prints is what it says: the README's figures come from it."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk_training.evaluation.truth import Truth
from stemdesk_training.evaluation.voice_and_rest import with_rest
from tests.benchmarks import quality

RATE = 8000
STEMS = ("vocals", "drums", "bass", "other")


@pytest.fixture
def truth():
    """Twenty seconds: vocals in the first half, a bass nowhere."""
    stems = np.random.default_rng(2).normal(0, 0.1, (4, 2, 20 * RATE))
    stems[0, :, 10 * RATE :] = 0
    stems[2] = 0
    return Truth("song", STEMS, stems, stems.sum(axis=0), RATE)


def test_the_mixture_leaks_all_of_itself(truth):
    estimate = quality.mixture_itself(truth)
    sdr = quality.scored(truth, estimate)[:, 0]
    # Vocals against two more of their level; the rest, against vocals half of the time.
    assert sdr[0] == pytest.approx(10 * np.log10(1 / 2), abs=0.1)
    assert np.isnan(sdr[2])
    assert quality.leak_db(truth, estimate[0]) == pytest.approx(0, abs=1e-6)


def test_an_estimate_is_scored_by_its_error(truth):
    estimate = with_rest(truth.references) * 0.9
    found = quality.scored(truth, estimate)
    assert found[[0, 1, 3, 4]] == pytest.approx(20, abs=1e-6)
    assert quality.leak_db(truth, estimate[0]) < -100


def test_leakage_counts_only_where_there_are_no_vocals(truth):
    loud_where_they_are = truth.mixture.copy()
    loud_where_they_are[:, 10 * RATE :] *= 0.1
    assert quality.leak_db(truth, loud_where_they_are) == pytest.approx(-20)
    sung = Truth(
        "song", STEMS, truth.references[..., : 5 * RATE], truth.mixture[:, : 5 * RATE], RATE
    )
    assert np.isnan(quality.leak_db(sung, sung.mixture))


def test_the_rest_is_all_but_the_vocals(truth):
    assert np.allclose(with_rest(truth.references)[4], truth.mixture - truth.references[0])


def test_a_median_of_nothing_is_nothing():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [2.0, np.nan]])
    assert quality.nan_median(values)[0] == 2
    assert np.isnan(quality.nan_median(values)[1])
