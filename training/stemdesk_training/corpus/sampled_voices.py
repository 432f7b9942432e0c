"""Voices in a sampler: syllables thrown on a grid, vowels looped into chords that hold for bars."""

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.score import Song
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    hz,
    pan,
    pick,
    silence,
)

_LOOP_SECONDS = (0.12, 0.6)


def chopped(pieces: list[osc.Mono], song: Song, seconds: float, rng: Rng) -> Audio:
    """A few syllables re-pitched by speed and thrown on a grid ``[2, frames]``."""
    out = silence(seconds)
    grid = song.beat_seconds / float(rng.choice([1, 2, 2, 4]))
    steps = [0, 0, *(s for s in song.scale[:5]), -5, 7, 12]
    cell = [(pick(rng, steps), pick(rng, pieces)) if chance(rng, 0.65) else None
            for _ in range(int(rng.choice([8, 16])))]  # fmt: skip
    width = float(rng.choice([0.0, 0.3, 0.7]))
    for tick in range(int(seconds / grid)):
        entry = cell[tick % len(cell)]
        if entry is None or chance(rng, 0.08):
            continue
        semitones, piece = entry
        clip = pan(piece, float(np.clip(rng.normal(0, width), -1, 1)))
        clip = change_speed(clip, 2 ** (semitones / 12))
        clip = fade(clip[:, : frames(grid * float(rng.uniform(0.6, 2)))], 0.004, 0.02)
        add_at(out, clip, frames(tick * grid))
    return out


def bed(vowel: osc.Mono, pitch: int, song: Song, seconds: float, rng: Rng) -> Audio:
    """Chords of one looped vowel ``[2, frames]``: still as an organ, yet a voice.

    Args:
        vowel: a steady vowel of 0.3 s or more.
        pitch: its MIDI pitch.
        song: whose chords it holds; or its key throughout.
        seconds: length.
        rng: draws loop, voicing, width and tone.
    """
    turn = looped(vowel, float(hz(pitch)), float(rng.uniform(*_LOOP_SECONDS)))
    drone, size = chance(rng, 0.4), int(rng.integers(1, 5))
    # Played slowly, a voice is a deep pad.
    around = pitch + int(rng.choice([0, 0, -5, -12, -12, -17, -24]))
    bars = song.bars if drone else int(rng.choice([1, 1, 2, 4]))
    width = float(rng.uniform(0.0, 0.9))
    places = rng.uniform(-width, width, size)
    out = silence(seconds)
    for bar in range(0, song.bars, bars):
        length = min(bars * song.bar_seconds, seconds - bar * song.bar_seconds)
        if length <= 0:
            break
        tones = [song.pitch(2 * i, around) for i in range(size)] if drone else (
            song.chord(bar, around, size))  # fmt: skip
        for tone, place in zip(tones, places, strict=True):
            ratio = 2 ** ((tone - pitch) / 12)
            count = int(np.ceil(length * RATE_HZ * ratio / len(turn))) + 1
            held = change_speed(pan(np.tile(turn, count), float(place)), ratio)
            held = fade(held[:, : frames(length)], 0.02, 0.04)
            add_at(out, held, frames(bar * song.bar_seconds))
    return osc.lowpass(out, float(np.exp(rng.uniform(np.log(900.0), np.log(9000.0)))))


def looped(sound: osc.Mono, pitch_hz: float, seconds: float) -> osc.Mono:
    """One turn of a loop of whole periods, its end faded into what comes before its beginning."""
    period = RATE_HZ / pitch_hz
    longest = len(sound) / 1.5
    count = round(max(1, int(min(seconds * RATE_HZ, longest) / period)) * period)
    over = min(len(sound) - count, count) // 2
    start = len(sound) - count
    turn = sound[start:].copy()
    rising = (np.arange(over) + 0.5) / max(1, over)
    before = sound[start - over : start]
    turn[count - over :] = turn[count - over :] * (1 - rising) + before * rising
    return np.asarray(turn, dtype=np.float32)
