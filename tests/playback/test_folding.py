from __future__ import annotations

import numpy as np
import pytest

from stemdesk.playback.folding import speaker_gains

HALF_POWER = np.sqrt(0.5)


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("speakers", range(1, 9))
def test_every_number_of_channels_finds_its_speakers(channels, speakers):
    gains = speaker_gains(channels, speakers)
    assert gains.shape == (speakers, channels)
    if 1 < channels <= speakers:
        assert np.array_equal(gains, np.eye(speakers, channels))
    assert gains[0].any()
    assert gains[1 if speakers > 1 else 0].any()
    assert not gains[max(2, channels) :].any()


def test_mono_goes_to_both_speakers_as_it_is():
    assert np.array_equal(speaker_gains(1, 2), [[1.0], [1.0]])


def test_surround_folds_down_as_the_recommendation_says():
    left, right = speaker_gains(6, 2)
    assert np.allclose(left, [1, 0, HALF_POWER, 0, HALF_POWER, 0])
    assert np.allclose(right, [0, 1, HALF_POWER, 0, 0, HALF_POWER])


@pytest.mark.parametrize(
    ("channels", "left"),
    [
        (3, [1, 0, HALF_POWER]),
        (4, [1, 0, HALF_POWER, 0]),
        (5, [1, 0, HALF_POWER, HALF_POWER, 0]),
        (7, [1, 0, HALF_POWER, 0, 0.5, HALF_POWER, 0]),
        (8, [1, 0, HALF_POWER, 0, HALF_POWER, 0, HALF_POWER, 0]),
    ],
)
def test_other_layouts_fold_down_alike(channels, left):
    assert np.allclose(speaker_gains(channels, 2)[0], left)


@pytest.mark.parametrize("channels", range(2, 9))
def test_left_and_right_are_mirrored(channels):
    left, right = speaker_gains(channels, 2)
    assert left[0] == right[1] == 1.0
    assert left.sum() == pytest.approx(right.sum())
    assert np.square(left).sum() == pytest.approx(np.square(right).sum())


def test_one_speaker_gets_half_the_sum():
    assert np.array_equal(speaker_gains(2, 1), [[0.5, 0.5]])
    assert np.allclose(speaker_gains(6, 1), speaker_gains(6, 2).mean(axis=0))
