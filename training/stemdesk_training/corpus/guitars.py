"""Electric guitars: recorded strings through pedals, an amplifier and a loudspeaker."""

import numpy as np
import pedalboard as pb
from scipy import signal

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import production
from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, chance, db, level_to


def amplified(rng: Rng, clip: Audio) -> Audio:
    """Clean, crunchy or distorted through a cabinet, at times doubled to the sides."""
    drive_db = float(rng.choice([rng.uniform(-6, 6), rng.uniform(8, 24), rng.uniform(24, 48)]))
    if chance(rng, 0.2):
        clip = production.run([pb.Compressor(-30.0, 6.0, 5.0, 150.0)], clip)
    driven = _valves(rng, level_to(clip, -12.0), drive_db)
    heard = _cabinet(rng, driven)
    if drive_db > 8 and chance(rng, 0.45):
        # Two amplifiers, hard left and right.
        other = _cabinet(rng, driven)
        late = int(rng.integers(200, 1200))
        heard = np.stack([heard[0], np.pad(other[0], (late, 0))[: other.shape[1]]])
    if chance(rng, 0.15):
        heard = production.run([pb.Phaser(float(rng.uniform(0.2, 1.5)))], heard)
    if drive_db < 8 and chance(rng, 0.3):
        swing = 0.5 + 0.5 * osc.sine(float(rng.uniform(3, 8)), heard.shape[1])
        heard = heard * (1 - np.float32(rng.uniform(0.2, 0.8)) * swing)
    return np.asarray(heard, dtype=np.float32)


def _valves(rng: Rng, clip: Audio, drive_db: float) -> Audio:
    """Lows cut before the drive, as amplifiers do; a bias makes even harmonics."""
    tight = production.run([pb.HighpassFilter(float(rng.uniform(60, 220)))], clip)
    bias = float(rng.uniform(0.0, 0.35))
    hot = np.tanh(tight * np.float32(db(drive_db)) + np.float32(bias)) - np.tanh(bias)
    return production.run([pb.HighpassFilter(40.0)], np.asarray(hot, dtype=np.float32))


def _cabinet(rng: Rng, clip: Audio) -> Audio:
    """A loudspeaker: a resonance near 100 Hz, presence near 3 kHz, steep fall above 5 kHz."""
    edge_hz = float(rng.uniform(3800, 6500))
    freqs = np.array([0, 60, 100, 400, 1000, 2500, edge_hz, 1.4 * edge_hz, 12_000, RATE_HZ / 2])
    gains_db = np.array([-60, -12, 3, 0, 0, 3, 1, -18, -45, -70]) + rng.normal(0, 1.5, 10)
    taps = signal.firwin2(511, freqs, 10 ** (gains_db / 20), fs=RATE_HZ)
    # Minimum phase: a loudspeaker does not ring before its signal.
    speaker = signal.minimum_phase(taps, method="homomorphic", half=False)
    heard = signal.fftconvolve(clip, speaker[None, :], axes=1)[:, : clip.shape[1]]
    return np.asarray(heard, dtype=np.float32)
