from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemdesk.audio.peaks import Columns
from stemdesk.ui.timeline import raster, wave_columns
from stemdesk.ui.timeline.interpolation import between
from stemdesk.ui.timeline.wave_columns import Look
from tests.ui.timeline.songs import RATE, FakePeaks

FRAMES = 300_000
ZOOMS = [0.05, 0.31, 1.0, 3.7, 200.0, 1000.3]


def look(zoom, *, height=80, gain=1.0, split=True):
    return Look(frames_per_column=zoom, height=height, gain=gain, is_split=split, ratio=1.0)


def columns(low, high, rms):
    """One constant column, twice: the first is only there to be joined with."""
    return Columns(*(np.full((1, 2), value, np.float32) for value in (low, high, rms)))


@pytest.fixture(scope="module")
def sound():
    rng = np.random.default_rng(2)
    return FakePeaks(rng.normal(0, 0.3, (2, FRAMES)))


def test_peaks_at_60_percent_and_the_body_solid():
    image = raster.waves(columns(-0.5, 0.5, 0.25), 101)[:, 0]
    assert image[50] == 255
    assert image[0] == 0
    assert set(image[np.r_[28:36, 66:73]]) == {153}
    assert (image > 0).sum() == pytest.approx(50, abs=2)
    assert (image == 255).sum() == pytest.approx(25, abs=2)


def test_silence_is_a_line_one_pixel_high():
    image = raster.waves(columns(0.0, 0.0, 0.0), 40)[:, 0]
    assert image.sum() == pytest.approx(153, abs=4)
    assert np.flatnonzero(image).min() >= 18
    assert np.flatnonzero(image).max() <= 21


def test_edges_are_smooth():
    heights = [raster.waves(columns(-v, v, 0), 40)[:, 0].sum() for v in np.linspace(0.5, 0.55, 30)]
    assert len(set(heights)) > 25
    assert heights == sorted(heights)


def test_what_falls_between_two_columns_is_joined():
    low, high = np.array([[-0.9, 0.8]], np.float32), np.array([[-0.8, 0.9]], np.float32)
    image = raster.waves(Columns(low, high, np.zeros_like(low)), 100)[:, 0]
    assert (image[8:88] > 0).all()


def test_channels_have_bands_of_their_own(sound):
    loud_left = FakePeaks(np.stack([sound.sound[0], np.zeros(FRAMES, np.float32)]))
    image = wave_columns.draw(loud_left, look(500.0), 0, 100).pixels
    assert (image[:40] > 0).sum() > 5 * (image[40:] > 0).sum()
    together = wave_columns.draw(loud_left, look(500.0, split=False), 0, 100).pixels
    assert (together[20:60] > 0).sum() > 2 * (image[40:] > 0).sum()


@pytest.mark.parametrize("zoom", ZOOMS)
@settings(max_examples=25, deadline=None)
@given(st.integers(-20, 120), st.integers(1, 60), st.integers(0, 60))
def test_drawn_in_parts_or_whole_it_is_the_same(sound, zoom, first, one, other):
    whole = wave_columns.draw(sound, look(zoom), first, first + one + other).pixels
    parts = [
        wave_columns.draw(sound, look(zoom), first, first + one).pixels,
        wave_columns.draw(sound, look(zoom), first + one, first + one + other).pixels,
    ]
    assert np.array_equal(whole, np.concatenate(parts, axis=1))


@pytest.mark.parametrize("zoom", ZOOMS)
def test_nothing_beyond_the_song(sound, zoom):
    end = int(np.ceil(FRAMES / zoom))
    picture = wave_columns.draw(sound, look(zoom), end - 10, end + 20)
    assert (picture.pixels[:, :9].max(axis=0) > 0).all()
    assert picture.pixels[:, 10:].max() == 0
    assert wave_columns.draw(sound, look(zoom), -30, -5).pixels.max() == 0


@pytest.mark.parametrize("zoom", [0.2, 2.0, 100.0, 800.0])
def test_an_impulse_is_where_it_is(zoom):
    samples = np.zeros((1, FRAMES), np.float32)
    samples[0, 123_456] = 1.0
    peaks = FakePeaks(samples)
    column = int(123_456 / zoom)
    image = wave_columns.draw(peaks, look(zoom), column - 100, column + 100).pixels
    highest = np.flatnonzero(image[:4].max(axis=0))
    assert len(highest)
    assert abs(highest.mean() - 100) <= max(1.5, 256 / zoom if zoom >= 256 else 0)


def test_the_pyramid_stands_in_while_samples_are_not_at_hand(sound):
    sound.at_hand = False
    try:
        picture = wave_columns.draw(sound, look(2.0), 100, 200)
        assert not picture.is_final
        assert picture.pixels.max() > 0
        assert wave_columns.draw(sound, look(1000.0), 0, 100).is_final
    finally:
        sound.at_hand = True
    assert wave_columns.draw(sound, look(2.0), 100, 200).is_final


def test_the_residual_is_a_thousand_times_larger():
    quiet = FakePeaks(np.random.default_rng(0).uniform(-5e-4, 5e-4, (1, 100_000)))
    plain = wave_columns.draw(quiet, look(400.0), 0, 200).pixels
    scaled = wave_columns.draw(quiet, look(400.0, gain=1000.0), 0, 200).pixels
    assert (plain > 0).sum(axis=0).max() <= 2
    assert (scaled > 0).sum(axis=0).min() > 35


def test_the_curve_passes_through_the_samples():
    samples = np.random.default_rng(3).normal(0, 0.3, (2, 50)).astype(np.float32)
    there = between(samples, np.arange(50, dtype=np.float64))
    assert np.allclose(there, samples, atol=1e-6)


def test_the_curve_is_band_limited_between_them():
    hz = 9000.0

    def sine(places):
        return np.sin(2 * np.pi * hz * places / RATE)

    places = np.arange(40, 160, 0.1)
    curve = between(sine(np.arange(200.0))[None].astype(np.float32), places)[0]
    assert np.abs(curve - sine(places)).max() < 0.02


def test_samples_are_dots_when_there_is_room():
    samples = np.zeros((1, 100), np.float32)
    peaks = FakePeaks(samples)
    near = wave_columns.draw(peaks, look(0.1), 0, 400).pixels
    heights = (near > 0).sum(axis=0)
    assert heights[200] >= 4
    assert heights[205] <= 3
    far = wave_columns.draw(peaks, look(0.5), 0, 100).pixels
    assert (far > 0).sum(axis=0).max() <= 3
