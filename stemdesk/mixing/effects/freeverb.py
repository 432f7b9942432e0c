"""What is known of Freeverb, which pedalboard's reverb is: its decay and its loudness in numbers.

The structure (Jezar at Dreampoint, 2000; described by J. O. Smith, "Physical Audio Signal
Processing", section "Freeverb", and with the same numbers in JUCE): per channel eight parallel
combs with a one-pole low-pass in each loop, then four all-passes in series.
"""

from __future__ import annotations

import math

import numpy as np

TUNING_RATE_HZ = 44_100
_COMB_FRAMES = np.array([1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617])
_RIGHT_SPREAD_FRAMES = 23
_LEAST_FEEDBACK, _FEEDBACK_SPAN = 0.7, 0.28
_MOST_DAMPING = 0.4
_INPUT_GAIN = 0.015
_WET_SCALE = 3.0
# Freeverb's "all-pass" is (-1 + 1.5 z) / (1 - 0.5 z): 1 + 1 / (1 - 0.5^2) in power.
_ALL_PASSES_POWER = (1.0 + 1.0 / 0.75) ** 4
_REFERENCE_HZ = 1000.0
# The eight decays together, fitted from -5 to -35 dB, last as long as one comb of this length.
_EFFECTIVE_FRAMES = 1424.0
_PINK_HZ = np.geomspace(20.0, 20_000.0, 64)


def room_size(decay_seconds: float, damping: float, sample_rate: int) -> float:
    """Pedalboard's `room_size` for a reverberation time at 1 kHz.

    A loop of n frames that passes on g of the sound each time falls by 60 dB in
    3 n / (-log10(g) rate) seconds. What the low-pass takes away at 1 kHz, the feedback need not.

    Args:
        decay_seconds: to -60 dB.
        damping: pedalboard's `damping`, 0 to 1.
        sample_rate: Hz.
    """
    feedback = _turn_gain(decay_seconds) / float(
        _loop_gains(damping, np.array([_REFERENCE_HZ]), sample_rate)[0]
    )
    return float(min(1.0, max(0.0, (feedback - _LEAST_FEEDBACK) / _FEEDBACK_SPAN)))


def most_damping(decay_seconds: float, sample_rate: int) -> float:
    """Pedalboard's `damping` above which 1 kHz cannot ring on for so long at the most feedback.

    The low-pass may take G = (what a turn needs) / (feedback) at the angle w of 1 kHz:
    (1 - p)^2 / (1 - 2 p cos w + p^2) = G^2, of which p is the root below 1.

    Args:
        decay_seconds: to -60 dB.
        sample_rate: Hz.
    """
    needed = _turn_gain(decay_seconds) / (_LEAST_FEEDBACK + _FEEDBACK_SPAN)
    if needed >= 1.0:
        return 0.0
    outer = 1.0 - needed**2
    inner = 1.0 - needed**2 * math.cos(2.0 * math.pi * _REFERENCE_HZ / sample_rate)
    pole = (inner - math.sqrt(inner**2 - outer**2)) / outer
    return min(1.0, pole / _MOST_DAMPING)


def slowest_decay_seconds(size: float) -> float:
    """Time to -60 dB of the longest comb at low frequencies, where nothing is damped."""
    longest_seconds = (_COMB_FRAMES[-1] + _RIGHT_SPREAD_FRAMES) / TUNING_RATE_HZ
    return float(-3.0 * longest_seconds / math.log10(_feedback(size)))


def damping_at_rate(damping: float, sample_rate: int) -> float:
    """Pedalboard's `damping` that sounds at `sample_rate` as `damping` does at 44.1 kHz.

    The pole p of the low-pass belongs to the frame, not to the second: p^(44100 / rate) keeps its
    corner. Pedalboard's poles end at 0.4, so rates above 44.1 kHz cannot be damped as much.
    """
    pole = _MOST_DAMPING * damping
    return float(min(1.0, pole ** (TUNING_RATE_HZ / sample_rate) / _MOST_DAMPING))


def wet_level(size: float, damping: float, width: float, sample_rate: int, channels: int) -> float:
    """Pedalboard's `wet_level` with which the reverb of pink noise is as loud as the noise.

    Powers add: of eight combs, 1 / (1 - g^2) each, averaged over pink noise, and of the two sides
    that `width` mixes. In stereo the noise is in the middle; unrelated sides come out 3 dB softer.

    Args:
        size: pedalboard's `room_size`.
        damping: pedalboard's.
        width: pedalboard's.
        sample_rate: Hz.
        channels: 1 or 2.
    """
    heard_hz = _PINK_HZ[: np.searchsorted(_PINK_HZ, sample_rate / 2)]
    loop_gains = _feedback(size) * _loop_gains(damping, heard_hz, sample_rate)
    power = len(_COMB_FRAMES) * float(np.mean(1.0 / (1.0 - loop_gains**2))) * _ALL_PASSES_POWER
    same, other = (1.0 + width) / 2.0, (1.0 - width) / 2.0
    sides = math.hypot(same, other) if channels == 2 else same
    return 1.0 / (_WET_SCALE * _INPUT_GAIN * channels * sides * math.sqrt(power))


def _turn_gain(decay_seconds: float) -> float:
    """What a turn through the combs leaves of a sound that is to last so long."""
    seconds_a_turn = _EFFECTIVE_FRAMES / TUNING_RATE_HZ
    return float(10.0 ** (-3.0 * seconds_a_turn / decay_seconds))


def _feedback(size: float) -> float:
    return _LEAST_FEEDBACK + _FEEDBACK_SPAN * size


def _loop_gains(damping: float, hz: np.ndarray, sample_rate: int) -> np.ndarray:
    """Magnitude of the one-pole low-pass (1 - p) / (1 - p z) in every comb."""
    pole = _MOST_DAMPING * damping
    turn = np.exp(-2j * np.pi * hz / sample_rate)
    gains: np.ndarray = np.abs((1.0 - pole) / (1.0 - pole * turn))
    return gains
