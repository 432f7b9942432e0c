"""Effect chains drawn at random: what a studio does to a stem (pedalboard)."""

import numpy as np
import pedalboard as pb
from scipy import ndimage, signal

from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    chance,
    db,
    frames,
    mid_side,
    pick,
)

_DUCK_BLOCK = 64


def run(effects: list[pb.Plugin], clip: Audio) -> Audio:
    """Apply effects to ``[channels, frames]``; length is kept."""
    if clip.shape[1] < 16:
        return clip
    for effect in effects:
        clip = np.asarray(effect(clip, RATE_HZ), dtype=np.float32)
    return clip


def equaliser(rng: Rng, low_cut_hz: float) -> list[pb.Plugin]:
    """A high-pass, two shelves and one to three bells."""
    effects: list[pb.Plugin] = [pb.HighpassFilter(low_cut_hz)]
    effects.append(pb.LowShelfFilter(float(rng.uniform(100, 350)), float(rng.normal(0, 3))))
    effects.append(pb.HighShelfFilter(float(rng.uniform(3000, 9000)), float(rng.normal(1, 4.5))))
    for _ in range(int(rng.integers(1, 4))):
        centre = float(np.exp(rng.uniform(np.log(200), np.log(8000))))
        effects.append(pb.PeakFilter(centre, float(rng.normal(0, 4)), float(rng.uniform(0.5, 2.5))))
    return effects


def compressor(rng: Rng) -> pb.Plugin:
    """Ratio 2 to 12 at a threshold that bites on a clip near -18 dBFS RMS."""
    return pb.Compressor(
        threshold_db=float(rng.uniform(-34, -16)),
        ratio=float(rng.uniform(2, 12)),
        attack_ms=float(rng.uniform(0.5, 25)),
        release_ms=float(rng.uniform(40, 250)),
    )


def saturate(rng: Rng, clip: Audio, most_db: float = 24.0) -> Audio:
    """Soft clipping after ``0..most_db`` of drive, level kept."""
    drive = 10 ** (float(rng.uniform(0, most_db)) / 20)
    top = float(np.max(np.abs(clip), initial=1e-6))
    shaped = np.tanh(clip * np.float32(drive / top))
    return np.asarray(shaped * np.float32(top / np.tanh(drive)), dtype=np.float32)


def reverb(rng: Rng, clip: Audio, wet: float) -> Audio:
    """Add a reverb of random size at amplitude ``wet``; the dry sound stays as it is."""
    room = pb.Reverb(
        room_size=float(rng.uniform(0.1, 0.95)),
        damping=float(rng.uniform(0.1, 0.9)),
        wet_level=1.0,
        dry_level=0.0,
        width=float(rng.uniform(0.6, 1.0)),
    )
    effects: list[pb.Plugin] = [pb.Delay(float(rng.uniform(0.001, 0.06)), 0.0, 1.0), room]
    effects.append(pb.HighpassFilter(float(rng.uniform(100, 500))))
    effects.append(pb.LowpassFilter(float(rng.uniform(4000, 14000))))
    return clip + np.float32(wet) * run(effects, clip)


def echo(rng: Rng, clip: Audio, wet: float) -> Audio:
    """Ping-pong-like echoes: left and right differ in time."""
    out = clip.copy()
    base = float(rng.uniform(0.12, 0.45))
    for channel, factor in ((0, 1.0), (1, float(rng.choice([1.0, 0.75, 1.5])))):
        line = pb.Delay(base * factor, float(rng.uniform(0.1, 0.55)), 1.0)
        dark = pb.LowpassFilter(float(rng.uniform(2000, 9000)))
        mono = run([line, dark], clip[channel : channel + 1])
        out[channel] += np.float32(wet) * mono[0]
    return out


