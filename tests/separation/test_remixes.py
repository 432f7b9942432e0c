"""Remixes of a song's stems: what is drawn, how often, and what never is."""

from __future__ import annotations

import numpy as np
import pytest

from stemdesk.separation.remixes import Remixes

FRAMES, GRID = 400, 100
RNG = np.random.default_rng(3)


def passage(levels, moments=20):
    """Stems of noise ``[stems, 2, frames]``, each with a level for every grid step."""
    noise = RNG.uniform(-1, 1, (len(levels), 2, moments * GRID)).astype(np.float32)
    steps = np.stack([np.broadcast_to(level, moments) for level in levels])
    return noise * np.repeat(steps, GRID, axis=-1)[:, None].astype(np.float32)


def moment_of(stem, source):
    """Where in its source a drawn stem begins, whatever its gain and order of channels."""
    found = []
    for start in range(0, source.shape[-1] - FRAMES + 1, GRID):
        taken = source[:, start : start + FRAMES]
        for each in (taken, taken[::-1]):
            gain = np.vdot(each, stem) / max(np.vdot(each, each), 1e-9)
            if np.allclose(each * gain, stem, atol=1e-4):
                found.append((start, float(gain)))
    assert len(found) == 1
    return found[0]


def test_every_stem_is_a_moment_of_its_own_at_a_level_of_its_own():
    source = passage([0.5, 0.5, 0.5])
    remixes = Remixes([source], None, FRAMES, GRID, 1)
    found = [
        [moment_of(stem, own) for stem, own in zip(remixes.draw(), source, strict=True)]
        for _ in range(30)
    ]
    starts, gains = np.array(found).transpose(2, 0, 1)
    assert len(np.unique(starts)) > 10
    assert (starts[:, 0] != starts[:, 1]).mean() > 0.7
    assert 0.2 < (gains < 0).mean() < 0.8, "polarity is drawn"
    spread_db = np.std(20 * np.log10(np.abs(gains)))
    assert 2.5 < spread_db < 5.5


def test_the_seed_decides_them():
    source = passage([0.5, 0.5])
    drawn = [Remixes([source], None, FRAMES, GRID, seed).draw() for seed in (1, 1, 2)]
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


def test_voices_are_taken_where_they_are_loud_and_the_rest_where_they_are_quiet():
    singing = np.where(np.arange(20) < 10, 0.8, 0.01)
    source = passage([singing, 0.5])
    remixes = Remixes([source], 0, FRAMES, GRID, 1)
    drawn = [remixes.draw() for _ in range(60)]
    voice = [moment_of(stems[0], source[0])[0] for stems in drawn]
    rest = [moment_of(stems[1], source[1])[0] for stems in drawn]
    sung = 10 * GRID - FRAMES  # up to here somebody sings throughout
    assert np.mean(np.array(voice) <= sung) > 0.7
    assert np.mean(np.array(rest) <= sung) < 0.3


def test_a_stem_that_is_hardly_there_is_left_out_or_stays_where_it_is():
    source = passage([0.02, 0.5, 0.5])
    remixes = Remixes([source], 0, FRAMES, GRID, 1)
    silent, whole = 0, 0
    for _ in range(20):
        stems = remixes.draw()
        if not stems[0].any():
            silent += 1
            continue
        places = {moment_of(stem, own) for stem, own in zip(stems, source, strict=True)}
        assert len({start for start, _ in places}) == 1
        assert np.ptp([gain for _, gain in places]) < 1e-3
        whole += 1
    assert (silent, whole) == (10, 10)


def test_passages_may_differ_in_length_but_none_is_shorter_than_a_remix():
    long, short = passage([0.5, 0.5]), passage([0.5, 0.5], moments=4)
    stems = [Remixes([long, short], None, FRAMES, GRID, seed).draw() for seed in range(40)]
    assert {each.shape for each in stems} == {(2, 2, FRAMES)}
    for passages in ([], [long, passage([0.5, 0.5], moments=3)]):
        with pytest.raises(ValueError, match="shorter"):
            Remixes(passages, None, FRAMES, GRID, 1)
