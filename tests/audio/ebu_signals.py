"""The test signals of EBU Tech 3341 and Tech 3342 (table 1 of each), made from what they say.

Cases 7 and 8 (and 5 and 6 of Tech 3342) are recordings of programmes and are left out.
"""

from __future__ import annotations

import numpy as np

SILENCE = -np.inf
TONE_HZ = 1000.0


def tones(parts, rate=48_000, channels=2):
    """1 kHz in phase on all channels: parts are (peak level in dBFS, seconds)."""
    pieces = []
    for level_db, seconds in parts:
        angles = 2 * np.pi * TONE_HZ * np.arange(round(seconds * rate)) / rate
        pieces.append(10 ** (level_db / 20) * np.sin(angles))
    return np.tile(np.concatenate(pieces), (channels, 1))


INTEGRATED = {  # Tech 3341: parts, integrated LUFS +-0.1
    1: ([(-23, 20)], -23.0),
    2: ([(-33, 20)], -33.0),
    3: ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    4: ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    5: ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
}

RANGE = {  # Tech 3342: levels of 20 s each, LRA +-1 LU
    1: ([-20, -30], 10.0),
    2: ([-20, -15], 5.0),
    3: ([-40, -20], 20.0),
    4: ([-50, -35, -20, -35, -50], 15.0),
}


def case_6(rate=48_000, lfe=False):
    """5.0, or 5.1 with a full-scale LFE: L R -28, C -24, Ls Rs -30 dBFS for 20 s; I = -23."""
    levels = [-28, -28, -24, *([0] if lfe else []), -30, -30]
    return np.concatenate([tones([(level_db, 20)], rate, 1) for level_db in levels])


def steady_short_term():
    """Case 9: S = -23 +-0.1, constant after 3 s."""
    return tones([(-20, 1.34), (-30, 1.66)] * 5)


def steady_momentary():
    """Case 12: M = -23 +-0.1, constant after 1 s."""
    return tones([(-20, 0.18), (-30, 0.22)] * 25)


def single_burst(number, burst_seconds):
    """Cases 10 (3 s) and 13 (0.4 s), number 0 to 19: the maximum is -23 +-0.1."""
    lead_seconds = number * burst_seconds / 20
    return tones([(SILENCE, lead_seconds), (-23, burst_seconds), (SILENCE, 1)])


def rising_bursts(burst_seconds):
    """Cases 11 (3 s) and 14 (0.4 s): 20 parts, each with its maximum in LUFS +-0.1."""
    for number in range(20):
        lead_seconds = number * burst_seconds / 20
        level_db = -38 + number
        parts = [
            (SILENCE, lead_seconds),
            (level_db, burst_seconds),
            (SILENCE, burst_seconds - lead_seconds),
        ]
        yield tones(parts), float(level_db)


TRUE_PEAK = {  # Tech 3341: part of the sample rate, phase in degrees, amplitude, dBTP +0.2 -0.4
    15: (1 / 4, 0.0, 0.50, -6.0),
    16: (1 / 4, 45.0, 0.50, -6.0),
    17: (1 / 6, 60.0, 0.50, -6.0),
    18: (1 / 8, 67.5, 0.50, -6.0),
    19: (1 / 4, 45.0, 1.41, 3.0),
}


def faded_sine(hertz_per_rate, phase_degrees, amplitude, rate=48_000):
    """A second of a sine, faded in and out: switched on at once it would ring above its peak."""
    frames = np.arange(rate)
    fade = np.minimum(1.0, np.minimum(frames, rate - 1 - frames) / (0.02 * rate))
    sine = np.sin(2 * np.pi * hertz_per_rate * frames + np.deg2rad(phase_degrees))
    return np.tile(amplitude * fade * sine, (2, 1))


def peak_between(offset, rate=48_000):
    """Cases 20 to 23, offset 0 to 3: true peak 0 dBTP +0.2 -0.4.

    At four times the rate: half-scale sine of rate / 6 with one period of rate / 4 at full scale
    put in at a crossing of zero; low-passed, and every fourth sample kept from `offset` on.
    """
    frames = np.arange(rate)
    fine = 0.5 * np.sin(2 * np.pi * frames / 24)
    start = 24 * (len(frames) // 48)
    fine[start : start + 16] = np.sin(2 * np.pi * np.arange(16) / 16)
    fine *= np.minimum(1.0, np.minimum(frames, frames[::-1]) / 960)
    spectrum = np.fft.rfft(fine)
    band = np.fft.rfftfreq(len(fine))  # the half rate is 1/8
    spectrum *= 0.5 + 0.5 * np.cos(np.pi * np.clip((band - 0.11) / (0.125 - 0.11), 0, 1))
    return np.tile(np.fft.irfft(spectrum, len(fine))[offset::4], (2, 1))
