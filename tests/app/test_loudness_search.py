"""Gain and ceiling are found in few tries, whatever a limiter does."""

from __future__ import annotations

import math
from contextlib import closing, nullcontext

import numpy as np
import pytest

from stemdesk.app.library import mix
from stemdesk.app.remixing.loudness_search import TRIES, LoudnessSearch
from stemdesk.app.remixing.mixdown import LimitTap, mix_down
from stemdesk.audio.clip import AudioClip
from stemdesk.audio.levels import from_db
from stemdesk.audio.loudness import measure_loudness
from stemdesk.audio.true_peak import true_peak_dbtp
from stemdesk.mixing.recipe import Recipe, fitted, recipe_of
from stemdesk.mixing.renderer import Renderer
from stemdesk.mixing.sources import ClipStem

RATE = 44_100


def beats(seconds=6.0, seed=0):
    """Drum strokes over a quiet bed: 20 dB from loudness to peak, before any limiter."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * RATE)
    times = np.arange(frames) / RATE
    stroke = np.exp(-(times % 0.5) / 0.03)
    noise = rng.standard_normal((2, frames))
    sound = 0.3 * stroke * noise + 0.02 * noise + 0.05 * np.sin(2 * np.pi * 110 * times)
    return AudioClip((0.8 * sound / np.abs(sound).max()).astype(np.float32), RATE)


@pytest.mark.parametrize("lufs", [-30.0, -18.0, -14.0, -10.0])
def test_what_the_limiter_takes_off_is_made_up(lufs):
    out = mix({"a": beats()}, Recipe(loudness_lufs=lufs))
    assert measure_loudness(out.samples, RATE).integrated_lufs == pytest.approx(lufs, abs=0.11)
    assert true_peak_dbtp(out.samples, RATE) <= -1.0 + 0.01


def search_through(limiter, wanted_lufs, most_dbtp=-1.0, unlimited_lufs=-20.0):
    """Settings tried, and the search at its end; a limiter is loudness and peak of settings."""
    search = LoudnessSearch(wanted_lufs, most_dbtp, unlimited_lufs)
    tried = []
    while not search.is_over:
        tried.append((search.gain_db, search.ceiling_db))
        search.note(*limiter(*tried[-1]))
    return tried, search


def soft(gain_db, ceiling_db, peak_dbfs=-8.0, swing_db=0.3):
    """A song of -20 LUFS; past its peaks, every dB brings less than the one before."""
    drive_db = gain_db + peak_dbfs - ceiling_db
    lost_db = 0.0 if drive_db < 0 else drive_db - 6.0 * (1 - math.exp(-drive_db / 6.0))
    peak = min(ceiling_db + swing_db * (drive_db > 0), gain_db + peak_dbfs)
    return -20.0 + gain_db - lost_db, peak


def test_what_needs_no_limiting_takes_one_try():
    tried, search = search_through(soft, -23.0)
    assert tried == [(-3.0, -1.0)]
    assert search.notes == []


@pytest.mark.parametrize("wanted", [-12.0, -10.5, -9.0, -8.2])
def test_what_does_takes_few(wanted):
    tried, search = search_through(soft, wanted)
    loudness, peak = soft(*tried[-1])
    assert len(tried) <= TRIES
    assert loudness == pytest.approx(wanted, abs=0.1)
    assert peak <= -1.0
    assert search.notes == []


def test_where_more_gain_brings_no_more_that_is_said_and_only_there():
    tried, search = search_through(soft, -2.0)
    loudness, peak = soft(*tried[-1])
    assert peak <= -1.0
    more, _ = soft(tried[-1][0] + 1.0, tried[-1][1])
    assert more - loudness < 0.3
    assert search.notes == [f"The loudness is {loudness:.1f} LUFS: the true peak leaves no room"
                            " for more."]  # fmt: skip


def test_a_quiet_mix_is_raised_so_far_and_not_blamed_on_its_peaks():
    tried, search = search_through(lambda gain, _: (-70.0 + gain, -60.0 + gain), -14.0, -1.0, -70.0)
    assert tried == [(30.0, -1.0)]
    assert search.notes == [
        "The loudness is -40.0 LUFS: the mix is very quiet and was raised by 30 dB, not more."
    ]


def test_silence_is_left_alone():
    tried, search = search_through(lambda *_: (-math.inf, -math.inf), -14.0, -1.0, -math.inf)
    assert tried == [(0.0, -1.0)]
    assert search.notes == []


@pytest.mark.parametrize(("over_db", "notes"), [(0.02, 0), (0.2, 1)])
def test_a_peak_that_is_over_by_a_rounding_is_not_told(over_db, notes):
    _, search = search_through(lambda gain, _: (-20.0 + gain, -1.0 + over_db), -14.0)
    assert len(search.notes) == notes
    assert all("-0.80 dBTP, above the -1 dBTP" in note for note in search.notes)


def test_limiting_is_told():
    loud = AudioClip((from_db(4.0) * np.sin(np.arange(RATE) * 0.05))[None].astype(np.float32), RATE)
    for choices, told in (
        ({"a.level_db": -5.0}, []),
        ({}, ["Peaks were limited by up to 4.0 dB."]),
    ):
        recipe, tap = recipe_of(choices), LimitTap()
        stems = {"a": ClipStem(loud)}
        with closing(Renderer(stems, fitted(recipe.mix, ["a"]), tap=tap)) as renderer:
            measured = mix_down(renderer, tap, recipe, lambda: nullcontext(len), lambda _: None)
            assert measured.notes == told
