from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from stemdesk.audio.levels import from_db
from stemdesk.daw.closed_pcm import open_closed_pcm, packed
from stemdesk.errors import UserError
from tests.daw.songs import make_song

FULL_SCALE = 2.0**23


def steps_of(song, **options):
    with ExitStack() as stack:
        parts = [[track] for track in song.session.tracks]
        pcm = open_closed_pcm(song.session, parts, stack, **options)
        return np.concatenate(list(pcm.blocks()), axis=2), pcm.gain_db


def test_stems_on_the_grid_are_held_as_they_are(tmp_path):
    song = make_song(tmp_path, frames=70_001)
    steps, gain_db = steps_of(song)
    assert gain_db == 0.0
    for held, samples in zip(steps, song.stems.values(), strict=True):
        assert np.array_equal(held / FULL_SCALE, samples.T)


def test_stems_off_the_grid_sum_to_the_song_rounded_once(tmp_path):
    song = make_song(tmp_path, grid_bits=None)
    steps, _ = steps_of(song)
    song_steps = np.rint(song.mixture.T * FULL_SCALE)
    assert np.array_equal(steps.sum(axis=0), song_steps)
    one_by_one = [np.rint(samples.T * FULL_SCALE) for samples in song.stems.values()]
    assert not np.array_equal(np.sum(one_by_one, axis=0), song_steps)
    for held, samples in zip(steps, song.stems.values(), strict=True):
        assert np.abs(held - samples.T * FULL_SCALE).max() <= 2.0


@pytest.mark.parametrize("grid_bits", [23, None])
def test_what_would_clip_takes_one_gain_and_still_sums(tmp_path, grid_bits):
    song = make_song(tmp_path, peak=1.3, grid_bits=grid_bits)
    steps, gain_db = steps_of(song)
    assert -2.4 <= gain_db <= -2.2, "1.3 is 2.28 dB"
    assert np.abs(steps).max() < FULL_SCALE
    assert np.abs(steps).max() > 0.97 * FULL_SCALE
    lowered = song.mixture.T * from_db(gain_db)
    assert np.array_equal(steps.sum(axis=0), np.rint(lowered * FULL_SCALE))


@pytest.mark.parametrize("subtype", ["PCM_24", "FLOAT"])
def test_the_mix_clips_where_no_stem_does(tmp_path, subtype):
    song = make_song(tmp_path, peak=0.5, file=("wav", subtype))
    assert steps_of(song)[1] == 0.0
    steps, gain_db = steps_of(song, with_mix=True)
    assert gain_db < 0.0
    assert np.abs(steps.sum(axis=0)).max() < FULL_SCALE


def test_a_negative_full_scale_is_no_clipping(tmp_path):
    song = make_song(tmp_path, names=("one",), file=("wav", "PCM_16"), peak=2.0)
    assert song.stems["one"].min() == -1.0
    steps, gain_db = steps_of(song, with_mix=True)
    assert gain_db == 0.0
    assert steps.min() == -FULL_SCALE


def test_parts_of_many_tracks_sum_and_a_silent_part_stays_silent(tmp_path):
    song = make_song(tmp_path, grid_bits=None)
    one, two, three, four = song.session.tracks
    with ExitStack() as stack:
        pcm = open_closed_pcm(song.session, [(one,), (two, three), (four,), ()], stack)
        steps = np.concatenate(list(pcm.blocks()), axis=2)
    assert np.array_equal(steps.sum(axis=0), np.rint(song.mixture.T * FULL_SCALE))
    pair = song.stems["drums"] + song.stems["bass"]
    assert np.array_equal(steps[1], np.rint(pair.T * FULL_SCALE))
    assert not steps[3].any()


@pytest.mark.parametrize("wrong", [{"sample_rate": 48_000}, {"frames": 30_010}, {"channels": 1}])
def test_a_file_that_is_not_the_sessions_is_refused(tmp_path, wrong):
    song = make_song(tmp_path)
    with pytest.raises(UserError, match="0 stem"):
        steps_of(replace(song, session=replace(song.session, **wrong)))


def test_bytes_are_little_endian_of_three():
    steps = np.array([1, -1, 0x123456, -(1 << 23)], dtype=np.int32)
    assert packed(steps) == bytes.fromhex("010000 ffffff 563412 000080")
