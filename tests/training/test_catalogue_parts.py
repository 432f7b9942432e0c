"""Names, alignment, levels and the difference, each measured by itself."""

from pathlib import Path

import numpy as np
import pytest
import soxr

from stemdesk_training.catalogue.aligning import SURE, find_alignment, moved
from stemdesk_training.catalogue.difference import matching_gain, misfit_db, weak_vocals
from stemdesk_training.catalogue.excerpts import choose_excerpts
from stemdesk_training.catalogue.names import title_of
from stemdesk_training.catalogue.settings import Settings
from tests.training import studio

RATE = 22_050
SECONDS = 24


@pytest.fixture(scope="module")
def song():
    """Mix and instrumental, `[2, frames]` float32."""
    stems = studio.make_song(1, SECONDS, RATE)
    vocals = 3 * stems.pop("vocals")
    instrumental = sum(stems.values())
    return (instrumental + vocals).astype(np.float32), instrumental.astype(np.float32)


def aligned(mix, instrumental):
    return find_alignment(mix.mean(axis=0), instrumental.mean(axis=0), RATE)


@pytest.mark.parametrize(
    ("mix", "instrumental"),
    [
        ("Ann - Blue Sky", "Ann - Blue Sky (Instrumental)"),
        ("Ann - Blue Sky", "blue_sky_karaoke"),
        ("03 Blue Sky", "Blue Sky - Karaoke Version"),
        ("The Ann - Blue Sky (Remastered 2011)", "Ann - Blue Sky [Instrumental Mix]"),
        ("Änn - Blüe Sky (feat. Bob)", "Ann - Blue Sky inst."),
        ("Ann & Bob - Don't Stop", "Ann and Bob - Dont Stop (minus one)"),
        ("Ann - Blue Sky", "Sing! - Blue Sky (in the style of Ann) [Karaoke]"),
        ("Blue Sky (Album Version)", "Blue Sky (Backing Track)"),
    ],
)
def test_names_of_one_song_are_alike(mix, instrumental):
    one, other = (title_of(Path(f"{name}.mp3"), {}) for name in (mix, instrumental))
    assert one.is_like(other)
    assert other.is_like(one)
    assert (one.is_instrumental, other.is_instrumental) == (False, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann - Blue Sky", "Ann - Red Sky (Instrumental)"),
        ("Ann - Blue Sky", "Bob - Blue Sky (Instrumental)"),
        ("Ann - Blue Sky (Live)", "Ann - Blue Sky (Instrumental)"),
        ("Ann - Blue Sky", "Ann - Blue Sky (Club Remix) [Instrumental]"),
        ("(Instrumental)", "[Karaoke]"),
    ],
)
def test_names_of_other_recordings_are_not(one, other):
    first, second = (title_of(Path(f"{name}.mp3"), {}) for name in (one, other))
    assert not first.is_like(second)


def test_tags_go_before_names():
    title = title_of(Path("xyz.mp3"), {"artist": "Ann", "title": "Blue Sky (Instrumental)"})
    assert (title.artist, title.name, title.is_instrumental) == ("ann", "blue sky", True)
    assert title.shown == "Ann - Blue Sky"
    assert title_of(Path("7 Nation.mp3"), {"title": "99 Luft"}).name == "99 luft"


@pytest.mark.parametrize("offset", [0, 7000, -7000, 5 * RATE, -5 * RATE])
def test_the_offset_is_found_to_the_frame(song, offset):
    mix, instrumental = song
    placed = np.pad(instrumental, ((0, 0), (max(0, offset), 0)))[:, max(0, -offset) :]
    found = aligned(mix, placed)
    assert found.is_found
    assert found.offset_frames == pytest.approx(offset, abs=0.1)
    back = moved(placed, found, mix.shape[1])
    inner = slice(max(0, -offset), mix.shape[1])
    assert np.array_equal(back[:, inner], instrumental[:, inner])
    assert not back[:, : max(0, -offset)].any()


def test_upside_down_is_found_and_turned(song):
    mix, instrumental = song
    found = aligned(mix, -instrumental)
    assert found.offset_frames == pytest.approx(0, abs=0.1)
    assert matching_gain(mix, -instrumental, RATE, "fit") == pytest.approx(-1, abs=0.05)


@pytest.mark.parametrize("ppm", [40, -80])
def test_another_clock_is_found_and_mended(song, ppm):
    mix, instrumental = song
    other = soxr.resample(np.pad(instrumental, ((0, 0), (500, 0))).T, 1.0, 1 + ppm * 1e-6, "VHQ").T
    found = aligned(mix, np.ascontiguousarray(other))
    assert found.drift * 1e6 == pytest.approx(ppm, abs=3)
    assert found.agreeing_share == 1
    back = moved(np.ascontiguousarray(other), found, mix.shape[1])[:, 1000:-1000]
    error = np.square(back - instrumental[:, 1000:-1000]).sum() / np.square(instrumental).sum()
    assert 10 * np.log10(error) < -13


