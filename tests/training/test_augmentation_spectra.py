"""Stretch and shift on spectra: measured on tones, and the stems' sum on anything."""

import numpy as np
import pytest
import torch
from scipy import stats

from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings
from stemdesk_training.augmentation.augmenter import Augmenter
from stemdesk_training.augmentation.keys import Key
from stemdesk_training.augmentation.settings import PRESETS, Augmentation, Factor, Kind
from stemdesk_training.augmentation.spectra import spectral, warped

RATE = 44_100
TRANSFORM = StftSettings(2048, 512, 2048)
FRAMES = RATE


def warp(spectra, stretch=1.0, pitch=1.0, transform=TRANSFORM):
    factors = (torch.full((len(spectra),), value) for value in (stretch, pitch))
    return warped(spectra, *factors, transform)


def tone(hz, begin=0.0, end=1.0):
    """`[1, 1, 1, frames]` between two moments in seconds, softly begun and ended."""
    time = np.arange(FRAMES) / RATE
    edge = np.clip((time - begin) / 0.01, 0, 1) * np.clip((end - time) / 0.01, 0, 1)
    return torch.from_numpy(0.5 * edge * np.sin(2 * np.pi * hz * time)).float()[None, None, None]


def heard(spectra):
    return istft(spectra, TRANSFORM, FRAMES)[0, 0, 0].numpy()


def peak_hz(samples):
    size = 8 * len(samples)
    return np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size)).argmax() * RATE / size


def lasting(samples):
    level = np.convolve(np.abs(samples), np.ones(441) / 441, mode="same")
    above = np.flatnonzero(level > 0.5 * np.median(level[level > 0.5 * level.max()]))
    return (above[-1] - above[0]) / RATE


@pytest.fixture(scope="module")
def music():
    """Stems of different kinds, `[2, 3, 2, frames]`: glides, hits, noise."""
    rng = np.random.default_rng(5)
    time = np.arange(FRAMES) / RATE
    hits = rng.normal(0, 1, (2, 2, FRAMES)) * np.exp(-((time * 6) % 1) * 12)
    glide = np.sin(2 * np.pi * np.cumsum(300 + 80 * np.sin(2 * np.pi * 3 * time)) / RATE)
    glides = np.stack([np.stack([glide, 0.5 * glide])] * 2)
    noise = rng.normal(0, 0.1, (2, 2, FRAMES))
    return torch.from_numpy(0.2 * np.stack([hits, glides, noise], axis=1)).float()


@pytest.mark.parametrize("factor", [0.7, 0.85, 1.15, 1.3])
def test_a_stretched_tone_keeps_its_pitch_and_lasts_as_much_longer(factor):
    before = tone(1000, 0.35, 0.65)
    after = heard(warp(stft(before, TRANSFORM), stretch=factor))
    assert peak_hz(after) == pytest.approx(1000, abs=2)
    expected = factor * lasting(before[0, 0, 0].numpy())
    assert lasting(after) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("factor", [0.7, 0.85, 1.15, 1.3])
def test_a_shifted_tone_moves_by_the_factor_and_lasts_as_long(factor):
    before = tone(1000, 0.3, 0.7)
    after = heard(warp(stft(before, TRANSFORM), pitch=factor))
    assert peak_hz(after) == pytest.approx(1000 * factor, abs=2)
    assert lasting(after) == pytest.approx(lasting(before[0, 0, 0].numpy()), abs=0.02)
    middle = slice(round(0.4 * RATE), round(0.6 * RATE))
    # A lobe that is made narrower, or wider, carries less, or more: 2 dB at 30 %.
    assert np.abs(after[middle]).max() == pytest.approx(0.5 * factor**0.7, rel=0.15)


def test_both_at_once():
    after = heard(warp(stft(tone(1000, 0.35, 0.65), TRANSFORM), stretch=1.3, pitch=0.7))
    assert peak_hz(after) == pytest.approx(700, abs=2)
    assert lasting(after) == pytest.approx(0.39, abs=0.03)


@pytest.mark.parametrize(("stretch", "pitch"), [(0.7, 1.0), (1.3, 1.0), (1.0, 1.3), (1.15, 0.85)])
def test_stems_sum_to_the_mixture_changed_alike(music, stretch, pitch):
    spectra = stft(music, TRANSFORM)
    mixture = spectra.sum(dim=1, keepdim=True)
    stems, whole = warp(spectra, stretch, pitch), warp(mixture, stretch, pitch)
    largest = float(whole.abs().max())
    assert float((stems.sum(dim=1) - whole[:, 0]).abs().max()) < 1e-5 * largest
    sounded = istft(stems, TRANSFORM, FRAMES).sum(dim=1)
    assert float((sounded - istft(whole, TRANSFORM, FRAMES)[:, 0]).abs().max()) < 1e-5


