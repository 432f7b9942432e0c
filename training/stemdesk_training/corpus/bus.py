"""The master bus: equaliser, compressor and limiter, the same for every stem of a song."""

import numpy as np
import pedalboard as pb
from numpy.typing import NDArray

from stemdesk_training.corpus import augment
from stemdesk_training.corpus.production import run
from stemdesk_training.corpus.waveform import Audio, Rng, chance, db

_BLOCK = 441


def mastered(rng: Rng, stems: dict[str, Audio]) -> dict[str, Audio]:
    """Stems through a master chain; what is heard is the sum of what is returned.

    The equaliser is linear, and the gains of compressor and limiter are found on the mixture and
    applied to all stems alike, so the chain of the sum is the sum of the chains.

    Args:
        rng: draws the settings.
        stems: name to ``[2, frames]``, all of one length.
    """
    if chance(rng, 0.5):
        shelves = [
            pb.LowShelfFilter(float(rng.uniform(60, 200)), float(rng.normal(0, 2))),
            pb.HighShelfFilter(float(rng.uniform(3000, 9000)), float(rng.normal(0, 2.5))),
        ]
        stems = {name: run(list(shelves), clip) for name, clip in stems.items()}
    mixture = np.sum(list(stems.values()), axis=0)
    level = float(np.sqrt(np.mean(np.square(mixture)) + 1e-12))
    gain = np.full(mixture.shape[1], db(rng.uniform(-20, -10)) / max(level, 1e-4), np.float32)
    if chance(rng, 0.5):
        gain *= glue(mixture * gain, rng)
    gain *= augment.bus_gain(mixture * gain, db(rng.uniform(-3, -0.5)))
    # The limiter works on blocks: what slips through sets the level of the whole.
    peak = float(np.max(np.abs(mixture * gain), initial=0.0))
    gain *= np.float32(min(1.0, 0.98 / max(peak, 1e-4)))
    return {name: clip * gain for name, clip in stems.items()}


def glue(mixture: Audio, rng: Rng) -> NDArray[np.float32]:
    """Gain per frame of a slow bus compressor: ratio 1.5 to 4, a few decibels deep."""
    count = -(-mixture.shape[1] // _BLOCK)
    padded = np.pad(mixture, ((0, 0), (0, count * _BLOCK - mixture.shape[1])))
    power = np.mean(np.square(padded.reshape(2, count, _BLOCK)), axis=(0, 2))
    level_db = 10 * np.log10(power + 1e-9)
    threshold_db = float(np.percentile(level_db, rng.uniform(40, 80)))
    slope = 1 - 1 / float(rng.uniform(1.5, 4))
    wanted = slope * np.maximum(0.0, level_db - threshold_db)
    attack = float(np.exp(-0.01 / rng.uniform(0.005, 0.04)))
    release = float(np.exp(-0.01 / rng.uniform(0.06, 0.4)))
    reduction = np.empty_like(wanted)
    state = 0.0
    for index, value in enumerate(wanted):
        keep = attack if value > state else release
        state = keep * state + (1 - keep) * float(value)
        reduction[index] = state
    centres = (np.arange(count) + 0.5) * _BLOCK
    frames = np.interp(np.arange(mixture.shape[1]), centres, reduction)
    return np.asarray(10 ** (-frames / 20), dtype=np.float32)
