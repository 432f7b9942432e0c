"""Two made-up studios of unlike sound, a base model that knows the first, and a way to tune it."""

from __future__ import annotations

import json

import msgspec
import numpy as np
from scipy import signal

from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.packing import pack
from stemdesk_training.recipe import Recipe
from stemdesk_training.tuning_settings import Tuning
from tests.training.small_run import train
from tests.training.studio import RATE, STEMS

SECONDS = 4
REFERENCE_SECONDS = 2
NOISE = 0.02
TINY = {
    "checkpoint_steps": 10,
    "validate_steps": 1000,
    "losses": {"share_cross_entropy": 1.0, "complex_l1": 15.0},
    "model": {
        "id": "base",
        "title": "Base",
        "network": "bandmask",
        "stems": list(STEMS),
        "masks": "softmax",
        "licence": "CC-BY-4.0",
        "options": {
            "complex_masks": False,
            "bands": "live",
            "width": 16,
            "depth": 1,
            "feed_forward": 16,
            "head": 8,
        },
        "n_fft": 2048,
        "hop": 1024,
        "win_length": 2048,
        "chunk": {"steps": 64, "overlap_steps": 8},
    },
    "data": {
        "seconds": 0.4,
        "batch": 2,
        "validation_items": 3,
        "validation_seconds": 2.0,
    },
    "optimiser": {"steps": 50, "learning_rate": 5e-3, "warm_up_steps": 5, "ema_decay": 0.9},
}


def other_song(seed, seconds=SECONDS):
    """Unlike :func:`make_song`: a low hum sings, drums boom, the bass buzzes, bells accompany."""
    rng = np.random.default_rng(1000 + seed)
    frames = round(seconds * RATE)
    time_s = np.arange(frames) / RATE
    beat = rng.uniform(0.5, 0.8)
    notes = rng.integers(0, 6, round(seconds / beat) + 1)[(time_s / beat).astype(int)]
    sung = 2 * np.pi * np.cumsum(140 * 2 ** (notes / 12)) / RATE
    voice = np.sin(sung) + 0.5 * np.sin(2 * sung + 1) + 0.3 * np.sin(3 * sung)
    drums = np.zeros((2, frames))
    for place in np.arange(0, seconds, beat):
        first = round(place * RATE)
        since = np.arange(frames - first) / RATE
        drums[:, first:] += np.sin(2 * np.pi * 90 * since) * np.exp(-since / 0.1)
    buzz = signal.square(2 * np.pi * np.cumsum(82 * 2 ** (notes / 12)) / RATE)
    bells = np.zeros((2, frames))
    for step in (0, 5, 9):
        tone = 2 * np.pi * np.cumsum(1500 * 2 ** ((step + notes) / 12)) / RATE
        bells += np.sin(tone + rng.uniform(0, 6)) * np.exp(-(time_s % beat) / 0.2)
    return {
        "vocals": np.stack([voice, voice]) * 0.1,
        "drums": drums * 0.3,
        "bass": np.stack([buzz, buzz]) * 0.06,
        "other": bells * 0.05,
    }


def write_studio(folder, song, names, count=6, held_out=2):
    """A pool of songs, the last ones held out."""
    for split in ("train", "valid"):
        (folder / split).mkdir(parents=True)
    songs, noise = {}, np.random.default_rng(5)
    for number in range(count):
        split = "train" if number < count - held_out else "valid"
        for stem, samples in song(number, SECONDS).items():
            # A little noise, which no model can tell apart: else tones score like nothing real.
            samples = samples + noise.normal(0, NOISE, samples.shape)
            whole = np.rint(np.clip(samples.T, -1, 1) * 32000).astype(np.int16)
            np.save(folder / split / f"song_{number:03d}_{stem}.npy", whole)
        songs[str(number)] = {"name": f"{names} {number}", "split": split, "seconds": SECONDS}
    notes = {"library": str(folder), "credits": {"a": f"{names} orchestra"}, "songs": songs}
    (folder / "pool.json").write_text(json.dumps(notes))
    return folder


def write_reference(pool, space):
    """Base material in small, as :mod:`stemdesk_training.tuning.pack` makes it of a large pool."""
    small = space / "small"
    for split in ("train", "valid"):
        (small / split).mkdir(parents=True)
        for path in (pool / split).glob("*.npy"):
            np.save(small / split / path.name, np.load(path)[: REFERENCE_SECONDS * RATE])
    (small / "pool.json").write_bytes((pool / "pool.json").read_bytes())
    (part,) = pack(small, space / "packed", 1e9, 96.0, 1)
    return part


class Batches:
    """The loader's batches, made here: a process of its own takes seconds to start."""

    def __init__(self, mixes, size, start, rows=slice(None)):
        self._mixes, self._size, self._next, self._rows = ModelMixes(*mixes), size, start, rows

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Nothing is open."""

    def __iter__(self):
        return self

    def __next__(self):
        self._next += 1
        return self._mixes.batch(self._next - 1, self._size, self._rows)


def recipe_of(changes=None, **fields):
    """The tiny recipe; ``changes`` is laid over its ``optimiser``."""
    told = {**TINY, **fields, "optimiser": {**TINY["optimiser"], **(changes or {})}}
    return msgspec.convert(told, Recipe)


def train_base(pool, folder):
    """A model that knows one studio."""
    return train(recipe_of(), pool, folder)[0]


def tuning_recipe(base, reference, changes=None, **wishes):
    """A recipe that tunes ``base`` gently, unless ``changes`` of the optimiser say otherwise."""
    tuning = Tuning(base=str(base), reference=str(reference), **wishes)
    gently = {"steps": 30, "learning_rate": 1e-3, "weight_decay": 0.0, **(changes or {})}
    model = {**TINY["model"], "id": "tuned", "title": "Tuned"}
    return msgspec.structs.replace(
        recipe_of(gently, model=model, validate_steps=gently["steps"]),
        tuning=tuning,
        init=str(base),
    )
