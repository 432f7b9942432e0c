from __future__ import annotations

import numpy as np
import pytest

from stemdesk.mixing.plugins.dry import DryLine, Switch

RATE, BLOCK = 48_000, 512


def blocks(sound):
    return [sound[:, first : first + BLOCK] for first in range(0, sound.shape[1], BLOCK)]


def noise(block_count, channels=2):
    random = np.random.default_rng(0)
    return random.uniform(-1, 1, (channels, block_count * BLOCK)).astype(np.float32)


@pytest.mark.parametrize("frames", [0, 1, 512, 700, 16_384, 50_000])
def test_the_line_delays_by_as_many_frames(frames):
    sound, line = noise(160), DryLine(2)
    late = np.concatenate([line.push(block, frames) for block in blocks(sound)], axis=1)
    assert np.array_equal(late, np.pad(sound, ((0, 0), (frames, 0)))[:, : sound.shape[1]])


def test_another_delay_finds_the_past_that_it_needs():
    sound, line = noise(100), DryLine(2)
    pieces = [
        line.push(block, 30 if index < 60 else 9000) for index, block in enumerate(blocks(sound))
    ]
    from_here = 60 * BLOCK
    after = np.concatenate(pieces[60:], axis=1)
    assert np.array_equal(after, sound[:, from_here - 9000 : sound.shape[1] - 9000])


def test_a_cleared_line_is_silent():
    line = DryLine(1)
    line.push(np.ones((1, BLOCK), np.float32), 0)
    line.clear()
    assert not line.push(np.zeros((1, BLOCK), np.float32), 300).any()


def test_the_line_keeps_nothing_of_the_blocks_it_was_given():
    line, block = DryLine(1), np.ones((1, BLOCK), np.float32)
    out = line.push(block, 0)
    block[:] = 7.0
    out[:] = 9.0
    assert np.array_equal(line.push(np.zeros((1, BLOCK), np.float32), BLOCK), np.ones((1, BLOCK)))


def steepest(sound):
    return float(np.abs(np.diff(sound)).max())


def constant(level):
    return np.full((1, BLOCK), level, np.float32)


def test_a_failure_is_a_slope_and_then_all_dry():
    switch = Switch(1, RATE)
    played = [switch.wet(constant(0.9), constant(-0.5))]
    switch.fail()
    played += [switch.dry(constant(-0.5)) for _ in range(3)]
    assert steepest(np.concatenate(played, axis=1)) < 0.02
    assert np.array_equal(played[-1], constant(-0.5))


def test_a_plug_in_that_never_played_leaves_the_dry_sound_alone():
    switch = Switch(1, RATE)
    switch.fail()
    assert np.array_equal(switch.dry(constant(0.8)), constant(0.8))


def test_failing_again_while_dry_changes_nothing():
    switch = Switch(1, RATE)
    switch.wet(constant(0.9), constant(0.5))
    switch.fail()
    for _ in range(3):
        switch.dry(constant(0.5))
    switch.fail()
    assert np.array_equal(switch.dry(constant(0.25)), constant(0.25))


def test_recovery_waits_and_then_is_a_slope():
    switch = Switch(1, RATE)
    switch.dry(constant(0.5))
    switch.recover(1000)
    played = np.concatenate([switch.wet(constant(-0.9), constant(0.5)) for _ in range(5)], axis=1)
    assert np.array_equal(played[:, :1000], np.full((1, 1000), 0.5, np.float32))
    assert steepest(played) < 0.02
    assert np.array_equal(played[:, -BLOCK:], constant(-0.9))


def test_a_ramp_longer_than_a_block_leads_away_from_one_sample():
    switch = Switch(1, 192_000)  # 1920 frames
    played = [switch.wet(constant(0.9), constant(0.0))]
    switch.fail()
    played += [switch.dry(constant(0.0)) for _ in range(5)]
    fall = np.concatenate(played, axis=1)[0, BLOCK:]
    middle = 960
    assert fall[middle] == pytest.approx(0.45, abs=0.01)
    assert np.all(np.diff(fall) <= 0)


def test_failure_during_recovery_is_a_slope():
    switch = Switch(1, RATE)
    switch.dry(constant(0.5))
    switch.recover(300)
    played = [switch.wet(constant(-0.9), constant(0.5))]
    switch.fail()
    played += [switch.dry(constant(0.5)) for _ in range(3)]
    assert steepest(np.concatenate(played, axis=1)) < 0.02
    assert np.array_equal(played[-1], constant(0.5))
