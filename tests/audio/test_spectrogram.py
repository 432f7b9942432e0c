import numpy as np
import pytest

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.spectrogram import HIGHEST_HZ, LOWEST_HZ, picture
from stemdesk.mixing.sources import ClipStem


def source(samples, rate=44100):
    return ClipStem(AudioClip(np.atleast_2d(samples).astype(np.float32), rate))


def tone(hz, seconds=2.0, rate=44100, level=1.0):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def row_hz(row, height):
    return HIGHEST_HZ * (LOWEST_HZ / HIGHEST_HZ) ** ((row + 0.5) / height)


@pytest.mark.parametrize("hz", [100, 440, 1000, 5000, 15000])
@pytest.mark.parametrize("height", [64, 300])
def test_a_tone_is_a_line_at_its_height(hz, height):
    image = picture(source(tone(hz)), 0, 88200, 40, height)
    brightest = image[:, 20].argmax()
    assert row_hz(brightest, height) == pytest.approx(hz, rel=max(0.06, 25 / hz, 8 / height))


def test_full_scale_is_white_and_90_db_less_is_black():
    assert picture(source(tone(1000)), 0, 88200, 9, 100).max() >= 252
    assert picture(source(tone(1000, level=0.001)), 0, 88200, 9, 100).max() == pytest.approx(
        255 * 30 / 90, abs=5
    )
    assert not picture(source(np.zeros(88200)), 0, 88200, 9, 100).any()


def test_a_click_stands_in_its_column_alone():
    samples = np.zeros(220_500)
    samples[110_300] = 1.0
    for columns in (50, 300):
        lit = np.flatnonzero(picture(source(samples), 0, 220_500, columns, 80).max(axis=0))
        assert len(lit)
        assert abs(lit * 220_500 / columns - 110_300).max() < 220_500 / columns + 2100


def test_beyond_the_song_it_is_dark_and_other_rates_draw_the_same():
    image = picture(source(tone(1000, seconds=1)), -44100, 88200, 30, 60)
    assert not image[:, :9].any()
    assert not image[:, 21:].any()
    other = picture(source(tone(1000, rate=96000), 96000), 0, 192_000, 10, 60)
    same = picture(source(tone(1000)), 0, 88200, 10, 60)
    assert other[:, 5].argmax() == same[:, 5].argmax()
