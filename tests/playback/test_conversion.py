from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemdesk.playback.conversion import Ceiling, RateConverter
from tests.playback.rig import tone

RATES = [8000, 22_050, 44_100, 48_000, 192_000]


def run(stage, samples, block_frames):
    blocks = [
        stage.push(samples[:, first : first + block_frames])
        for first in range(0, samples.shape[1], block_frames)
    ]
    return np.concatenate([*blocks, stage.finish()], axis=1)


@settings(max_examples=40, deadline=None)
@given(
    in_rate=st.sampled_from(RATES),
    out_rate=st.sampled_from(RATES),
    channels=st.integers(1, 3),
    frames=st.integers(0, 4000),
    block_frames=st.integers(1, 3000),
)
@example(44_100, 22_050, 1, 5, 6000)  # 2.5 frames: soxr gives 3, round() says 2
@example(48_000, 22_050, 1, 4000, 1)  # 1837.5 frames: soxr gives 1837, round() says 1838
def test_rates_have_the_length_that_belongs_to_them(
    in_rate, out_rate, channels, frames, block_frames
):
    samples = np.full((channels, frames), 0.1, np.float32)
    result = run(RateConverter(channels, in_rate, out_rate), samples, block_frames)
    assert len(result) == channels
    assert abs(result.shape[1] - frames * out_rate / in_rate) <= 0.5
    assert result.dtype == np.float32


@pytest.mark.parametrize(("in_rate", "out_rate"), [(44_100, 48_000), (96_000, 44_100)])
def test_a_tone_stays_where_and_what_it_is(in_rate, out_rate):
    heard = run(RateConverter(2, in_rate, out_rate), tone(997, 0.5, in_rate), 700)
    expected = tone(997, 0.5, out_rate)
    assert np.abs(heard - expected)[:, 1000:-1000].max() < 1e-5


@settings(max_examples=30, deadline=None)
@given(frames=st.integers(0, 3000), block_frames=st.integers(1, 2000))
def test_below_the_ceiling_every_frame_passes(frames, block_frames):
    samples = np.random.default_rng(frames).uniform(-1, 1, (2, frames)).astype(np.float32)
    assert np.array_equal(run(Ceiling(48_000, 2), samples, block_frames), samples)


def test_nothing_exceeds_the_ceiling():
    samples = tone(100, 0.5, level=4.0)
    samples[:, 12_000] = np.nan
    heard = run(Ceiling(48_000, 2), samples, 512)
    assert heard.shape == samples.shape
    assert 0.9 < np.abs(heard).max() <= 1.0


def test_the_ceiling_of_the_mix_holds_after_resampling_and_may_change():
    asked = [-6.0]
    ceiling = Ceiling(48_000, 2, lambda: asked[0])
    loud = np.random.default_rng(0).uniform(-1, 1, (2, 48_000)).astype(np.float32)

    def through():
        return np.concatenate([ceiling.push(part) for part in np.split(loud, 100, axis=1)], axis=1)

    assert 0.45 < np.abs(through()).max() <= 10 ** (-6 / 20) + 1e-6
    asked[0] = 0.0
    assert np.abs(through()[:, 24_000:]).max() > 0.9
