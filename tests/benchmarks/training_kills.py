"""Kills a training run at random moments and sees whether anything is lost.

    python tests/benchmarks/training_kills.py [--kills N] [--steps N] [--seed N] [--mixing WHERE]

Half of the kills (SIGKILL) come at any moment, the others while a checkpoint or a model is being
written. After each: the checkpoint and the model can be read, no whole line of the log is damaged,
and no more steps are lost than lie between two checkpoints. In the end the model equals that of a
run that nobody disturbed, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import safetensors

from stemdesk.separation.checkpoint import load_network

STEMS = ("vocals", "drums", "bass", "other")
CHECKPOINT_STEPS = 4
LONGEST_SECONDS = 3.0
RECIPE = """
checkpoint_steps = {checkpoint_steps}
validate_steps = 6
[model]
id = "tiny"
title = "Tiny"
network = "bandmask"
stems = ["vocals", "drums", "bass", "other"]
masks = "complex"
licence = "GPL-3.0-or-later"
options = {{ width = 16, depth = 1, feed_forward = 16, head = 8 }}
chunk = {{ steps = 64, overlap_steps = 8 }}
[data]
seconds = 0.2
batch = 1
mixing = "{mixing}"
validation_items = 1
validation_seconds = 0.5
[optimiser]
steps = {steps}
warm_up_steps = 5
"""


def write_pool(folder: Path) -> None:
    rng = np.random.default_rng(1)
    for split in ("train", "valid"):
        (folder / split).mkdir(parents=True)
        for stem in STEMS:
            noise = rng.normal(0, 4000, (4 * 44100, 2)).astype(np.int16)
            np.save(folder / split / f"{stem}_00.npy", noise)
    (folder / "pool.json").write_text("{}")


def start(folder: Path, run: Path) -> subprocess.Popen[bytes]:
    words = [str(folder / "recipe.toml"), f"--pool={folder / 'pool'}", f"--run={run}"]
    return subprocess.Popen(
        [sys.executable, "-m", "stemdesk_training", *words, "--threads=1", "--device=cpu"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def wait_for_steps(run: Path, child: subprocess.Popen[bytes], size: int) -> None:
    """Until the log is longer than it was: the program has begun."""
    while child.poll() is None and (not log_of(run).exists() or log_of(run).stat().st_size <= size):
        time.sleep(0.01)


def wait_for_writing(run: Path, child: subprocess.Popen[bytes]) -> None:
    """Until something is there under a name that is not yet its own."""
    while child.poll() is None and not [*run.glob(".*.partial"), *run.glob(".tiny.*")]:
        pass


def log_of(run: Path) -> Path:
    return run / "log.jsonl"


def examine(run: Path) -> tuple[int, int]:
    """Steps in the checkpoint and steps that were done; raises where something is damaged."""
    whole = log_of(run).read_bytes().rpartition(b"\n")[0].splitlines()
    events = [json.loads(line) for line in whole]
    steps = [event["step"] for event in events if event["event"] == "step"]
    kept = 0
    if (run / "checkpoint.safetensors").exists():
        with safetensors.safe_open(run / "checkpoint.safetensors", framework="pt") as file:
            kept = json.loads(file.metadata()["state"])["step"]
            for name in file.keys():  # noqa: SIM118 - no dictionary
                file.get_tensor(name)
    if (run / "tiny").exists():
        load_network(run / "tiny")
    return kept, steps[-1] if steps else 0


def disturb(folder: Path, run: Path, kills: int, rng: random.Random) -> int:
    """Kill so often; returns the most steps that were lost."""
    worst = done = 0
    while done < kills:
        size = log_of(run).stat().st_size if log_of(run).exists() else 0
        child = start(folder, run)
        wait_for_steps(run, child, size)
        in_writing = done % 2 == 1
        time.sleep(rng.uniform(0, LONGEST_SECONDS))
        if in_writing:
            wait_for_writing(run, child)
        if child.poll() is not None:
            raise SystemExit(f"the run ended by itself after {done} kills: give it more --steps")
        child.kill()
        child.wait()
        kept, reached = examine(run)
        done += 1
        worst = max(worst, reached - kept)
        when = "while it wrote" if in_writing else "at any moment"
        print(f"kill {done:>2} {when:<15} step {reached:>5}, checkpoint {kept:>5}", flush=True)
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixing", choices=("device", "host"), default="device")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pool(folder / "pool")
        recipe = RECIPE.format(
            checkpoint_steps=CHECKPOINT_STEPS, steps=options.steps, mixing=options.mixing
        )
        (folder / "recipe.toml").write_text(recipe)
        rng = random.Random(options.seed)
        worst = disturb(folder, folder / "cut", options.kills, rng)
        for run in ("cut", "whole"):
            if start(folder, folder / run).wait() != 0:
                raise SystemExit(f"the run {run} did not finish")
        models = [
            (folder / run / "tiny" / "weights.safetensors").read_bytes() for run in ("cut", "whole")
        ]
    is_same = models[0] == models[1]
    print(f"{options.kills} kills: at most {worst} steps lost, {CHECKPOINT_STEPS} from one")
    print(f"checkpoint to the next; the models are {'the same' if is_same else 'DIFFERENT'}")
    return 0 if is_same and worst <= CHECKPOINT_STEPS else 1


if __name__ == "__main__":
    sys.exit(main())
