"""Effects on voices that are heard as such: stutters, gates, reversal, swells, tape stops, air."""

import numpy as np
import pedalboard as pb
from scipy import ndimage

from stemdesk_training.corpus.production import run
from stemdesk_training.corpus.vocal_production import microshift, room
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    chance,
    fade,
    frames,
    mid_side,
    pick,
)

_NAMES = (
    "stutter", "stutter", "gate", "reverse", "swell", "swell", "stop", "width", "width", "thin",
)  # fmt: skip


def reverse_reverb(rng: Rng, clip: Audio) -> Audio:
    """A room before the sound: it swells into each phrase."""
    turned = np.ascontiguousarray(clip[:, ::-1])
    wet = room(rng, turned, float(rng.uniform(0.4, 1.0)))
    return np.ascontiguousarray(wet[:, ::-1])


def backwards(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """Some beats played backwards, or the whole clip."""
    if chance(rng, 0.3):
        return np.ascontiguousarray(clip[:, ::-1])
    out = clip.copy()
    length = frames(beat_seconds * float(rng.choice([1, 2])))
    for start in range(0, clip.shape[1] - length, length):
        if chance(rng, 0.3):
            part = clip[:, start : start + length][:, ::-1]
            out[:, start : start + length] = fade(np.ascontiguousarray(part), 0.004, 0.004)
    return out


def stutter(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """Some beats replaced by the repeated beginning of what sounds there."""
    out = clip.copy()
    beat = frames(beat_seconds)
    for start in range(0, clip.shape[1] - beat, beat):
        if not chance(rng, 0.22):
            continue
        piece = frames(beat_seconds / float(rng.choice([2, 3, 4, 4, 8])))
        head = fade(clip[:, start : start + piece], 0.002, 0.004)
        repeats = -(-beat // max(piece, 1))
        out[:, start : start + beat] = np.tile(head, (1, repeats))[:, :beat]
    return out


def gate(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """A rhythmic gate on sixteenths or triplets, as trance producers cut pads and voices."""
    per_beat = int(rng.choice([2, 4, 4, 3, 8]))
    pattern = rng.random(4 * per_beat) < rng.uniform(0.4, 0.8)
    pattern[0] = True
    tick = beat_seconds / per_beat
    steps = np.arange(clip.shape[1]) / RATE_HZ / tick
    open_now = pattern[steps.astype(np.int64) % len(pattern)]
    shape = open_now & ((steps % 1.0) < rng.uniform(0.4, 1.0))
    smooth = ndimage.uniform_filter1d(shape.astype(np.float32), frames(0.006))
    floor = float(rng.choice([0.0, 0.0, 0.2]))
    return np.asarray(clip * (floor + (1 - floor) * smooth), dtype=np.float32)


def tape_stop(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """The last beats slow down to a halt."""
    length = min(clip.shape[1] // 2, frames(beat_seconds * float(rng.choice([1, 2, 4]))))
    if length < 64:
        return clip
    out = clip.copy()
    start = clip.shape[1] - length
    read = start + length * 0.5 * (1 - (1 - np.arange(length) / length) ** 2)
    for channel in range(2):
        slowed = np.interp(read, np.arange(clip.shape[1]), clip[channel])
        out[channel, start:] = slowed * np.linspace(1, 0, length)
    return out


def thin(rng: Rng, clip: Audio) -> Audio:
    """Air and sibilants alone, as layers of whispers are cut to sit on top of a mix."""
    edge_hz = float(np.exp(rng.uniform(np.log(500.0), np.log(3500.0))))
    return run([pb.HighpassFilter(edge_hz)] * 4, clip)


def special(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """One effect that is heard as such."""
    name = pick(rng, _NAMES)
    if name == "stutter":
        return stutter(rng, clip, beat_seconds)
    if name == "gate":
        return gate(rng, clip, beat_seconds)
    if name == "reverse":
        return backwards(rng, clip, beat_seconds)
    if name == "swell":
        return reverse_reverb(rng, clip)
    if name == "stop":
        return tape_stop(rng, clip, beat_seconds)
    if name == "thin":
        return thin(rng, clip)
    return mid_side(microshift(rng, clip), float(rng.uniform(1.2, 2.2)))