def test_a_part_that_is_missing_does_not_agree(song):
    mix, instrumental = song
    half = mix.shape[1] // 2
    edit = np.concatenate([instrumental[:, :half], instrumental[:, half + 3 * RATE :]], axis=1)
    found = aligned(mix, edit)
    assert found.drift == 0
    assert 0.25 < found.agreeing_share < 0.75
    before, after = found.agrees(1, SECONDS / 2 - 3), found.agrees(SECONDS / 2 + 3, SECONDS - 1)
    assert before != after
    assert not found.agrees(SECONDS / 2 - 2, SECONDS / 2 + 2)
    assert not found.agrees(SECONDS + 30, SECONDS + 31)


def test_of_two_offsets_that_of_most_of_the_song_is_taken(song):
    mix, instrumental = song
    edit = np.concatenate([instrumental[:, : 8 * RATE], instrumental[:, 11 * RATE :]], axis=1)
    found = aligned(mix, edit)
    assert found.offset_frames == pytest.approx(-3 * RATE, abs=0.1)
    assert found.agreeing_share >= 0.5


def test_a_part_at_quite_another_level_does_not_agree(song):
    mix, instrumental = song
    uneven = instrumental.copy()
    uneven[:, 14 * RATE :] *= 0.2
    found = aligned(mix, uneven)
    assert found.agrees(3, 11)
    assert not found.agrees(17, 21)


def test_other_music_and_silence_are_not_found(song):
    mix, _ = song
    stems = studio.make_song(9, SECONDS, RATE)
    del stems["vocals"]
    found = aligned(mix, sum(stems.values()).astype(np.float32))
    assert not found.is_found
    assert found.sureness < SURE
    assert not aligned(mix, np.zeros_like(mix)).is_found


def test_least_squares_finds_the_gain_that_loudness_puts_too_high(song):
    mix, instrumental = song
    fit, loud = (matching_gain(mix, 0.5 * instrumental, RATE, how) for how in ("fit", "loudness"))
    assert fit == pytest.approx(2, rel=0.03)
    assert loud > 2.1
    assert matching_gain(mix, np.zeros_like(mix), RATE, "fit") == 0
    assert matching_gain(mix, np.zeros_like(mix), RATE, "loudness") == 0


def test_the_difference_has_the_mixtures_phase_and_what_it_has_more():
    time = np.arange(RATE * 2) / RATE
    low, high = (np.sin(2 * np.pi * hz * time)[None].astype(np.float32) for hz in (500, 2000))
    made = weak_vocals(0.3 * low + 0.2 * high, 0.3 * low, RATE)
    inner = slice(4000, -4000)
    assert np.abs(made - 0.2 * high)[:, inner].max() < 2e-3
    # An instrumental that is louder leaves nothing, never less than nothing.
    assert np.abs(weak_vocals(0.3 * low, 0.4 * low, RATE)).max() < 1e-4


def test_misfit_hears_another_master_and_no_voice(song):
    mix, instrumental = song
    other = (instrumental - 0.7 * studio.lowpass(instrumental, 600)).astype(np.float32)
    gain = matching_gain(mix, other, RATE, "fit")
    assert misfit_db(mix, instrumental, RATE) < -30
    assert misfit_db(mix, np.float32(gain) * other, RATE) > -20


def test_excerpts_are_sung_apart_and_away_from_the_ends(song):
    mix, instrumental = song
    found = aligned(mix, instrumental)
    vocals = np.zeros_like(mix)
    vocals[:, 5 * RATE : 9 * RATE] = 0.2 * mix[:, 5 * RATE : 9 * RATE]
    vocals[:, 13 * RATE : 17 * RATE] = 0.5 * mix[:, 13 * RATE : 17 * RATE]
    settings = Settings(excerpts=3, seconds=4.0, margin_seconds=4.0)
    first, second, *more = choose_excerpts(vocals, mix, RATE, found, settings)
    assert first == (13 * RATE, 17 * RATE)
    assert second == (5 * RATE, 9 * RATE)
    assert all(begin >= 4 * RATE and end <= (SECONDS - 4) * RATE for begin, end in more)
    assert choose_excerpts(0.001 * vocals, mix, RATE, found, settings) == []
    far = Settings(excerpts=3, seconds=4.0, margin_seconds=11.0)
    assert choose_excerpts(vocals, mix, RATE, found, far) == []
