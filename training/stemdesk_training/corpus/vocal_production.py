"""What a studio does to voices: chains for leads and backings, de-essing, width, delays, rooms."""

from dataclasses import dataclass

import numpy as np
import pedalboard as pb
from scipy import ndimage, signal

from stemdesk_training.corpus import production
from stemdesk_training.corpus.production import run
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    chance,
    frames,
    pick,
    weighted,
)

_BLOCK = 220
# A voice without its lows is as much a voice: on a mixing desk they go first.
_LOW_CUT_HZ = (60.0, 280.0)
# How often each manner of production is drawn.
STYLES = (
    ("dry", 0.14),
    ("pop", 0.3),
    ("ballad", 0.12),
    ("rap", 0.12),
    ("electronic", 0.14),
    ("dreamy", 0.06),
    ("live", 0.07),
    ("lofi", 0.05),
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Chances of the steps of a chain, and the wet level around which spaces are drawn."""

    saturation: float
    doubling: float
    delay: float
    space: float
    wet: float
    air: float
    band: float = 0.0


_AMOUNTS = {
    "dry": Amounts(0.15, 0.05, 0.05, 0.15, 0.04, 0.2),
    "pop": Amounts(0.35, 0.3, 0.5, 0.85, 0.12, 0.6),
    "ballad": Amounts(0.15, 0.2, 0.4, 1.0, 0.3, 0.5),
    "rap": Amounts(0.5, 0.25, 0.35, 0.4, 0.06, 0.4),
    "electronic": Amounts(0.5, 0.6, 0.6, 0.8, 0.2, 0.6),
    "dreamy": Amounts(0.3, 0.6, 0.7, 1.0, 0.8, 0.2),
    "live": Amounts(0.2, 0.05, 0.3, 1.0, 0.25, 0.1),
    "lofi": Amounts(0.8, 0.2, 0.3, 0.4, 0.1, 0.0, 1.0),
    "backing": Amounts(0.25, 0.6, 0.35, 1.0, 0.3, 0.4),
}


def vocal_chain(
    rng: Rng, clip: Audio, style: str | None = None, beat_seconds: float = 0.5
) -> Audio:
    """A vocal chain ``[2, frames]``: clean to wrecked, dry to drowned, mono to wide.

    Args:
        rng: draws every setting.
        clip: the voice, active near -18 dBFS RMS.
        style: one of ``STYLES`` or ``backing``; drawn where it is not given.
        beat_seconds: what delays keep time with.
    """
    amounts = _AMOUNTS[weighted(rng, STYLES) if style is None else style]
    low_cut_hz = float(np.exp(rng.uniform(*np.log(_LOW_CUT_HZ))))
    if style == "backing":
        low_cut_hz *= 1.5
    # One such filter falls by 6 dB an octave.
    steeper = [pb.HighpassFilter(low_cut_hz)] * int(rng.integers(0, 4))
    wet = run([*production.equaliser(rng, low_cut_hz), *steeper], clip)
    wet = run([production.compressor(rng)], wet)
    if chance(rng, 0.4):
        wet = deess(rng, wet)
    if chance(rng, 0.45):
        # The second of two stages levels what the first has tamed.
        wet = run([production.compressor(rng)], wet)
    if chance(rng, amounts.saturation):
        wet = production.saturate(rng, wet)
    if chance(rng, amounts.air):
        wet = deess(rng, exciter(rng, wet))
    if chance(rng, amounts.band):
        wet = telephone(rng, wet)
    wet = _moved(rng, wet, amounts)
    wet = _placed(rng, wet, amounts, beat_seconds)
    # Clipping a lopsided wave leaves a constant offset behind.
    return run([pb.HighpassFilter(30.0)], wet)


def _moved(rng: Rng, clip: Audio, amounts: Amounts) -> Audio:
    """Chorus, microshift, phaser, width."""
    if chance(rng, amounts.doubling):
        clip = pick(rng, (microshift, production.widen, chorus))(rng, clip)
    if chance(rng, 0.03):
        clip = run([pb.Phaser(float(rng.uniform(0.2, 3)))], clip)
    if chance(rng, 0.02):
        clip = run([pb.Bitcrush(float(rng.uniform(6, 10)))], clip)
    return clip


def _placed(rng: Rng, clip: Audio, amounts: Amounts, beat_seconds: float) -> Audio:
    """Delays and rooms; at times the delay runs into the room."""
    wet = clip
    if chance(rng, amounts.delay):
        wet = delays(
            rng, wet, beat_seconds, float(rng.uniform(0.4, 2.0)) * (0.05 + amounts.wet / 2)
        )
    if chance(rng, amounts.space):
        level = amounts.wet * float(np.exp(rng.normal(0, 0.6)))
        wet = pick(rng, (room, room, production.reverb))(rng, wet, min(level, 1.2))
    return wet


def deess(rng: Rng, clip: Audio) -> Audio:
    """Turn down what lies above some 5 kHz where it exceeds its usual share."""
    sos = signal.butter(2, float(rng.uniform(4500, 7000)), "highpass", fs=RATE_HZ, output="sos")
    bright = signal.sosfiltfilt(sos, clip, axis=-1).astype(np.float32)
    count = clip.shape[1] // _BLOCK
    if count < 2:
        return clip
    blocks = bright[:, : count * _BLOCK].reshape(2, count, _BLOCK)
    level = np.sqrt(np.mean(np.square(blocks), axis=(0, 2))) + 1e-7
    threshold = np.percentile(level, float(rng.uniform(75, 93))) + 1e-6
    depth = float(rng.uniform(0.4, 1.0))
    gain = np.minimum(1.0, (threshold / level) ** depth)
    gain = ndimage.gaussian_filter1d(ndimage.minimum_filter1d(gain, 3), 1.0)
    smooth = np.interp(np.arange(clip.shape[1]), (np.arange(count) + 0.5) * _BLOCK, gain)
    return np.asarray(clip - bright * (1 - smooth), dtype=np.float32)


def exciter(rng: Rng, clip: Audio) -> Audio:
    """Add harmonics of the upper mid range: brilliance that a dull microphone lacks."""
    edge_hz = float(rng.uniform(2500, 5000))
    upper = run([pb.HighpassFilter(edge_hz), pb.HighpassFilter(edge_hz)], clip)
    top = float(np.max(np.abs(upper), initial=1e-6))
    driven = np.tanh(upper * np.float32(4.0 / top)) * np.float32(top)
    bright = run([pb.HighpassFilter(1.5 * edge_hz)], driven)
    return (clip + np.float32(rng.uniform(0.1, 0.7)) * bright).astype(np.float32)


def telephone(rng: Rng, clip: Audio) -> Audio:
    """A narrow band: telephone, small radio, megaphone, or merely a dark tape."""
    if chance(rng, 0.35):
        edge_hz = float(rng.uniform(2500, 7000))
        return run([pb.LowpassFilter(edge_hz), pb.LowpassFilter(edge_hz)], clip)
    return production.telephone(rng, clip)


def microshift(rng: Rng, clip: Audio) -> Audio:
    """Copies a few cents sharp and flat, delayed, to the sides."""
    middle = clip.mean(axis=0)
    out = clip.copy()
    amount = float(rng.uniform(0.25, 0.8))
    now = np.arange(clip.shape[1]) / RATE_HZ
    for channel, sign in ((0, 1.0), (1, -1.0)):
        # A delay line read by a saw of some hertz, cross-faded at its ends, shifts the pitch.
        cents = sign * float(rng.uniform(4, 14))
        span = 0.03
        slope = 2 ** (cents / 1200) - 1
        base = float(rng.uniform(0.008, 0.02))
        for half in (0.0, 0.5):
            turn = (now * abs(slope) / span + half) % 1.0
            late = base + span * (1 - turn if slope > 0 else turn)
            read = np.interp(now - late, now, middle, left=0.0)
            out[channel] += (amount * np.sin(np.pi * turn) ** 2 * read).astype(np.float32)
    return out


def chorus(rng: Rng, clip: Audio) -> Audio:
    """Slowly wandering delays, unlike in both channels."""
    rate_hz, depth = float(rng.uniform(0.2, 1.6)), float(rng.uniform(0.15, 0.5))
    left = run([pb.Chorus(rate_hz, depth, 8.0, 0.0, 0.5)], clip)
    right = run([pb.Chorus(rate_hz * 1.17, depth, 11.0, 0.0, 0.5)], clip)
    return np.stack([left[0], right[1]])


def delays(rng: Rng, clip: Audio, beat_seconds: float, wet: float) -> Audio:
    """A slap, or echoes in time with the beat, dark and wide."""
    if chance(rng, 0.35):
        late = float(rng.uniform(0.06, 0.14))
        slap = run([pb.Delay(late, 0.0, 1.0), pb.LowpassFilter(6000.0)], clip)
        return (clip + np.float32(wet) * slap).astype(np.float32)
    share = float(rng.choice([0.25, 0.5, 0.75, 1.0]))
    feedback = float(rng.uniform(0.15, 0.6))
    out = clip.copy()
    band: list[pb.Plugin] = [pb.HighpassFilter(float(rng.uniform(150, 700)))]
    band.append(pb.LowpassFilter(float(rng.uniform(1800, 8000))))
    ratios = (1.0, 1.0) if chance(rng, 0.4) else (1.0, float(rng.choice([0.75, 1.5, 0.5])))
    for channel, ratio in enumerate(ratios):
        seconds = min(1.9, max(0.03, beat_seconds * share * ratio))
        one = run([pb.Delay(seconds, feedback, 1.0), *band], np.repeat(clip[channel][None], 2, 0))
        out[channel] += np.float32(wet) * one[0]
    return out


def impulse(rng: Rng, seconds: float) -> Audio:
    """A made-up room or plate ``[2, frames]``: early echoes, a tail that darkens as it falls."""
    length = frames(seconds)
    now = np.arange(length) / RATE_HZ
    noise = rng.standard_normal((2, length)).astype(np.float32)
    decay = 6.9 / seconds
    bright = noise * np.exp(-now * decay * rng.uniform(1.3, 3.0))
    edge_hz = float(rng.uniform(1200, 5000))
    sos = signal.butter(1, edge_hz, "lowpass", fs=RATE_HZ, output="sos")
    dark = signal.sosfilt(sos, noise, axis=-1) * np.exp(-now * decay) * 1.5
    tail = (bright * rng.uniform(0.2, 1.0) + dark).astype(np.float32)
    tail *= np.clip(now / rng.uniform(0.001, 0.03), 0, 1).astype(np.float32)
    for _ in range(int(rng.integers(0, 9))):
        at = int(rng.integers(frames(0.004), max(frames(0.005), min(length, frames(0.06)))))
        tail[:, min(at, length - 1)] += rng.normal(0, 3.0, 2).astype(np.float32)
    loudness = np.sqrt(np.sum(np.square(tail)) / 2) + 1e-9
    return np.asarray(tail / loudness, dtype=np.float32)


def room(rng: Rng, clip: Audio, wet: float) -> Audio:
    """Convolve with a made-up room or plate and add it at amplitude ``wet``."""
    seconds = float(np.exp(rng.uniform(np.log(0.15), np.log(2.8))))
    answer = impulse(rng, seconds)
    send = run([pb.HighpassFilter(float(rng.uniform(120, 500)))], clip)
    tail = signal.oaconvolve(send, answer, axes=-1)[:, : clip.shape[1]]
    late = frames(float(rng.uniform(0.0, 0.06)))
    tail = np.pad(tail, ((0, 0), (late, 0)))[:, : clip.shape[1]]
    return (clip + np.float32(wet) * tail).astype(np.float32)