def widen(rng: Rng, clip: Audio) -> Audio:
    """Haas delay, chorus on one side, or a mid/side gain."""
    style = pick(rng, ("haas", "chorus", "side"))
    if style == "haas":
        late = frames(float(rng.uniform(0.006, 0.022)))
        shifted = np.pad(clip[1], (late, 0))[: clip.shape[1]]
        return np.stack([clip[0], shifted])
    if style == "chorus":
        left = run([pb.Chorus(float(rng.uniform(0.3, 2)), 0.3, 7.0, 0.0, 1.0)], clip[:1])
        right = run([pb.Chorus(float(rng.uniform(0.3, 2)), 0.3, 9.0, 0.0, 1.0)], clip[1:])
        return (0.7 * clip + 0.5 * np.concatenate([left, right])).astype(np.float32)
    return mid_side(clip, float(rng.uniform(0.3, 1.8)))


def spread(rng: Rng, clip: Audio) -> Audio:
    """A faint room that differs left and right down to the lowest octave.

    Unison voices, stereo samples and rooms leave some of that on real basses. Where none had it,
    and drums had, the side signal alone would tell them apart.
    """
    decay = float(np.exp(rng.uniform(np.log(0.005), np.log(0.1))))
    now = np.arange(frames(5 * decay)) / RATE_HZ
    response = rng.standard_normal((2, len(now))) * np.exp(-now / decay)
    response *= db(rng.uniform(-32, -12)) / np.sqrt(np.square(response).sum(axis=1, keepdims=True))
    room = signal.oaconvolve(clip, response, axes=-1)[:, : clip.shape[1]]
    return np.asarray(clip + room, dtype=np.float32)


def telephone(rng: Rng, clip: Audio) -> Audio:
    """A narrow band with some grit."""
    band: list[pb.Plugin] = [
        pb.HighpassFilter(float(rng.uniform(300, 700))),
        pb.HighpassFilter(400.0),
        pb.LowpassFilter(float(rng.uniform(2200, 4500))),
        pb.LowpassFilter(3800.0),
    ]
    return saturate(rng, run(band, clip), 18.0)


