"""Voices in a sampler: words fired on a grid, vowels looped into chords that hold or swell."""

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.score import Song
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    db,
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


def fired(said: osc.Mono, song: Song, seconds: float, rng: Rng) -> Audio:
    """Words cut from what was said, fired in a pattern that comes round ``[2, frames]``.

    They begin with an attack, on the beat, and end dead, as a drum does; old ones are narrow, and
    bring the noise of where they were taken.
    """
    sample = _old(said, rng)
    # Played slowly, most of all: so words become deep and rough.
    grid, ratio = song.beat_seconds / 4, float(np.exp(rng.normal(-0.12, 0.3)))
    # A cut begins where something is heard.
    loud = np.flatnonzero(np.abs(said) > 0.2 * np.max(np.abs(said), initial=1e-6))
    cuts = rng.choice(loud, int(rng.integers(1, 6))).tolist() if loud.size else [0]
    pattern: list[tuple[int, int, int]] = []
    steps = 16 * int(rng.choice([1, 2, 2, 4]))
    now = int(rng.choice([0, 0, 2, 4, 8]))
    while now < steps:
        length = int(rng.choice([1, 2, 2, 3, 4, 4, 6, 8]))
        if chance(rng, 0.55):
            pattern.append((now, length, pick(rng, cuts)))
        now += length
    place = float(np.clip(rng.normal(0, 0.25), -1, 1))
    out = silence(seconds)
    for turn in range(0, int(seconds / grid) + 1, steps):
        for step, length, cut in pattern:
            if chance(rng, 0.06):
                continue
            clip = sample[cut : cut + frames(length * grid * ratio)]
            clip = fade(change_speed(pan(clip, place), ratio), 0.003, 0.01)
            add_at(out, clip, frames((turn + step) * grid))
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
        held = _chord(turn, [tone - pitch for tone in tones], places, length)
        add_at(out, fade(held, 0.02, 0.04), frames(bar * song.bar_seconds))
    return osc.lowpass(out, float(np.exp(rng.uniform(np.log(900.0), np.log(9000.0)))))


def swells(vowel: osc.Mono, pitch: int, song: Song, seconds: float, rng: Rng) -> Audio:
    """Chords of one looped vowel ``[2, frames]`` that grow on eighths and are cut dead.

    A reversed sample does so, and a pad behind a gate that opens slowly. Arguments as of ``bed``.
    """
    turn = looped(vowel, float(hz(pitch)), float(rng.uniform(*_LOOP_SECONDS)))
    size, around = int(rng.integers(1, 5)), pitch + int(rng.choice([0, 0, -5, -12, -12]))
    width = float(rng.uniform(0.0, 0.9))
    places = rng.uniform(-width, width, size)
    steepness, rest = float(rng.uniform(1.0, 6.0)), float(rng.uniform(0.0, 0.5))
    eighth, now = song.beat_seconds / 2, 0
    out = silence(seconds)
    while now * eighth < seconds:
        length = int(rng.choice([1, 2, 3, 4, 4, 6, 8]))
        if not chance(rng, rest):
            bar = int(now * eighth / song.bar_seconds) % song.bars
            steps = [tone - pitch for tone in song.chord(bar, around, size)]
            held = _chord(turn, steps, places, length * eighth)
            grown = np.linspace(0, 1, held.shape[1], dtype=np.float32) ** np.float32(steepness)
            add_at(out, fade(held * grown, 0.0, 0.003), frames(now * eighth))
        now += length
    return osc.lowpass(out, float(np.exp(rng.uniform(np.log(1500.0), np.log(12_000.0)))))


def _chord(
    turn: osc.Mono, semitones: list[int], places: NDArray[np.float64], seconds: float
) -> Audio:
    """A loop at several speeds at once, each tone in its place ``[2, frames]``."""
    out = silence(seconds)
    for step, place in zip(semitones, places, strict=True):
        ratio = 2 ** (step / 12)
        count = int(np.ceil(seconds * RATE_HZ * ratio / len(turn))) + 1
        held = change_speed(pan(np.tile(turn, count), float(place)), ratio)
        out += held[:, : out.shape[1]]
    return out


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


def _old(said: osc.Mono, rng: Rng) -> osc.Mono:
    """As if taken from a record or a film, more or less."""
    out = said
    if chance(rng, 0.4):
        level = float(np.max(np.abs(said), initial=0.0)) * db(float(rng.uniform(-50.0, -26.0)))
        out = out + np.float32(level) * osc.noise(rng, len(out))
    if chance(rng, 0.5):
        out = osc.lowpass(out, float(np.exp(rng.uniform(np.log(1800.0), np.log(9000.0)))))
    return np.asarray(out, dtype=np.float32)