@pytest.mark.parametrize(("stretch", "pitch"), [(1.3, 1.0), (1.0, 1.3), (1.15, 0.85)])
def test_the_mixtures_magnitude_is_interpolated_as_in_the_paper(music, stretch, pitch):
    spectra = stft(music[:1], TRANSFORM)
    magnitude = spectra.sum(dim=1)[0, 0].abs().numpy()
    bins, steps = magnitude.shape
    times = (np.arange(steps) - (steps - 1) / 2) / stretch + (steps - 1) / 2
    rows = np.arange(bins) / pitch
    moved = np.stack([np.interp(times, np.arange(steps), row) for row in magnitude])
    moved = np.stack(
        [np.interp(rows, np.arange(bins), step, right=0.0) for step in moved.T], axis=1
    )
    made = warp(spectra, stretch, pitch).sum(dim=1)[0, 0].abs().numpy()
    assert made == pytest.approx(moved, abs=1e-4 * float(magnitude.max()))


def test_what_is_heard_has_about_the_magnitudes_asked_for(music):
    """A phase vocoder without locked phases is 6 dB from them."""
    asked = warp(stft(music, TRANSFORM), stretch=1.15).sum(dim=1)
    given = stft(istft(asked, TRANSFORM, FRAMES), TRANSFORM)
    error = (given.abs() - asked.abs()).square().sum() / asked.abs().square().sum()
    assert float(error) < 10 ** (-1.2)


def test_the_stereo_image_stays(music):
    only = music[:, 1:2]
    after = istft(warp(stft(only, TRANSFORM), stretch=1.3, pitch=0.85), TRANSFORM, FRAMES)
    left, right = after[0, 0]
    assert right.numpy() == pytest.approx(0.5 * left.numpy(), abs=1e-4)


def test_factors_of_one_change_nothing(music):
    spectra = stft(music, TRANSFORM)
    error = (warp(spectra) - spectra).abs().max()
    assert float(error) < 1e-4 * float(spectra.abs().max())


def test_silent_stems_and_silence_stay_silent(music):
    spectra = stft(music, TRANSFORM).clone()
    spectra[:, 0] = 0
    changed = warp(spectra, 1.2, 1.1)
    assert not changed[:, 0].any()
    assert not warp(torch.zeros_like(spectra), 1.2, 1.1).any()
    assert torch.isfinite(changed.abs()).all()


def test_done_as_often_as_set_repeatably_and_within_the_range():
    spectra = stft(tone(3000), TRANSFORM)[..., 20:30].expand(500, -1, -1, -1, -1)
    settings = Augmentation(pitch_shift=Factor(probability=0.3, factor=(1.05, 1.3)))
    made = spectral(spectra, Key(2, 5), settings, TRANSFORM)
    assert torch.equal(made, spectral(spectra, Key(2, 5), settings, TRANSFORM))
    assert not torch.equal(made, spectral(spectra, Key(2, 6), settings, TRANSFORM))
    rows = made[:, 0, 0, :, 5].abs().argmax(dim=1).numpy()
    own = int(spectra[0, 0, 0, :, 5].abs().argmax())
    done = int((rows != own).sum())
    assert stats.chisquare([done, 500 - done], [150, 350]).pvalue > 0.01
    factors = rows[rows != own] / own
    assert factors.min() > 1.04
    assert factors.max() < 1.31
    assert factors.std() > 0.05


@pytest.mark.parametrize("preset", ["p5_stretch_30", "p5_pitch_30", "p5_combined_15"])
def test_targets_sum_to_the_mixture_changed_alike(music, preset):
    """To the network the stems' sum is the mixture, so that of changed stems must be a mixture."""
    augmenter = Augmenter(PRESETS[preset], 1, TRANSFORM)
    mixture = music.sum(dim=1, keepdim=True)
    different = 0
    for index in range(4):
        made = augmenter.waveforms(music, index)
        whole = augmenter.waveforms(mixture, index)
        assert made.shape == music.shape
        assert float((made.sum(dim=1) - whole[:, 0]).abs().max()) < 1e-4
        different += int(float((made - music).abs().max()) > 0.01)
    assert different


@pytest.mark.parametrize("preset", ["p5_stretch_15", "p5_pitch_30"])
def test_an_augmenter_goes_by_the_spectra_of_its_stems(music, preset):
    settings = PRESETS[preset]
    augmenter = Augmenter(settings, 1, TRANSFORM)
    for index in range(4):
        spectra = spectral(stft(music, TRANSFORM), Key(1, index), settings, TRANSFORM)
        expected = istft(spectra, TRANSFORM, FRAMES)
        assert float((augmenter.waveforms(music, index) - expected).abs().max()) < 1e-5


def test_combined_all_of_it_is_drawn_apart(music):
    certain = Augmentation(
        channel_swap=Kind(probability=1),
        time_stretch=Factor(probability=1),
        loudness=Factor(probability=1, factor=(0.5, 0.5)),
    )
    alone = Augmentation(time_stretch=Factor(probability=1))
    made = Augmenter(certain, 9, TRANSFORM).waveforms(music, 2)
    stretched = Augmenter(alone, 9, TRANSFORM).waveforms(music, 2)
    assert not torch.allclose(stretched, music, atol=0.01)
    assert torch.allclose(made, 0.5 * stretched.flip(2), atol=1e-6)
