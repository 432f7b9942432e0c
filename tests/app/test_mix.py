"""Samples in memory through a mix, for scripts and notebooks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stemdesk.app.library import mix, remix, separate_clip
from stemdesk.audio.clip import AudioClip
from stemdesk.audio.loudness import measure_loudness
from stemdesk.audio.true_peak import true_peak_dbtp
from stemdesk.errors import UserError
from stemdesk.mixing.recipe import Recipe, load_recipe, recipe_of, save_recipe
from stemdesk.mixing.settings import Point, changed
from tests.app.tiny import RATE, STEMS, music, read_exactly, save_song


@pytest.fixture
def clips():
    return {
        name: AudioClip(music(66_150, bits=24, seed=seed, level=0.15).astype(np.float32), RATE)
        for seed, name in enumerate(STEMS)
    }


def test_neutral_is_the_sum_and_so_the_song_that_was_separated(tiny):
    song = AudioClip(music(30_000).astype(np.float32), RATE)
    out = mix(separate_clip(song, tiny), {})
    assert (out.sample_rate, out.samples.dtype) == (RATE, np.float32)
    np.testing.assert_array_equal(out.samples, song.samples)


def test_levels_effects_and_automation_do_what_they_say(clips):
    before = {name: clip.samples.copy() for name, clip in clips.items()}
    told = []
    out = mix(
        clips,
        {"vocals.level_db": -6, "drums.mute": 1, "bass.level_db": -math.inf},
        report=lambda done, _: told.append(done),
    )
    wanted = 10 ** (-6 / 20) * before["vocals"] + before["other"]
    np.testing.assert_allclose(out.samples, wanted, atol=2e-7)
    assert told[-1] == pytest.approx(1.0)
    assert all((clips[name].samples == before[name]).all() for name in STEMS)
    wet = mix(clips, {"vocals.reverb.amount": 0.5})
    assert np.abs(wet.samples[:, 66_150 : 66_150 + 4000]).max() > 0.001
    course = {"drums.level_db": (Point(0.0, -math.inf),)}
    recipe = Recipe(mix=changed(recipe_of({"drums.solo": 1}).mix, automation=course))
    assert not mix(clips, recipe).samples.any()


def test_a_recipe_gives_what_it_gives_files(clips, tmp_path):
    recipe = changed(recipe_of({"vocals.level_db": -3}), loudness_lufs=-20.0)
    save_recipe(tmp_path / "r.toml", recipe)
    assert load_recipe(tmp_path / "r.toml") == recipe
    for name, clip in clips.items():
        save_song(tmp_path / "s" / f"{name}.wav", clip.samples, RATE, "FLOAT")
    done = remix(tmp_path / "s", recipe, tmp_path / "a.wav")
    out = mix(clips, str(tmp_path / "r.toml"))
    np.testing.assert_array_equal(out.samples, read_exactly(done.file))
    assert measure_loudness(out.samples, RATE).integrated_lufs == pytest.approx(-20, abs=0.2)


def test_a_mix_that_is_limited_more_than_once_comes_out_once(clips):
    recipe = Recipe(loudness_lufs=-4.0, true_peak_dbtp=-6.0)
    told = []
    out = mix(clips, recipe, report=lambda done, _: told.append(done))
    assert max(told) > 0.55  # a second try
    assert out.frames == 66_150
    assert true_peak_dbtp(out.samples, RATE) <= -6.0 + 1e-6


def test_any_lengths_channels_and_number_types(clips):
    mono = AudioClip(np.full((1, 100), 0.25), RATE)
    out = mix({"a": mono, "b": AudioClip(np.full((2, 300), 0.5), RATE)}, {})
    assert out.samples.dtype == np.float32
    assert out.samples.shape == (2, 300)
    assert mix({"a": mono}, {"a.pan": -1}).samples[1].max() < 1e-6


@pytest.mark.parametrize(
    ("stems", "settings", "message"),
    [
        ({}, {}, "no stems to mix"),
        (
            {"a": AudioClip(np.zeros(9), RATE)},
            {},
            r"The stem a of the shape \(9,\) cannot be mixed",
        ),
        (
            {"a": AudioClip(np.full((1, 9), np.nan), RATE)},
            {},
            "The stem a has samples that are not",
        ),
        ({"a": AudioClip(np.zeros((1, 9)), RATE)}, {"b.level_db": -3}, "works on the stem b"),
        ({"a": AudioClip(np.zeros((1, 9)), RATE)}, {"a.reverb.size": 1}, "no parameter"),
        (
            {"a": AudioClip(np.zeros((1, 9)), RATE), "b": AudioClip(np.zeros((1, 9)), 48_000)},
            {},
            "The stem b has 48000 Hz",
        ),
    ],
)
def test_what_cannot_be_mixed_is_refused(stems, settings, message):
    with pytest.raises(UserError, match=message):
        mix(stems, settings)
