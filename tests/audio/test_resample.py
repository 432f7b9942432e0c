from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemdesk.audio.resample import StreamResampler

RATES = [8000, 22_050, 44_100, 48_000, 96_000, 192_000]


def resample(samples, in_rate, out_rate, block_frames):
    stream = StreamResampler(samples.shape[0], in_rate, out_rate, samples.shape[1])
    blocks = [
        stream.push(samples[:, first : first + block_frames])
        for first in range(0, samples.shape[1], block_frames)
    ]
    result = np.concatenate([*blocks, stream.finish()], axis=1)
    assert result.shape[1] == stream.output_frames
    return result


@settings(max_examples=60, deadline=None)
@given(
    in_rate=st.sampled_from(RATES),
    out_rate=st.sampled_from(RATES),
    channels=st.integers(1, 3),
    frames=st.integers(1, 5000),
    block_frames=st.integers(1, 6000),
)
@example(44_100, 22_050, 1, 5, 6000)  # 2.5 frames: soxr gives 3, round() says 2
def test_length_is_exact_for_any_blocks(in_rate, out_rate, channels, frames, block_frames):
    samples = np.random.default_rng(frames).uniform(-1, 1, (channels, frames))
    result = resample(samples, in_rate, out_rate, block_frames)
    assert result.shape == (channels, round(frames * out_rate / in_rate))
    if in_rate == out_rate:
        assert np.array_equal(result, samples)


@pytest.mark.parametrize(("in_rate", "out_rate"), [(48_000, 44_100), (44_100, 96_000)])
def test_blocks_equal_the_whole(in_rate, out_rate):
    samples = np.random.default_rng(0).uniform(-1, 1, (2, 50_000))
    result = resample(samples, in_rate, out_rate, 3333)
    whole = soxr.resample(samples.T, in_rate, out_rate, quality="HQ").T
    frames = min(whole.shape[1], result.shape[1])
    assert abs(whole.shape[1] - result.shape[1]) <= 1
    assert np.abs(result[:, :frames] - whole[:, :frames]).max() < 1e-6


@pytest.mark.parametrize(("in_rate", "out_rate"), [(48_000, 44_100), (44_100, 48_000)])
def test_an_impulse_stays_where_it_is(in_rate, out_rate):
    samples = np.zeros((1, 2 * in_rate))
    samples[0, in_rate] = 1.0
    result = resample(samples, in_rate, out_rate, 4096)[0]
    assert int(np.argmax(np.abs(result))) == out_rate
    around = result[out_rate - 200 : out_rate + 201]
    assert np.allclose(around, around[::-1], atol=1e-6)


@pytest.mark.parametrize("hz", [50.0, 1000.0, 9000.0])
def test_a_sine_keeps_its_phase(hz):
    def sine(rate):
        return np.sin(2 * np.pi * hz * np.arange(rate) / rate)[None]

    result = resample(sine(44_100), 44_100, 48_000, 1024)
    assert np.abs(result - sine(48_000))[:, 4000:-4000].max() < 1e-5


@pytest.mark.parametrize(("rate", "model_rate"), [(48_000, 44_100), (192_000, 22_050)])
@pytest.mark.parametrize("frames", [1, 54_000, 54_003])
def test_the_way_back_keeps_the_length_that_is_named(rate, model_rate, frames):
    there = StreamResampler(1, rate, model_rate, frames)
    short = np.concatenate([there.push(np.ones((1, frames))), there.finish()], axis=1)
    back = StreamResampler(1, model_rate, rate, short.shape[1], frames)
    assert np.concatenate([back.push(short), back.finish()], axis=1).shape == (1, frames)
