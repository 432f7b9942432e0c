import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.mixing.regions import RegionStem, Stretch
from stemdesk.mixing.sources import ClipStem

RATE = 48000


def stem(samples, *stretches):
    clip = AudioClip(np.atleast_2d(samples).astype(np.float32), RATE)
    return RegionStem(ClipStem(clip), stretches)


def read(source, block=512):
    return np.concatenate(
        [source.read_at(frame, block) for frame in range(0, source.frames, block)], axis=1
    )[:, : source.frames]


def test_outside_a_stretch_every_sample_is_as_it_was():
    samples = np.random.default_rng(0).normal(0, 0.3, (2, 30_000)).astype(np.float32)
    out = read(stem(samples, Stretch(10_000, 20_000, -6.0)))
    assert (out[:, :10_000] == samples[:, :10_000]).all()
    assert (out[:, 20_000:] == samples[:, 20_000:]).all()
    assert out[:, 10_500:19_500] == pytest.approx(samples[:, 10_500:19_500] * 0.5012, rel=1e-3)


def test_a_muted_stretch_is_silent_and_the_source_is_left_alone():
    samples = np.full((1, 20_000), 0.5, np.float32)
    source = stem(samples, Stretch(5_000, 15_000, -np.inf))
    out = read(source)
    assert not out[:, 5_500:14_500].any()
    assert (samples == 0.5).all()
    assert (read(RegionStem(source.source)) == 0.5).all()


def test_its_edges_do_not_click():
    tone = np.sin(2 * np.pi * 997 * np.arange(2 * RATE) / RATE)
    out = read(stem(tone, Stretch(30_000, 60_000, -np.inf)))[0]
    steps = np.abs(np.diff(out, n=2))
    assert steps.max() < 1.2 * np.abs(np.diff(tone, n=2)).max()


@pytest.mark.parametrize("block", [1, 37, 512, 8192, 30_000])
def test_the_size_of_blocks_does_not_matter(block):
    samples = np.random.default_rng(0).normal(0, 0.3, (1, 12_000)).astype(np.float32)
    stretches = (Stretch(1_000, 1_005, 6.0), Stretch(4_000, 9_000, -12.0))
    whole = stem(samples, *stretches).read_at(0, 12_000)
    assert (read(stem(samples, *stretches), block) == whole).all()
    assert (whole[:, 1_000:1_005] != samples[:, 1_000:1_005]).all()
