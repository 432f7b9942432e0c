"""A run that takes a second: a pool of noise and a tiny network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from stemdesk_training.run.options import RunOptions
from stemdesk_training.trainer import Trainer

ROOT = Path(__file__).resolve().parents[2]
STEMS = ("vocals", "drums", "bass", "other")
RECIPE = """
checkpoint_steps = 2
validate_steps = 3
[model]
id = "tiny"
title = "Tiny"
network = "bandmask"
stems = ["vocals", "drums", "bass", "other"]
masks = "complex"
licence = "GPL-3.0-or-later"
options = { width = 8, depth = 1, feed_forward = 8, head = 4 }
chunk = { steps = 64, overlap_steps = 8 }
[data]
seconds = 0.2
batch = 1
validation_items = 1
validation_seconds = 0.3
[optimiser]
steps = 4
warm_up_steps = 2
"""


class Stop(Exception):
    """Stands for a power cut."""


def write_pool(folder, seconds=2):
    """Every stem noise in both splits."""
    rng = np.random.default_rng(3)
    for split in ("train", "valid"):
        (folder / split).mkdir(parents=True)
        for stem in STEMS:
            noise = rng.normal(0, 4000, (seconds * 44100, 2)).astype(np.int16)
            np.save(folder / split / f"{stem}_00.npy", noise)
    notes = {"seed": 3, "credits": {"voices": "a made-up noise"}}
    (folder / "pool.json").write_text(json.dumps(notes))
    return folder


def train(recipe, pool, folder, stop_after=None, **options):
    """Run a recipe; `stop_after` is a step after whose report the power is cut."""
    told = []

    def emit(event):
        told.append(event)
        if kind(event) == "step" and event.step == stop_after:
            raise Stop

    return Trainer(recipe, pool, folder, emit, RunOptions(**options)).run(), told


def kind(event):
    return type(event).__struct_config__.tag


def of_kind(told, wanted):
    return [event for event in told if kind(event) == wanted]


def steps(told):
    return [event.step for event in of_kind(told, "step")]


def weights(folder):
    return (folder / "weights.safetensors").read_bytes()


def logged(folder):
    """Every line of a run's log as JSON."""
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def start(*arguments, command=(sys.executable,), module="stemdesk_training", **settings):
    """The trainer as a program of its own; behind -- torchrun looks for no options."""
    words = [module] if len(command) == 1 else ["--", module]
    source = [str(ROOT / name) for name in ("training", "models", "plugins")]
    path = os.pathsep.join([str(ROOT), *source])
    return subprocess.Popen(
        [*command, "-m", *words, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        **settings,
    )
