"""From hits to a drum bus: sequencing, choked hats, and a channel for each part of the kit."""

from itertools import pairwise

import numpy as np
import pedalboard as pb

from stemdesk_training.corpus import production
from stemdesk_training.corpus.drum_kits import Kit
from stemdesk_training.corpus.drum_patterns import Hit
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
    level_to,
    mid_side,
    pan,
    pick,
    silence,
)

# All hits come at one peak; long, bright ones would drown the rest.
_BALANCE = {"kick": 1.3, "hat_closed": 0.42, "hat_open": 0.32, "ride": 0.3, "crash": 0.42}
_SLICE_SECONDS = 0.22
_GROUPS = {
    "kick": ("kick",),
    "snare": ("snare", "clap", "rim"),
    "metal": ("hat_closed", "hat_open", "ride", "crash"),
    "rest": ("tom_low", "tom_mid", "tom_high", "perc"),
}


def sequence(hits: list[Hit], kit: Kit, seconds: float, rng: Rng) -> Audio:
    """Place a kit's samples at the hits' frames, ``round(start * 44100)``; a hat ends a hat."""
    out = silence(seconds)
    trim = {drum: rng.uniform(0.6, 1.3) for drum in sorted(kit)}
    for drum, factor in _BALANCE.items():
        trim[drum] = trim.get(drum, 1.0) * factor
    hats = [hit for hit in hits if hit.drum.startswith("hat")]
    choked = {id(hit): following.start for hit, following in pairwise(hats)}
    for hit in hits:
        clips = kit.get(hit.drum)
        if not clips:
            continue
        clip = pick(rng, clips)
        if hit.drum == "hat_open" and id(hit) in choked:
            length = frames(choked[id(hit)] - hit.start + 0.01)
            clip = fade(clip[:, :length], 0.0, 0.01) if length < clip.shape[1] else clip
        add_at(out, clip, frames(hit.start), (hit.velocity / 127) ** 1.5 * trim[hit.drum])
    return out


def tuned(kit: Kit, hits: list[Hit], rng: Rng) -> Kit:
    """Classes that are hit, each re-pitched and damped a little and brought to a common peak."""
    used = {hit.drum for hit in hits}
    result: Kit = {}
    for drum in sorted(kit):
        ratio = float(2 ** (rng.normal(0, 1.5) / 12))
        damping = float(rng.uniform(0.12, 0.6)) if chance(rng, 0.25) else 0.0
        if drum not in used:
            continue
        result[drum] = []
        for clip in kit[drum][:4]:
            moved = change_speed(clip, ratio)
            if damping:
                moved = fade(moved[:, : frames(damping)], 0.0, damping / 2)
            top = float(np.max(np.abs(moved), initial=1e-4))
            result[drum].append(moved * np.float32(0.6 / top))
    return result


def mixed(hits: list[Hit], kit: Kit, seconds: float, rng: Rng) -> Audio:
    """The kit's parts through channels of their own, summed; not yet levelled."""
    out = silence(seconds)
    kicks = [hit.start for hit in hits if hit.drum == "kick"]
    ducked = chance(rng, 0.15)
    for group, drums in _GROUPS.items():
        played = [hit for hit in hits if hit.drum in drums]
        if not played:
            continue
        clip = _CHANNELS[group](rng, sequence(played, kit, seconds, rng))
        if ducked and group != "kick":
            clip = production.duck_after(rng, clip, kicks)
        out += clip
    if chance(rng, 0.25):
        # Parallel compression: the kit, crushed, under itself.
        crushed = production.run([pb.Compressor(-35.0, 10.0, 1.0, 120.0)], out)
        out = out + level_to(crushed, -18.0) * np.float32(db(rng.uniform(-12, 0)))
    return out


def _kick(rng: Rng, clip: Audio) -> Audio:
    if chance(rng, 0.3):
        clip = production.saturate(rng, clip, 18.0)
    bell = pb.PeakFilter(float(rng.uniform(45, 110)), float(rng.normal(1, 3)), 1.0)
    return production.run([bell], mid_side(clip, float(rng.uniform(0, 0.5))))


def _snare(rng: Rng, clip: Audio) -> Audio:
    if chance(rng, 0.2):
        clip = production.saturate(rng, clip, 14.0)
    if chance(rng, 0.45):
        clip = production.reverb(rng, clip, float(np.exp(rng.uniform(np.log(0.05), np.log(0.6)))))
        if chance(rng, 0.25):
            clip = production.run([pb.NoiseGate(-30.0, 10.0, 1.0, 60.0)], clip)
    return clip


def _metal(rng: Rng, clip: Audio) -> Audio:
    clip = production.run([pb.HighpassFilter(float(rng.uniform(150, 600)))], clip)
    shelf = pb.HighShelfFilter(float(rng.uniform(5000, 10_000)), float(rng.normal(0, 4)))
    clip = production.run([shelf], clip) * np.float32(db(rng.uniform(-6, 4)))
    if chance(rng, 0.4):
        clip = _placed(rng, clip)
    return production.widen(rng, clip) if chance(rng, 0.2) else clip


def _rest(rng: Rng, clip: Audio) -> Audio:
    if chance(rng, 0.4):
        clip = _placed(rng, clip)
    return production.echo(rng, clip, float(rng.uniform(0.1, 0.5))) if chance(rng, 0.2) else clip


def _placed(rng: Rng, clip: Audio) -> Audio:
    return pan(clip.mean(axis=0), float(rng.uniform(-0.6, 0.6)))


_CHANNELS = {"kick": _kick, "snare": _snare, "metal": _metal, "rest": _rest}


def sliced(loop: Audio, step_seconds: float, seconds: float, rng: Rng) -> Audio:
    """A loop cut into equal slices on a grid of ``step_seconds``, in order or partly shuffled.

    Slices keep their pitch (or move by a few semitones) and are cut or followed by a rest where
    the grid asks for it, as breakbeats are fitted to a tempo.
    """
    # Loops hold a power of two of bars; slices of about a fifth of a second are its eighths.
    count = int(2 ** np.clip(round(np.log2(loop.shape[1] / RATE_HZ / _SLICE_SECONDS)), 2, 7))
    size = loop.shape[1] // count
    native = size / RATE_HZ
    # Halve or double the grid until it is near the loop's own pace.
    while step_seconds < 0.7 * native:
        step_seconds *= 2
    while step_seconds > 1.45 * native:
        step_seconds /= 2
    speed = float(np.clip(native / step_seconds, 0.8, 1.3)) if chance(rng, 0.6) else 1.0
    length = frames(min(step_seconds, native / speed))
    slices = []
    for index in range(count):
        moved = change_speed(loop[:, index * size : (index + 1) * size], speed)
        slices.append(fade(moved[:, :length], 0.001, 0.006))
    out = silence(seconds)
    shuffled = float(rng.choice([0.0, 0.0, 0.15, 0.4]))
    for turn in range(int(seconds / step_seconds) + 1):
        chosen = int(rng.integers(count)) if chance(rng, shuffled) else turn % count
        add_at(out, slices[chosen], frames(turn * step_seconds), 0.8)
    return out
