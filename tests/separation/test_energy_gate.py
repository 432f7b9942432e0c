"""The energy gate: what it shuts, where it fades, and that blocks do not matter."""

import numpy as np
import pytest

from stemdesk.separation.energy_gate import EnergyGate

RATE = 8000


def song(*parts):
    """Tones of given seconds and amplitudes, `[2, frames]`."""
    pieces = []
    for seconds, amplitude in parts:
        time_s = np.arange(round(seconds * RATE)) / RATE
        pieces.append(amplitude * np.sin(2 * np.pi * 440 * time_s))
    both = np.concatenate(pieces).astype(np.float32)
    return np.stack((both, both))


def gains(samples, share=0.2, block=1000):
    blocks = [samples[:, first : first + block] for first in range(0, samples.shape[1], block)]
    return EnergyGate(blocks, RATE, share).gains(0, samples.shape[1])


def test_long_quiet_passages_are_shut_and_short_ones_are_not():
    # Energy of 0.4 is 0.16 of the largest, of 0.5 it is 0.25.
    heard = gains(song((2, 1), (2, 0.4), (2, 1), (0.6, 0.1), (2, 1), (2, 0.5), (1, 1)))
    at = {second: heard[round(second * RATE)] for second in (1, 3, 5, 6.3, 8, 9.5, 11)}
    assert at == {1: 1, 3: 0, 5: 1, 6.3: 1, 8: 1, 9.5: 1, 11: 1}


def test_fades_lie_within_the_quiet_and_take_their_time():
    heard = gains(song((2, 1), (3, 0.01), (2, 1)))
    assert (heard[: 2 * RATE] == 1).all()
    assert (heard[5 * RATE :] == 1).all()
    falling = np.flatnonzero((heard > 0) & (heard < 1) & (np.arange(len(heard)) < 3 * RATE))
    assert len(falling) / RATE == pytest.approx(0.05, abs=0.015)
    assert np.abs(np.diff(heard)).max() < 0.01


def test_ends_of_a_song_are_shut_whole():
    heard = gains(song((2, 0.01), (2, 1), (2, 0.01)))
    assert heard[0] == heard[-1] == 0
    assert heard[3 * RATE] == 1


@pytest.mark.parametrize("block", [1, 79, 100_000])
def test_blocks_and_places_do_not_matter(block):
    samples = song((1.5, 1), (1.5, 0.01), (0.123, 1))
    heard = gains(samples, block=block if block > 1 else 37)
    assert (heard == gains(samples)).all()
    assert np.mean(heard < 1) == pytest.approx(1.4 / 3.123, abs=0.05)
    gate = EnergyGate([samples], RATE, 0.2)
    parts = [gate.gains(first, 777) for first in range(0, samples.shape[1], 777)]
    assert (np.concatenate(parts)[: samples.shape[1]] == heard).all()


def test_silence_and_nothing_are_no_trouble():
    assert (gains(np.zeros((2, 3 * RATE), np.float32)) == 1).all()
    EnergyGate([], RATE, 0.2)
