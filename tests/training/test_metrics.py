import numpy as np
import pytest

from stemdesk_training.metrics import frame_sdr, median_sdr, usdr

RATE = 1000


@pytest.fixture
def stems():
    rng = np.random.default_rng(1)
    references = rng.normal(0, 0.1, (2, 2, 5 * RATE))
    return references, references + rng.normal(0, 0.01, references.shape)


def test_a_known_error_has_its_known_ratio(stems):
    references, _ = stems
    estimates = references * 0.9
    assert frame_sdr(references, estimates, RATE) == pytest.approx(np.full((2, 5), 20.0))
    assert median_sdr(references, estimates, RATE) == pytest.approx([20.0, 20.0])
    assert usdr(references, estimates) == pytest.approx([20.0, 20.0], abs=1e-3)


def test_a_second_in_which_any_stem_is_silent_does_not_count_in_a_frame(stems):
    references, estimates = stems
    references[1, :, RATE : 2 * RATE] = 0
    sdr = frame_sdr(references, estimates, RATE)
    assert np.isnan(sdr[:, 1]).all()
    assert np.isfinite(sdr[:, [0, 2, 3, 4]]).all()


def test_the_median_judges_each_stem_on_its_own_seconds(stems):
    references, estimates = stems
    references[1] = 0
    medians = median_sdr(references, estimates, RATE)
    assert medians[0] == pytest.approx(20.0, abs=0.5)
    assert np.isnan(medians[1])


def test_usdr_is_defined_for_silence():
    silent = np.zeros((1, 2, RATE))
    assert usdr(silent, silent) == pytest.approx([0.0])
    assert usdr(silent, silent + 0.1)[0] < -60


def test_the_end_that_fills_no_second_is_left_out(stems):
    references, estimates = stems
    cut = frame_sdr(references[..., :-1], estimates[..., :-1], RATE)
    assert cut.shape == (2, 4)
