"""Voices in a sampler: loops without a seam, chords in key that stand still, chops on the grid."""

import numpy as np
import pytest

from stemdesk_training.corpus import sampled_voices
from stemdesk_training.corpus.score import Song
from stemdesk_training.corpus.waveform import frames, hz
from tests.training.voices import RATE, vowel

SONG = Song(0.5, 9, (0, 2, 3, 5, 7, 8, 10), (0, 5), 2)
A3 = 57


def tones(mono):
    """MIDI pitches of all spectral lines within 20 dB of the strongest, from 30 Hz on."""
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    first = round(30 * len(mono) / RATE)
    spectrum[:first] = 0
    lines = np.flatnonzero(spectrum > spectrum.max() / 10)
    tops = [k for k in lines if spectrum[k] == spectrum[max(0, k - 8) : k + 9].max()]
    return 69 + 12 * np.log2(np.array(tops) * RATE / len(mono) / 440)


@pytest.mark.parametrize("seconds", [0.1, 0.33, 2.0])
def test_a_loop_turns_without_a_seam(seconds):
    sound = vowel("a", hz(A3), 1.0).astype(np.float32)
    turn = sampled_voices.looped(sound, hz(A3), seconds)
    periods = len(turn) * hz(A3) / RATE
    assert periods == pytest.approx(round(periods), abs=0.01)
    assert len(turn) <= len(sound) / 1.4
    steps = np.abs(np.diff(np.tile(turn, 3)))
    seam = steps[len(turn) - 1 :: len(turn)]
    assert seam.max() <= 1.1 * np.abs(np.diff(turn)).max()
    # Whatever hard edge the whole periods leave would sound at every turn.
    cut = np.abs(np.diff(np.tile(sound[: len(turn) - 50], 2)))[len(turn) - 51]
    assert seam.max() < max(cut, 0.05)


def test_beds_stand_still_on_notes_of_the_key():
    time_s = np.arange(RATE) / RATE
    sound = np.sin(2 * np.pi * hz(A3) * time_s).astype(np.float32)
    chords = set()
    for seed in range(14):
        out = sampled_voices.bed(sound, A3, SONG, 4.0, np.random.default_rng(seed))
        assert out.shape == (2, frames(4.0))
        first, second = out[:, : frames(2.0)], out[:, frames(2.0) :]
        power = np.square(first).mean(axis=0).reshape(20, -1).mean(axis=1)
        assert power.max() < 4 * power[1:-1].min()
        heard = [tones(half.mean(axis=0)) for half in (first, second)]
        for pitches in heard:
            assert np.abs(pitches - np.round(pitches)).max() < 0.12
            assert {round(p - SONG.key) % 12 for p in pitches} <= set(SONG.scale)
        chords.add(len(heard[0]) > 1)
        chords.add("moves" if set(np.round(heard[0])) != set(np.round(heard[1])) else "stays")
    assert chords == {True, False, "moves", "stays"}


def test_chops_lie_on_the_grid():
    click = np.ones(200, dtype=np.float32)
    out = sampled_voices.chopped([click], SONG, 4.0, np.random.default_rng(3))
    level = np.abs(out).max(axis=0) > 0.1
    onsets = np.flatnonzero(np.diff(level.astype(int)) == 1) / RATE
    assert len(onsets) >= 3
    grid = onsets / (SONG.beat_seconds / 4)
    assert np.abs(grid - np.round(grid)).max() < 0.05


def test_words_are_fired_on_sixteenths_in_a_pattern_that_comes_round():
    """Cut hard: silence between shots, and what is heard once is heard again."""
    said = np.random.default_rng(1).standard_normal(RATE * 4).astype(np.float32) * 0.3
    again = 0
    for seed in range(8):
        out = sampled_voices.fired(said, SONG, 16.0, np.random.default_rng(seed))
        assert out.shape == (2, frames(16.0))
        level = np.abs(out).mean(axis=0).reshape(-1, 63).mean(axis=1)  # 700 a second
        heard = level > 0.1 * level.max()
        assert 0.02 < heard.mean() < 0.98
        sixteenths = (np.flatnonzero(np.diff(heard.astype(int)) == 1) + 1) / 700 * 8
        assert np.abs(sixteenths - np.round(sixteenths)).max() < 0.05
        again += np.mean(heard[: 8 * 700] == heard[8 * 700 :]) > 0.8
    assert again >= 6


def test_swells_grow_on_eighths_and_are_cut_dead():
    sound = vowel("a", hz(A3), 1.0).astype(np.float32)
    heard = 0
    for seed in range(8):
        out = sampled_voices.swells(sound, A3, SONG, 8.0, np.random.default_rng(seed))
        assert out.shape == (2, frames(8.0))
        # Ten milliseconds each, 25 an eighth.
        level = np.sqrt(np.square(out).mean(axis=0).reshape(-1, 441).mean(axis=1))
        falls = (level[:-2] > 6 * level[2:]) & (level[:-2] > 0.1 * level.max())
        ends = {round((fall + 1) / 25) * 25 for fall in np.flatnonzero(falls)}
        for end in ends:
            assert level[end - 2] > 6 * level[end + 1]
            assert level[end - 3 : end - 1].mean() > 1.05 * level[end - 24 : end - 14].mean()
        heard += len(ends)
    assert heard >= 30
