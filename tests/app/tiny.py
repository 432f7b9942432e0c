"""A model small enough for tests, and noise to separate with it."""

from __future__ import annotations

import numpy as np
import soundfile
import torch

from stemdesk.separation.card import Chunking, ModelCard
from stemdesk.separation.checkpoint import build_network, save_network

RATE = 44_100
STEMS = ("vocals", "drums", "bass", "other")


def save_tiny_model(
    folder,
    *,
    seed=0,
    loudness=1.0,
    steps=64,
    overlap_steps=8,
    first_steps=0,
    causal=False,
    masks="complex",
    closing=None,
):
    """A BandMask with random weights; ``loudness`` scales its masks, far above 1 makes clipping."""
    options = {"width": 16, "depth": 1, "feed_forward": 16, "head": 8, "causal": causal}
    card = ModelCard(
        id=folder.name,
        title="Random weights",
        network="bandmask",
        options=options if masks == "complex" else {**options, "complex_masks": False},
        network_stems=list(STEMS),
        sample_rate=RATE,
        channels=2,
        n_fft=4096,
        hop=1024,
        win_length=4096,
        masks=masks,
        closing=closing,
        chunk=Chunking(steps, overlap_steps, first_steps=first_steps),
    )
    torch.manual_seed(seed)
    weights = build_network(card).state_dict()
    weights = {
        name: value * loudness if name.startswith("head.weights") else value
        for name, value in weights.items()
    }
    save_network(folder, card, weights)
    return folder


def music(frames, channels=2, bits=16, seed=1, level=0.6):
    """Uneven noise on the grid of ``bits``, float64 ``[channels, frames]``."""
    rng = np.random.default_rng(seed)
    envelope = 0.1 + 0.9 * np.abs(np.sin(np.linspace(0, 9, frames)))
    scale = 2.0 ** (bits - 1)
    noise = rng.uniform(-level, level, (channels, frames)) * envelope
    return np.rint(noise * scale) / scale


def save_song(path, samples, rate=RATE, subtype="PCM_16", **tags):
    """Write ``[channels, frames]`` without any rounding of grid values."""
    bits = {"PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}.get(subtype)
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = path.suffix[1:].upper() if path.suffix in (".flac", ".mp3", ".ogg") else "WAV"
    with soundfile.SoundFile(path, "w", rate, len(samples), subtype, format=kind) as file:
        for name, text in tags.items():
            setattr(file, name, text)
        if bits is None:
            file.write(np.ascontiguousarray(samples.T))
        else:
            steps = np.clip(np.rint(samples.T * 2.0 ** (bits - 1)), None, 2.0 ** (bits - 1) - 1)
            file.write(np.ascontiguousarray(steps.astype(np.int64) << (32 - bits), dtype=np.int32))
    return path


def read_exactly(path):
    """float64 ``[channels, frames]``; integers are divided by 2^n, as soundfile does not."""
    info = soundfile.info(path)
    if info.subtype.startswith("PCM_"):
        return soundfile.read(path, dtype="int32", always_2d=True)[0].T / 2.0**31
    return soundfile.read(path, dtype="float64", always_2d=True)[0].T