def pump(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """Side-chain pumping on the beat: dips that recover before the next."""
    length = clip.shape[1]
    phase = (np.arange(length) / RATE_HZ / beat_seconds) % 1.0
    depth = rng.uniform(0.4, 0.97)
    recover = np.minimum(1.0, phase / rng.uniform(0.3, 0.9)) ** rng.uniform(0.6, 2)
    gain = ndimage.uniform_filter1d(1 - depth + depth * recover, 221, mode="nearest")
    return np.asarray(clip * gain, dtype=np.float32)


def duck_after(rng: Rng, clip: Audio, starts: list[float]) -> Audio:
    """Side-chain compression by a kick: a dip at each start (in seconds) that recovers."""
    if not starts:
        return clip
    length = clip.shape[1]
    depth = rng.uniform(0.3, 0.97)
    recover = rng.uniform(0.08, 0.4)
    bend = rng.uniform(0.6, 2)
    begins = np.round(np.asarray(starts) * RATE_HZ / _DUCK_BLOCK).astype(np.int64)
    now = np.arange(-(-length // _DUCK_BLOCK))
    last = np.searchsorted(begins, now, side="right") - 1
    since = np.where(last < 0, 1e9, now - begins[np.maximum(last, 0)]) * _DUCK_BLOCK / RATE_HZ
    gain = 1 - depth + depth * np.minimum(1.0, since / recover) ** bend
    centres = (now + 0.5) * _DUCK_BLOCK
    smooth = np.interp(np.arange(length), centres, gain)
    return np.asarray(clip * smooth, dtype=np.float32)


def limit(clip: Audio, drive_db: float) -> Audio:
    """Bus limiter: drive into a ceiling, level back."""
    top = float(np.max(np.abs(clip), initial=0.0))
    if top < 1e-4:
        return clip
    hot = clip * np.float32(0.9 / top)
    return run([pb.Gain(drive_db), pb.Limiter(-1.0, 80.0)], hot)


def drum_chain(rng: Rng, clip: Audio) -> Audio:
    """Bus compression, grit, a room, a limiter."""
    low_cut_hz = float(np.exp(rng.uniform(np.log(15.0), np.log(60.0))))
    # One such filter falls by 6 dB an octave.
    steeper: list[pb.Plugin] = [pb.HighpassFilter(low_cut_hz)] * int(rng.integers(0, 3))
    wet = run([*equaliser(rng, low_cut_hz), *steeper], clip)
    if chance(rng, 0.5):
        # Lighter than on other stems, or tails and hiss swell into a wash.
        threshold_db, ratio = float(rng.uniform(-22, -8)), float(rng.uniform(2, 6))
        attack_ms, release_ms = float(rng.uniform(2, 30)), float(rng.uniform(40, 200))
        wet = run([pb.Compressor(threshold_db, ratio, attack_ms, release_ms)], wet)
    if chance(rng, 0.35):
        wet = saturate(rng, wet, 14.0)
    if chance(rng, 0.04):
        wet = run([pb.Bitcrush(float(rng.uniform(5, 10)))], wet)
    if chance(rng, 0.45):
        wet = reverb(rng, wet, float(np.exp(rng.uniform(np.log(0.02), np.log(0.25)))))
    if chance(rng, 0.2):
        wet = mid_side(wet, float(rng.uniform(0, 1.6)))
    if chance(rng, 0.08):
        wet = run([pb.LowpassFilter(float(rng.uniform(1500, 8000))) for _ in range(2)], wet)
    return limit(wet, float(rng.uniform(0, 9))) if chance(rng, 0.4) else wet


def bass_chain(rng: Rng, clip: Audio) -> Audio:
    """Compression, drive with the low end kept, a narrow image that is seldom quite mono.

    What lies under the lowest note, where a note begins or ends at once, is cut or left as it is.
    """
    low_cut_hz = float(np.exp(rng.uniform(np.log(5.0), np.log(40.0))))
    wet = run([*equaliser(rng, low_cut_hz), compressor(rng)], clip)
    if chance(rng, 0.45):
        driven = saturate(rng, wet, 30.0)
        wet = (wet * np.float32(rng.uniform(0, 1)) + driven).astype(np.float32)
    narrowed = mid_side(wet, float(rng.uniform(0, 0.7)))
    wet = widen(rng, wet) if chance(rng, 0.15) else narrowed
    if chance(rng, 0.5):
        wet = spread(rng, wet)
    if chance(rng, 0.15):
        wet = run([pb.LowpassFilter(float(rng.uniform(150, 900)))], wet)
    if chance(rng, 0.1):
        wet = reverb(rng, wet, float(rng.uniform(0.02, 0.15)))
    # Clipping a lopsided wave leaves a constant offset behind.
    return run([pb.HighpassFilter(5.0), pb.HighpassFilter(5.0)], wet)


def other_chain(rng: Rng, clip: Audio) -> Audio:
    """Tone, width, space and movement for one layer of accompaniment."""
    wet = run(equaliser(rng, float(rng.uniform(30, 250))), clip)
    if chance(rng, 0.4):
        wet = run([compressor(rng)], wet)
    if chance(rng, 0.2):
        wet = saturate(rng, wet)
    if chance(rng, 0.3):
        wet = widen(rng, wet)
    if chance(rng, 0.1):
        wet = run([pb.Phaser(float(rng.uniform(0.1, 2)))], wet)
    if chance(rng, 0.25):
        wet = echo(rng, wet, float(rng.uniform(0.05, 0.5)))
    if chance(rng, 0.7):
        wet = reverb(rng, wet, float(np.exp(rng.uniform(np.log(0.03), np.log(0.9)))))
    if chance(rng, 0.08):
        wet = run([pb.LowpassFilter(float(rng.uniform(400, 4000)))], wet)
    return wet
